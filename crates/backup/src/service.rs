//! The face of the engine. Every method first finds the tenant among the actor's own and asks whether the
//! actor's role allows it; then it makes one call.

mod engine;
mod heart;
mod programs;
mod restores;
mod work;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::Seq;
use domain::access::Action;
use domain::change::{Filter, ObjectRef};
use domain::connection::ProofKind;
use domain::feature::Feature;
use domain::view::{
    BrowsePage, ComparePage, ConnectionTest, ConnectionView, JobView, ObjectChange, ObjectView, Overview,
    SnapshotRow, TenantLink, Trigger,
};
use secrecy::{ExposeSecret, SecretString};
use store::Store;
use store::jobs::Work;
use store::scope::{Actor, Denied, OrgScope, TenantScope};
use store::tenants::Connection;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::connect::{self, Credentials, InstallationApp};
use crate::look::{self, BrowseQuery, compare};
use crate::{Clock, Error, Result};

/// What an installation may override.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where Microsoft Graph is reached, instead of at the cloud's own address.
    pub graph_url: Option<String>,
    /// Where the login authority is reached, instead of at the cloud's own address.
    pub login_url: Option<String>,
    /// The app that customers' administrators may consent to; none where customers make an app of their own.
    pub app: Option<InstallationApp>,
}

/// Backup, comparison and restore, for pages, the REST interface and the worker. Cheap to clone.
#[derive(Clone)]
pub struct Backup(Arc<Inner>);

struct Inner {
    store: Store,
    settings: Settings,
    clock: Arc<dyn Clock>,
    /// A machine that cannot speak TLS still shows what was backed up.
    http: Result<graph::Http, graph::Error>,
    budgets: graph::Budgets,
    clients: Mutex<HashMap<Uuid, Cached>>,
    audit_logs: compare::Logs,
    wake: Notify,
}

/// A client and what it was made from: a connection that differs needs another.
struct Cached {
    cloud: String,
    client_id: String,
    proof: ProofKind,
    secret: SecretString,
    client: graph::Client,
}

impl Cached {
    fn fits(&self, connection: &Connection) -> bool {
        self.cloud == connection.cloud
            && self.client_id == connection.client_id
            && self.proof == connection.proof
            && self.secret.expose_secret() == connection.secret.expose_secret()
    }
}

