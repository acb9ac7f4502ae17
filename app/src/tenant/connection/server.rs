//! What a connection's page asks of the server, and what connecting does.

use crate::error::AppError;
use domain::view::{ConnectionTest, ConnectionView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{self, Event, tenant_id},
    reply,
    tenant::paths,
};

#[server]
pub async fn connection(tenant: String) -> Result<ConnectionView, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.connection(&actor, tenant_id(&tenant)?).await?)
}

/// Signs in to the tenant again and looks at what is granted now.
#[server]
pub async fn retest(tenant: String) -> Result<ConnectionView, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.retest(&actor, tenant_id(&tenant)?).await?)
}

/// A new secret for the same directory.
#[server]
pub async fn reconnect(
    tenant: String,
    directory: String,
    client_id: String,
    secret: String,
    expires: Option<String>,
    certificate: Option<String>,
    cloud: String,
) -> Result<ConnectionView, AppError> {
    let actor = context::actor().await?;
    let detail = format!("client {client_id}");
    let form = credentials(directory, client_id, secret, expires, certificate, cloud);
    let view = context::backup()?.reconnect(&actor, tenant_id(&tenant)?, &form).await?;
    context::record(&actor, Event::CredentialsReplaced, &tenant, &detail).await?;
    Ok(view)
}

/// Signs in with what was typed and says what it found. Nothing is kept.
#[server]
pub async fn test_connection(
    directory: String,
    client_id: String,
    secret: String,
    expires: Option<String>,
    certificate: Option<String>,
    cloud: String,
) -> Result<ConnectionTest, AppError> {
    let actor = context::actor().await?;
    let form = credentials(directory, client_id, secret, expires, certificate, cloud);
    Ok(context::backup()?.test_connection(&actor, &form).await?)
}

/// Keeps the connection, starts the first backup, and leads to the tenant's overview.
#[server]
pub async fn connect(
    directory: String,
    client_id: String,
    secret: String,
    expires: Option<String>,
    certificate: Option<String>,
    cloud: String,
) -> Result<(), AppError> {
    let actor = context::actor().await?;
    let detail = format!("directory {directory}, client {client_id}");
    let form = credentials(directory, client_id, secret, expires, certificate, cloud);
    let tenant = context::backup()?.connect(&actor, &form).await?.to_string();
    context::record(&actor, Event::TenantConnected, &tenant, &detail).await?;
    reply::redirect(&paths::overview(&tenant));
    Ok(())
}

#[cfg(feature = "ssr")]
pub(crate) fn credentials(
    directory: String,
    client_id: String,
    secret: String,
    expires: Option<String>,
    certificate: Option<String>,
    cloud: String,
) -> backup::Credentials {
    backup::Credentials {
        directory,
        client_id,
        secret: secret.into(),
        certificate: certificate.unwrap_or_default().into(),
        expires: expires.unwrap_or_default(),
        cloud,
    }
}
