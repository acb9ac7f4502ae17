//! What the page about visits asks of the server.

use crate::error::AppError;
use domain::people::VisitsPage;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// Who of the provider was here, why, and what they did.
#[server]
pub async fn customer_visits() -> Result<VisitsPage, AppError> {
    let actor = context::actor().await?;
    Ok(context::portal()?.customer_visits(&actor).await?)
}

/// Forbids visits, which ends those that run, or allows them again.
#[server]
pub async fn decide_visits(forbidden: bool) -> Result<(), AppError> {
    let actor = context::actor().await?;
    Ok(context::portal()?.decide_visits(&actor, forbidden).await?)
}
