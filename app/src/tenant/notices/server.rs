//! What the page about an organization's notifications asks of the server.

use crate::error::AppError;
use domain::notice::OrgNoticesPage as Page;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {crate::context, domain::notice::OrgTopic};

/// What the organization's people are told of.
#[server]
pub async fn org_notices_page() -> Result<Page, AppError> {
    let actor = context::actor().await?;
    Ok(context::portal()?.org_notices_page(&actor).await?)
}

/// Switches on what is named, and everything else off.
#[server]
pub async fn set_org_notices(
    backups: Option<String>,
    connection: Option<String>,
    restores: Option<String>,
    visits: Option<String>,
    subscription: Option<String>,
) -> Result<(), AppError> {
    let actor = context::actor().await?;
    let named = [
        (OrgTopic::Backups, backups),
        (OrgTopic::Connection, connection),
        (OrgTopic::Restores, restores),
        (OrgTopic::Visits, visits),
        (OrgTopic::Subscription, subscription),
    ];
    let on: Vec<OrgTopic> = named.into_iter().filter_map(|(topic, on)| on.map(|_| topic)).collect();
    Ok(context::portal()?.set_org_notices(&actor, &on).await?)
}
