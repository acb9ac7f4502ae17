//! Who did what, when, from where: append-only, a hash chain for each partner. Each entry's hash covers
//! the hash before it, so that an entry altered, removed, inserted or moved breaks the chain from there.
//! A cut-off end does not show in the chain itself; the newest hash must be kept elsewhere for that.

use std::collections::HashSet;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::audit::{AuditFilter, Detail};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::db::Tx;
use crate::entity::{audit, partner};
use crate::scope::{OrgScope, PartnerScope};
use crate::time::instant;
use crate::{Error, Result, Store, notices, organization_key};

/// What is to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Who: an e-mail address, `system`, or the account's id where it is somebody who is forgotten with the organization.
    pub actor: &'a str,
    /// What happened: `sign-in`, `restore-started`.
    pub event: &'a str,
    /// What it happened to: an id, mostly.
    pub object: &'a str,
    /// More, for a reader, as [`Detail::line`] writes it: sealed with the organization's key where it is about one.
    pub detail: &'a str,
    /// Where the request came from.
    pub address: &'a str,
}

/// A chain to write into: what somebody does to their own account goes into that of the partner they belong to. It
/// opens nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Log(Place);

impl From<PartnerScope> for Log {
    fn from(scope: PartnerScope) -> Log {
        Log(scope.into())
    }
}

impl From<OrgScope> for Log {
    fn from(scope: OrgScope) -> Log {
        Log(scope.into())
    }
}

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub number: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub event: String,
    pub organization: Option<Uuid>,
    pub object: String,
    /// None where the organization was erased, and with it what was said of it.
    pub detail: Option<Detail>,
    pub address: String,
}

/// What a look at a whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every entry fits the one before it.
    Intact { entries: i64, head: Vec<u8> },
    /// The first entry that does not fit, or is missing.
    Broken { number: i64 },
}

/// Whose chain an entry goes into, and which organization it is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) partner: Uuid,
    pub(crate) organization: Option<Uuid>,
}

impl From<PartnerScope> for Place {
    fn from(scope: PartnerScope) -> Place {
        Place { partner: scope.partner(), organization: None }
    }
}

impl From<OrgScope> for Place {
    fn from(scope: OrgScope) -> Place {
        Place { partner: scope.of_partner().partner(), organization: Some(scope.organization()) }
    }
}

const FIRST: i64 = 1;
/// Entries read at a time.
const PAGE: u64 = 1000;

