//! What the audit log asks of the server.

use crate::error::AppError;
use domain::audit::{AuditPage, AuditVerdict};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {crate::context, domain::audit::AuditFilter};

/// A page of entries, newest first, older than `before`. What the address says and cannot be, filters nothing.
#[server]
pub async fn audit_log(
    partner: String,
    event: String,
    actor: String,
    object: String,
    organization: String,
    from: String,
    to: String,
    before: Option<i64>,
) -> Result<AuditPage, AppError> {
    let asking = context::partner_actor().await?;
    let filter = AuditFilter::read(&partner, &event, &actor, &object, &organization, &from, &to);
    Ok(context::portal()?.audit_log(&asking, &filter, before).await?)
}

/// Reads the whole log of a partner, one's own where none is named, and says whether it was altered.
#[server]
pub async fn check_audit(partner: String) -> Result<AuditVerdict, AppError> {
    let asking = context::partner_actor().await?;
    let filter = AuditFilter::read(&partner, "", "", "", "", "", "");
    Ok(context::portal()?.check_audit(&asking, &filter).await?)
}
