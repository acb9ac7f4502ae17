//! What the page about mail asks of the server.

use crate::error::AppError;
use domain::mail::MailPage as Page;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::context::{self, partner_id},
    secrecy::SecretString,
};

/// Which server the partner's mail goes through, and what became of it.
#[server]
pub async fn mail_page() -> Result<Page, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.mail_page(&actor).await?)
}

#[server]
pub async fn set_mail_server(
    host: String,
    port: String,
    security: String,
    username: String,
    password: String,
    sender_name: String,
    sender_email: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let password = SecretString::from(password);
    let form =
        portal::mail::ServerForm { host, port, security, username, password, sender_name, sender_email };
    Ok(context::portal()?.set_mail_server(&actor, form).await?)
}

#[server]
pub async fn remove_mail_server() -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.remove_mail_server(&actor).await?)
}

/// Sends whoever asks a mail, now; says to which address.
#[server]
pub async fn test_mail() -> Result<String, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.test_mail(&actor).await?)
}

#[server]
pub async fn retry_mail(id: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.retry_mail(&actor, partner_id(&id)?).await?)
}

/// Whether the form for a new organization offers to send its link.
#[server]
pub async fn offer_sign_in_mail(offers: Option<String>) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.offer_sign_in_mail(&actor, offers.is_some()).await?)
}
