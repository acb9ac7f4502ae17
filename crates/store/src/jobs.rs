//! Work in the background, kept in the database, so that what a person asked for survives a restart. Who works on it is
//! said in [`crate::leases`].

use chrono::{DateTime, Utc};
use domain::view::{JobRecord, JobState, JobView};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Tx;
use crate::entity::{job, organization, tenant};
use crate::scope::TenantScope;
use crate::time::instant;
use crate::{Error, Result, Store, notices, tenants};

pub use crate::leases::{LEASE, Lease, MAX_ATTEMPTS};

const CAPTURE: &str = "capture";

/// What a job does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    Capture { reason: domain::view::Trigger, full: bool },
    Restore { number: i64 },
}

impl Work {
    const fn name(&self) -> &'static str {
        match self {
            Work::Capture { .. } => CAPTURE,
            Work::Restore { .. } => "restore",
        }
    }
}

fn record(m: job::Model) -> JobRecord {
    JobRecord {
        what: m.what.clone(),
        created: instant(m.created_at),
        ended: m.ended_at.map(instant),
        view: view(m),
    }
}

fn view(m: job::Model) -> JobView {
    JobView {
        id: m.id,
        state: JobState::from_slug(&m.state),
        phase: m.phase,
        done: m.done,
        total: m.total,
        problem: m.problem,
        snapshot: m.snapshot,
    }
}

