//! Between the face and the engine: which client, which desk, what becomes of a job.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Seq;
use domain::change::Selection;
use domain::plan::{RestoreView, StepView};
use domain::view::{JobState, Trigger};
use graph::Meaning;
use store::jobs::{Lease, MAX_ATTEMPTS, Work};
use store::scope::TenantScope;

use super::{Backup, heart};
use crate::capture::{self, Request, Watch};
use crate::restore::Desk;
use crate::{Error, Result};

/// A job that met a passing obstacle comes back after so long, doubled with every attempt.
const RETRY: TimeDelta = TimeDelta::seconds(15);

fn desk(backup: &Backup, tenant: TenantScope) -> Desk<'_> {
    Desk { store: backup.store(), clock: backup.clock(), tenant }
}

async fn client(backup: &Backup, tenant: TenantScope) -> Result<graph::Client> {
    backup.client(&backup.store().connection(tenant).await?)
}

pub(super) async fn plan(
    backup: &Backup,
    tenant: TenantScope,
    asked_by: &str,
    from: Seq,
    to: Seq,
    chosen: &Selection,
) -> Result<i64> {
    let client = client(backup, tenant).await?;
    desk(backup, tenant).plan(asked_by, &client, from, to, chosen).await
}

pub(super) async fn view(backup: &Backup, tenant: TenantScope, number: i64) -> Result<RestoreView> {
    desk(backup, tenant).view(number).await
}

pub(super) async fn steps(
    backup: &Backup,
    tenant: TenantScope,
    number: i64,
    after: i32,
) -> Result<Vec<StepView>> {
    desk(backup, tenant).steps(number, after).await
}

pub(super) async fn confirm(
    backup: &Backup,
    tenant: TenantScope,
    number: i64,
    step: i32,
    yes: bool,
) -> Result<()> {
    desk(backup, tenant).confirm(number, step, yes).await
}

/// Starts a planned restore, or goes on with a paused one.
pub(super) async fn start(backup: &Backup, tenant: TenantScope, asked_by: &str, number: i64) -> Result<()> {
    desk(backup, tenant).start(number, asked_by).await?;
    backup.wake().notify_one();
    Ok(())
}

pub(super) async fn pause(backup: &Backup, tenant: TenantScope, number: i64) -> Result<()> {
    desk(backup, tenant).pause(number).await
}

pub(super) async fn cancel(backup: &Backup, tenant: TenantScope, number: i64) -> Result<()> {
    desk(backup, tenant).cancel(number).await
}

pub(super) async fn undo(backup: &Backup, tenant: TenantScope, asked_by: &str, number: i64) -> Result<i64> {
    let client = client(backup, tenant).await?;
    desk(backup, tenant).undo(number, asked_by, &client).await
}

/// Claims one job and works it to its end.
pub(super) async fn run_due(backup: &Backup) -> Result<bool> {
    let Some(lease) = backup.store().claim(backup.now()).await? else { return Ok(false) };
    let done = heart::keep(backup.store(), &lease, heart::EVERY, work(backup, &lease)).await;
    match settle(backup, &lease, done).await {
        // Somebody else has the job now, and says what becomes of it.
        Err(Error::Store(store::Error::LeaseLost)) => {
            tracing::warn!(job = %lease.job, "the job's lease was lost");
            Ok(true)
        }
        other => other.map(|()| true),
    }
}

async fn work(backup: &Backup, lease: &Lease) -> Result<()> {
    let client = client(backup, lease.tenant).await?;
    let store = backup.store().under(lease);
    let mut watch = Watch::new(store.clone(), Some(lease.clone()));
    match &lease.work {
        Work::Capture { reason, full } => {
            let request = Request { reason: *reason, full: *full, ends_job: true };
            capture::run(&store, &client, backup.clock(), lease.tenant, request, &mut watch).await?;
            Ok(())
        }
        Work::Restore { number } => {
            let desk = Desk { store: &store, clock: backup.clock(), tenant: lease.tenant };
            desk.work(*number, &client, lease, &mut watch).await?;
            store.finish(lease, JobState::Done, None, backup.now()).await?;
            Ok(())
        }
    }
}

/// Ends the job, or puts it back where the obstacle may pass.
async fn settle(backup: &Backup, lease: &Lease, done: Result<()>) -> Result<()> {
    let store = backup.store();
    let Err(error) = done else { return Ok(()) };
    if matches!(error, Error::Store(store::Error::LeaseLost)) {
        return Err(error);
    }
    if matches!(error, Error::Cancelled) {
        store.finish(lease, JobState::Cancelled, Some(&error.to_string()), backup.now()).await?;
        return Ok(());
    }
    if let Error::Graph(e) = &error
        && *e.meaning() == Meaning::Throttled
        && let Some(wait) = e.retry_after()
    {
        let until = after(backup.now(), wait);
        tracing::warn!(job = %lease.job, %until, %error, "the job waits for as long as Microsoft asks");
        let phase = format!("Waiting until {}: {error}", until.format("%-d %B %Y, %H:%M:%S UTC"));
        store.park(lease, &phase, until).await?;
        return Ok(());
    }
    if passing(&error) && lease.attempts < MAX_ATTEMPTS {
        tracing::warn!(job = %lease.job, attempt = lease.attempts, %error, "the job met a passing obstacle");
        let wait = RETRY * (1 << lease.attempts.clamp(1, 6));
        let asked = if let Error::Graph(e) = &error { e.retry_after() } else { None };
        let until = (backup.now() + wait).max(after(backup.now(), asked.unwrap_or_default()));
        let phase = format!("Waiting to try again: {error}");
        store.retry_later(lease, &phase, until).await?;
        return Ok(());
    }
    tracing::error!(job = %lease.job, %error, "the job failed");
    let problem = error.to_string();
    if let Error::Graph(e) = &error
        && e.is_sign_in()
    {
        store.set_connection_health(lease.tenant, None, Some(&problem), backup.now()).await?;
    }
    if let Work::Restore { number } = lease.work {
        desk(backup, lease.tenant).fail(number, &problem).await?;
    }
    store.finish(lease, JobState::Failed, Some(&problem), backup.now()).await?;
    Ok(())
}

/// When a wait has passed, to the millisecond and not earlier.
fn after(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = wait + Duration::from_millis(1);
    TimeDelta::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait)).unwrap_or(now)
}

fn passing(error: &Error) -> bool {
    match error {
        Error::Graph(e) => e.is_transient(),
        Error::Store(store::Error::Database(_)) => true,
        _ => false,
    }
}

/// Puts scheduled captures that are due into the queue.
pub(super) async fn enqueue_due(backup: &Backup) -> Result<()> {
    let now = backup.now();
    for (tenant, settings) in backup.store().tenants_due(now).await? {
        let full =
            settings.last_full_at.is_none_or(|at| now - at >= TimeDelta::minutes(settings.full_every_min));
        let next = now + TimeDelta::minutes(settings.every_min);
        if backup.store().take_turn(tenant, settings.next_at, next).await? {
            let work = Work::Capture { reason: Trigger::Schedule, full };
            match backup.enqueue(tenant, &work, "the schedule").await {
                // Stopped between the question and now; the others still have their turn.
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(())
}
