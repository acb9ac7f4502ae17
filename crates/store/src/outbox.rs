//! Mail that waits to be sent. It is put here in the transaction of what causes it, so that neither comes to be
//! without the other; a worker takes it from here under a lease.
//!
//! The content is sealed, because it may hold a link, and it goes once the mail was sent.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::mail::MailState;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::dialect::{self, statement};
use crate::entity::{outbox, partner};
use crate::partners::branch_ids;
use crate::scope::{PartnerScope, Sender};
use crate::time::instant;
use crate::{Error, MasterKey, Result, Store, seal};

/// A worker that says nothing for so long is given up.
pub const LEASE: Duration = Duration::from_secs(120);

/// What a mail says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Of the person.
    pub name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(…)")
    }
}

/// A mail to send.
#[derive(Clone, Debug)]
pub struct Mail {
    pub sender: Sender,
    /// What it is about: `sign-in-link`.
    pub kind: &'static str,
    /// Folded to lower case.
    pub to: String,
    pub content: Content,
    /// After that time it is of no use, and is not sent.
    pub good_until: Option<DateTime<Utc>>,
}

/// A mail that this worker may send, until the lease ends.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: Uuid,
    pub sender: Sender,
    /// What it is about: `sign-in-link`.
    pub kind: String,
    pub to: String,
    pub content: Content,
    /// Counts how often it was taken; what an earlier holder still tries to write is refused.
    pub attempt: i32,
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub struct MailRecord {
    pub id: Uuid,
    pub partner: String,
    pub kind: String,
    pub to: String,
    pub state: MailState,
    pub attempts: i32,
    pub problem: Option<String>,
    pub due: DateTime<Utc>,
    pub created: DateTime<Utc>,
    pub ended: Option<DateTime<Utc>>,
    /// Whether there is anything left to send.
    pub has_content: bool,
}

