//! Restores: their plans, the journal of their writes and what became of each step.

use chrono::{DateTime, Utc};
use domain::Seq;
use domain::plan::{Outcome, RestoreRow, RestoreState, Stage, Tally};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::{restore, restore_step, restore_write, tenant};
use crate::leases::{Lease, hold};
use crate::scope::TenantScope;
use crate::seal::{Keys, Place, Table};
use crate::time::instant;
use crate::{Error, Result, Store};

/// Steps a statement.
const ROWS: usize = 200;

/// A plan to keep.
#[derive(Debug)]
pub struct NewRestore {
    pub to: Seq,
    pub seen: Seq,
    pub asked_by: String,
    pub writes: i64,
    /// The list of what cannot be restored, as JSON.
    pub unrestorable: String,
    pub steps: Vec<NewStep>,
}

/// A step to keep; its content is sealed.
#[derive(Debug)]
pub struct NewStep {
    pub stage: Stage,
    /// What the step does, as JSON.
    pub content: String,
    pub needs_confirmation: bool,
}

/// A restore as kept.
#[derive(Debug, Clone)]
pub struct Restore {
    pub number: i64,
    pub state: RestoreState,
    pub to: Seq,
    pub seen: Seq,
    pub asked_by: String,
    pub planned_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub before: Option<Seq>,
    pub problem: Option<String>,
    pub writes: i64,
    pub unrestorable: String,
}

/// When a restore was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    pub number: i64,
    pub from: DateTime<Utc>,
    /// None while it is not over.
    pub to: Option<DateTime<Utc>>,
}

/// A step as kept.
#[derive(Debug, Clone)]
pub struct Step {
    pub number: i32,
    pub stage: Stage,
    pub content: String,
    pub needs_confirmation: bool,
    pub confirmed: bool,
    pub outcome: Outcome,
    pub note: Option<String>,
}

fn stage_code(stage: Stage) -> i16 {
    Stage::ALL.iter().position(|s| *s == stage).map_or(0, |i| i as i16)
}

fn stage_of(code: i16) -> Result<Stage> {
    usize::try_from(code)
        .ok()
        .and_then(|i| Stage::ALL.get(i).copied())
        .ok_or(Error::Inconsistent("restore_step"))
}

fn list_place(number: i64) -> Place {
    Place { table: Table::Restore, kind: 0, object: number }
}

fn step_place(restore: i64, step: i32) -> Place {
    Place { table: Table::Step, kind: 0, object: (restore << 24) | i64::from(step) }
}

fn utf8(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::Inconsistent("restore"))
}

fn restore_of(keys: &Keys, m: restore::Model) -> Result<Restore> {
    Ok(Restore {
        number: m.number,
        state: RestoreState::from_slug(&m.state).ok_or(Error::Inconsistent("restore"))?,
        to: m.to_seq,
        seen: m.seen_seq,
        asked_by: m.asked_by,
        planned_at: instant(m.planned_at),
        started_at: m.started_at.map(instant),
        ended_at: m.ended_at.map(instant),
        before: m.before_seq,
        problem: m.problem,
        writes: m.writes,
        unrestorable: utf8(keys.open(list_place(m.number), &m.unrestorable)?)?,
    })
}

fn step_of(keys: &Keys, m: restore_step::Model) -> Result<Step> {
    Ok(Step {
        number: m.number,
        stage: stage_of(m.stage)?,
        content: utf8(keys.open(step_place(m.restore, m.number), &m.sealed)?)?,
        needs_confirmation: m.needs_confirmation != 0,
        confirmed: m.confirmed != 0,
        outcome: Outcome::from_slug(&m.outcome).ok_or(Error::Inconsistent("restore_step"))?,
        note: m.note,
    })
}

