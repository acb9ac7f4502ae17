//! How a tenant is connected: sign in, see what is granted, learn which directory it is, keep it.

mod app;
mod consent;
mod input;
mod partner;
mod permissions;

use std::time::Duration;

use domain::connection::ProofKind;
use domain::permission::{self, Granted};
use domain::view::{ConnectionTest, ConnectionView, Trigger};
use graph::{Cloud, Credential, Hosts, Meaning, Patience, Proof};
use secrecy::SecretString;
use serde::Deserialize;
use store::Store;
use store::jobs::Work;
use store::scope::{Actor, TenantScope};
use store::tenants::{Connection, NewConnection, NewTenant};
use uuid::Uuid;

use crate::{Backup, Error, Result};
use input::Checked;

pub use app::InstallationApp;
pub use consent::{ConsentAnswer, ConsentFlow, ConsentNext};

/// Minutes between scheduled backups of a new tenant.
const EVERY_MIN: i64 = 60;
/// Minutes between full reconciliations of a new tenant.
const FULL_EVERY_MIN: i64 = 7 * 24 * 60;

/// Credentials as somebody typed them; they are checked before use.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The directory's id, or one of its domains.
    pub directory: String,
    pub client_id: String,
    pub secret: SecretString,
    /// A certificate and its private key as PEM, in place of a secret.
    pub certificate: SecretString,
    /// The day on which the secret ends, as `2027-05-31`, where somebody noted it. A certificate says so itself.
    pub expires: String,
    pub cloud: String,
}

/// What a sign-in needs.
pub(crate) struct SignIn<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) proof: Proof,
    pub(crate) cloud: &'a str,
}

/// A client that nobody else has.
pub(crate) fn client(backup: &Backup, sign_in: SignIn<'_>, patience: Patience) -> Result<graph::Client> {
    let cloud: Cloud = sign_in.cloud.parse().map_err(|_| store::Error::Inconsistent("connection"))?;
    let settings = backup.settings();
    let hosts = Hosts::of(cloud)
        .with_overrides(address(settings.graph_url.as_deref())?, address(settings.login_url.as_deref())?);
    let credential = Credential {
        tenant: sign_in.tenant.to_owned(),
        client_id: sign_in.client_id.to_owned(),
        proof: sign_in.proof,
    };
    Ok(graph::Client::with_patience(
        backup.http()?.clone(),
        hosts,
        credential,
        backup.budgets().clone(),
        patience,
    ))
}

/// The client of a stored connection.
pub(crate) fn of(backup: &Backup, connection: &Connection, patience: Patience) -> Result<graph::Client> {
    let proof = app::proof(backup, &connection.client_id, connection.proof, &connection.secret)?;
    let sign_in = SignIn {
        tenant: &connection.directory.to_string(),
        client_id: &connection.client_id,
        proof,
        cloud: &connection.cloud,
    };
    client(backup, sign_in, patience)
}

fn address(text: Option<&str>) -> Result<Option<url::Url>> {
    text.map(|t| {
        t.parse().map_err(|_| {
            Error::Refused(format!("“{t}” is not an address. Correct the setting and start Holdfast again."))
        })
    })
    .transpose()
}

/// Somebody waits before a form: soon enough is better than surely.
const IMPATIENT: Patience = Patience {
    attempts: 3,
    throttled_attempts: 2,
    first: Duration::from_millis(300),
    longest: Duration::from_secs(3),
    stay: Duration::from_secs(10),
    total: Duration::from_secs(10),
};

