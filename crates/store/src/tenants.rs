//! Connected directories and how Holdfast signs in to them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::connection::ProofKind;
use domain::permission::{Granted, lacking};
use domain::subscription::State;
use domain::view::TenantLink;
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::entity::{connection, organization, tenant};
use crate::jobs::{self, Work};
use crate::scope::{OrgScope, TenantScope};
use crate::seal::{self, Keys, MasterKey, Place, Table};
use crate::time::instant;
use crate::{Error, Result, Store};

/// A directory to connect.
#[derive(Debug)]
pub struct NewTenant {
    pub directory: Uuid,
    pub name: String,
    pub domain: String,
    pub connection: NewConnection,
    /// Minutes between scheduled backups.
    pub every_min: i64,
    /// Minutes between full reconciliations.
    pub full_every_min: i64,
}

/// How to sign in. The secret is sealed before it is stored and never shown again.
#[derive(Debug)]
pub struct NewConnection {
    pub cloud: String,
    pub client_id: String,
    pub proof: ProofKind,
    /// The secret; of a certificate, it and its private key as PEM; empty where the installation's own app signs in.
    pub secret: SecretString,
    /// When the secret or certificate ends, where that is known.
    pub expires_at: Option<DateTime<Utc>>,
    pub granted: Granted,
}

/// A connection as stored.
#[derive(Debug, Clone)]
pub struct Connection {
    pub directory: Uuid,
    pub cloud: String,
    pub client_id: String,
    pub proof: ProofKind,
    pub secret: SecretString,
    pub expires_at: Option<DateTime<Utc>>,
    pub granted: Granted,
    pub healthy: bool,
    pub problem: Option<String>,
    pub tested_at: Option<DateTime<Utc>>,
}

/// A tenant's own settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub link: TenantLink,
    pub directory: Uuid,
    pub every_min: i64,
    pub next_at: Option<DateTime<Utc>>,
    pub full_every_min: i64,
    pub last_full_at: Option<DateTime<Utc>>,
    /// The newest published snapshot; 0 before the first.
    pub published: i64,
    /// Its users that take a seat.
    pub protected: i64,
}

/// How a tenant's backups and connection stand.
#[derive(Debug, Clone)]
pub struct TenantHealth {
    pub tenant: Tenant,
    pub cloud: String,
    pub client_id: String,
    pub proof: ProofKind,
    pub expires_at: Option<DateTime<Utc>>,
    pub granted: Granted,
    /// Whether a permission that backups use is missing.
    pub lacks: bool,
    pub healthy: bool,
    pub problem: Option<String>,
    pub tested_at: Option<DateTime<Utc>>,
    pub last_backup: Option<DateTime<Utc>>,
    /// Whether the newest snapshot saw everything.
    pub complete: bool,
    /// Whether the last capture that ended failed.
    pub failed: bool,
}

impl From<tenant::Model> for Tenant {
    fn from(m: tenant::Model) -> Self {
        Tenant {
            link: TenantLink { id: m.public_id, name: m.name, domain: m.domain },
            directory: m.directory_id,
            every_min: m.every_min,
            next_at: m.next_at.map(instant),
            full_every_min: m.full_every_min,
            last_full_at: m.last_full_at.map(instant),
            published: m.published_seq,
            protected: m.protected,
        }
    }
}

fn secret_place() -> Place {
    Place { table: Table::Connection, kind: 0, object: 0 }
}