impl std::fmt::Debug for Backup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Backup").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Backup {
    #[must_use]
    pub fn new(store: Store, settings: Settings, clock: Arc<dyn Clock>) -> Backup {
        Backup(Arc::new(Inner {
            store,
            settings,
            clock,
            http: graph::Http::new(),
            budgets: graph::Budgets::default(),
            clients: Mutex::default(),
            audit_logs: compare::Logs::default(),
            wake: Notify::new(),
        }))
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Notified when work was put into the queue, so that a worker of this process need not wait for its
    /// next look.
    #[must_use]
    pub fn wake(&self) -> &Notify {
        &self.0.wake
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The tenant, if it is the actor's and the role allows `action`. Another's tenant is not found,
    /// whatever the role.
    pub(crate) async fn open(&self, actor: &Actor, tenant: Uuid, action: Action) -> Result<TenantScope> {
        let scope = self.store().open_tenant(actor.scope(), tenant).await?.ok_or(Error::NotFound)?;
        allow(actor, action)?;
        Ok(scope)
    }

    /// Puts work into the queue and wakes a worker.
    pub(crate) async fn enqueue(&self, tenant: TenantScope, work: &Work, asked_by: &str) -> Result<Uuid> {
        let job = self.store().enqueue(tenant, work, asked_by, self.now()).await?;
        self.wake().notify_one();
        Ok(job)
    }

    /// The client of a connection: one and the same while the connection stays as it is, so that its token
    /// is used again.
    pub(crate) fn client(&self, connection: &Connection) -> Result<graph::Client> {
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = clients.get(&connection.directory).filter(|c| c.fits(connection)) {
            return Ok(cached.client.clone());
        }
        let client = connect::of(self, connection, graph::Patience::default())?;
        clients.insert(
            connection.directory,
            Cached {
                cloud: connection.cloud.clone(),
                client_id: connection.client_id.clone(),
                proof: connection.proof,
                secret: connection.secret.clone(),
                client: client.clone(),
            },
        );
        Ok(client)
    }

    /// What was read lately of directories' audit logs.
    pub(crate) fn audit_logs(&self) -> &compare::Logs {
        &self.0.audit_logs
    }

    pub(crate) fn http(&self) -> Result<&graph::Http> {
        self.0.http.as_ref().map_err(|e| Error::Graph(e.clone()))
    }

    pub(crate) fn budgets(&self) -> &graph::Budgets {
        &self.0.budgets
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// Refuses what the actor's role does not allow, and what is switched off for the organization.
pub(crate) fn allow(actor: &Actor, action: Action) -> Result<()> {
    actor.check(action).map_err(|denied| refusal(denied, action))
}

/// Refuses a way to see that is switched off.
fn allow_feature(actor: &Actor, feature: Feature) -> Result<()> {
    actor.check_feature(feature).map_err(|denied| refusal(denied, Action::See))
}

fn refusal(denied: Denied, action: Action) -> Error {
    match denied {
        Denied::Role => Error::Forbidden(action),
        Denied::Token => Error::TokenReads,
        Denied::Off(feature) => Error::Off(feature),
    }
}

/// Connections.
impl Backup {
    /// The tenants of the actor's organization, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tenants(&self, actor: &Actor) -> Result<Vec<TenantLink>> {
        allow(actor, Action::See)?;
        Ok(self.store().tenants(actor.scope()).await?)
    }

    /// Signs in with what was entered and says what it may do. Nothing is saved.
    ///
    /// # Errors
    /// When the role does not allow it, the input cannot be used, or Microsoft refuses it.
    pub async fn test_connection(&self, actor: &Actor, form: &Credentials) -> Result<ConnectionTest> {
        allow(actor, Action::Connect)?;
        connect::test(self, form).await
    }

    /// Tests what was entered, saves it and asks for the first capture. Returns the tenant.
    ///
    /// # Errors
    /// As [`Backup::test_connection`]; also when an essential permission is missing or the directory is
    /// connected already.
    pub async fn connect(&self, actor: &Actor, form: &Credentials) -> Result<Uuid> {
        allow(actor, Action::Connect)?;
        connect::connect(self, actor, form).await
    }

    /// Signs in again with the stored credentials; how the connection stands then.
    ///
    /// # Errors
    /// When the role does not allow it or the database fails. That Microsoft refuses is no error here: the
    /// view says it.
    pub async fn retest(&self, actor: &Actor, tenant: Uuid) -> Result<ConnectionView> {
        let scope = self.open(actor, tenant, Action::Connect).await?;
        connect::retest(self, scope).await
    }

    /// Replaces the credentials by others of the same directory. An empty field keeps what was there.
    ///
    /// # Errors
    /// As [`Backup::connect`]; also when the credentials lead into another directory.
    pub async fn reconnect(&self, actor: &Actor, tenant: Uuid, form: &Credentials) -> Result<ConnectionView> {
        let scope = self.open(actor, tenant, Action::Connect).await?;
        connect::reconnect(self, scope, form).await
    }

    /// How the connection stands, by the last test.
    ///
    /// # Errors
    /// When the tenant is not the actor's or the database fails.
    pub async fn connection(&self, actor: &Actor, tenant: Uuid) -> Result<ConnectionView> {
        let scope = self.open(actor, tenant, Action::See).await?;
        connect::stored(self.store(), scope).await
    }
}

/// What was captured.
impl Backup {
    /// The tenant's first page.
    ///
    /// # Errors
    /// When the tenant is not the actor's or the database fails.
    pub async fn overview(&self, actor: &Actor, tenant: Uuid) -> Result<Overview> {
        let scope = self.open(actor, tenant, Action::See).await?;
        look::overview(self.store(), scope).await
    }

    /// Snapshots before `before`, the newest first, 50 at a time.
    ///
    /// # Errors
    /// When the tenant is not the actor's or the database fails.
    pub async fn snapshots(
        &self,
        actor: &Actor,
        tenant: Uuid,
        before: Option<Seq>,
    ) -> Result<Vec<SnapshotRow>> {
        let scope = self.open(actor, tenant, Action::See).await?;
        look::snapshots(self.store(), scope, before).await
    }

    /// Objects of a kind as they were at a snapshot, by name, 50 at a time.
    ///
    /// # Errors
    /// When the tenant or the snapshot is not there, or the database fails.
    pub async fn browse(&self, actor: &Actor, tenant: Uuid, query: &BrowseQuery) -> Result<BrowsePage> {
        let scope = self.open(actor, tenant, Action::See).await?;
        if query.searches() {
            allow_feature(actor, Feature::Search)?;
        }
        look::browse(self.store(), scope, query).await
    }

    /// One object as it was at a snapshot; without one, at the newest.
    ///
    /// # Errors
    /// When the tenant, the snapshot or the object in it is not there, or the database fails.
    pub async fn object(
        &self,
        actor: &Actor,
        tenant: Uuid,
        at: Option<Seq>,
        object: ObjectRef,
    ) -> Result<ObjectView> {
        let scope = self.open(actor, tenant, Action::See).await?;
        look::object(self.store(), scope, at, object).await
    }

    /// What differs between two snapshots, object by object, 100 at a time.
    ///
    /// # Errors
    /// When the tenant or a snapshot is not there, or the database fails.
    pub async fn compare(
        &self,
        actor: &Actor,
        tenant: Uuid,
        from: Seq,
        to: Seq,
        filter: &Filter,
        after: Option<&str>,
    ) -> Result<ComparePage> {
        let scope = self.open(actor, tenant, Action::See).await?;
        allow_feature(actor, Feature::Compare)?;
        compare::page(self, scope, from, to, filter, after).await
    }

    /// What differs between two snapshots of one object, attribute by attribute and link by link.
    ///
    /// # Errors
    /// When the tenant or a snapshot is not there, the object does not differ, or the database fails.
    pub async fn object_change(
        &self,
        actor: &Actor,
        tenant: Uuid,
        from: Seq,
        to: Seq,
        object: ObjectRef,
    ) -> Result<ObjectChange> {
        let scope = self.open(actor, tenant, Action::See).await?;
        allow_feature(actor, Feature::Compare)?;
        compare::object(self, scope, from, to, object).await
    }
}

const fn capture(reason: Trigger) -> Work {
    Work::Capture { reason, full: false }
}

/// Captures.
impl Backup {
    /// Asks for a capture now; asking twice gives the same job.
    ///
    /// # Errors
    /// When the role does not allow it or the database fails.
    pub async fn back_up_now(&self, actor: &Actor, tenant: Uuid) -> Result<Uuid> {
        let scope = self.open(actor, tenant, Action::BackUp).await?;
        self.enqueue(scope, &capture(Trigger::Person), &actor.email).await
    }

    /// Asks for a capture now that reads everything anew, not only what changed.
    ///
    /// # Errors
    /// When the role does not allow it or the database fails.
    pub async fn back_up_in_full(&self, actor: &Actor, tenant: Uuid) -> Result<Uuid> {
        let scope = self.open(actor, tenant, Action::BackUp).await?;
        let work = Work::Capture { reason: Trigger::Person, full: true };
        self.enqueue(scope, &work, &actor.email).await
    }

    /// Asks for the state of this moment, to compare with: when the job is done, its snapshot is that.
    ///
    /// # Errors
    /// When the role does not allow it or the database fails.
    pub async fn read_live(&self, actor: &Actor, tenant: Uuid) -> Result<Uuid> {
        let scope = self.open(actor, tenant, Action::BackUp).await?;
        allow_feature(actor, Feature::Compare)?;
        self.enqueue(scope, &capture(Trigger::Live), &actor.email).await
    }

    /// How a job stands.
    ///
    /// # Errors
    /// When the tenant or the job is not there, or the database fails.
    pub async fn job(&self, actor: &Actor, tenant: Uuid, id: Uuid) -> Result<JobView> {
        let scope = self.open(actor, tenant, Action::See).await?;
        self.store().job(scope, id).await?.ok_or(Error::NotFound)
    }

    /// Asks a job to stop.
    ///
    /// # Errors
    /// When the role does not allow it or the database fails.
    pub async fn cancel_job(&self, actor: &Actor, tenant: Uuid, id: Uuid) -> Result<()> {
        let scope = self.open(actor, tenant, Action::BackUp).await?;
        Ok(self.store().cancel_job(scope, id, self.now()).await?)
    }
}

/// Customers of a partner, whose right was checked by whoever found them in its branch.
impl Backup {
    /// Asks for a capture of each of an organization's tenants, in the name of `asked_by`; how many there are. One that
    /// waits or runs already is not asked for twice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn back_up_customer(&self, organization: OrgScope, asked_by: &str) -> Result<usize> {
        let tenants = self.store().tenants(organization).await?;
        for tenant in &tenants {
            let scope = self.store().open_tenant(organization, tenant.id).await?.ok_or(Error::NotFound)?;
            let work = Work::Capture { reason: Trigger::Person, full: false };
            self.enqueue(scope, &work, asked_by).await?;
        }
        Ok(tenants.len())
    }
}