impl Store {
    /// Puts a mail into the outbox that nothing else in the database goes with.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn put_mail(&self, mail: Mail, now: DateTime<Utc>) -> Result<()> {
        put_in(self.db().write(), self.master(), mail, now).await
    }

    /// Takes the next mail that is due.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_mail(&self, now: DateTime<Utc>) -> Result<Option<Claimed>> {
        let ms = now.timestamp_millis();
        // Most of the time there is nothing, and looking takes no lock.
        let due = outbox::Entity::find()
            .filter(outbox::Column::State.eq(MailState::Waiting.slug()))
            .filter(outbox::Column::DueAt.lte(ms))
            .filter(free(ms))
            .limit(1)
            .one(self.db().read())
            .await?;
        if due.is_none() {
            return Ok(None);
        }
        let schema = self.db().schema();
        let tx = self.db().begin().await?;
        outbox::Entity::update_many()
            .filter(outbox::Column::State.eq(MailState::Waiting.slug()))
            .filter(outbox::Column::GoodUntil.lte(ms))
            .col_expr(outbox::Column::State, Expr::value(MailState::Failed.slug()))
            .col_expr(outbox::Column::Problem, Expr::value("Its link ended before it could be sent."))
            .col_expr(outbox::Column::Content, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(outbox::Column::EndedAt, Expr::value(ms))
            .exec(&tx)
            .await?;
        let sql = format!(
            "SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= ? AND (lease_until IS NULL OR lease_until < ?) \
             ORDER BY due_at, id LIMIT 1{}",
            dialect::skip_locked(schema)
        );
        let found = tx
            .query_one_raw(statement(schema, &sql, [ms.into(), ms.into()]))
            .await?
            .map(|row| row.try_get::<Uuid>("", "id"))
            .transpose()?;
        let Some(id) = found else {
            tx.commit().await?;
            return Ok(None);
        };
        outbox::Entity::update_many()
            .filter(outbox::Column::Id.eq(id))
            .col_expr(outbox::Column::LeaseUntil, Expr::value(ms + LEASE.as_millis() as i64))
            .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
            .exec(&tx)
            .await?;
        let row = outbox::Entity::find_by_id(id).one(&tx).await?.ok_or(Error::Inconsistent("outbox"))?;
        tx.commit().await?;
        let sealed = row.content.ok_or(Error::Inconsistent("outbox"))?;
        let plain = seal::unwrap(self.master(), &context(id), &sealed)?;
        Ok(Some(Claimed {
            id,
            sender: Sender::Partner(PartnerScope::new(row.partner_id)),
            kind: row.kind,
            to: row.recipient,
            content: serde_json::from_slice(&plain).map_err(|_| Error::Inconsistent("outbox"))?,
            attempt: row.attempts,
        }))
    }

    /// Notes that the server took the mail. What it said is erased.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker took it meanwhile.
    pub async fn mail_sent(&self, mail: &Claimed, now: DateTime<Utc>) -> Result<()> {
        let update = held(mail)
            .col_expr(outbox::Column::State, Expr::value(MailState::Sent.slug()))
            .col_expr(outbox::Column::Content, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(outbox::Column::Problem, Expr::value(Option::<String>::None))
            .col_expr(outbox::Column::EndedAt, Expr::value(now.timestamp_millis()));
        kept(update.exec(self.db().write()).await?.rows_affected)
    }

    /// Notes what went wrong; it is tried again at `again`, or never.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker took it meanwhile.
    pub async fn mail_not_sent(
        &self,
        mail: &Claimed,
        problem: &str,
        again: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let update = held(mail)
            .col_expr(outbox::Column::Problem, Expr::value(problem))
            .col_expr(outbox::Column::LeaseUntil, Expr::value(Option::<i64>::None));
        let update = match again {
            Some(at) => update.col_expr(outbox::Column::DueAt, Expr::value(at.timestamp_millis())),
            None => update
                .col_expr(outbox::Column::State, Expr::value(MailState::Failed.slug()))
                .col_expr(outbox::Column::EndedAt, Expr::value(now.timestamp_millis())),
        };
        kept(update.exec(self.db().write()).await?.rows_affected)
    }

    /// The newest mails of the branch, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mails(&self, scope: PartnerScope, limit: u64) -> Result<Vec<MailRecord>> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::PartnerId.in_subquery(branch_ids(scope)))
            .order_by_desc(outbox::Column::CreatedAt)
            .order_by_desc(outbox::Column::Id)
            .limit(limit)
            .all(self.db().read())
            .await?;
        let names: HashMap<Uuid, String> = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| (m.id, m.name))
            .collect();
        rows.into_iter()
            .map(|m| {
                Ok(MailRecord {
                    id: m.id,
                    partner: names.get(&m.partner_id).cloned().unwrap_or_default(),
                    state: MailState::from_slug(&m.state).ok_or(Error::Inconsistent("outbox"))?,
                    kind: m.kind,
                    to: m.recipient,
                    attempts: m.attempts,
                    problem: m.problem,
                    due: instant(m.due_at),
                    created: instant(m.created_at),
                    ended: m.ended_at.map(instant),
                    has_content: m.content.is_some(),
                })
            })
            .collect()
    }

    /// Has a mail of the branch that failed tried again; false when there is none such.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn retry_mail(
        &self,
        scope: PartnerScope,
        id: Uuid,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let done = outbox::Entity::update_many()
            .filter(outbox::Column::Id.eq(id))
            .filter(outbox::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(outbox::Column::State.eq(MailState::Failed.slug()))
            .filter(outbox::Column::Content.is_not_null())
            .col_expr(outbox::Column::State, Expr::value(MailState::Waiting.slug()))
            .col_expr(outbox::Column::DueAt, Expr::value(now.timestamp_millis()))
            .col_expr(outbox::Column::EndedAt, Expr::value(Option::<i64>::None))
            .exec(&tx)
            .await?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Erases what failed mails said that ended before `stale`, and forgets all that ended before `old`; for the
    /// system's own sweep.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_old_mail(&self, stale: DateTime<Utc>, old: DateTime<Utc>) -> Result<()> {
        outbox::Entity::update_many()
            .filter(outbox::Column::EndedAt.lt(stale.timestamp_millis()))
            .filter(outbox::Column::Content.is_not_null())
            .col_expr(outbox::Column::Content, Expr::value(Option::<Vec<u8>>::None))
            .exec(self.db().write())
            .await?;
        outbox::Entity::delete_many()
            .filter(outbox::Column::EndedAt.lt(old.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(())
    }
}

/// What a mail's content is sealed for: that mail and nothing else.
fn context(id: Uuid) -> Vec<u8> {
    format!("holdfast outbox {id}").into_bytes()
}

/// Puts mails into the outbox as part of a larger transaction.
pub(crate) async fn post_in(
    tx: &Tx,
    mails: impl IntoIterator<Item = Mail>,
    now: DateTime<Utc>,
) -> Result<()> {
    for mail in mails {
        put_in(tx, tx.master(), mail, now).await?;
    }
    Ok(())
}

async fn put_in<C: ConnectionTrait>(
    db: &C,
    master: &MasterKey,
    mail: Mail,
    now: DateTime<Utc>,
) -> Result<()> {
    let id = Uuid::now_v7();
    let plain = serde_json::to_vec(&mail.content).map_err(|_| Error::Inconsistent("outbox"))?;
    outbox::Entity::insert(outbox::ActiveModel {
        id: Set(id),
        partner_id: Set(mail.sender.partner().partner()),
        organization_id: Set(mail.sender.organization()),
        kind: Set(mail.kind.to_owned()),
        recipient: Set(mail.to),
        content: Set(Some(seal::wrap(master, &context(id), &plain)?)),
        state: Set(MailState::Waiting.slug().to_owned()),
        attempts: Set(0),
        due_at: Set(now.timestamp_millis()),
        lease_until: Set(None),
        good_until: Set(mail.good_until.map(|at| at.timestamp_millis())),
        problem: Set(None),
        created_at: Set(now.timestamp_millis()),
        ended_at: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Mails that no living worker holds.
fn free(ms: i64) -> Condition {
    Condition::any().add(outbox::Column::LeaseUntil.is_null()).add(outbox::Column::LeaseUntil.lt(ms))
}

fn held(mail: &Claimed) -> sea_orm::UpdateMany<outbox::Entity> {
    outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(mail.id))
        .filter(outbox::Column::State.eq(MailState::Waiting.slug()))
        .filter(outbox::Column::Attempts.eq(mail.attempt))
}

fn kept(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::LeaseLost) } else { Ok(()) }
}
