//! Running a restore: capture the present, write what is missing, read back, again for what is not known.
//!
//! Every write is in the journal before it is sent and after it is answered. A write whose outcome is
//! unknown is never simply sent again: a capture shows first whether it took effect.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::change::{Choice, Selection};
use domain::permission::Granted;
use domain::plan::{Outcome, RestoreState, Stage};
use domain::view::Trigger;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use graph::{Client, Meaning, Write};
use serde::Deserialize;
use store::Store;
use store::jobs::Lease;
use store::scope::TenantScope;
use uuid::Uuid;

use super::plan::{self, Wish};
use super::rights;
use super::state::{self, Standing};
use super::step::{Deed, Step};
use super::units::{self, Action, Unit};
use crate::capture::{self, Request, Watch};
use crate::{Clock, Error, Result, obstacle};

/// Writes on their way at once. The write quota, not this, limits a long restore.
const LANES: usize = 8;
/// Rounds of writing and reading back, for writes of unknown outcome.
const ROUNDS: usize = 3;
/// How often the tenant is read until it shows what was written, and how long between.
const READS: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks whether somebody paused or cancelled.
const LISTEN: Duration = Duration::from_millis(300);
const PAGE: u64 = 2_000;

/// How a run ended.
pub(crate) enum End {
    Done,
    Paused,
    Cancelled,
}

pub(crate) struct Run<'a> {
    pub(crate) store: &'a Store,
    pub(crate) client: &'a Client,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) tenant: TenantScope,
    pub(crate) number: i64,
    pub(crate) lease: &'a Lease,
    pub(crate) watch: &'a mut Watch,
    pub(crate) writes: i64,
    pub(crate) listened: Instant,
    pub(crate) stop: Option<End>,
}

enum Answer {
    Done,
    Refused(graph::Error),
    Unknown(graph::Error),
    /// Not carried out: Microsoft asks to come again later.
    Later(graph::Error),
}