impl Store {
    /// The organization's tenants, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tenants(&self, scope: OrgScope) -> Result<Vec<TenantLink>> {
        Ok(tenant::Entity::find()
            .filter(tenant::Column::OrganizationId.eq(scope.organization()))
            .order_by_asc(tenant::Column::Name)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| Tenant::from(m).link)
            .collect())
    }

    /// How the tenants of an organization stand, by name, for the partner that looks after it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tenant_health(&self, scope: OrgScope) -> Result<Vec<TenantHealth>> {
        Ok(self.health_of([scope]).await?.remove(&scope.organization()).unwrap_or_default())
    }

    /// The same of several organizations, by organization, in two questions however many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn health_of(
        &self,
        scopes: impl IntoIterator<Item = OrgScope>,
    ) -> Result<HashMap<Uuid, Vec<TenantHealth>>> {
        let db = self.db().read();
        let tenants = tenant::Entity::find()
            .filter(tenant::Column::OrganizationId.is_in(scopes.into_iter().map(OrgScope::organization)))
            .order_by_asc(tenant::Column::Name)
            .all(db)
            .await?;
        let connections = connection::Entity::find()
            .filter(connection::Column::Tenant.is_in(tenants.iter().map(|m| m.id)))
            .all(db)
            .await?;
        let mut connections: HashMap<i64, connection::Model> =
            connections.into_iter().map(|m| (m.tenant, m)).collect();
        let mut out: HashMap<Uuid, Vec<TenantHealth>> = HashMap::new();
        for m in tenants {
            let connection = connections.remove(&m.id).ok_or(Error::Inconsistent("connection"))?;
            out.entry(m.organization_id).or_default().push(TenantHealth {
                granted: serde_json::from_str(&connection.granted)
                    .map_err(|_| Error::Inconsistent("connection"))?,
                lacks: connection.lacks != 0,
                proof: proof(&connection.proof)?,
                cloud: connection.cloud,
                client_id: connection.client_id,
                expires_at: connection.expires_at.map(instant),
                healthy: connection.healthy != 0,
                problem: connection.problem,
                tested_at: connection.tested_at.map(instant),
                last_backup: m.last_backup_at.map(instant),
                complete: m.complete != 0,
                failed: m.failed != 0,
                tenant: Tenant::from(m),
            });
        }
        Ok(out)
    }

    /// The organization's tenant of that public id; none where it is another's, or nobody's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_tenant(&self, scope: OrgScope, public_id: Uuid) -> Result<Option<TenantScope>> {
        Ok(tenant::Entity::find()
            .filter(tenant::Column::OrganizationId.eq(scope.organization()))
            .filter(tenant::Column::PublicId.eq(public_id))
            .one(self.db().read())
            .await?
            .map(|m| TenantScope::new(m.id, m.public_id)))
    }

    /// Keeps a directory without a schedule, for whoever asks for each of its backups.
    ///
    /// # Errors
    /// [`Error::Taken`] when it is connected already, here or elsewhere in the installation; [`Error::Stopped`] where
    /// backups have stopped.
    pub async fn create_tenant(
        &self,
        scope: OrgScope,
        new: NewTenant,
        now: DateTime<Utc>,
    ) -> Result<TenantScope> {
        let tx = self.db().begin().await?;
        hold_running(&tx, scope.organization()).await?;
        let tenant = tenant_in(&tx, self.master(), scope, new, now).await?;
        tx.commit().await?;
        Ok(tenant)
    }

    /// Connects a directory: its schedule begins, and its first backup is asked for.
    ///
    /// # Errors
    /// As [`Store::create_tenant`]; nothing is kept then.
    pub async fn connect_tenant(
        &self,
        scope: OrgScope,
        new: NewTenant,
        first: &Work,
        asked_by: &str,
        now: DateTime<Utc>,
    ) -> Result<TenantScope> {
        let tx = self.db().begin().await?;
        hold_running(&tx, scope.organization()).await?;
        let tenant = begin_in(&tx, self.master(), scope, new, first, asked_by, now).await?;
        tx.commit().await?;
        Ok(tenant)
    }

    /// Replaces how Holdfast signs in; the new one counts as just tested.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_connection(
        &self,
        tenant: TenantScope,
        new: NewConnection,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        put_connection_in(&tx, self.master(), tenant, new, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The same, by the partner that looks after the organization.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn renew_connection(
        &self,
        scope: OrgScope,
        tenant: TenantScope,
        new: NewConnection,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        put_connection_in(&tx, self.master(), tenant, new, now).await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// How Holdfast signs in to the tenant.
    ///
    /// # Errors
    /// When the database cannot be read or the secret cannot be unsealed.
    pub async fn connection(&self, tenant: TenantScope) -> Result<Connection> {
        let row = connection::Entity::find_by_id(tenant.id())
            .one(self.db().read())
            .await?
            .ok_or(Error::Inconsistent("connection"))?;
        let secret = self.keys(tenant).await?.open(secret_place(), &row.secret)?;
        let secret = String::from_utf8(secret).map_err(|_| Error::Inconsistent("connection"))?;
        Ok(Connection {
            directory: self.tenant(tenant).await?.directory,
            cloud: row.cloud,
            client_id: row.client_id,
            proof: proof(&row.proof)?,
            secret: SecretString::from(secret),
            expires_at: row.expires_at.map(instant),
            granted: serde_json::from_str(&row.granted).map_err(|_| Error::Inconsistent("connection"))?,
            healthy: row.healthy != 0,
            problem: row.problem,
            tested_at: row.tested_at.map(instant),
        })
    }

    /// Records what the last sign-in showed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_connection_health(
        &self,
        tenant: TenantScope,
        granted: Option<&Granted>,
        problem: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        health_in(self.db().write(), tenant, granted, problem, now).await
    }

    /// The same, after a test that the partner asked for.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_test(
        &self,
        scope: OrgScope,
        tenant: TenantScope,
        granted: Option<&Granted>,
        problem: Option<&str>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        health_in(&tx, tenant, granted, problem, now).await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The tenant's settings and how far its history goes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tenant(&self, tenant: TenantScope) -> Result<Tenant> {
        tenant::Entity::find_by_id(tenant.id())
            .one(self.db().read())
            .await?
            .map(Tenant::from)
            .ok_or(Error::Inconsistent("tenant"))
    }

    /// When the schedule runs again.
    ///
    /// # Errors
    /// [`Error::Stopped`] where backups have stopped.
    pub async fn set_next_backup(&self, tenant: TenantScope, at: DateTime<Utc>) -> Result<()> {
        let tx = self.db().begin().await?;
        let found = tenant::Entity::find_by_id(tenant.id()).one(&tx).await?;
        hold_running(&tx, found.ok_or(Error::Inconsistent("tenant"))?.organization_id).await?;
        next_in(&tx, tenant, at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a tenant's turn: moves its schedule on from `due`. False when somebody else took it, or the schedule was
    /// stopped meanwhile.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_turn(
        &self,
        tenant: TenantScope,
        due: Option<DateTime<Utc>>,
        next: DateTime<Utc>,
    ) -> Result<bool> {
        let moved = tenant::Entity::update_many()
            .filter(tenant::Column::Id.eq(tenant.id()))
            .filter(tenant::Column::NextAt.eq(due.map(|at| at.timestamp_millis())))
            .col_expr(tenant::Column::NextAt, Expr::value(next.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(moved.rows_affected > 0)
    }

    /// The tenants whose scheduled backup is due, for the system's own scheduler.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tenants_due(&self, now: DateTime<Utc>) -> Result<Vec<(TenantScope, Tenant)>> {
        let running = Query::select()
            .column(organization::Column::Id)
            .from(organization::Entity)
            .and_where(
                organization::Column::State
                    .is_in(State::ALL.into_iter().filter(|s| s.backups_run()).map(State::slug)),
            )
            .to_owned();
        Ok(tenant::Entity::find()
            .filter(tenant::Column::NextAt.lte(now.timestamp_millis()))
            .filter(tenant::Column::OrganizationId.in_subquery(running))
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| (TenantScope::new(m.id, m.public_id), Tenant::from(m)))
            .collect())
    }

    /// The tenant's keys, unwrapped.
    ///
    /// # Errors
    /// When they are missing or were wrapped by another master key.
    pub async fn keys(&self, tenant: TenantScope) -> Result<Keys> {
        seal::keys(self, tenant.id()).await
    }
}

