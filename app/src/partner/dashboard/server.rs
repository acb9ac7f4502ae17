//! What the partner's first page asks of the server.

use crate::error::AppError;
use domain::bill;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// Figures of the partner and of those below it, as they are now. What a role may not see is left out.
#[server]
pub async fn dashboard() -> Result<bill::Dashboard, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.dashboard(&actor).await?)
}
