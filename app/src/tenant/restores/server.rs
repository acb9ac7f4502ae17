//! What the list of restores asks of the server.

use crate::error::AppError;
use domain::plan::RestoreRow;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{self, tenant_id as id};

#[server]
pub async fn restores(tenant: String) -> Result<Vec<RestoreRow>, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.restores(&actor, id(&tenant)?).await?)
}