/// Whether something that backups use is not granted.
fn lacks(granted: &Granted) -> i16 {
    i16::from(lacking(granted).next().is_some())
}

fn granted_text(granted: &Granted) -> Result<String> {
    serde_json::to_string(granted).map_err(|_| Error::Inconsistent("connection"))
}

fn proof(slug: &str) -> Result<ProofKind> {
    ProofKind::from_slug(slug).ok_or(Error::Inconsistent("connection"))
}

async fn health_in<C: ConnectionTrait>(
    db: &C,
    tenant: TenantScope,
    granted: Option<&Granted>,
    problem: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut update = connection::Entity::update_many()
        .filter(connection::Column::Tenant.eq(tenant.id()))
        .col_expr(connection::Column::Healthy, Expr::value(i16::from(problem.is_none())))
        .col_expr(connection::Column::Problem, Expr::value(problem.map(str::to_owned)))
        .col_expr(connection::Column::TestedAt, Expr::value(now.timestamp_millis()));
    if let Some(granted) = granted {
        update = update
            .col_expr(connection::Column::Granted, Expr::value(granted_text(granted)?))
            .col_expr(connection::Column::Lacks, Expr::value(lacks(granted)));
    }
    update.exec(db).await?;
    Ok(())
}

/// Holds the organization, so that nobody stops its backups meanwhile.
///
/// # Errors
/// [`Error::Stopped`] when somebody has.
pub(crate) async fn hold_running(tx: &Tx, organization: Uuid) -> Result<()> {
    let held = organization::Entity::find_by_id(organization).lock(LockType::NoKeyUpdate).one(tx).await?;
    runs(&held.ok_or(Error::Inconsistent("organization"))?)
}

