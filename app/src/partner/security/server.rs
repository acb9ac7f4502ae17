//! What the page about everybody's sign-in asks of the server.

use crate::error::AppError;
use domain::account::SecondFactorRuleView;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// Who asks for a second factor.
#[server]
pub async fn second_factor_rule() -> Result<SecondFactorRuleView, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.second_factor_rule(&actor).await?)
}

/// Asks everybody for one, or no longer.
#[server]
pub async fn ask_second_factor(on: bool) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.ask_second_factor(&actor, on).await?)
}
