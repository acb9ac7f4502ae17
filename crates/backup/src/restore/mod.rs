//! Restores: plan, run, watch, undo.

mod plan;
mod rights;
mod run;
mod state;
mod step;
mod units;

use std::sync::Arc;
use std::time::Instant;

use domain::Seq;
use domain::change::{Choice, Selection};
use domain::plan::{Outcome, RestoreState, RestoreView, Stage, StepView, Tally};
use graph::Client;
use serde::Deserialize;
use store::Store;
use store::jobs::{Lease, Work};
use store::restores::NewRestore;
use store::scope::TenantScope;
use uuid::Uuid;

use crate::capture::Watch;
use crate::{Clock, Error, Result};
use run::{End, Run};
use step::{Deed, Step};

/// Steps a page.
const PAGE: u64 = 200;
/// What Graph's write quota allows: a burst, then so many a second.
/// Source: Microsoft Graph throttling limits, identity and access.
const BURST: i64 = 3_000;
const PER_SECOND: i64 = 20;

/// What restores of one tenant need.
pub(crate) struct Desk<'a> {
    pub(crate) store: &'a Store,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) tenant: TenantScope,
}

impl Desk<'_> {
    /// Makes a plan and keeps it. `client` is asked which directory roles the app holds; without an
    /// answer, steps that need one say so.
    pub(crate) async fn plan(
        &self,
        asked_by: &str,
        client: &Client,
        to: Seq,
        seen: Seq,
        selection: &Selection,
    ) -> Result<i64> {
        let published = self.store.tenant(self.tenant).await?.published;
        for seq in [to, seen] {
            if !(1..=published).contains(&seq) {
                return Err(Error::NotFound);
            }
        }
        if matches!(selection, Selection::Chosen(c) if c.is_empty()) {
            return Err(Error::invalid("choices", "Choose at least one change, then review the plan."));
        }
        let connection = self.store.connection(self.tenant).await?;
        let app_roles = app_roles(client, &connection.client_id).await;
        let wish = plan::Wish { to, seen, selection, granted: &connection.granted, app_roles: &app_roles };
        let plan = plan::make(self.store, self.tenant, wish).await?;
        if plan.steps.is_empty() && plan.unrestorable.is_empty() {
            return Err(Error::Refused(
                "None of the chosen changes is there any more. Compare again; somebody may have put them right."
                    .to_owned(),
            ));
        }
        let mut writes = 0;
        for stage in Stage::ALL {
            let of: Vec<Step> = plan.steps.iter().filter(|s| s.stage == stage).cloned().collect();
            writes += units::count(&of);
        }
        let steps = plan.steps.iter().map(Step::to_keep).collect::<Result<Vec<_>, store::Error>>()?;
        let new = NewRestore {
            to,
            seen,
            asked_by: asked_by.to_owned(),
            writes,
            unrestorable: serde_json::to_string(&plan.unrestorable)
                .map_err(|_| store::Error::Inconsistent("restore"))?,
            steps,
        };
        Ok(self.store.create_restore(self.tenant, new, self.clock.now()).await?)
    }

    pub(crate) async fn view(&self, number: i64) -> Result<RestoreView> {
        let r = self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?;
        let stages = self.store.tallies(self.tenant, number).await?;
        let mut tally = Tally::default();
        for (_, t) in &stages {
            for (outcome, n) in [
                (Outcome::Pending, t.pending),
                (Outcome::Written, t.written),
                (Outcome::Restored, t.restored),
                (Outcome::AlreadySo, t.already_so),
                (Outcome::Skipped, t.skipped),
                (Outcome::Conflict, t.conflict),
                (Outcome::Failed, t.failed),
            ] {
                tally.add(outcome, n);
            }
        }
        let mut missing_permissions: Vec<String> = Vec::new();
        if r.state == RestoreState::Planned {
            for step in self.all_steps(number).await? {
                let least = step.content.permissions.first();
                if let (false, Some(least)) = (step.content.granted, least)
                    && !missing_permissions.contains(least)
                {
                    missing_permissions.push(least.clone());
                }
            }
        }
        Ok(RestoreView {
            number,
            state: r.state,
            to: r.to,
            seen_at: r.seen,
            asked_by: r.asked_by,
            planned_at: r.planned_at,
            started_at: r.started_at,
            ended_at: r.ended_at,
            tally,
            writes: r.writes,
            estimate_s: (r.writes - BURST).max(0) / PER_SECOND + r.writes.min(BURST) / 60 + 1,
            stages,
            problem: r.problem,
            missing_permissions,
            before_image: r.before,
            unrestorable: serde_json::from_str(&r.unrestorable)
                .map_err(|_| store::Error::Inconsistent("restore"))?,
            needs_confirmation: self.store.unconfirmed(self.tenant, number).await?,
        })
    }

    pub(crate) async fn steps(&self, number: i64, after: i32) -> Result<Vec<StepView>> {
        self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?;
        let page = self.store.steps(self.tenant, number, after, PAGE).await?;
        page.into_iter()
            .map(|s| {
                let s = Step::try_from(s)?;
                Ok(StepView {
                    number: s.number,
                    stage: s.stage,
                    object: s.content.object,
                    object_name: s.content.object_name,
                    what: s.content.what,
                    value: s.content.value,
                    now: s.content.now,
                    permission: s.content.permissions.into_iter().next().unwrap_or_default(),
                    granted: s.content.granted,
                    warning: s.content.warning,
                    needs_confirmation: s.needs_confirmation,
                    confirmed: s.confirmed,
                    outcome: s.outcome,
                    note: s.note,
                })
            })
            .collect()
    }

    async fn all_steps(&self, number: i64) -> Result<Vec<Step>> {
        let mut out: Vec<Step> = Vec::new();
        loop {
            let after = out.last().map_or(0, |s| s.number);
            let page = self.store.steps(self.tenant, number, after, 2_000).await?;
            if page.is_empty() {
                return Ok(out);
            }
            for s in page {
                out.push(Step::try_from(s)?);
            }
        }
    }

    pub(crate) async fn confirm(&self, number: i64, step: i32, yes: bool) -> Result<()> {
        let r = self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?;
        if r.state != RestoreState::Planned {
            return Err(Error::Refused(
                "The restore has begun; its steps can no longer be confirmed.".to_owned(),
            ));
        }
        Ok(self.store.confirm_step(self.tenant, number, step, yes).await?)
    }

    /// Starts a planned restore, or goes on with a paused one.
    pub(crate) async fn start(&self, number: i64, asked_by: &str) -> Result<()> {
        let now = self.clock.now();
        let from = [RestoreState::Planned, RestoreState::Paused, RestoreState::Failed];
        let moved =
            self.store.move_restore(self.tenant, number, &from, RestoreState::Waiting, None, now).await?;
        if !moved {
            // Asking twice is as good as asking once.
            let r = self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?;
            return if r.state.is_over() {
                Err(Error::Refused("This restore has ended. Compare again and plan a new one.".to_owned()))
            } else {
                Ok(())
            };
        }
        self.store.enqueue(self.tenant, &Work::Restore { number }, asked_by, now).await?;
        Ok(())
    }

    pub(crate) async fn pause(&self, number: i64) -> Result<()> {
        let from = [RestoreState::Running, RestoreState::Waiting];
        self.change(number, &from, RestoreState::Paused, "It is not running.").await
    }

    pub(crate) async fn cancel(&self, number: i64) -> Result<()> {
        let from =
            [RestoreState::Planned, RestoreState::Waiting, RestoreState::Running, RestoreState::Paused];
        let idle = self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?.state;
        self.change(number, &from, RestoreState::Cancelled, "It has ended already.").await?;
        if idle != RestoreState::Running {
            self.skip_the_rest(number).await?;
        }
        Ok(())
    }

    async fn change(&self, number: i64, from: &[RestoreState], to: RestoreState, no: &str) -> Result<()> {
        self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?;
        if self.store.move_restore(self.tenant, number, from, to, None, self.clock.now()).await? {
            Ok(())
        } else {
            Err(Error::Refused(no.to_owned()))
        }
    }

    async fn skip_the_rest(&self, number: i64) -> Result<()> {
        let left: Vec<(i32, Outcome, Option<String>)> = self
            .all_steps(number)
            .await?
            .into_iter()
            .filter(|s| s.outcome == Outcome::Pending)
            .map(|s| (s.number, Outcome::Skipped, Some("Cancelled before it was written.".to_owned())))
            .collect();
        Ok(self.store.set_outcomes(self.tenant, number, &left).await?)
    }

    /// A plan that takes back what a restore did, towards the state just before it.
    pub(crate) async fn undo(&self, number: i64, asked_by: &str, client: &Client) -> Result<i64> {
        let r = self.store.restore(self.tenant, number).await?.ok_or(Error::NotFound)?;
        let before = match r.before {
            Some(before) if r.state.is_over() => before,
            _ => {
                return Err(Error::Refused(
                    "There is nothing to undo: the restore has written nothing.".to_owned(),
                ));
            }
        };
        let choices: Vec<Choice> = self
            .all_steps(number)
            .await?
            .into_iter()
            .filter(|s| s.outcome == Outcome::Restored && run::can_be_undone(&s.content.deed))
            .filter_map(|s| match s.content.deed {
                Deed::Undelete => None,
                Deed::Set { name, .. } => Some(Choice::Attribute(s.content.object, name)),
                Deed::Link(l) => Some(Choice::Link {
                    kind: l.kind,
                    source: s.content.object.id,
                    target: l.other.id,
                    discriminator: l.disc,
                }),
            })
            .collect();
        if choices.is_empty() {
            return Err(Error::Refused(
                "There is nothing to undo: objects brought back from the recycle bin stay, and nothing else was written."
                    .to_owned(),
            ));
        }
        let seen = self.store.tenant(self.tenant).await?.published;
        self.plan(asked_by, client, before, seen, &Selection::Chosen(choices)).await
    }

    /// Works a restore to its end; called by the worker that holds its job.
    pub(crate) async fn work(
        &self,
        number: i64,
        client: &Client,
        lease: &Lease,
        watch: &mut Watch,
    ) -> Result<()> {
        let from = [RestoreState::Waiting, RestoreState::Running];
        let now = self.clock.now();
        if !self.store.move_restore(self.tenant, number, &from, RestoreState::Running, None, now).await? {
            return Ok(());
        }
        let mut run = Run {
            store: self.store,
            client,
            clock: self.clock,
            tenant: self.tenant,
            number,
            lease,
            watch,
            writes: 0,
            listened: Instant::now(),
            stop: None,
        };
        match run.run().await {
            Ok(End::Done) => {
                let now = self.clock.now();
                self.store
                    .move_restore(
                        self.tenant,
                        number,
                        &[RestoreState::Running],
                        RestoreState::Done,
                        None,
                        now,
                    )
                    .await?;
                Ok(())
            }
            Ok(End::Paused) => Ok(()),
            Ok(End::Cancelled) | Err(Error::Cancelled) => {
                let from = [RestoreState::Running, RestoreState::Cancelled];
                let now = self.clock.now();
                self.store
                    .move_restore(self.tenant, number, &from, RestoreState::Cancelled, None, now)
                    .await?;
                self.skip_the_rest(number).await
            }
            Err(e) => Err(e),
        }
    }

    /// Ends a restore that cannot go on, with the reason.
    pub(crate) async fn fail(&self, number: i64, problem: &str) -> Result<()> {
        let from = [RestoreState::Waiting, RestoreState::Running];
        let now = self.clock.now();
        self.store.move_restore(self.tenant, number, &from, RestoreState::Failed, Some(problem), now).await?;
        Ok(())
    }
}

#[derive(Deserialize)]
struct Principal {
    id: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    role_definition_id: Uuid,
}

/// The directory roles that the app itself holds; none where that cannot be read.
async fn app_roles(client: &Client, client_id: &str) -> Vec<Uuid> {
    let found = async {
        let filter = format!(
            "/servicePrincipals?$select=id&$filter=appId%20eq%20'{}'",
            graph::path::segment(client_id)
        );
        let Some(me) = client.pages::<Principal>(&filter).all().await?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let path =
            format!("/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'{}'", me.id);
        let held = client.pages::<Held>(&path).all().await?;
        Ok::<_, graph::Error>(held.into_iter().map(|h| h.role_definition_id).collect())
    };
    found.await.unwrap_or_else(|error| {
        tracing::debug!(%error, "the app's own directory roles could not be read");
        Vec::new()
    })
}