impl Store {
    /// Keeps a plan; nothing runs yet. Returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_restore(
        &self,
        tenant: TenantScope,
        new: NewRestore,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        let keys = self.keys(tenant).await?;
        let id = tenant.id();
        let tx = self.db().begin().await?;
        tenant::Entity::update_many()
            .filter(tenant::Column::Id.eq(id))
            .col_expr(tenant::Column::Restores, Expr::col(tenant::Column::Restores).add(1))
            .exec(&tx)
            .await?;
        let number =
            tenant::Entity::find_by_id(id).one(&tx).await?.ok_or(Error::Inconsistent("tenant"))?.restores;
        restore::Entity::insert(restore::ActiveModel {
            tenant: Set(id),
            number: Set(number),
            state: Set(RestoreState::Planned.slug().to_owned()),
            to_seq: Set(new.to),
            seen_seq: Set(new.seen),
            asked_by: Set(new.asked_by),
            planned_at: Set(now.timestamp_millis()),
            started_at: Set(None),
            ended_at: Set(None),
            before_seq: Set(None),
            problem: Set(None),
            writes: Set(new.writes),
            unrestorable: Set(keys.seal(list_place(number), new.unrestorable.as_bytes())?),
        })
        .exec_without_returning(&tx)
        .await?;
        insert_steps(&tx, &keys, tenant, number, 1, new.steps).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Adds steps that turned out to be needed while the restore ran.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the restore now.
    pub async fn add_steps(&self, lease: &Lease, number: i64, steps: Vec<NewStep>) -> Result<()> {
        let keys = self.keys(lease.tenant).await?;
        let tx = self.db().begin().await?;
        hold(&tx, lease).await?;
        let last: Option<Option<i32>> = restore_step::Entity::find()
            .select_only()
            .column_as(restore_step::Column::Number.max(), "last")
            .filter(restore_step::Column::Tenant.eq(lease.tenant.id()))
            .filter(restore_step::Column::Restore.eq(number))
            .into_tuple()
            .one(&tx)
            .await?;
        let first = last.flatten().unwrap_or(0) + 1;
        insert_steps(&tx, &keys, lease.tenant, number, first, steps).await?;
        tx.commit().await?;
        Ok(())
    }