/// # Errors
/// [`Error::Stopped`] where backups have stopped.
pub(crate) fn runs(organization: &organization::Model) -> Result<()> {
    let state = State::from_slug(&organization.state).ok_or(Error::Inconsistent("organization"))?;
    if state.backups_run() { Ok(()) } else { Err(Error::Stopped) }
}

async fn next_in(tx: &Tx, tenant: TenantScope, at: DateTime<Utc>) -> Result<()> {
    tenant::Entity::update_many()
        .filter(tenant::Column::Id.eq(tenant.id()))
        .col_expr(tenant::Column::NextAt, Expr::value(at.timestamp_millis()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts a tenant in whose schedule begins, and asks for its first backup. The organization is held.
pub(crate) async fn begin_in(
    tx: &Tx,
    master: &MasterKey,
    scope: OrgScope,
    new: NewTenant,
    first: &Work,
    asked_by: &str,
    now: DateTime<Utc>,
) -> Result<TenantScope> {
    let every = TimeDelta::minutes(new.every_min);
    let tenant = tenant_in(tx, master, scope, new, now).await?;
    next_in(tx, tenant, now + every).await?;
    jobs::enqueue_in(tx, tenant, first, asked_by, now).await?;
    Ok(tenant)
}

/// Puts a tenant with its keys and its connection in.
async fn tenant_in<C: ConnectionTrait>(
    db: &C,
    master: &MasterKey,
    scope: OrgScope,
    new: NewTenant,
    now: DateTime<Utc>,
) -> Result<TenantScope> {
    let public_id = Uuid::now_v7();
    let row = tenant::Entity::insert(tenant::ActiveModel {
        public_id: Set(public_id),
        organization_id: Set(scope.organization()),
        directory_id: Set(new.directory),
        name: Set(new.name),
        domain: Set(new.domain),
        every_min: Set(new.every_min),
        next_at: Set(None),
        full_every_min: Set(new.full_every_min),
        last_full_at: Set(None),
        published_seq: Set(0),
        restores: Set(0),
        created_at: Set(now.timestamp_millis()),
        ..Default::default()
    })
    .exec_with_returning(db)
    .await?;
    seal::create(db, master, row.id).await?;
    let tenant = TenantScope::new(row.id, public_id);
    put_connection_in(db, master, tenant, new.connection, now).await?;
    Ok(tenant)
}

/// Puts a connection in the place of what was there; it counts as just tested.
pub(crate) async fn put_connection_in<C: ConnectionTrait>(
    db: &C,
    master: &MasterKey,
    tenant: TenantScope,
    new: NewConnection,
    now: DateTime<Utc>,
) -> Result<()> {
    let keys = seal::keys_in(db, master, tenant.id()).await?;
    let secret = keys.seal(secret_place(), new.secret.expose_secret().as_bytes())?;
    connection::Entity::delete_by_id(tenant.id()).exec(db).await?;
    connection::Entity::insert(connection::ActiveModel {
        tenant: Set(tenant.id()),
        cloud: Set(new.cloud),
        client_id: Set(new.client_id),
        proof: Set(new.proof.slug().to_owned()),
        secret: Set(secret),
        expires_at: Set(new.expires_at.map(|at| at.timestamp_millis())),
        granted: Set(granted_text(&new.granted)?),
        lacks: Set(lacks(&new.granted)),
        healthy: Set(1),
        problem: Set(None),
        tested_at: Set(Some(now.timestamp_millis())),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}