impl Store {
    /// Records an event of the organization in its partner's chain.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn append_audit(&self, scope: OrgScope, entry: &Entry<'_>, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db().begin().await?;
        append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records an event that belongs to no organization.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn append_partner_audit(
        &self,
        scope: PartnerScope,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records what somebody did to their own account.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn append_log(&self, log: Log, entry: &Entry<'_>, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db().begin().await?;
        append_in(&tx, log.0, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The partner's newest entries before `before`, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_page(
        &self,
        scope: PartnerScope,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<AuditRow>> {
        self.audit_find(scope, &AuditFilter::default(), before, limit).await
    }

    /// The same of those that the filter asks for; whose they are says `scope`, not the filter.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_find(
        &self,
        scope: PartnerScope,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<AuditRow>> {
        // Days are stretches of the chain, and the chain is what every index is sorted by.
        let first = match filter.from {
            Some(day) => match self.audit_number(scope, day).await? {
                Some(number) => number,
                None => return Ok(Vec::new()),
            },
            None => FIRST,
        };
        let mut end = before.unwrap_or(i64::MAX);
        if let Some(after) = filter.to.and_then(|day| day.succ_opt())
            && let Some(number) = self.audit_number(scope, after).await?
        {
            end = Ord::min(end, number);
        }
        let actor = match self.customers_account(&filter.actor).await? {
            Some(id) => id.to_string(),
            None => filter.actor.clone(),
        };
        let query = found(scope, &AuditFilter { actor, ..filter.clone() }, first..end);
        let rows = query.limit(limit).all(self.db().read()).await?;
        self.audit_rows(rows).await
    }

    /// Rows as they are read: unsealed, and with people by their names.
    pub(crate) async fn audit_rows(&self, rows: Vec<audit::Model>) -> Result<Vec<AuditRow>> {
        let about: HashSet<Uuid> =
            rows.iter().filter(|m| m.sealed.is_some()).filter_map(|m| m.organization_id).collect();
        let keys = self.organization_keys(about.into_iter().collect()).await?;
        let people: HashSet<Uuid> = rows.iter().filter_map(|m| by_id(&m.actor)).map(|(id, _)| id).collect();
        let people = self.emails_of(people.into_iter().collect()).await?;
        rows.into_iter()
            .map(|m| {
                let detail = match (&m.sealed, m.organization_id.and_then(|id| keys.get(&id))) {
                    (None, _) => Some(m.detail),
                    (Some(sealed), Some(key)) => Some(key.open(&place_of(m.partner_id, m.number), sealed)?),
                    (Some(_), None) => None,
                };
                let actor = match by_id(&m.actor) {
                    Some((id, rest)) => {
                        format!("{}{rest}", people.get(&id).map_or("somebody erased since", String::as_str))
                    }
                    None => m.actor,
                };
                Ok(AuditRow {
                    number: m.number,
                    at: instant(m.at),
                    actor,
                    event: m.event,
                    organization: m.organization_id,
                    object: m.object,
                    detail: detail.map(|line| Detail::read(&line)),
                    address: m.address,
                })
            })
            .collect()
    }

    /// The number of the first entry on the day or after it.
    async fn audit_number(&self, scope: PartnerScope, day: NaiveDate) -> Result<Option<i64>> {
        Ok(audit::Entity::find()
            .select_only()
            .column(audit::Column::Number)
            .filter(audit::Column::PartnerId.eq(scope.partner()))
            .filter(audit::Column::At.gte(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis()))
            .order_by_asc(audit::Column::At)
            .order_by_asc(audit::Column::Number)
            .limit(1)
            .into_tuple()
            .one(self.db().read())
            .await?)
    }

    /// Reads the partner's whole chain and checks every link of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verify_audit(&self, scope: PartnerScope) -> Result<AuditCheck> {
        let mut number = FIRST;
        let mut head = root(scope.partner()).to_vec();
        loop {
            let page = audit::Entity::find()
                .filter(audit::Column::PartnerId.eq(scope.partner()))
                .filter(audit::Column::Number.gte(number))
                .order_by_asc(audit::Column::Number)
                .limit(PAGE)
                .all(self.db().read())
                .await?;
            if page.is_empty() {
                return Ok(AuditCheck::Intact { entries: number - FIRST, head });
            }
            for row in page {
                let fits = row.number == number && row.previous == head && row.hash == hash(&row);
                if !fits {
                    return Ok(AuditCheck::Broken { number });
                }
                head = row.hash;
                number += 1;
            }
        }
    }
}

/// Appends to a log as part of a larger transaction.
pub(crate) async fn log_in(tx: &Tx, log: Log, entry: &Entry<'_>, now: DateTime<Utc>) -> Result<()> {
    append_in(tx, log.0, entry, now).await
}

/// Appends as part of a larger transaction. No entry is earlier than the one before it, whatever the clocks say, so that
/// a day is a stretch of the chain.
pub(crate) async fn append_in(
    tx: &Tx,
    place: impl Into<Place>,
    entry: &Entry<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let place = place.into();
    let Place { partner: of, organization } = place;
    // Whoever holds the partner's row numbers the next entry; on SQLite the transaction does that.
    partner::Entity::find_by_id(of)
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await?
        .ok_or(Error::Inconsistent("audit"))?;
    let last = audit::Entity::find()
        .filter(audit::Column::PartnerId.eq(of))
        .order_by_desc(audit::Column::Number)
        .limit(1)
        .one(tx)
        .await?;
    let now = now.timestamp_millis();
    let (number, previous, at) = match last {
        Some(last) => (last.number + 1, last.hash, Ord::max(now, last.at)),
        None => (FIRST, root(of).to_vec(), now),
    };
    // An organization that has no key was erased. Only the system has something to say of it then, and no names.
    let key = match organization.filter(|_| !entry.detail.is_empty()) {
        Some(id) => organization_key::key_in(tx, tx.master(), id).await?,
        None => None,
    };
    let (detail, sealed) = match key {
        Some(key) => ("", Some(key.seal(&place_of(of, number), entry.detail)?)),
        None => (entry.detail, None),
    };
    let mut row = audit::Model {
        partner_id: of,
        number,
        at,
        actor: entry.actor.to_owned(),
        event: entry.event.to_owned(),
        organization_id: organization,
        object: entry.object.to_owned(),
        detail: detail.to_owned(),
        sealed,
        address: entry.address.to_owned(),
        previous,
        hash: Vec::new(),
    };
    row.hash = hash(&row);
    audit::Entity::insert(audit::ActiveModel::from(row)).exec_without_returning(tx).await?;
    notices::of_entry_in(tx, place, number, entry, instant(at)).await
}

/// The entries with those numbers that the filter asks for, the newest first. What is rarest leads: its index holds what
/// is asked for side by side, and the database is not left to guess that the order alone makes another one good enough.
fn found(scope: PartnerScope, filter: &AuditFilter, numbers: Range<i64>) -> Select<audit::Entity> {
    let text = |text: &str| (!text.is_empty()).then(|| Expr::value(text));
    let asked = [
        (audit::Column::Object, text(&filter.object)),
        (audit::Column::OrganizationId, filter.organization.map(Expr::value)),
        (audit::Column::Actor, text(&filter.actor)),
        (audit::Column::Event, text(&filter.event)),
    ];
    let mut asked = asked.into_iter().filter_map(|(column, value)| Some((column, value?)));
    let mut query = audit::Entity::find().filter(audit::Column::PartnerId.eq(scope.partner()));
    query = match asked.next() {
        Some((column, value)) => {
            let place = || Expr::tuple([Expr::col(column), Expr::col(audit::Column::Number)]);
            query
                .filter(place().gte(Expr::tuple([value.clone(), Expr::value(numbers.start)])))
                .filter(place().lt(Expr::tuple([value, Expr::value(numbers.end)])))
                .order_by_desc(column)
        }
        None => query
            .filter(audit::Column::Number.gte(numbers.start))
            .filter(audit::Column::Number.lt(numbers.end)),
    };
    // The others are looked at row by row, and kept from leading.
    for (column, value) in asked {
        let column = Expr::col(column);
        query = query.filter(Expr::expr(Func::coalesce([column.clone(), column])).eq(value));
    }
    query.order_by_desc(audit::Column::Number)
}

/// The account that an entry names by its id, and what follows.
fn by_id(actor: &str) -> Option<(Uuid, &str)> {
    let (id, rest) = actor.split_at_checked(36)?;
    Some((id.parse().ok()?, rest))
}

/// Where an entry stands; what is sealed for it opens nowhere else.
fn place_of(partner: Uuid, number: i64) -> Vec<u8> {
    [partner.as_bytes().as_slice(), &number.to_le_bytes()].concat()
}

/// What stands before the first entry.
fn root(partner: Uuid) -> [u8; 32] {
    blake3::derive_key("holdfast audit root 1", partner.as_bytes())
}

/// Every field with its length before it, so that no two entries read alike.
fn hash(row: &audit::Model) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new_derive_key("holdfast audit entry 1");
    let mut add = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    add(&row.previous);
    add(row.partner_id.as_bytes());
    add(&row.number.to_le_bytes());
    add(&row.at.to_le_bytes());
    add(row.organization_id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
    for text in [&row.actor, &row.event, &row.object, &row.detail, &row.address] {
        add(text.as_bytes());
    }
    add(row.sealed.as_deref().unwrap_or_default());
    hasher.finalize().as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, QueryTrait};

    use super::*;
    use crate::MasterKey;

    /// Everything that can be done to a chain behind our back, but for cutting its end off.
    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_is_tampered_with_shows() {
        for database in testbed::databases() {
            let store = Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap();
            let now = instant(1_780_000_000_000);
            type Column = audit::Column;
            let tampers: [(&str, i64, Vec<(Column, sea_orm::Value)>); 6] = [
                ("actor", 3, vec![(Column::Actor, "eve".into())]),
                ("detail", 1, vec![(Column::Detail, "x".into())]),
                ("time", 5, vec![(Column::At, 1_i64.into())]),
                ("hash", 2, vec![(Column::Hash, vec![0_u8; 32].into())]),
                // A field's end moved into the next one.
                ("border", 4, vec![(Column::Event, "event4".into()), (Column::Object, "object".into())]),
                ("number", 3, vec![(Column::Number, 9_i64.into())]),
            ];
            for (what, number, columns) in tampers {
                let scope = store.create_partner(None, what, now).await.unwrap();
                for i in 1..=5 {
                    let object = format!("{i}object");
                    let entry =
                        Entry { actor: "ada", event: "event", object: &object, detail: "", address: "::1" };
                    store.append_partner_audit(scope, &entry, now).await.unwrap();
                }
                let mut update = audit::Entity::update_many()
                    .filter(audit::Column::PartnerId.eq(scope.partner()))
                    .filter(audit::Column::Number.eq(number));
                for (column, value) in columns {
                    update = update.col_expr(column, Expr::value(value));
                }
                update.exec(store.db().write()).await.unwrap();
                let check = store.verify_audit(scope).await.unwrap();
                assert_eq!(check, AuditCheck::Broken { number }, "{}: {what}", database.name);
            }

            let scope = store.create_partner(None, "removed", now).await.unwrap();
            for _ in 0..5 {
                let entry = Entry { actor: "ada", event: "e", object: "", detail: "", address: "" };
                store.append_partner_audit(scope, &entry, now).await.unwrap();
            }
            audit::Entity::delete_by_id((scope.partner(), 2)).exec(store.db().write()).await.unwrap();
            assert_eq!(store.verify_audit(scope).await.unwrap(), AuditCheck::Broken { number: 2 });
        }
    }

    /// Without this, a filter that finds little reads the whole log: 2,000,000 entries.
    #[tokio::test(flavor = "multi_thread")]
    async fn each_filter_is_led_by_an_index_of_its_own() {
        let database = testbed::sqlite();
        let store = Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap();
        let x = "x".to_owned();
        let none = AuditFilter::default;
        let filters = [
            ("audit_object", AuditFilter { object: x.clone(), event: x.clone(), ..none() }),
            (
                "audit_organization",
                AuditFilter { organization: Some(Uuid::nil()), actor: x.clone(), ..none() },
            ),
            ("audit_actor", AuditFilter { actor: x.clone(), event: x.clone(), ..none() }),
            ("audit_event", AuditFilter { event: x, ..none() }),
        ];
        for (index, filter) in filters {
            let query = found(PartnerScope::new(Uuid::nil()), &filter, 1..9).limit(101);
            let mut asked = query.build(sea_orm::DbBackend::Sqlite);
            asked.sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
            let plan = store.db().read().query_all_raw(asked).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|step| step.try_get("", "detail").unwrap()).collect();
            assert!(steps.len() == 1 && steps[0].contains(&format!("INDEX {index} ")), "{steps:?}");
        }
    }
}
