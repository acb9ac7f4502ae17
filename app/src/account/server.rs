//! What the account pages ask of the server.

use crate::error::AppError;
use domain::view::SessionView;
use leptos::prelude::*;

/// Who is signed in, for the frame around every page.
#[server]
pub async fn session() -> Result<SessionView, AppError> {
    Err(AppError::signed_out().reply())
}

/// Signs in, then leads to `next` (a path of ours) or to the start.
#[server]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let _ = (email, password, next);
    Err(AppError::internal().reply())
}

#[server]
pub async fn sign_out() -> Result<(), AppError> {
    Err(AppError::internal().reply())
}

/// Makes the first Owner of an empty installation, by the link that `holdfast serve` printed.
#[server]
pub async fn set_up(
    token: String,
    name: String,
    email: String,
    password: String,
    organization: String,
) -> Result<(), AppError> {
    let _ = (token, name, email, password, organization);
    Err(AppError::internal().reply())
}
