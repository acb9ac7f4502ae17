//! What the card about an organization's e-mail asks of the server.

use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{self, partner_id};

/// Begins to change it; the addresses are asked.
#[server]
pub async fn change_organization_email(id: String, email: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.change_organization_email(&actor, partner_id(&id)?, &email).await?)
}

/// Withdraws it.
#[server]
pub async fn withdraw_organization_email(id: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.withdraw_organization_email(&actor, partner_id(&id)?).await?)
}