    /// One of the tenant's restores.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn restore(&self, tenant: TenantScope, number: i64) -> Result<Option<Restore>> {
        let keys = self.keys(tenant).await?;
        restore::Entity::find_by_id((tenant.id(), number))
            .one(self.db().read())
            .await?
            .map(|m| restore_of(&keys, m))
            .transpose()
    }

    /// The tenant's newest restores.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn restores(&self, tenant: TenantScope, limit: u64) -> Result<Vec<RestoreRow>> {
        let rows = restore::Entity::find()
            .filter(restore::Column::Tenant.eq(tenant.id()))
            .order_by_desc(restore::Column::Number)
            .limit(limit)
            .all(self.db().read())
            .await?;
        let mut out = Vec::with_capacity(rows.len());
        for m in rows {
            let tally = self.tallies(tenant, m.number).await?.into_iter().fold(
                Tally::default(),
                |mut all, (_, t)| {
                    for (outcome, n) in each(&t) {
                        all.add(outcome, n);
                    }
                    all
                },
            );
            out.push(RestoreRow {
                number: m.number,
                state: RestoreState::from_slug(&m.state).ok_or(Error::Inconsistent("restore"))?,
                to: m.to_seq,
                asked_by: m.asked_by,
                planned_at: instant(m.planned_at),
                tally,
            });
        }
        Ok(out)
    }

    /// The tenant's restores that were under way at some moment from `from` to `to`, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn restores_between(
        &self,
        tenant: TenantScope,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Ran>> {
        let ended = restore::Column::EndedAt;
        let rows: Vec<(i64, i64, Option<i64>)> = restore::Entity::find()
            .select_only()
            .columns([restore::Column::Number, restore::Column::StartedAt, ended])
            .filter(restore::Column::Tenant.eq(tenant.id()))
            .filter(restore::Column::StartedAt.lte(to.timestamp_millis()))
            .filter(ended.is_null().or(ended.gte(from.timestamp_millis())))
            .order_by_asc(restore::Column::Number)
            .into_tuple()
            .all(self.db().read())
            .await?;
        let ran = |(number, from, to): (i64, i64, Option<i64>)| Ran {
            number,
            from: instant(from),
            to: to.map(instant),
        };
        Ok(rows.into_iter().map(ran).collect())
    }

    /// How the steps of each stage stand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tallies(&self, tenant: TenantScope, number: i64) -> Result<Vec<(Stage, Tally)>> {
        let rows: Vec<(i16, String, i64)> = restore_step::Entity::find()
            .select_only()
            .column(restore_step::Column::Stage)
            .column(restore_step::Column::Outcome)
            .column_as(restore_step::Column::Number.count(), "n")
            .filter(restore_step::Column::Tenant.eq(tenant.id()))
            .filter(restore_step::Column::Restore.eq(number))
            .group_by(restore_step::Column::Stage)
            .group_by(restore_step::Column::Outcome)
            .into_tuple()
            .all(self.db().read())
            .await?;
        let mut out: Vec<(Stage, Tally)> = Vec::new();
        for stage in Stage::ALL {
            let mut tally = Tally::default();
            for (_, outcome, n) in rows.iter().filter(|(code, _, _)| *code == stage_code(stage)) {
                tally.add(Outcome::from_slug(outcome).ok_or(Error::Inconsistent("restore_step"))?, *n);
            }
            if tally.total() > 0 {
                out.push((stage, tally));
            }
        }
        Ok(out)
    }

    /// Steps after `after`, in order.
    ///
    /// # Errors
    /// When the database cannot be read or a step was altered.
    pub async fn steps(&self, tenant: TenantScope, number: i64, after: i32, limit: u64) -> Result<Vec<Step>> {
        let keys = self.keys(tenant).await?;
        restore_step::Entity::find()
            .filter(restore_step::Column::Tenant.eq(tenant.id()))
            .filter(restore_step::Column::Restore.eq(number))
            .filter(restore_step::Column::Number.gt(after))
            .order_by_asc(restore_step::Column::Number)
            .limit(limit)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| step_of(&keys, m))
            .collect()
    }

    /// How many steps still wait for somebody to confirm them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unconfirmed(&self, tenant: TenantScope, number: i64) -> Result<i64> {
        let n: Option<i64> = restore_step::Entity::find()
            .select_only()
            .column_as(restore_step::Column::Number.count(), "n")
            .filter(restore_step::Column::Tenant.eq(tenant.id()))
            .filter(restore_step::Column::Restore.eq(number))
            .filter(restore_step::Column::NeedsConfirmation.eq(1))
            .filter(restore_step::Column::Confirmed.eq(0))
            .into_tuple()
            .one(self.db().read())
            .await?;
        Ok(n.unwrap_or(0))
    }

    /// Confirms a step that runs only if it is, or takes that back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn confirm_step(&self, tenant: TenantScope, number: i64, step: i32, yes: bool) -> Result<()> {
        restore_step::Entity::update_many()
            .filter(restore_step::Column::Tenant.eq(tenant.id()))
            .filter(restore_step::Column::Restore.eq(number))
            .filter(restore_step::Column::Number.eq(step))
            .col_expr(restore_step::Column::Confirmed, Expr::value(i16::from(yes)))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// Moves a restore from one of the states `from` to `to`. Returns false when it is in none of them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn move_restore(
        &self,
        tenant: TenantScope,
        number: i64,
        from: &[RestoreState],
        to: RestoreState,
        problem: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let ms = now.timestamp_millis();
        let mut update = restore::Entity::update_many()
            .filter(restore::Column::Tenant.eq(tenant.id()))
            .filter(restore::Column::Number.eq(number))
            .filter(restore::Column::State.is_in(from.iter().map(|s| s.slug())))
            .col_expr(restore::Column::State, Expr::value(to.slug()))
            .col_expr(restore::Column::Problem, Expr::value(problem.map(str::to_owned)));
        if to == RestoreState::Running {
            update = update
                .col_expr(restore::Column::StartedAt, Expr::cust(format!("COALESCE(started_at, {ms})")));
        }
        if to.is_over() {
            update = update.col_expr(restore::Column::EndedAt, Expr::value(ms));
        }
        let tx = self.begin_held().await?;
        let moved = update.exec(&tx).await?.rows_affected == 1;
        tx.commit().await?;
        Ok(moved)
    }

    /// Remembers the snapshot that was taken before the first write.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_before_image(&self, tenant: TenantScope, number: i64, seq: Seq) -> Result<()> {
        let tx = self.begin_held().await?;
        restore::Entity::update_many()
            .filter(restore::Column::Tenant.eq(tenant.id()))
            .filter(restore::Column::Number.eq(number))
            .col_expr(restore::Column::BeforeSeq, Expr::value(seq))
            .exec(&tx)
            .await?;
        tx.commit().await
    }

    /// Says what became of some steps.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_outcomes(
        &self,
        tenant: TenantScope,
        number: i64,
        outcomes: &[(i32, Outcome, Option<String>)],
    ) -> Result<()> {
        for chunk in outcomes.chunks(ROWS) {
            let tx = self.begin_held().await?;
            set_outcomes_in(&tx, tenant, number, chunk).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Writes into the journal that a write is about to be sent.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the restore now: nothing may be sent then.
    pub async fn intend_write(
        &self,
        lease: &Lease,
        number: i64,
        write: i64,
        steps: &[i32],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        hold(&tx, lease).await?;
        restore_write::Entity::insert(restore_write::ActiveModel {
            tenant: Set(lease.tenant.id()),
            restore: Set(number),
            number: Set(write),
            epoch: Set(lease.epoch),
            steps: Set(serde_json::to_string(steps).map_err(|_| Error::Inconsistent("restore_write"))?),
            state: Set("intended".to_owned()),
            at: Set(now.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes into the journal what became of a write, and of its steps.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker holds the restore now.
    pub async fn settle_write(
        &self,
        lease: &Lease,
        number: i64,
        write: i64,
        state: &str,
        outcomes: &[(i32, Outcome, Option<String>)],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        hold(&tx, lease).await?;
        restore_write::Entity::update_many()
            .filter(restore_write::Column::Tenant.eq(lease.tenant.id()))
            .filter(restore_write::Column::Restore.eq(number))
            .filter(restore_write::Column::Number.eq(write))
            .col_expr(restore_write::Column::State, Expr::value(state))
            .col_expr(restore_write::Column::At, Expr::value(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        set_outcomes_in(&tx, lease.tenant, number, outcomes).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The journal so far: the highest number given, and the steps of writes of which nobody knows
    /// whether they took effect.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn journal(&self, tenant: TenantScope, number: i64) -> Result<(i64, Vec<i32>)> {
        let last: Option<Option<i64>> = restore_write::Entity::find()
            .select_only()
            .column_as(restore_write::Column::Number.max(), "last")
            .filter(restore_write::Column::Tenant.eq(tenant.id()))
            .filter(restore_write::Column::Restore.eq(number))
            .into_tuple()
            .one(self.db().read())
            .await?;
        let open = restore_write::Entity::find()
            .filter(restore_write::Column::Tenant.eq(tenant.id()))
            .filter(restore_write::Column::Restore.eq(number))
            .filter(restore_write::Column::State.is_in(["intended", "unknown"]))
            .all(self.db().read())
            .await?;
        let mut steps = Vec::new();
        for w in open {
            let of: Vec<i32> =
                serde_json::from_str(&w.steps).map_err(|_| Error::Inconsistent("restore_write"))?;
            steps.extend(of);
        }
        Ok((last.flatten().unwrap_or(0), steps))
    }
}

async fn insert_steps<C: ConnectionTrait>(
    tx: &C,
    keys: &Keys,
    tenant: TenantScope,
    restore: i64,
    first: i32,
    steps: Vec<NewStep>,
) -> Result<()> {
    let mut sealer = keys.sealer()?;
    let mut rows = Vec::with_capacity(steps.len().min(ROWS));
    for (step, n) in steps.into_iter().zip(first..) {
        rows.push(restore_step::ActiveModel {
            tenant: Set(tenant.id()),
            restore: Set(restore),
            number: Set(n),
            stage: Set(stage_code(step.stage)),
            sealed: Set(sealer.seal(step_place(restore, n), step.content.as_bytes())?),
            needs_confirmation: Set(i16::from(step.needs_confirmation)),
            confirmed: Set(0),
            outcome: Set(Outcome::Pending.slug().to_owned()),
            note: Set(None),
        });
        if rows.len() == ROWS {
            restore_step::Entity::insert_many(std::mem::take(&mut rows)).exec_without_returning(tx).await?;
        }
    }
    if !rows.is_empty() {
        restore_step::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn set_outcomes_in<C: ConnectionTrait>(
    tx: &C,
    tenant: TenantScope,
    number: i64,
    outcomes: &[(i32, Outcome, Option<String>)],
) -> Result<()> {
    for (step, outcome, note) in outcomes {
        restore_step::Entity::update_many()
            .filter(restore_step::Column::Tenant.eq(tenant.id()))
            .filter(restore_step::Column::Restore.eq(number))
            .filter(restore_step::Column::Number.eq(*step))
            .col_expr(restore_step::Column::Outcome, Expr::value(outcome.slug()))
            .col_expr(restore_step::Column::Note, Expr::value(note.clone()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

fn each(t: &Tally) -> [(Outcome, i64); 7] {
    [
        (Outcome::Pending, t.pending),
        (Outcome::Written, t.written),
        (Outcome::Restored, t.restored),
        (Outcome::AlreadySo, t.already_so),
        (Outcome::Skipped, t.skipped),
        (Outcome::Conflict, t.conflict),
        (Outcome::Failed, t.failed),
    ]
}
