//! What the page about notifications asks of the server.

use crate::error::AppError;
use domain::notice::NoticesPage as Page;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {crate::context, domain::notice::Topic};

/// What the person chose, and how a digest would read now.
#[server]
pub async fn notices_page() -> Result<Page, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.notices_page(&actor).await?)
}

/// Keeps what the person chose; a topic that is left out stays as it was.
#[server]
pub async fn set_notices(
    backups: Option<String>,
    connections: Option<String>,
    security: Option<String>,
    seats: Option<String>,
    subscriptions: Option<String>,
    bills: Option<String>,
    below: Option<String>,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let chosen = [
        (Topic::Backups, backups),
        (Topic::Connections, connections),
        (Topic::Security, security),
        (Topic::Seats, seats),
        (Topic::Subscriptions, subscriptions),
        (Topic::Bills, bills),
    ];
    Ok(context::portal()?.set_notices(&actor, &chosen, below.is_some()).await?)
}