impl Store {
    /// Puts a job into the queue. One of the same name that still waits or runs for the tenant, and that nobody called
    /// off, is returned instead, so that asking twice does not work twice. A capture that waits becomes a full one where
    /// that is asked for; one that runs already does not, and the full one waits behind it.
    ///
    /// # Errors
    /// [`Error::Stopped`] for a backup where backups have stopped.
    pub async fn enqueue(
        &self,
        tenant: TenantScope,
        work: &Work,
        asked_by: &str,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let tx = self.db().begin().await?;
        let id = enqueue_in(&tx, tenant, work, asked_by, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Ends the job.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the job now.
    pub async fn finish(
        &self,
        lease: &Lease,
        state: JobState,
        problem: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        finish_in(&tx, lease, state, problem, None, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks a job to stop: a waiting one is cancelled at once, a running one at its next beat.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn cancel_job(&self, tenant: TenantScope, id: Uuid, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db().begin().await?;
        job::Entity::update_many()
            .filter(job::Column::Id.eq(id))
            .filter(job::Column::Tenant.eq(tenant.id()))
            .col_expr(job::Column::CancelAsked, Expr::value(1))
            .exec(&tx)
            .await?;
        job::Entity::update_many()
            .filter(job::Column::Id.eq(id))
            .filter(job::Column::Tenant.eq(tenant.id()))
            .filter(job::Column::State.eq(JobState::Queued.slug()))
            .col_expr(job::Column::State, Expr::value(JobState::Cancelled.slug()))
            .col_expr(job::Column::EndedAt, Expr::value(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// One of the tenant's jobs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job(&self, tenant: TenantScope, id: Uuid) -> Result<Option<JobView>> {
        Ok(job::Entity::find_by_id(id)
            .filter(job::Column::Tenant.eq(tenant.id()))
            .one(self.db().read())
            .await?
            .map(view))
    }

    /// One of the tenant's jobs, as a list has it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job_record(&self, tenant: TenantScope, id: Uuid) -> Result<Option<JobRecord>> {
        let found = job::Entity::find_by_id(id).filter(job::Column::Tenant.eq(tenant.id()));
        Ok(found.one(self.db().read()).await?.map(record))
    }

    /// The tenant's jobs that were asked for before `before`, the newest first. Their ids are in that order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job_records(
        &self,
        tenant: TenantScope,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<JobRecord>> {
        let mut query = job::Entity::find().filter(job::Column::Tenant.eq(tenant.id()));
        if let Some(before) = before {
            query = query.filter(job::Column::Id.lt(before));
        }
        let rows = query.order_by_desc(job::Column::Id).limit(limit).all(self.db().read()).await?;
        Ok(rows.into_iter().map(record).collect())
    }

    /// The capture that waits or runs, if any.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn running_capture(&self, tenant: TenantScope) -> Result<Option<JobView>> {
        Ok(job::Entity::find()
            .filter(job::Column::Tenant.eq(tenant.id()))
            .filter(job::Column::What.eq(CAPTURE))
            .filter(job::Column::State.is_in([JobState::Queued.slug(), JobState::Running.slug()]))
            .order_by_desc(job::Column::CreatedAt)
            .one(self.db().read())
            .await?
            .map(view))
    }

    /// The newest ended capture, if it failed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn failed_capture(&self, tenant: TenantScope) -> Result<Option<JobView>> {
        Ok(job::Entity::find()
            .filter(job::Column::Tenant.eq(tenant.id()))
            .filter(job::Column::What.eq(CAPTURE))
            .filter(job::Column::EndedAt.is_not_null())
            .order_by_desc(job::Column::EndedAt)
            .limit(1)
            .one(self.db().read())
            .await?
            .filter(|j| j.state == JobState::Failed.slug())
            .map(view))
    }
}

/// Puts a job into the queue as part of a larger transaction.
pub(crate) async fn enqueue_in(
    tx: &Tx,
    tenant: TenantScope,
    work: &Work,
    asked_by: &str,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    // Two who ask at the same moment wait for each other here, and the second one sees what the first one put in. So does
    // whoever stops backups, which changes the tenant's row before it looks for jobs to call off.
    let held = tenant::Entity::find_by_id(tenant.id()).lock(LockType::NoKeyUpdate).one(tx).await?;
    let held = held.ok_or(Error::Inconsistent("tenant"))?;
    if matches!(work, Work::Capture { .. }) {
        let org = organization::Entity::find_by_id(held.organization_id).one(tx).await?;
        tenants::runs(&org.ok_or(Error::Inconsistent("organization"))?)?;
    }
    let same = job::Entity::find()
        .filter(job::Column::Tenant.eq(tenant.id()))
        .filter(job::Column::What.eq(work.name()))
        .filter(job::Column::State.is_in([JobState::Queued.slug(), JobState::Running.slug()]))
        // One that somebody called off does not do what is asked for now.
        .filter(job::Column::CancelAsked.eq(0))
        .all(tx)
        .await?;
    let payload = serde_json::to_string(work).map_err(|_| Error::Inconsistent("job"))?;
    if let Some(twin) = same.iter().find(|j| serves(work, &payload, j)) {
        return Ok(twin.id);
    }
    for waits in same.iter().filter(|j| j.state == JobState::Queued.slug()) {
        if make_full(tx, work, waits).await? {
            return Ok(waits.id);
        }
    }
    let id = Uuid::now_v7();
    job::Entity::insert(job::ActiveModel {
        id: Set(id),
        tenant: Set(tenant.id()),
        what: Set(work.name().to_owned()),
        payload: Set(payload),
        state: Set(JobState::Queued.slug().to_owned()),
        run_at: Set(now.timestamp_millis()),
        attempts: Set(0),
        epoch: Set(0),
        lease_until: Set(None),
        cancel_asked: Set(0),
        phase: Set("Waiting to start".to_owned()),
        done: Set(0),
        total: Set(0),
        problem: Set(None),
        snapshot: Set(None),
        asked_by: Set(asked_by.to_owned()),
        created_at: Set(now.timestamp_millis()),
        ended_at: Set(None),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(id)
}

/// Whether a job does what is asked for. Captures are alike whatever their reason, but one that reads only what changed
/// is not a full one; restores are told apart by their number.
fn serves(work: &Work, payload: &str, there: &job::Model) -> bool {
    match (work, serde_json::from_str(&there.payload)) {
        (Work::Capture { full: asked, .. }, Ok(Work::Capture { full, .. })) => full || !asked,
        _ => there.payload == payload,
    }
}

/// Makes a capture that waits a full one, if it still waits; its reason stays.
async fn make_full(tx: &Tx, work: &Work, waits: &job::Model) -> Result<bool> {
    let (Work::Capture { full: true, .. }, Ok(Work::Capture { reason, .. })) =
        (work, serde_json::from_str(&waits.payload))
    else {
        return Ok(false);
    };
    let payload = serde_json::to_string(&Work::Capture { reason, full: true });
    let made = job::Entity::update_many()
        .filter(job::Column::Id.eq(waits.id))
        .filter(job::Column::State.eq(JobState::Queued.slug()))
        .col_expr(job::Column::Payload, Expr::value(payload.map_err(|_| Error::Inconsistent("job"))?))
        .exec(tx)
        .await?;
    Ok(made.rows_affected == 1)
}

/// Calls off what waits and runs for the tenants: captures that wait end at once, the others are told to stop.
pub(crate) async fn call_off_in(tx: &Tx, tenants: &[i64], now: DateTime<Utc>) -> Result<()> {
    job::Entity::update_many()
        .filter(job::Column::Tenant.is_in(tenants.iter().copied()))
        .filter(job::Column::EndedAt.is_null())
        .col_expr(job::Column::CancelAsked, Expr::value(1_i16))
        .exec(tx)
        .await?;
    // A restore that waits is ended by the worker that takes its job, since its steps have to say so.
    job::Entity::update_many()
        .filter(job::Column::Tenant.is_in(tenants.iter().copied()))
        .filter(job::Column::What.eq(CAPTURE))
        .filter(job::Column::State.eq(JobState::Queued.slug()))
        .col_expr(job::Column::State, Expr::value(JobState::Cancelled.slug()))
        .col_expr(job::Column::EndedAt, Expr::value(now.timestamp_millis()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends the job as part of a larger transaction, if the lease still holds.
pub(crate) async fn finish_in<C: ConnectionTrait>(
    db: &C,
    lease: &Lease,
    state: JobState,
    problem: Option<&str>,
    snapshot: Option<i64>,
    now: DateTime<Utc>,
) -> Result<()> {
    // A capture that was called off says nothing about the next one; that one went well is said where it is published.
    // The tenant comes before the job everywhere, so that nobody waits for each other.
    if state == JobState::Failed && matches!(lease.work, Work::Capture { .. }) {
        tenant::Entity::update_many()
            .filter(tenant::Column::Id.eq(lease.tenant.id()))
            .col_expr(tenant::Column::Failed, Expr::value(1_i16))
            .exec(db)
            .await?;
    }
    let mut update = job::Entity::update_many()
        .filter(job::Column::Id.eq(lease.job))
        .filter(job::Column::Epoch.eq(lease.epoch))
        .filter(job::Column::State.eq(JobState::Running.slug()))
        .col_expr(job::Column::State, Expr::value(state.slug()))
        .col_expr(job::Column::Problem, Expr::value(problem.map(str::to_owned)))
        .col_expr(job::Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(job::Column::EndedAt, Expr::value(now.timestamp_millis()));
    if let Some(seq) = snapshot {
        update = update.col_expr(job::Column::Snapshot, Expr::value(seq));
    }
    if update.exec(db).await?.rows_affected == 0 {
        return Err(Error::LeaseLost);
    }
    notices::of_job_in(db, lease, state, problem, now).await
}
