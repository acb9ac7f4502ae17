//! What the pages about partners ask of the server.

use crate::error::AppError;
use domain::people::{PartnerCreated, PartnerView, PartnersPage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{self, partner_id},
    partner::paths,
    people::server::keep,
    reply,
};

/// One's own partner and those below it.
#[server]
pub async fn partners() -> Result<PartnersPage, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.partner_tree(&actor).await?)
}

#[server]
pub async fn partner(id: String) -> Result<PartnerView, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.partner(&actor, partner_id(&id)?).await?)
}

/// Creates a partner. The link for its Owner is shown this once.
#[server]
pub async fn create_partner(
    parent: String,
    name: String,
    support_email: String,
    email_portal: String,
    owner_name: String,
    owner_email: String,
    send_email: Option<String>,
) -> Result<PartnerCreated, AppError> {
    let actor = context::partner_actor().await?;
    let form = portal::PartnerForm { name, support_email, email_portal };
    let new = portal::NewPartner { parent, form, owner_name, owner_email, send_email: send_email.is_some() };
    let created = context::portal()?.create_partner(&actor, new).await?;
    keep(&created.owner, &paths::partner_users(created.id)).await?;
    Ok(created)
}

#[server]
pub async fn edit_partner(
    id: String,
    name: String,
    support_email: String,
    email_portal: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let form = portal::PartnerForm { name, support_email, email_portal };
    Ok(context::portal()?.edit_partner(&actor, partner_id(&id)?, &form).await?)
}

/// Opens the Entra products to a partner, or closes them.
#[server]
pub async fn open_entra(id: String, open: bool) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.open_entra(&actor, partner_id(&id)?, open).await?)
}

/// Closes a partner; `typed` is its name.
#[server]
pub async fn close_partner(id: String, typed: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    context::portal()?.close_partner(&actor, partner_id(&id)?, &typed).await?;
    reply::redirect(paths::PARTNERS);
    Ok(())
}