impl Run<'_> {
    /// Runs to the end, or until somebody pauses or cancels.
    pub(crate) async fn run(&mut self) -> Result<End> {
        let restore = self.store.restore(self.tenant, self.number).await?.ok_or(Error::NotFound)?;
        let (written, doubtful) = self.store.journal(self.tenant, self.number).await?;
        self.writes = written;
        let doubtful: HashSet<i32> = doubtful.into_iter().collect();

        // The present: what undo goes back to, what has changed since the plan, and, after an
        // interruption, which of the writes took effect.
        let seq = self
            .capture(if restore.before.is_some() { Trigger::Live } else { Trigger::BeforeRestore })
            .await?;
        if restore.before.is_none() {
            self.store.set_before_image(self.tenant, self.number, seq).await?;
        }
        self.meet_the_present(seq, &doubtful, |_| true).await?;
        self.drop_what_is_not_allowed().await?;

        for round in 0..ROUNDS {
            for stage in Stage::ALL {
                if self.stop.is_none() {
                    self.stage(stage).await?;
                }
                if self.stop.is_none() {
                    self.discover(stage, restore.to).await?;
                }
            }
            let unknown = self.read_back(round + 1 == ROUNDS || self.stop.is_some()).await?;
            if !unknown || self.stop.is_some() {
                break;
            }
        }
        Ok(self.stop.take().unwrap_or(End::Done))
    }

    async fn steps(&self) -> Result<Vec<Step>> {
        let mut out: Vec<Step> = Vec::new();
        loop {
            let after = out.last().map_or(0, |s| s.number);
            let page = self.store.steps(self.tenant, self.number, after, PAGE).await?;
            if page.is_empty() {
                return Ok(out);
            }
            for step in page {
                out.push(Step::try_from(step)?);
            }
        }
    }

    async fn capture(&mut self, reason: Trigger) -> Result<i64> {
        let request = Request { reason, full: false, ends_job: false };
        let snapshot =
            capture::run(self.store, self.client, self.clock, self.tenant, request, self.watch).await?;
        Ok(snapshot.seq)
    }

    /// Settles the steps that need no write.
    async fn meet_the_present(
        &mut self,
        seq: i64,
        doubtful: &HashSet<i32>,
        which: impl Fn(&Step) -> bool,
    ) -> Result<()> {
        let mut steps = self.steps().await?;
        steps.retain(|s| matches!(s.outcome, Outcome::Pending | Outcome::Written) && which(s));
        let standings = state::look(self.store, self.tenant, seq, &steps).await?;
        let mut outcomes = Vec::new();
        for (step, standing) in steps.iter().zip(standings) {
            let ours = step.outcome == Outcome::Written || doubtful.contains(&step.number);
            match standing {
                Standing::There if ours => outcomes.push((step.number, Outcome::Restored, None)),
                Standing::There => outcomes.push((step.number, Outcome::AlreadySo, None)),
                Standing::Impossible(why) => {
                    outcomes.push((step.number, Outcome::Failed, Some(why.to_owned())));
                }
                Standing::Changed(now) if !ours => {
                    let now = if now.is_empty() { "empty".to_owned() } else { now.join(", ") };
                    let note = format!("Changed again since the comparison; now {now}. It was kept.");
                    outcomes.push((step.number, Outcome::Conflict, Some(note)));
                }
                _ if step.needs_confirmation && !step.confirmed => {
                    outcomes.push((step.number, Outcome::Skipped, Some("Not confirmed.".to_owned())));
                }
                // Written before the interruption and not shown yet: it is written again.
                _ if step.outcome == Outcome::Written => outcomes.push((step.number, Outcome::Pending, None)),
                _ => {}
            }
        }
        Ok(self.store.set_outcomes(self.tenant, self.number, &outcomes).await?)
    }

    /// A write that the app may not do is not tried.
    async fn drop_what_is_not_allowed(&mut self) -> Result<()> {
        let granted: Granted = self.client.roles().await?.into_iter().collect();
        let mut outcomes = Vec::new();
        for step in self.steps().await?.into_iter().filter(|s| s.outcome == Outcome::Pending) {
            let needed = &step.content.permissions;
            if !rights::held(needed, &granted) {
                let least = needed.first().map_or("a permission", String::as_str);
                let note =
                    format!("The app lacks the permission {least}. Grant it, consent, and plan again.");
                outcomes.push((step.number, Outcome::Failed, Some(note)));
            }
        }
        Ok(self.store.set_outcomes(self.tenant, self.number, &outcomes).await?)
    }

    async fn stage(&mut self, stage: Stage) -> Result<()> {
        let mut steps = self.steps().await?;
        steps.retain(|s| s.stage == stage && s.outcome == Outcome::Pending);
        // A group has to keep an owner: the old ones are back before the new ones go.
        let (give, take): (Vec<Unit>, Vec<Unit>) =
            units::build(steps, self.client.hosts()).into_iter().partition(|unit| !unit.only_takes_away());
        for units in [give, take] {
            self.write(stage, units).await?;
        }
        Ok(())
    }

    /// Sends some writes, several at a time.
    async fn write(&mut self, stage: Stage, units: Vec<Unit>) -> Result<()> {
        let mut queue: VecDeque<Unit> = units.into();
        let mut running = FuturesUnordered::new();
        let mut later = None;
        loop {
            while self.stop.is_none() && later.is_none() && running.len() < LANES {
                let Some(unit) = queue.pop_front() else { break };
                self.writes += 1;
                let number = self.writes;
                let of: Vec<i32> = unit.steps.iter().map(|s| s.number).collect();
                self.store.intend_write(self.lease, self.number, number, &of, self.clock.now()).await?;
                let client = self.client.clone();
                running.push(async move { (number, send(&client, &unit.action).await, unit) });
            }
            let Some((number, answer, unit)) = running.next().await else {
                // Its steps are pending still: the job goes on with them when the time has come.
                return match later {
                    Some(error) if self.stop.is_none() => Err(Error::Graph(error)),
                    _ => Ok(()),
                };
            };
            if let Answer::Later(error) = &answer {
                later = Some(error.clone());
            }
            self.settle(number, answer, unit, &mut queue).await?;
            self.listen(stage).await?;
        }
    }

    /// Looks at what a stage has brought to light, and puts that back too: what changed about an object before it
    /// went into the recycle bin, and what was done to its links; the members that a rule left behind in a group or
    /// unit whose members people decide again.
    async fn discover(&mut self, stage: Stage, to: i64) -> Result<()> {
        let mut back = self.steps().await?;
        back.retain(|s| {
            let uncovers = match &s.content.deed {
                Deed::Undelete => stage == Stage::Undelete,
                Deed::Set { name, .. } => stage == Stage::Attributes && obstacle::decides_members(name),
                Deed::Link(_) => false,
            };
            uncovers && s.outcome == Outcome::Written
        });
        if back.is_empty() {
            return Ok(());
        }
        let seen = self.capture(Trigger::AfterRestore).await?;
        let turned: HashSet<Uuid> = back.iter().map(|s| s.content.object.id).collect();
        let members = |s: &Step| {
            s.stage == Stage::Members
                && s.outcome == Outcome::Pending
                && turned.contains(&s.content.object.id)
        };
        self.meet_the_present(seen, &HashSet::new(), members).await?;
        let granted: Granted = self.client.roles().await?.into_iter().collect();
        let choices = back.iter().map(|s| Choice::Object(s.content.object)).collect();
        let wish =
            Wish { to, seen, selection: &Selection::Chosen(choices), granted: &granted, app_roles: &[] };
        let plan = plan::make(self.store, self.tenant, wish).await?;
        let known: HashSet<String> = self.steps().await?.iter().map(identity).collect();
        let new = plan
            .steps
            .iter()
            .filter(|s| s.content.deed != Deed::Undelete && !known.contains(&identity(s)))
            .map(Step::to_keep)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.store.add_steps(self.lease, self.number, new).await?)
    }

    async fn settle(
        &mut self,
        write: i64,
        answer: Answer,
        unit: Unit,
        queue: &mut VecDeque<Unit>,
    ) -> Result<()> {
        let (state, outcomes): (&str, Vec<(i32, Outcome, Option<String>)>) = match answer {
            Answer::Done => ("done", unit.steps.iter().map(|s| (s.number, Outcome::Written, None)).collect()),
            Answer::Later(_) => ("refused", Vec::new()),
            Answer::Unknown(error) => {
                tracing::warn!(%error, "the outcome of a write is unknown; it will be looked up");
                ("unknown", Vec::new())
            }
            Answer::Refused(error) if unit.steps.len() > 1 => {
                tracing::info!(%error, steps = unit.steps.len(), "a write was refused; looking for the step at fault");
                queue.extend(units::split(unit, self.client.hosts()));
                ("refused", Vec::new())
            }
            Answer::Refused(error) => {
                let note = in_words(&error);
                (
                    "refused",
                    unit.steps.iter().map(|s| (s.number, Outcome::Failed, Some(note.clone()))).collect(),
                )
            }
        };
        Ok(self
            .store
            .settle_write(self.lease, self.number, write, state, &outcomes, self.clock.now())
            .await?)
    }

    /// Beats, and hears whether somebody paused or cancelled.
    async fn listen(&mut self, stage: Stage) -> Result<()> {
        if self.stop.is_some() || self.listened.elapsed() < LISTEN {
            return Ok(());
        }
        self.listened = Instant::now();
        match self.watch.report(stage.title(), self.writes, 0).await {
            Err(Error::Cancelled) => self.stop = Some(End::Cancelled),
            other => other?,
        }
        let state = self.store.restore(self.tenant, self.number).await?.map(|r| r.state);
        match state {
            Some(RestoreState::Paused) => self.stop = Some(End::Paused),
            Some(RestoreState::Cancelled) | None => self.stop = Some(End::Cancelled),
            _ => {}
        }
        Ok(())
    }

    /// Reads until the tenant shows what was written. Returns whether writes of unknown outcome turned
    /// out not to have happened.
    async fn read_back(&mut self, last_round: bool) -> Result<bool> {
        for read in 0..READS {
            let (_, doubtful) = self.store.journal(self.tenant, self.number).await?;
            let doubtful: HashSet<i32> = doubtful.into_iter().collect();
            let mut steps = self.steps().await?;
            steps.retain(|s| match s.outcome {
                Outcome::Written | Outcome::Failed => true,
                Outcome::Pending => doubtful.contains(&s.number),
                _ => false,
            });
            if !steps.iter().any(|s| s.outcome != Outcome::Failed) && read > 0 || steps.is_empty() {
                return Ok(false);
            }
            if read > 0 {
                tokio::time::sleep(PATIENCE * read).await;
            }
            let seq = self.capture(Trigger::AfterRestore).await?;
            let standings = state::look(self.store, self.tenant, seq, &steps).await?;
            let last_read = read + 1 == READS;
            let mut outcomes = Vec::new();
            let (mut waiting, mut unknown) = (false, false);
            for (step, standing) in steps.iter().zip(standings) {
                match (step.outcome, standing) {
                    // Refused because it was so already, by somebody else's hand.
                    (Outcome::Failed, Standing::There) => {
                        outcomes.push((step.number, Outcome::AlreadySo, None));
                    }
                    (Outcome::Failed, _) => {}
                    (_, Standing::There) => outcomes.push((step.number, Outcome::Restored, None)),
                    (Outcome::Written, _) if last_read => outcomes.push((
                        step.number,
                        Outcome::Failed,
                        Some("Entra accepted the write but does not show the value yet. Compare again in a few minutes.".to_owned()),
                    )),
                    (Outcome::Written, _) => waiting = true,
                    (_, _) if last_round => outcomes.push((
                        step.number,
                        Outcome::Failed,
                        Some("The connection to Microsoft broke while it was written, and the value is not there. Plan it again.".to_owned()),
                    )),
                    _ => unknown = true,
                }
            }
            self.store.set_outcomes(self.tenant, self.number, &outcomes).await?;
            if !waiting {
                return Ok(unknown);
            }
        }
        Ok(false)
    }
}

