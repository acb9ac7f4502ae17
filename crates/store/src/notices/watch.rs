//! What nobody does and no transaction brings: times that pass, and states that hold.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use domain::connection::{EXPIRY_WARNING_DAYS, days_left};
use domain::notice::What;
use domain::product::ProductType;
use domain::subscription::State;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect};
use uuid::Uuid;

use super::{New, note_in};
use crate::audit::Place;
use crate::dialect::statement;
use crate::entity::notice;
use crate::scope::PartnerScope;
use crate::standing::LATE;
use crate::time::instant;
use crate::{Result, Store};

/// Days before its end at which a credential is told of.
const STEPS: [i64; 3] = [0, 7, EXPIRY_WARNING_DAYS];

impl Store {
    /// Notes what has come to hold: backups that are late, connections that need somebody, seats that are short. Each once,
    /// until it holds anew.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn watch_for_notices(&self, now: DateTime<Utc>) -> Result<()> {
        let mut new = self.standing_badly(now).await?;
        new.extend(self.short_of_seats().await?);
        self.note_missing(new, now).await
    }

    /// Notes that a month's bill of the partner and those below it is complete; with an empty `note`, that there is
    /// nothing to tell.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_bill(
        &self,
        scope: PartnerScope,
        month: &str,
        note: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let place = Place { partner: scope.partner(), organization: None };
        self.note_missing(
            vec![plain(bill_key(scope.partner(), month), What::BillReady, place, None, note)],
            now,
        )
        .await
    }

    /// Those of the open partners for which nothing was noted of that month's bill.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bills_to_note(&self, month: &str) -> Result<Vec<PartnerScope>> {
        let Some(root) = self.root_partner().await? else { return Ok(Vec::new()) };
        let all: Vec<Uuid> = self.branch(root).await?.into_iter().map(|partner| partner.id).collect();
        let keys: Vec<String> = all.iter().map(|id| bill_key(*id, month)).collect();
        let known = self.known(&keys).await?;
        let missing = all.into_iter().filter(|id| !known.contains(&bill_key(*id, month)));
        Ok(missing.map(PartnerScope::new).collect())
    }

    async fn standing_badly(&self, now: DateTime<Utc>) -> Result<Vec<New>> {
        let running: Vec<&str> = State::ALL.iter().filter(|s| s.backups_run()).map(|s| s.slug()).collect();
        let without: Vec<&str> =
            ProductType::ALL.iter().filter(|p| !p.has_entra()).map(|p| p.slug()).collect();
        let sql = format!(
            "SELECT t.id, t.organization_id, o.partner_id, t.next_at, t.failed, t.last_backup_at, c.healthy, c.lacks, \
             c.granted, c.expires_at, c.problem FROM tenant t JOIN organization o ON o.id = t.organization_id \
             LEFT JOIN connection c ON c.tenant = t.id \
             WHERE o.erased_at IS NULL AND o.state IN ({}) AND (o.plan_id IS NULL OR o.plan_id NOT IN \
             (SELECT id FROM plan WHERE product IN ({}))) \
             AND ((t.failed = 0 AND t.next_at < ?) OR c.healthy = 0 OR c.lacks <> 0 OR c.expires_at < ?)",
            holes(running.len()),
            holes(without.len())
        );
        let late = (now - LATE).timestamp_millis();
        let soon = (now + Duration::days(EXPIRY_WARNING_DAYS + 1)).timestamp_millis();
        let mut values: Vec<sea_orm::Value> =
            running.into_iter().chain(without).map(sea_orm::Value::from).collect();
        values.extend([late.into(), soon.into()]);
        let rows = self.db().read().query_all_raw(statement(self.db().schema(), &sql, values)).await?;
        let mut new = Vec::new();
        for row in &rows {
            new.extend(of_tenant(row, late, now)?);
        }
        Ok(new)
    }

    async fn short_of_seats(&self) -> Result<Vec<New>> {
        let running: Vec<&str> = State::ALL.iter().filter(|s| s.backups_run()).map(|s| s.slug()).collect();
        let sql = format!(
            "SELECT o.id, o.partner_id, o.seats, CAST(SUM(t.protected) AS bigint) AS used FROM organization o \
             JOIN tenant t ON t.organization_id = o.id WHERE o.plan_id IS NOT NULL AND o.state IN ({}) \
             GROUP BY o.id, o.partner_id, o.seats HAVING SUM(t.protected) > o.seats",
            holes(running.len())
        );
        let values: Vec<sea_orm::Value> = running.into_iter().map(sea_orm::Value::from).collect();
        let rows = self.db().read().query_all_raw(statement(self.db().schema(), &sql, values)).await?;
        rows.iter()
            .map(|row| {
                let organization: Uuid = row.try_get("", "id")?;
                let (seats, used): (i64, i64) = (row.try_get("", "seats")?, row.try_get("", "used")?);
                let place =
                    Place { partner: row.try_get("", "partner_id")?, organization: Some(organization) };
                let key = format!("short:{organization}:{seats}");
                Ok(plain(key, What::SeatsShort, place, None, &format!("{used} of {seats}")))
            })
            .collect()
    }

    /// Notes those that are not noted yet.
    async fn note_missing(&self, new: Vec<New>, now: DateTime<Utc>) -> Result<()> {
        let keys: Vec<String> = new.iter().map(|new| new.key.clone()).collect();
        let known = self.known(&keys).await?;
        for new in new.into_iter().filter(|new| !known.contains(&new.key)) {
            note_in(self.db().write(), new, now).await?;
        }
        Ok(())
    }

    async fn known(&self, keys: &[String]) -> Result<HashSet<String>> {
        let mut known = HashSet::new();
        for keys in keys.chunks(500) {
            let found: Vec<String> = notice::Entity::find()
                .select_only()
                .column(notice::Column::Key)
                .filter(notice::Column::Key.is_in(keys))
                .into_tuple()
                .all(self.db().read())
                .await?;
            known.extend(found);
        }
        Ok(known)
    }
}

