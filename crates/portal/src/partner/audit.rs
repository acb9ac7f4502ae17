//! The audit log, as a partner reads it.

use domain::access::PartnerAction;
use domain::partner::{AuditEntryView, AuditPage};
use store::scope::PartnerActor;

use super::require;
use crate::{Portal, Result};

const PAGE: u64 = 100;

impl Portal {
    /// The partner's newest entries before `before`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_page(&self, actor: &PartnerActor, before: Option<i64>) -> Result<AuditPage> {
        require(actor, PartnerAction::SeeAudit)?;
        let rows = self.store.audit_page(actor.scope(), before, PAGE).await?;
        let next =
            rows.last().filter(|last| rows.len() as u64 == PAGE && last.number > 1).map(|last| last.number);
        let entries = rows
            .into_iter()
            .map(|r| AuditEntryView {
                number: r.number,
                at: r.at,
                actor: r.actor,
                event: r.event,
                object: r.object,
                detail: r.detail,
                address: r.address,
            })
            .collect();
        Ok(AuditPage { entries, next })
    }
}
