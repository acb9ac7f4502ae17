//! Who works on a job: one worker at a time, for as long as it says that it lives. What a worker that was given up still
//! tries to write is refused.
//!
//! The times of leases are the database's, since the clocks of several servers differ. When a job is due is the
//! product's own time, like every schedule.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::view::JobState;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, UpdateMany};
use uuid::Uuid;

use crate::db::{Schema, Tx};
use crate::dialect::{self, statement};
use crate::entity::{job, tenant};
use crate::jobs::Work;
use crate::scope::TenantScope;
use crate::{Error, Result, Store};

/// A worker that says nothing for so long is given up.
pub const LEASE: Duration = Duration::from_secs(30);
/// A job that lost its worker so many times is failed.
pub const MAX_ATTEMPTS: i32 = 5;

/// The right to work on a job, until the lease ends.
#[derive(Clone, Debug)]
pub struct Lease {
    pub job: Uuid,
    pub tenant: TenantScope,
    pub work: Work,
    pub asked_by: String,
    pub attempts: i32,
    /// Counts how often the job was taken; what an earlier holder still tries to write is refused.
    pub epoch: i64,
}

/// A job that waits, or whose worker went silent, and beside which no other of the tenant runs. The time is asked for
/// once.
fn due(schema: Schema) -> String {
    let now = dialect::now(schema);
    format!(
        "job.run_at <= ? AND (job.state = 'queued' OR (job.state = 'running' AND job.lease_until < {now})) \
         AND NOT EXISTS (SELECT 1 FROM job other WHERE other.tenant = job.tenant AND other.id <> job.id \
         AND other.state = 'running' AND other.lease_until >= {now})"
    )
}

/// When a lease ends that is given now.
fn end(schema: Schema) -> String {
    format!("{} + {}", dialect::now(schema), LEASE.as_millis())
}

/// A change of the job, as long as the lease holds.
fn of(lease: &Lease) -> UpdateMany<job::Entity> {
    job::Entity::update_many()
        .filter(job::Column::Id.eq(lease.job))
        .filter(job::Column::Epoch.eq(lease.epoch))
        .filter(job::Column::State.eq(JobState::Running.slug()))
}

