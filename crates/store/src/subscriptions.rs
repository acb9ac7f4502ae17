//! What happens to a customer's subscription.

use chrono::{DateTime, Utc};
use domain::audit::Detail;
use domain::partner::{PlanCell, SubscriptionEvent};
use domain::seats::AutoLicense;
use domain::subscription::State;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::entity::{organization, plan, subscription_event, tenant};
use crate::organizations::{Organization, locked};
use crate::scope::OrgScope;
use crate::time::instant;
use crate::{Result, Store, jobs};

/// What a subscription becomes.
#[derive(Clone, Debug)]
pub enum Becomes {
    State {
        to: State,
        before: Option<State>,
    },
    /// Another plan, and when an agreed smaller number of seats counts on it; None: as before.
    Plan(Uuid, Option<DateTime<Utc>>),
    Seats {
        now: i64,
        next: Option<(i64, DateTime<Utc>)>,
        auto_license: AutoLicense,
    },
}

impl Store {
    /// Changes the subscription, if it still is as it was when the decision was made; false when not.
    /// The log's entry says `detail`.
    /// Where backups stop, what waits is dropped and what runs is told to stop; where they begin again, they are due
    /// at once.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_subscription(
        &self,
        expected: &Organization,
        becomes: Becomes,
        detail: &Detail,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let scope = expected.scope();
        let tx = self.db().begin().await?;
        let model = locked(&tx, scope).await?;
        // Deleted, and without a state to return to: its erasure has begun.
        let is_being_erased = expected.state == State::Deleted && model.state_before.is_none();
        if !is_as_read(&model, expected) || is_being_erased {
            return Ok(false);
        }
        let mut row: organization::ActiveModel = model.into();
        match becomes {
            Becomes::State { to, before } => {
                row.state = Set(to.slug().to_owned());
                row.state_since = Set(now.timestamp_millis());
                row.state_before = Set(before.map(|b| b.slug().to_owned()));
                let (ran, run) = (runs(expected.state), runs(to));
                if ran != run {
                    schedule(&tx, scope, run, now).await?;
                }
            }
            Becomes::Plan(plan, fewer) => {
                row.plan_id = Set(Some(plan));
                if fewer.is_some() {
                    row.seats_next_at = Set(fewer.map(|at| at.timestamp_millis()));
                }
            }
            Becomes::Seats { now: seats, next, auto_license } => {
                row.seats = Set(seats);
                row.seats_next = Set(next.map(|(n, _)| n));
                row.seats_next_at = Set(next.map(|(_, at)| at.timestamp_millis()));
                row.auto_license = Set(i16::from(auto_license.on));
                row.auto_license_cap = Set(auto_license.cap.map(i64::from));
            }
        }
        let model = row.update(&tx).await?;
        note(&tx, &model, entry.actor, &detail.to_string(), now).await?;
        audit::append_in(&tx, scope, &Entry { detail: &detail.line(), ..*entry }, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Organizations for which seats are added as users appear, for the system's own sweep.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn auto_licensed(&self) -> Result<Vec<Organization>> {
        let rows = organization::Entity::find()
            .filter(organization::Column::AutoLicense.eq(1))
            .filter(organization::Column::State.is_in([State::Active.slug(), State::Suspended.slug()]))
            .all(self.db().read())
            .await?;
        self.complete(rows).await
    }

    /// Organizations whose agreed smaller number of seats is due, for the system's own sweep.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn renewals_due(&self, now: DateTime<Utc>) -> Result<Vec<Organization>> {
        let rows = organization::Entity::find()
            .filter(organization::Column::SeatsNextAt.lte(now.timestamp_millis()))
            .filter(organization::Column::ErasedAt.is_null())
            .all(self.db().read())
            .await?;
        self.complete(rows).await
    }

    /// What happened to the subscription while it was its partner's, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn subscription_history(&self, scope: OrgScope) -> Result<Vec<SubscriptionEvent>> {
        let db = self.db().read();
        let events = subscription_event::Entity::find()
            .filter(subscription_event::Column::OrganizationId.eq(scope.organization()))
            // What happened under another partner is that one's affair.
            .filter(subscription_event::Column::PartnerId.eq(scope.partner()))
            .order_by_desc(subscription_event::Column::Number)
            .limit(200)
            .all(db)
            .await?;
        let plans: HashMap<Uuid, PlanCell> = plan::Entity::find()
            .filter(plan::Column::Id.is_in(events.iter().filter_map(|m| m.plan_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| Ok((m.id, crate::plans::cell(m)?)))
            .collect::<Result<_>>()?;
        let held = |m: &subscription_event::Model| Some((m.seats, plans.get(m.plan_id.as_ref()?)?.terms));
        Ok(events
            .into_iter()
            .map(|m| SubscriptionEvent { at: instant(m.at), held: held(&m), actor: m.actor, what: m.what })
            .collect())
    }
}

const fn runs(state: State) -> bool {
    matches!(state, State::Active | State::Suspended)
}

/// Whether nothing of the subscription has changed since it was read.
pub(crate) fn is_as_read(model: &organization::Model, read: &Organization) -> bool {
    let next = read.seats_next.map(|(seats, at)| (seats, at.timestamp_millis()));
    model.state == read.state.slug()
        && model.plan_id == read.plan.as_ref().map(|plan| plan.id)
        && model.seats == read.seats
        && model.seats_next.zip(model.seats_next_at) == next
        && (model.auto_license != 0) == read.auto_license.on
        && model.auto_license_cap == read.auto_license.cap.map(i64::from)
}

/// Writes down what happened to the subscription.
pub(crate) async fn note(
    tx: &Tx,
    model: &organization::Model,
    actor: &str,
    what: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let others = subscription_event::Entity::find()
        .filter(subscription_event::Column::OrganizationId.eq(model.id))
        .count(tx)
        .await?;
    subscription_event::Entity::insert(subscription_event::ActiveModel {
        organization_id: Set(model.id),
        number: Set(i64::try_from(others).unwrap_or(0) + 1),
        at: Set(now.timestamp_millis()),
        actor: Set(actor.to_owned()),
        what: Set(what.to_owned()),
        partner_id: Set(model.partner_id),
        organization_number: Set(model.number),
        plan_id: Set(model.plan_id),
        seats: Set(model.seats),
        state: Set(model.state.clone()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Stops or starts the backups of all the organization's tenants.
async fn schedule(tx: &Tx, scope: OrgScope, run: bool, now: DateTime<Utc>) -> Result<()> {
    let tenants: Vec<i64> = tenant::Entity::find()
        .select_only()
        .column(tenant::Column::Id)
        .filter(tenant::Column::OrganizationId.eq(scope.organization()))
        .into_tuple()
        .all(tx)
        .await?;
    tenant::Entity::update_many()
        .filter(tenant::Column::OrganizationId.eq(scope.organization()))
        .col_expr(tenant::Column::NextAt, Expr::value(run.then(|| now.timestamp_millis())))
        .exec(tx)
        .await?;
    if !run {
        jobs::call_off_in(tx, &tenants, now).await?;
    }
    Ok(())
}
