//! What the pages about transfers ask of the server.

use crate::error::AppError;
use domain::transfer::{TransferCode, TransferOffer as Offer, TransferPreview, TransfersPage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    address::with_query,
    context::{self, partner_id},
    partner::paths,
    reply,
};

/// Proposals to one's own partner, and from its branch.
#[server]
pub async fn transfers() -> Result<TransfersPage, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.transfers(&actor).await?)
}

/// Under which name the session carries a code that was made a moment ago.
#[cfg(feature = "ssr")]
const CODE: &str = "transfer-code";

/// A code by which another partner finds one's own. It is shown this once.
#[server]
pub async fn make_transfer_code() -> Result<TransferCode, AppError> {
    let actor = context::partner_actor().await?;
    let code = context::portal()?.create_transfer_code(&actor).await?;
    if reply::is_plain_form() {
        context::session().await?.insert(CODE, &code).await?;
        reply::redirect(&with_query(paths::TRANSFERS, &[("code", "1")]));
    }
    Ok(code)
}

/// What was made a moment ago by a form without a script; it is told once.
#[server]
pub async fn fresh_transfer_code() -> Result<Option<TransferCode>, AppError> {
    context::partner_actor().await?;
    Ok(context::session().await?.remove(CODE).await?)
}

/// What one sees of an organization before proposing it.
#[server]
pub async fn transfer_offer(id: String) -> Result<Offer, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.transfer_offer(&actor, partner_id(&id)?).await?)
}

#[server]
pub async fn propose_transfer(
    id: String,
    partner: Option<String>,
    code: String,
    note: String,
    confirmed: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let new = portal::Proposal { partner: partner.unwrap_or_default(), code, note, confirmed };
    Ok(context::portal()?.propose_transfer(&actor, partner_id(&id)?, &new).await?)
}

#[server]
pub async fn withdraw_transfer(id: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.withdraw_transfer(&actor, partner_id(&id)?).await?)
}

/// What the receiver sees before answering.
#[server]
pub async fn transfer(id: String) -> Result<TransferPreview, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.transfer_preview(&actor, partner_id(&id)?).await?)
}

/// Takes the organization over and leads to it.
#[server]
pub async fn accept_transfer(id: String, plan: Option<String>) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let portal = context::portal()?;
    let plan = plan.unwrap_or_default();
    let organization = portal.accept_transfer(&actor, partner_id(&id)?, &plan).await?;
    reply::redirect(&paths::organization(organization));
    Ok(())
}

#[server]
pub async fn decline_transfer(id: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    context::portal()?.decline_transfer(&actor, partner_id(&id)?).await?;
    reply::redirect(paths::TRANSFERS);
    Ok(())
}
