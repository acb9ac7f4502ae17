//! What the frame around the Partner Portal asks of the server.

use crate::error::AppError;
use domain::partner::PartnerSessionView;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// Who is signed in at a partner.
#[server]
pub async fn partner_session() -> Result<PartnerSessionView, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.partner_session_view(&actor).await?)
}
