//! What the way to Microsoft and back asks of the server. Coming back is not a server function: it is an address that
//! Microsoft sends the browser to.

use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{context, reply},
    portal::Journey,
    secrecy::SecretString,
};

/// Whether people can sign in with Microsoft here.
#[server]
pub async fn has_microsoft() -> Result<bool, AppError> {
    Ok(context::portal()?.microsoft().is_some())
}

/// To Microsoft's page, to sign in.
#[server]
pub async fn go_to_microsoft(next: Option<String>) -> Result<(), AppError> {
    depart(context::portal()?.go_to_microsoft(next)?).await
}

/// To Microsoft's page, to link the account there.
#[server]
pub async fn link_microsoft(own_password: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    depart(context::portal()?.go_and_link_microsoft(&me, SecretString::from(own_password)).await?).await
}

/// Takes a link away.
#[server]
pub async fn unlink_microsoft(directory: String, object: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    let (directory, object) = (context::partner_id(&directory)?, context::partner_id(&object)?);
    Ok(context::portal()?.unlink_microsoft(&me, directory, object).await?)
}

#[cfg(feature = "ssr")]
async fn depart(journey: Journey) -> Result<(), AppError> {
    let page = journey.page.clone();
    context::session().await?.insert(Journey::KEY, journey).await?;
    // The policy lets no form lead elsewhere, not even by a redirect: without a script, a page of ours goes on.
    reply::redirect(if reply::is_plain_form() { "/signin/microsoft/go" } else { &page });
    Ok(())
}