#[derive(Deserialize)]
struct Organizations {
    value: Vec<Organization>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Organization {
    id: Uuid,
    display_name: Option<String>,
    #[serde(default)]
    verified_domains: Vec<Domain>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Domain {
    name: String,
    #[serde(default)]
    is_default: bool,
    #[serde(default)]
    is_initial: bool,
}

impl Organization {
    fn domain(&self) -> String {
        let domains = &self.verified_domains;
        domains
            .iter()
            .find(|d| d.is_default)
            .or_else(|| domains.iter().find(|d| d.is_initial))
            .or(domains.first())
            .map(|d| d.name.clone())
            .unwrap_or_default()
    }
}

/// What a sign-in showed.
struct Found {
    granted: Granted,
    /// None where the app may not even ask.
    organization: Option<Organization>,
}

async fn look(client: &graph::Client) -> Result<Found, graph::Error> {
    let granted: Granted = client.roles().await?.into_iter().collect();
    let answer: Result<Organizations, graph::Error> =
        client.get("/organization?$select=id,displayName,verifiedDomains").await;
    let organization = match answer {
        Ok(found) => found.value.into_iter().next(),
        Err(e) if *e.meaning() == Meaning::PermissionMissing => None,
        Err(e) => return Err(e),
    };
    Ok(Found { granted, organization })
}

async fn sign_in(backup: &Backup, form: &Checked) -> Result<Found> {
    let credentials = SignIn {
        tenant: &form.directory,
        client_id: &form.client_id,
        proof: app::proof(backup, &form.client_id, form.proof, &form.secret)?,
        cloud: form.cloud.as_str(),
    };
    let certificate = form.proof == ProofKind::Certificate;
    look(&client(backup, credentials, IMPATIENT)?).await.map_err(|e| at_its_field(e, certificate))
}

/// An error that one of the fields can mend is said at that field.
fn at_its_field(error: graph::Error, certificate: bool) -> Error {
    let field = match error.meaning() {
        Meaning::CertificateWrong | Meaning::CertificateExpired => "certificate",
        Meaning::SecretWrong | Meaning::SecretExpired | Meaning::ProofMissing if certificate => "certificate",
        Meaning::SecretWrong | Meaning::SecretExpired | Meaning::ProofMissing => "secret",
        Meaning::TenantUnknown | Meaning::AppSingleTenant => "directory",
        Meaning::CloudWrong => "cloud",
        Meaning::ConsentMissing | Meaning::ConsentUnfinished | Meaning::AppDisabled => "client_id",
        _ => return Error::Graph(error),
    };
    Error::invalid(field, error.sentence())
}

/// Signs in and says what it may do; keeps nothing.
pub(crate) async fn test(backup: &Backup, form: &Credentials) -> Result<ConnectionTest> {
    let form = input::check(form, backup.now())?;
    let found = sign_in(backup, &form).await?;
    let permissions = permission::rows(&found.granted);
    Ok(ConnectionTest {
        organization: found.organization.as_ref().and_then(|o| o.display_name.clone()).unwrap_or_default(),
        domain: found.organization.as_ref().map_or(form.directory, Organization::domain),
        can_back_up: permissions::can_back_up(&permissions),
        can_restore: permissions::can_restore(&permissions),
        permissions,
    })
}

/// Signs in, keeps the tenant and asks for its first capture.
pub(crate) async fn connect(backup: &Backup, actor: &Actor, form: &Credentials) -> Result<Uuid> {
    let form = input::check(form, backup.now())?;
    let (found, organization) = essentials(backup, &form).await?;
    let domain = organization.domain();
    let name = organization.display_name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| domain.clone());
    let now = backup.now();
    let new = NewTenant {
        directory: organization.id,
        name,
        domain,
        connection: kept(form, found.granted),
        every_min: EVERY_MIN,
        full_every_min: FULL_EVERY_MIN,
    };
    let first = Work::Capture { reason: Trigger::First, full: true };
    let kept = backup.store().connect_tenant(actor.scope(), new, &first, &actor.email, now).await;
    let tenant = kept.map_err(|e| match e {
        // Whose it is, is nobody else's business.
        store::Error::Taken(_) => Error::Refused(
            "This tenant cannot be connected: it already is, here or elsewhere. Nothing was changed. Look for it among your tenants, or ask your provider."
                .to_owned(),
        ),
        other => other.into(),
    })?;
    backup.wake().notify_one();
    Ok(tenant.public_id())
}

/// Signs in; refuses where a capture could not even begin.
async fn essentials(backup: &Backup, form: &Checked) -> Result<(Found, Organization)> {
    let mut found = sign_in(backup, form).await?;
    if let Some(problem) = permissions::problem(&permission::rows(&found.granted)) {
        return Err(Error::Refused(problem));
    }
    let organization = found.organization.take().ok_or_else(|| {
        Error::Refused(
            "The app may not read which organization the tenant is. Grant Organization.Read.All as an application permission, consent to it, and try again."
                .to_owned(),
        )
    })?;
    Ok((found, organization))
}

fn kept(form: Checked, granted: Granted) -> NewConnection {
    NewConnection {
        cloud: form.cloud.as_str().to_owned(),
        client_id: form.client_id,
        proof: form.proof,
        secret: form.secret,
        expires_at: form.expires_at,
        granted,
    }
}

/// What a test of a stored connection showed.
struct Tested {
    /// None when it could not sign in.
    granted: Option<Granted>,
    problem: Option<String>,
}

async fn try_stored(backup: &Backup, tenant: TenantScope) -> Result<Tested> {
    let connection = backup.store().connection(tenant).await?;
    let client = match of(backup, &connection, IMPATIENT) {
        Ok(client) => client,
        // What the installation's settings lack is the connection's problem.
        Err(Error::Refused(problem)) => return Ok(Tested { granted: None, problem: Some(problem) }),
        Err(other) => return Err(other),
    };
    Ok(match look(&client).await {
        Ok(found) => Tested {
            problem: permissions::problem(&permission::rows(&found.granted)),
            granted: Some(found.granted),
        },
        Err(e) => {
            tracing::info!(error = %e, "a connection's test failed");
            Tested { granted: None, problem: Some(e.sentence().into_owned()) }
        }
    })
}

/// Signs in with what is stored and notes how it went.
pub(crate) async fn retest(backup: &Backup, tenant: TenantScope) -> Result<ConnectionView> {
    let Tested { granted, problem } = try_stored(backup, tenant).await?;
    let store = backup.store();
    store.set_connection_health(tenant, granted.as_ref(), problem.as_deref(), backup.now()).await?;
    stored(store, tenant).await
}

/// Replaces the credentials by others of the same directory; what is left empty stays.
pub(crate) async fn reconnect(
    backup: &Backup,
    tenant: TenantScope,
    form: &Credentials,
) -> Result<ConnectionView> {
    let new = renewed(backup, tenant, form).await?;
    backup.store().set_connection(tenant, new, backup.now()).await?;
    stored(backup.store(), tenant).await
}

/// Tries other credentials for the same directory; what is left empty stays as it is.
async fn renewed(backup: &Backup, tenant: TenantScope, form: &Credentials) -> Result<NewConnection> {
    let old = backup.store().connection(tenant).await?;
    let or = |typed: &str, kept: &str| if typed.trim().is_empty() { kept } else { typed }.to_owned();
    let form = Credentials {
        directory: or(&form.directory, &old.directory.to_string()),
        client_id: or(&form.client_id, &old.client_id),
        cloud: or(&form.cloud, &old.cloud),
        ..form.clone()
    };
    let form = input::check(&form, backup.now())?;
    let (found, organization) = essentials(backup, &form).await?;
    if organization.id != old.directory {
        return Err(Error::invalid(
            "directory",
            "These credentials lead into another tenant. Nothing was changed. Enter credentials of this tenant, or connect the other one as a tenant of its own.",
        ));
    }
    Ok(kept(form, found.granted))
}

/// How a connection stands, by the last test.
pub(crate) async fn stored(store: &Store, tenant: TenantScope) -> Result<ConnectionView> {
    Ok(view(store.connection(tenant).await?))
}

fn view(connection: Connection) -> ConnectionView {
    ConnectionView {
        directory: connection.directory.to_string(),
        client_id: connection.client_id,
        cloud: connection.cloud,
        proof: connection.proof,
        expires: connection.expires_at,
        signs_in: connection.healthy,
        problem: connection.problem,
        tested_at: connection.tested_at,
        permissions: permission::rows(&connection.granted),
    }
}