impl Store {
    /// Takes the next job that is due at `now`: a waiting one, or one whose worker went silent. One job a tenant at a
    /// time, so that a capture and a restore never meet.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim(&self, now: DateTime<Utc>) -> Result<Option<Lease>> {
        let schema = self.db().schema();
        let (due, end, ms) = (due(schema), end(schema), now.timestamp_millis());
        loop {
            let tx = self.db().begin().await?;
            // Whose worker went silent goes on first: what waits behind it must not meet it when it wakes.
            let sql = format!(
                "SELECT job.id AS id FROM job JOIN tenant ON tenant.id = job.tenant WHERE {due} \
                 ORDER BY CASE job.state WHEN 'running' THEN 0 ELSE 1 END, job.run_at, job.id LIMIT 1{}",
                dialect::skip_held_tenants(schema)
            );
            let found = tx
                .query_one_raw(statement(schema, &sql, [ms.into()]))
                .await?
                .map(|row| row.try_get::<Uuid>("", "id"))
                .transpose()?;
            let Some(id) = found else { return Ok(None) };
            // The tenant is held now; what the question saw is older than that. Another worker may have taken one of
            // the tenant's jobs between.
            let sql = format!(
                "UPDATE job SET state = 'running', lease_until = {end}, epoch = epoch + 1, attempts = attempts + 1 \
                 WHERE job.id = ? AND {due}"
            );
            if tx.execute_raw(statement(schema, &sql, [id.into(), ms.into()])).await?.rows_affected() == 0 {
                continue;
            }
            let row = job::Entity::find_by_id(id).one(&tx).await?.ok_or(Error::Inconsistent("job"))?;
            let owner =
                tenant::Entity::find_by_id(row.tenant).one(&tx).await?.ok_or(Error::Inconsistent("job"))?;
            tx.commit().await?;
            return Ok(Some(Lease {
                job: row.id,
                tenant: TenantScope::new(owner.id, owner.public_id),
                work: serde_json::from_str(&row.payload).map_err(|_| Error::Inconsistent("job"))?,
                asked_by: row.asked_by,
                attempts: row.attempts,
                epoch: row.epoch,
            }));
        }
    }

    /// Says that the worker lives. Returns whether somebody asked it to stop.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the job now.
    pub async fn renew(&self, lease: &Lease) -> Result<bool> {
        self.prolong(lease, of(lease)).await
    }

    /// Says that the worker lives and how far it is. Returns whether somebody asked it to stop.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the job now.
    pub async fn beat(&self, lease: &Lease, phase: &str, done: i64, total: i64) -> Result<bool> {
        let update = of(lease)
            .col_expr(job::Column::Phase, Expr::value(phase))
            .col_expr(job::Column::Done, Expr::value(done))
            .col_expr(job::Column::Total, Expr::value(total));
        self.prolong(lease, update).await
    }

    async fn prolong(&self, lease: &Lease, update: UpdateMany<job::Entity>) -> Result<bool> {
        let end = Expr::cust(end(self.db().schema()));
        still_held(update.col_expr(job::Column::LeaseUntil, end), self.db().write()).await?;
        let row = job::Entity::find_by_id(lease.job).one(self.db().read()).await?;
        Ok(row.is_some_and(|r| r.cancel_asked != 0))
    }

    /// Puts a job that met a passing obstacle back into the queue.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the job now.
    pub async fn retry_later(&self, lease: &Lease, phase: &str, run_at: DateTime<Utc>) -> Result<()> {
        self.put_back(lease, phase, run_at, Expr::col(job::Column::Attempts)).await
    }

    /// Puts a job back into the queue that was told to come again at a certain time, which is no failed attempt.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the job now.
    pub async fn park(&self, lease: &Lease, phase: &str, run_at: DateTime<Utc>) -> Result<()> {
        self.put_back(lease, phase, run_at, Expr::col(job::Column::Attempts).sub(1)).await
    }

    async fn put_back(
        &self,
        lease: &Lease,
        phase: &str,
        run_at: DateTime<Utc>,
        attempts: Expr,
    ) -> Result<()> {
        let update = of(lease)
            .col_expr(job::Column::State, Expr::value(JobState::Queued.slug()))
            .col_expr(job::Column::RunAt, Expr::value(run_at.timestamp_millis()))
            .col_expr(job::Column::Phase, Expr::value(phase))
            .col_expr(job::Column::Attempts, attempts)
            .col_expr(job::Column::LeaseUntil, Expr::value(Option::<i64>::None));
        still_held(update, self.db().write()).await
    }

    /// The same database, written only while the lease holds: what belongs to a snapshot or a restore is refused with
    /// [`Error::LeaseLost`] once another worker has the job.
    #[must_use]
    pub fn under(&self, lease: &Lease) -> Store {
        Store { lease: Some(Arc::new(lease.clone())), ..self.clone() }
    }

    /// A transaction that writes for a job, where there is one: the lease holds until it ends.
    pub(crate) async fn begin_held(&self) -> Result<Tx> {
        let tx = self.db().begin().await?;
        if let Some(lease) = &self.lease {
            hold(&tx, lease).await?;
        }
        Ok(tx)
    }
}

async fn still_held<C: ConnectionTrait>(update: UpdateMany<job::Entity>, db: &C) -> Result<()> {
    if update.exec(db).await?.rows_affected == 0 { Err(Error::LeaseLost) } else { Ok(()) }
}

/// Fails unless the lease still holds; keeps it from being taken until the transaction ends.
pub(crate) async fn hold(tx: &Tx, lease: &Lease) -> Result<()> {
    let schema = match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => Schema::Postgres,
        _ => Schema::Sqlite,
    };
    let sql = format!(
        "SELECT 1 AS held FROM job WHERE id = ? AND epoch = ? AND state = 'running'{}",
        dialect::keep(schema)
    );
    let found = tx.query_one_raw(statement(schema, &sql, [lease.job.into(), lease.epoch.into()])).await?;
    found.map(drop).ok_or(Error::LeaseLost)
}
