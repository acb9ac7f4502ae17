//! What browsing asks of the server.

use crate::error::AppError;
use domain::{Seq, view::BrowsePage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{self, tenant_id as id};

/// One page of one kind in the newest snapshot, or in that of `at`.
#[server]
pub async fn browse(
    tenant: String,
    kind: String,
    at: Option<Seq>,
    words: String,
    after: Option<String>,
) -> Result<BrowsePage, AppError> {
    let actor = context::actor().await?;
    let kind = domain::Kind::from_slug(&kind).unwrap_or(domain::Kind::User);
    let query = backup::BrowseQuery { at, kind, words, after };
    Ok(context::backup()?.browse(&actor, id(&tenant)?, &query).await?)
}
