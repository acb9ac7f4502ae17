//! What the audit log asks of the server.

use crate::error::AppError;
use domain::partner::AuditPage;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// A page of entries, newest first, older than `before`.
#[server]
pub async fn audit_log(before: Option<i64>) -> Result<AuditPage, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.audit_page(&actor, before).await?)
}