/// What a tenant that stands badly is told of.
fn of_tenant(row: &QueryResult, late: i64, now: DateTime<Utc>) -> Result<Vec<New>> {
    let id: i64 = row.try_get("", "id")?;
    let place = || -> Result<Place> {
        Ok(Place {
            partner: row.try_get("", "partner_id")?,
            organization: row.try_get("", "organization_id")?,
        })
    };
    let mut new = Vec::new();
    let (next, failed): (Option<i64>, i16) = (row.try_get("", "next_at")?, row.try_get("", "failed")?);
    if let Some(next) = next.filter(|next| failed == 0 && *next < late) {
        let note = instant(next).to_rfc3339();
        new.push(plain(format!("late:{id}:{next}"), What::BackupLate, place()?, Some(id), &note));
    }
    let Some(healthy) = row.try_get::<Option<i16>>("", "healthy")? else { return Ok(new) };
    if healthy == 0 {
        // Once, until a backup went well and it fails again.
        let last: Option<i64> = row.try_get("", "last_backup_at")?;
        let problem: Option<String> = row.try_get("", "problem")?;
        let key = format!("fails:{id}:{}", last.unwrap_or(0));
        new.push(plain(key, What::ConnectionFails, place()?, Some(id), &problem.unwrap_or_default()));
    } else if row.try_get::<i16>("", "lacks")? != 0 {
        let granted: String = row.try_get("", "granted")?;
        let key = format!("lacks:{id}:{}", blake3::hash(granted.as_bytes()).to_hex());
        new.push(plain(key, What::PermissionMissing, place()?, Some(id), ""));
    }
    if let Some(ends) = row.try_get::<Option<i64>>("", "expires_at")? {
        let left = days_left(instant(ends), now);
        if let Some(step) = STEPS.into_iter().find(|step| left <= *step) {
            let key = format!("ends:{id}:{ends}:{step}");
            let note = instant(ends).to_rfc3339();
            new.push(plain(key, What::CredentialEnds, place()?, Some(id), &note));
        }
    }
    Ok(new)
}

fn plain(key: String, what: What, place: Place, tenant: Option<i64>, note: &str) -> New {
    New { key, what, place, tenant, log_number: None, by: String::new(), note: note.to_owned() }
}

fn bill_key(partner: Uuid, month: &str) -> String {
    format!("bill:{partner}:{month}")
}

fn holes(count: usize) -> String {
    vec!["?"; count].join(",")
}
