//! What the pages about changing e-mails ask of the server.

use crate::error::AppError;
use domain::account::EmailChangeAsked;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{context, reply},
    secrecy::SecretString,
};

/// Begins to change one's own e-mail; both addresses are asked.
#[server]
pub async fn change_email(email: String, email_password: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    Ok(context::portal()?.change_email(&me, &email, SecretString::from(email_password)).await?)
}

/// Withdraws it.
#[server]
pub async fn withdraw_email_change() -> Result<(), AppError> {
    let me = context::oneself().await?;
    Ok(context::portal()?.withdraw_email_change(&me).await?)
}

/// What a link asks of the address that it was sent to.
#[server]
pub async fn email_link(token: String) -> Result<EmailChangeAsked, AppError> {
    Ok(context::portal()?.email_change_asked(&token).await?)
}

/// Agrees to it. True when the e-mail is the new one now.
#[server]
pub async fn agree_to_email(token: String) -> Result<bool, AppError> {
    let changed = context::portal()?.agree_to_email_change(&token, &context::address()).await?;
    if reply::is_plain_form() {
        reply::redirect(if changed { "/email/agreed?changed=1" } else { "/email/agreed" });
    }
    Ok(changed)
}
