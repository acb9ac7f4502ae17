//! What the credentials of a customer ask of the server.

use crate::error::AppError;
use domain::{connection::ConsentLinkMade, view::ConnectionView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{self, partner_id},
    partner::paths,
    reply,
    tenant::connection::server::credentials,
};

/// Signs in to the tenant again, and looks at what is granted now.
#[server]
pub async fn retest_credentials(id: String, tenant: String) -> Result<ConnectionView, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::backup()?.retest_for(&actor, partner_id(&id)?, partner_id(&tenant)?).await?)
}

/// A new secret or certificate for the same directory.
#[server]
pub async fn renew_credentials(
    id: String,
    tenant: String,
    directory: String,
    client_id: String,
    secret: String,
    expires: Option<String>,
    certificate: Option<String>,
    cloud: String,
) -> Result<ConnectionView, AppError> {
    let actor = context::partner_actor().await?;
    let form = credentials(directory, client_id, secret, expires, certificate, cloud);
    let (organization, tenant) = (partner_id(&id)?, partner_id(&tenant)?);
    let view = context::backup()?.reconnect_for(&actor, organization, tenant, &form).await?;
    reply::redirect(&format!("{}?tab=credentials", paths::organization(organization)));
    Ok(view)
}

/// Makes a link for the customer's administrator. It goes to `email`, or, where that is empty, is shown this once.
#[server]
pub async fn make_consent_link(id: String, email: Option<String>) -> Result<ConsentLinkMade, AppError> {
    let actor = context::partner_actor().await?;
    let to = email.unwrap_or_default();
    let made = context::portal()?.make_consent_link(&actor, partner_id(&id)?, &to).await?;
    if reply::is_plain_form() {
        // Without a script, the answer is a page; the session carries the link to it, once.
        context::session().await?.insert(MADE, &made).await?;
        reply::redirect(&paths::consent_link(made.organization));
    }
    Ok(made)
}

/// Under which name the session carries the link that was made.
#[cfg(feature = "ssr")]
const MADE: &str = "consent-made";

/// The link that a form without a script made a moment ago; it is told once.
#[server]
pub async fn made_consent_link() -> Result<Option<ConsentLinkMade>, AppError> {
    context::partner_actor().await?;
    Ok(context::session().await?.remove(MADE).await?)
}

#[server]
pub async fn revoke_consent_link(id: String, link: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.revoke_consent_link(&actor, partner_id(&id)?, partner_id(&link)?).await?)
}
