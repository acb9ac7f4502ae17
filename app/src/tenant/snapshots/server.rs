//! What the list of snapshots asks of the server.

use crate::error::AppError;
use domain::view::SnapshotRow;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{self, tenant_id as id};

/// Fifty at once, older than `before`.
#[server]
pub async fn snapshots(tenant: String, before: Option<i64>) -> Result<Vec<SnapshotRow>, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.snapshots(&actor, id(&tenant)?, before).await?)
}
