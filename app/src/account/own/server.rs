//! What the page about one's own account asks of the server.

use crate::error::AppError;
use domain::account::AccountView;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {crate::context, secrecy::SecretString};

/// The account of whoever asks.
#[server]
pub async fn my_account() -> Result<AccountView, AppError> {
    let me = context::oneself().await?;
    let token = context::session_token().await?;
    Ok(context::portal()?.account(&me, token).await?)
}

#[server]
pub async fn rename_me(name: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    Ok(context::portal()?.rename(&me, &name).await?)
}

/// Takes another password; every other session ends.
#[server]
pub async fn change_password(current: String, password: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    let token = context::session_token().await?;
    let (current, new) = (SecretString::from(current), SecretString::from(password));
    Ok(context::portal()?.change_password(&me, current, new, token).await?)
}

/// Ends one of one's sessions.
#[server]
pub async fn end_session(mark: String) -> Result<(), AppError> {
    let me = context::oneself().await?;
    Ok(context::portal()?.end_session(&me, &mark).await?)
}

/// Ends all of one's sessions but this one.
#[server]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let me = context::oneself().await?;
    let token = context::session_token().await?;
    Ok(context::portal()?.end_other_sessions(&me, token).await?)
}