/// What a step is about, whatever the values.
fn identity(step: &Step) -> String {
    let object = step.content.object;
    match &step.content.deed {
        Deed::Undelete => format!("{object} undelete"),
        Deed::Set { name, .. } => format!("{object} {name}"),
        Deed::Link(l) => format!("{object} {} {} {}", l.kind.slug(), l.other.id, l.disc),
    }
}

/// Sends a write.
async fn send(client: &Client, action: &Action) -> Answer {
    let result = match action {
        Action::Send(write) => client.send(write.clone()).await.map(drop),
        Action::RemoveAssignment { role, principal, scope } => remove(client, *role, *principal, scope).await,
    };
    match result {
        Ok(()) => Answer::Done,
        Err(e) if *e.meaning() == Meaning::Throttled && !e.outcome_unknown() => Answer::Later(e),
        Err(e) if e.outcome_unknown() || e.is_transient() => Answer::Unknown(e),
        Err(e) => Answer::Refused(e),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    id: String,
    role_definition_id: Uuid,
    directory_scope_id: Option<String>,
}

async fn remove(client: &Client, role: Uuid, principal: Uuid, scope: &str) -> Result<(), graph::Error> {
    let path = format!("/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'{principal}'");
    let all = client.pages::<Found>(&path).all().await?;
    for a in all {
        if a.role_definition_id == role && a.directory_scope_id.as_deref().unwrap_or("/") == scope {
            let id = graph::path::segment(&a.id);
            let gone =
                client.send(Write::delete(format!("/roleManagement/directory/roleAssignments/{id}"))).await;
            match gone {
                Err(e) if !matches!(e.meaning(), Meaning::NotFound) => return Err(e),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Why a step failed: what it means, and what Graph said.
fn in_words(error: &graph::Error) -> String {
    let sentence = error.sentence();
    if error.message().is_empty() {
        sentence.into_owned()
    } else {
        format!("{sentence} (Microsoft says: {})", error.message())
    }
}

/// For the link deeds of a restore: whether undo can take them back.
pub(crate) const fn can_be_undone(deed: &Deed) -> bool {
    !matches!(deed, Deed::Undelete)
}
