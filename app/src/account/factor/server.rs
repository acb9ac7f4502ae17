//! What the pages about one's second factor ask of the server.

use crate::error::AppError;
use domain::account::{RecoveryCodes, SecondFactorSetUp};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{account::own_path, context, reply},
    portal::Identity,
    secrecy::SecretString,
};

/// Under which name a session carries codes to the page that shows them, where no script does.
#[cfg(feature = "ssr")]
pub(crate) const CODES: &str = "codes";

/// What an authenticator app is given.
#[server]
pub async fn factor_set_up() -> Result<SecondFactorSetUp, AppError> {
    let me = context::oneself().await?;
    Ok(context::portal()?.second_factor_set_up(&me).await?)
}

/// Makes it count. The codes are shown this once.
#[server]
pub async fn confirm_factor(code: String) -> Result<RecoveryCodes, AppError> {
    let me = context::oneself().await?;
    let token = context::session_token().await?;
    let codes = context::portal()?.confirm_second_factor(&me, &code, token).await?;
    // This session has just proved itself the second time.
    let session = context::session().await?;
    let identity = context::identity().await?;
    context::become_(&session, Identity { proved_twice: true, ..identity }).await?;
    show(codes).await
}

/// New recovery codes in place of those that are left.
#[server]
pub async fn new_codes(code: String) -> Result<RecoveryCodes, AppError> {
    let me = context::oneself().await?;
    let codes = context::portal()?.new_recovery_codes(&me, &code).await?;
    show(codes).await
}

/// Codes made a moment ago by a form without a script; they are told once.
#[server]
pub async fn my_codes_once() -> Result<Option<RecoveryCodes>, AppError> {
    context::oneself().await?;
    Ok(context::session().await?.remove(CODES).await?)
}

/// Switches the second factor off.
#[server]
pub async fn remove_factor(password: String, code: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    context::portal()?.remove_second_factor(&me, SecretString::from(password), &code).await?;
    reply::redirect(own_path(context::is_at_partner()));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn show(codes: RecoveryCodes) -> Result<RecoveryCodes, AppError> {
    if reply::is_plain_form() {
        context::session().await?.insert(CODES, &codes).await?;
        reply::redirect(&format!("{}/second-factor?codes=1", own_path(context::is_at_partner())));
    }
    Ok(codes)
}
