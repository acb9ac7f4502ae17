//! Erasing what an organization left, once its time to come back is over.
//!
//! The keys go first: from then on its sealed bodies and secrets are noise, whatever happens to the rest. Then the
//! rows, names and words go, and the files are made to hold them no longer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::subscription::State;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Schema;
use crate::dialect::{forget, statement};
use crate::entity::{
    account, api_token, consent_link, feature_setting, invitation, membership, organization,
    organization_key, outbox, tenant, to_forget, transfer, visit,
};
use crate::scope::OrgScope;
use crate::{Error, Result, Store, notices, personal};

/// Everything of a tenant, the keys first and the tenant itself last.
const TABLES: [&str; 17] = [
    "tenant_key",
    "connection",
    "job",
    "restore_write",
    "restore_step",
    "restore",
    "delta_cursor",
    "profile",
    "snapshot",
    "seen_link",
    "unseen",
    "word",
    "link",
    "body",
    "version",
    "object",
    "tenant",
];

/// How often it is looked whether anybody reads an earlier state still, and how long is waited in between.
const PATIENCE: u32 = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// What was erased, and with it how much is to be written anew for the files to forget it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erased {
    Organizations = 1,
    People = 2,
}

/// Notes, in the transaction of an erasure, that the files are still to forget what was erased.
pub(crate) async fn erased_in<C: ConnectionTrait>(db: &C, what: Erased) -> Result<()> {
    let more = Expr::col((to_forget::Entity, to_forget::Column::Erasures)).add(1);
    to_forget::Entity::insert(to_forget::ActiveModel { id: Set(what as i16), erasures: Set(1) })
        .on_conflict(
            OnConflict::column(to_forget::Column::Id).value(to_forget::Column::Erasures, more).to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

impl Store {
    /// Organizations that were deleted before `before` and are still there, for the system's own sweep.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organizations_to_erase(&self, before: DateTime<Utc>) -> Result<Vec<OrgScope>> {
        Ok(organization::Entity::find()
            .filter(organization::Column::State.eq(State::Deleted.slug()))
            .filter(organization::Column::StateSince.lte(before.timestamp_millis()))
            .filter(organization::Column::ErasedAt.is_null())
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| OrgScope::new(m.id, m.partner_id))
            .collect())
    }

    /// Erases everything of an organization that was deleted before `before`, but what bills rest on and the fact that
    /// it was erased; [`Store::forget_erased`] must follow. Broken off in the middle, it is done again from the start and
    /// ends the same. False when there is nothing to erase: the deletion was undone, or somebody else has erased it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erase_organization(
        &self,
        scope: OrgScope,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        if !self.begin_erasure(scope, before).await? {
            return Ok(false);
        }
        let schema = self.db().schema();
        let tenants: Vec<i64> = tenant::Entity::find()
            .select_only()
            .column(tenant::Column::Id)
            .filter(tenant::Column::OrganizationId.eq(scope.organization()))
            .into_tuple()
            .all(self.db().read())
            .await?;
        for id in &tenants {
            for table in TABLES {
                let column = if table == "tenant" { "id" } else { "tenant" };
                let sql = format!("DELETE FROM {table} WHERE {column} = ?");
                self.db().write().execute_raw(statement(schema, &sql, [(*id).into()])).await?;
            }
        }
        organization_key::Entity::delete_by_id(scope.organization()).exec(self.db().write()).await?;
        self.erase_people(scope, now).await?;

        let tx = self.db().begin().await?;
        let found = organization::Entity::find_by_id(scope.organization())
            .filter(organization::Column::ErasedAt.is_null())
            .lock(LockType::NoKeyUpdate)
            .one(&tx)
            .await?;
        // Another server was at it as well, and has said so in the log.
        let Some(found) = found else { return Ok(false) };
        let mut row: organization::ActiveModel = found.into();
        row.name = Set(String::new());
        row.sort = Set(String::new());
        row.first_name = Set(String::new());
        row.last_name = Set(String::new());
        row.email = Set(None);
        row.country = Set(None);
        row.erased_at = Set(Some(now.timestamp_millis()));
        row.update(&tx).await?;
        erased_in(&tx, Erased::Organizations).await?;
        let entry = Entry {
            actor: "system",
            event: "organization-erased",
            object: &scope.organization().to_string(),
            detail: &format!(
                "{}. Copies that the operator's own backups of this database hold stay until those end.",
                if tenants.len() == 1 { "1 tenant".to_owned() } else { format!("{} tenants", tenants.len()) }
            ),
            address: "",
        };
        audit::append_in(&tx, scope, &entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The last look before anything is destroyed. From here on the deletion cannot be undone: there is no state left
    /// that an undo could lead to. False when it was undone before, or all is done already.
    async fn begin_erasure(&self, scope: OrgScope, before: DateTime<Utc>) -> Result<bool> {
        let tx = self.db().begin().await?;
        let found = organization::Entity::find_by_id(scope.organization())
            .filter(organization::Column::PartnerId.eq(scope.partner()))
            .filter(organization::Column::State.eq(State::Deleted.slug()))
            .filter(organization::Column::StateSince.lte(before.timestamp_millis()))
            .filter(organization::Column::ErasedAt.is_null())
            .lock(LockType::NoKeyUpdate)
            .one(&tx)
            .await?;
        let Some(found) = found else { return Ok(false) };
        let mut row: organization::ActiveModel = found.into();
        row.state_before = Set(None);
        row.update(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Makes the files hold no longer what was erased, where something was; also what an earlier try did not come to.
    /// Written anew on PostgreSQL, its tables are closed meanwhile, so this is done once for everything that was erased.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_erased(&self) -> Result<()> {
        let asked = to_forget::Entity::find().all(self.db().read()).await?;
        if asked.is_empty() {
            return Ok(());
        }
        let whole = asked.iter().any(|m| m.id == Erased::Organizations as i16);
        let erased = if whole { Erased::Organizations } else { Erased::People };
        let schema = self.db().schema();
        for sql in forget(schema, erased) {
            match schema {
                Schema::Sqlite => self.empty_log(sql).await?,
                Schema::Postgres => {
                    self.wait_for_readers().await?;
                    self.db().write().execute_unprepared(sql).await?;
                }
            }
        }
        // Not what was erased meanwhile.
        for to_forget::Model { id, erasures } in asked {
            to_forget::Entity::delete_many()
                .filter(to_forget::Column::Id.eq(id))
                .filter(to_forget::Column::Erasures.eq(erasures))
                .exec(self.db().write())
                .await?;
        }
        Ok(())
    }

    /// PostgreSQL keeps what somebody may still see who began before it was erased, its own cleaning included; so they
    /// are waited for: readers of this database and of none (the launcher of the cleaning, whoever copies the
    /// installation), and writers of every database, because what anybody sees begins at the oldest of those.
    async fn wait_for_readers(&self) -> Result<()> {
        let now = "SELECT CAST(pg_current_xact_id() AS text) AS now";
        let row = self.db().write().query_one_raw(statement(Schema::Postgres, now, [])).await?;
        let now: String = row.ok_or(Error::Inconsistent("pg_current_xact_id"))?.try_get("", "now")?;
        let early = "WITH erased AS (SELECT CAST(CAST(? AS text) AS xid8) AS at) \
                     SELECT pg_snapshot_xmin(pg_current_snapshot()) < at OR EXISTS (SELECT 1 FROM pg_stat_activity \
                     WHERE (datname = current_database() OR datname IS NULL) AND pid <> pg_backend_pid() \
                     AND age(backend_xmin) > age(CAST(at AS xid))) AS early FROM erased";
        for _ in 0..PATIENCE {
            let asked = statement(Schema::Postgres, early, [now.clone().into()]);
            let row = self.db().write().query_one_raw(asked).await?;
            if row.map(|row| row.try_get::<bool>("", "early")).transpose()? != Some(true) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::Busy("the tables still hold what was erased, because somebody reads them for too long"))
    }

    /// Whoever still reads an earlier state keeps SQLite's log from being emptied, and is waited for.
    async fn empty_log(&self, sql: &str) -> Result<()> {
        for _ in 0..PATIENCE {
            let said = self.db().write().query_one_raw(statement(Schema::Sqlite, sql, [])).await?;
            let busy = said.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
            if busy.is_none_or(|busy| busy == 0) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::Busy(
            "the database's log still holds what was erased, because somebody reads it for too long",
        ))
    }

    /// The roles in the organization, and the people who have none elsewhere.
    async fn erase_people(&self, scope: OrgScope, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db().begin().await?;
        let id = scope.organization();
        let people: Vec<Uuid> = membership::Entity::find()
            .select_only()
            .column(membership::Column::AccountId)
            .filter(membership::Column::OrganizationId.eq(id))
            .into_tuple()
            .all(&tx)
            .await?;
        membership::Entity::delete_many().filter(membership::Column::OrganizationId.eq(id)).exec(&tx).await?;
        invitation::Entity::delete_many().filter(invitation::Column::OrganizationId.eq(id)).exec(&tx).await?;
        consent_link::Entity::delete_many()
            .filter(consent_link::Column::OrganizationId.eq(id))
            .exec(&tx)
            .await?;
        visit::Entity::delete_many().filter(visit::Column::OrganizationId.eq(id)).exec(&tx).await?;
        api_token::Entity::delete_many().filter(api_token::Column::OrganizationId.eq(id)).exec(&tx).await?;
        feature_setting::Entity::delete_many()
            .filter(feature_setting::Column::Owner.eq(id))
            .exec(&tx)
            .await?;
        personal::erase_of_organization_in(&tx, scope).await?;
        notices::erase_of_organization_in(&tx, scope).await?;
        transfer::Entity::delete_many().filter(transfer::Column::OrganizationId.eq(id)).exec(&tx).await?;
        outbox::Entity::delete_many().filter(outbox::Column::OrganizationId.eq(id)).exec(&tx).await?;
        let members = || people.iter().copied();
        personal::erase_roleless_in(&tx, Condition::all().add(account::Column::Id.is_in(members()))).await?;
        // Who is left without a role goes later.
        personal::left_in(&tx, &people, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
