//! What the pages about API tokens ask of the server.

use crate::error::AppError;
use domain::api_token::{ApiTokenMade, ApiTokensView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{
        context::{self, partner_id},
        reply,
    },
    portal::NewApiToken,
    uuid::Uuid,
};

/// The organization's tokens.
#[server]
pub async fn tokens() -> Result<ApiTokensView, AppError> {
    let actor = context::actor().await?;
    with_made(context::portal()?.tokens(&actor).await?).await
}

/// Makes a token for the organization. It is shown this once.
#[server]
pub async fn create_token(
    name: String,
    back_up: Option<String>,
    days: String,
) -> Result<ApiTokenMade, AppError> {
    let actor = context::actor().await?;
    let new = NewApiToken { name, back_up: back_up.is_some(), days };
    keep(context::portal()?.create_token(&actor, new).await?).await
}

/// Ends a token of the organization.
#[server]
pub async fn revoke_token(id: String) -> Result<(), AppError> {
    let actor = context::actor().await?;
    Ok(context::portal()?.revoke_token(&actor, partner_id(&id)?).await?)
}

/// The tokens of the partner, or of the customer that is named.
#[server]
pub async fn partner_tokens(#[server(default)] organization: String) -> Result<ApiTokensView, AppError> {
    let actor = context::partner_actor().await?;
    let organization = named(&organization)?;
    with_made(context::portal()?.partner_tokens(&actor, organization).await?).await
}

/// Makes a token for the partner, or for the customer that is named. It is shown this once.
#[server]
pub async fn create_partner_token(
    #[server(default)] organization: String,
    name: String,
    back_up: Option<String>,
    days: String,
) -> Result<ApiTokenMade, AppError> {
    let actor = context::partner_actor().await?;
    let organization = named(&organization)?;
    let new = NewApiToken { name, back_up: back_up.is_some(), days };
    keep(context::portal()?.create_partner_token(&actor, organization, new).await?).await
}

/// Ends a token of the partner, or of the customer that is named.
#[server]
pub async fn revoke_partner_token(
    #[server(default)] organization: String,
    id: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let (organization, id) = (named(&organization)?, partner_id(&id)?);
    Ok(context::portal()?.revoke_partner_token(&actor, organization, id).await?)
}

/// Under which name the session carries a token that a form without a script has made, until its page is shown.
#[cfg(feature = "ssr")]
const MADE: &str = "token-made";

#[cfg(feature = "ssr")]
async fn keep(made: ApiTokenMade) -> Result<ApiTokenMade, AppError> {
    if reply::is_plain_form() {
        context::session().await?.insert(MADE, &made).await?;
    }
    Ok(made)
}

#[cfg(feature = "ssr")]
async fn with_made(view: ApiTokensView) -> Result<ApiTokensView, AppError> {
    let made = context::session().await?.remove(MADE).await?;
    Ok(ApiTokensView { made, ..view })
}

/// None where none is named: the partner itself.
#[cfg(feature = "ssr")]
fn named(organization: &str) -> Result<Option<Uuid>, AppError> {
    if organization.is_empty() { Ok(None) } else { partner_id(organization).map(Some) }
}
