//! Many rows at once, for the bench alone: what stands in them is made up, and no chain of the log holds.

use chrono::{DateTime, Utc};
use domain::permission::{Granted, NEEDS};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::db::Schema;
use crate::dialect::statement;
use crate::scope::PartnerScope;
use crate::{Error, Result, Store};

impl Store {
    /// So many customers on a plan, nine of ten with a connected tenant: of twenty of those one is late, one lacks a
    /// permission and one waits for its first backup.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn fill_customers(
        &self,
        partner: PartnerScope,
        plan: Uuid,
        count: i64,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (uuid, blob) = made_up(self.db().schema());
        let everything: Granted = NEEDS.iter().map(|need| need.permission.least()).collect();
        let everything = serde_json::to_string(&everything).map_err(|_| Error::Inconsistent("connection"))?;
        let now = now.timestamp_millis();
        let organizations = format!(
            "{} INSERT INTO organization (id, partner_id, number, name, sort, first_name, last_name, email, country, \
             plan_id, state, state_since, seats, auto_license, created_at) SELECT {uuid}, ?, i, 'Customer ' || i, \
             'customer ' || i, 'A', 'B', 'it' || i || '@x.example', 'GB', ?, \
             CASE WHEN i % 25 = 0 THEN 'suspended' ELSE 'active' END, ?, 100, 0, ? FROM n",
            numbers()
        );
        let partner = partner.partner();
        let tenants = format!(
            "INSERT INTO tenant (public_id, organization_id, directory_id, name, domain, every_min, next_at, \
             full_every_min, published_seq, restores, protected, last_backup_at, complete, failed, created_at) \
             SELECT {uuid}, id, {uuid}, name, 'x.example', 60, \
             CASE WHEN number % 20 = 1 THEN ? - 86400000 ELSE ? + 3600000 END, 10080, 1, 0, 80, \
             CASE WHEN number % 20 = 3 THEN NULL ELSE ? - 60000 END, 1, 0, ? \
             FROM organization WHERE partner_id = ? AND number % 10 <> 0"
        );
        let connections = format!(
            "INSERT INTO connection (tenant, cloud, client_id, proof, secret, granted, lacks, healthy, tested_at) \
             SELECT t.id, 'global', 'app', 'secret', {blob}, CASE WHEN o.number % 20 = 2 THEN '[]' ELSE ? END, CASE WHEN o.number % 20 = 2 THEN 1 ELSE 0 END, 1, ? \
             FROM tenant t JOIN organization o ON o.id = t.organization_id WHERE o.partner_id = ?"
        );
        let events = "INSERT INTO subscription_event (organization_id, number, at, actor, what, partner_id, \
                      organization_number, plan_id, seats, state) SELECT id, 1, created_at, 'a', 'Subscribed', \
                      partner_id, number, plan_id, seats, state FROM organization WHERE partner_id = ?";
        let schema = self.db().schema();
        let tx = self.db().begin().await?;
        for (sql, values) in [
            (organizations.as_str(), vec![count.into(), partner.into(), plan.into(), now.into(), now.into()]),
            (tenants.as_str(), vec![now.into(), now.into(), now.into(), now.into(), partner.into()]),
            (connections.as_str(), vec![everything.into(), now.into(), partner.into()]),
            (events, vec![partner.into()]),
        ] {
            let values: Vec<sea_orm::Value> = values;
            tx.execute_raw(statement(schema, sql, values)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// So many entries of a partner's log, a minute apart: of two hundred people, twenty events, fifty thousand objects
    /// and all of the partner's customers.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn fill_audit(&self, partner: PartnerScope, count: i64, now: DateTime<Utc>) -> Result<()> {
        let (_, blob) = made_up(self.db().schema());
        let sql = format!(
            "{} INSERT INTO audit (partner_id, number, at, actor, event, organization_id, object, detail, address, \
             previous, hash) SELECT ?, 1000000 + i, ? - (? - i) * 60000, 'person' || (i % 200) || '@x.example', \
             'event-' || (i % 20), o.id, 'object-' || (i % 50000), 'What happened', '192.0.2.7', {blob}, {blob} \
             FROM n LEFT JOIN organization o ON o.partner_id = ? AND o.number = 1 + i % 10000",
            numbers()
        );
        let partner = partner.partner();
        let values: Vec<sea_orm::Value> =
            vec![count.into(), partner.into(), now.timestamp_millis().into(), count.into(), partner.into()];
        self.db().write().execute_raw(statement(self.db().schema(), &sql, values)).await?;
        Ok(())
    }
}

/// The numbers from 1 on, as a table `n`.
fn numbers() -> &'static str {
    "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
}

/// An id that nobody has, and some bytes.
fn made_up(schema: Schema) -> (&'static str, &'static str) {
    match schema {
        Schema::Sqlite => ("randomblob(16)", "x'00'"),
        Schema::Postgres => ("gen_random_uuid()", "'\\x00'::bytea"),
    }
}
