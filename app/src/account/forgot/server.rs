//! What the pages about a forgotten password ask of the server.

use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{context, reply},
    secrecy::SecretString,
};

/// Whether a link can be sent at all.
#[server]
pub async fn sends_password_links() -> Result<bool, AppError> {
    Ok(context::portal()?.sends_password_links().await?)
}

/// Sends a link to a new password, if anybody has an account under the e-mail; the answer is the same either way.
#[server]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    context::portal()?.forgot_password(&email, &context::address()).await?;
    if reply::is_plain_form() {
        reply::redirect("/forgot?sent=1");
    }
    Ok(())
}

/// Whose password a link is for, while it is good.
#[server]
pub async fn password_link(token: String) -> Result<String, AppError> {
    Ok(context::portal()?.password_link(&token).await?)
}

/// Spends a link, and leads to the sign-in.
#[server]
pub async fn choose_password(token: String, password: String) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    portal.choose_password(&token, SecretString::from(password), &address).await?;
    reply::redirect("/signin?password=new");
    Ok(())
}
