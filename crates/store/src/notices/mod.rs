//! What happened that people want to know of, who is told of it, and what became of that.
//!
//! An event is noted in the transaction that it happens in: with its entry of the audit log, or with the end of its
//! job; what is a state rather than an event (late, ending, short) is looked for by the sweep. Its `key` names it, so
//! that it is noted once. Then it is spread: a row for each person who is told, with the time. The mail is put into the
//! outbox in the transaction that takes those rows away. Nothing is lost or said twice wherever that is broken off.

mod erase;
mod read;
mod spread;
mod told;
mod watch;

use chrono::{DateTime, Utc};
use domain::notice::What;
use domain::plan::RestoreState;
use domain::view::JobState;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::audit::{Entry, Place};
use crate::db::Tx;
use crate::entity::{notice, organization, restore, tenant};
use crate::jobs::{Lease, Work};
use crate::{Error, Result};

pub(crate) use erase::erase_of_organization_in;
pub use read::{Notice, OrgReader, Reader};
pub use told::Bundle;

/// Something to note.
struct New {
    key: String,
    what: What,
    place: Place,
    tenant: Option<i64>,
    log_number: Option<i64>,
    by: String,
    note: String,
}

/// Notes it as part of a larger transaction, unless it stands there already.
async fn note_in<C: ConnectionTrait>(db: &C, new: New, at: DateTime<Utc>) -> Result<()> {
    notice::Entity::insert(notice::ActiveModel {
        id: Set(Uuid::now_v7()),
        key: Set(new.key),
        what: Set(new.what.slug().to_owned()),
        partner_id: Set(new.place.partner),
        organization_id: Set(new.place.organization),
        tenant: Set(new.tenant),
        log_number: Set(new.log_number),
        by_whom: Set(new.by),
        note: Set(new.note),
        at: Set(at.timestamp_millis()),
        spread: Set(0),
    })
    .on_conflict(OnConflict::column(notice::Column::Key).do_nothing().to_owned())
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Notes an entry of the audit log, if anybody wants to know of such.
pub(crate) async fn of_entry_in(
    tx: &Tx,
    place: Place,
    number: i64,
    entry: &Entry<'_>,
    at: DateTime<Utc>,
) -> Result<()> {
    let Some(what) = What::of_entry(entry.event, entry.actor) else { return Ok(()) };
    let new = New {
        key: format!("log:{}:{number}", place.partner),
        what,
        place,
        tenant: None,
        log_number: Some(number),
        by: entry.actor.to_owned(),
        note: String::new(),
    };
    note_in(tx, new, at).await
}

/// Notes the end of a job, if anybody wants to know of it.
pub(crate) async fn of_job_in<C: ConnectionTrait>(
    db: &C,
    lease: &Lease,
    state: JobState,
    problem: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let tenant = lease.tenant.id();
    let (what, note) = match (&lease.work, state) {
        (Work::Capture { .. }, JobState::Failed) => {
            (What::BackupFailed, problem.unwrap_or_default().to_owned())
        }
        (Work::Restore { number }, JobState::Done | JobState::Failed) => {
            let found = restore::Entity::find_by_id((tenant, *number)).one(db).await?;
            let ended = [RestoreState::Done, RestoreState::Failed];
            match found.filter(|m| ended.iter().any(|state| state.slug() == m.state)) {
                Some(m) => (What::RestoreEnded, format!("{number} {}", m.state)),
                // Paused or stopped by a person, who knows.
                None => return Ok(()),
            }
        }
        _ => return Ok(()),
    };
    let new = New {
        key: format!("job:{}", lease.job),
        what,
        place: place_of_tenant(db, tenant).await?,
        tenant: Some(tenant),
        log_number: None,
        by: String::new(),
        note,
    };
    note_in(db, new, now).await
}

async fn place_of_tenant<C: ConnectionTrait>(db: &C, id: i64) -> Result<Place> {
    let broken = || Error::Inconsistent("tenant");
    let tenant = tenant::Entity::find_by_id(id).one(db).await?.ok_or_else(broken)?;
    let owner = organization::Entity::find()
        .filter(organization::Column::Id.eq(tenant.organization_id))
        .one(db)
        .await?
        .ok_or_else(broken)?;
    Ok(Place { partner: owner.partner_id, organization: Some(owner.id) })
}
