//! The audit log, as a partner reads it.

use std::collections::HashMap;

use domain::access::PartnerAction;
use domain::audit::{AuditEntryView, AuditFilter, AuditNames, AuditPage, AuditVerdict, Change, Detail};
use store::audit::{AuditCheck, AuditRow};
use store::scope::{PartnerActor, PartnerScope};
use uuid::Uuid;

use super::{csv, require};
use crate::{Error, Portal, Result};

const PAGE: usize = 100;
/// Entries that are read at a time for a file.
const BLOCK: u64 = 1_000;
/// The most entries of a file; a reader who wants more asks for fewer days at a time.
const FILE: usize = 100_000;

/// In place of what was forgotten with an organization.
const ERASED: &str = "Erased with the organization.";

/// How an entry reads where what it names is known by name.
fn called(entry: &AuditRow, names: &HashMap<Uuid, String>) -> AuditNames {
    let organization = entry.organization.and_then(|id| Some((id, names.get(&id)?.clone())));
    AuditNames {
        // Who visits a customer is named with the customer's id.
        actor: organization
            .as_ref()
            .map(|(id, name)| entry.actor.replace(&id.to_string(), name))
            .filter(|actor| *actor != entry.actor),
        object: entry.object.parse().ok().and_then(|id: Uuid| names.get(&id).cloned()),
        organization: organization.map(|(_, name)| name),
    }
}

/// The lines of an entry.
fn lines(file: &mut csv::File, entry: AuditEntryView) {
    let AuditEntryView { number, at, actor, event, organization, object, detail, address, names } = entry;
    let about = organization.map(|id| id.to_string()).unwrap_or_default();
    let mut line = |what: &str, before: &str, after: &str| {
        file.line(&[
            number.to_string(),
            csv::time(at),
            names.actor.clone().unwrap_or_else(|| actor.clone()),
            event.clone(),
            names.organization.clone().unwrap_or_default(),
            about.clone(),
            names.object.clone().unwrap_or_default(),
            object.clone(),
            what.to_owned(),
            before.to_owned(),
            after.to_owned(),
            detail.note.clone(),
            address.clone(),
        ]);
    };
    if detail.changes.is_empty() {
        line("", "", "");
    }
    for Change { what, before, after } in &detail.changes {
        line(what, before, after);
    }
}

impl Portal {
    /// The partner's newest entries before `before`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_page(&self, actor: &PartnerActor, before: Option<i64>) -> Result<AuditPage> {
        self.audit_log(actor, &AuditFilter::default(), before).await
    }

    /// The newest entries before `before` that the filter asks for, of the partner or of one below it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the partner is a stranger; [`Error::Forbidden`].
    pub async fn audit_log(
        &self,
        actor: &PartnerActor,
        filter: &AuditFilter,
        before: Option<i64>,
    ) -> Result<AuditPage> {
        require(actor, PartnerAction::SeeAudit)?;
        let scope = self.log_of(actor, filter).await?;
        // One more than is shown says whether there are more.
        let mut rows = self.store.audit_find(scope, filter, before, PAGE as u64 + 1).await?;
        let is_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| is_more).map(|last| last.number);
        let entries = self.named(actor, rows).await?;
        Ok(AuditPage { entries, next, partners: self.store.branch(actor.scope()).await? })
    }

    /// Entries as they are read, by the names that their ids have now.
    async fn named(&self, actor: &PartnerActor, rows: Vec<AuditRow>) -> Result<Vec<AuditEntryView>> {
        let ids = rows.iter().flat_map(|r| r.organization.into_iter().chain(r.object.parse().ok()));
        let names = self.store.names_of(actor.scope(), ids.collect()).await?;
        let view = |r: AuditRow| AuditEntryView {
            names: called(&r, &names),
            number: r.number,
            at: r.at,
            actor: r.actor,
            event: r.event,
            organization: r.organization,
            object: r.object,
            detail: r.detail.unwrap_or_else(|| Detail::note(ERASED)),
            address: r.address,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// The same entries as a file, the newest first and at most [`FILE`] of them; a line for each thing that an entry
    /// changed.
    ///
    /// # Errors
    /// As [`Portal::audit_log`].
    pub async fn audit_csv(&self, actor: &PartnerActor, filter: &AuditFilter) -> Result<String> {
        require(actor, PartnerAction::SeeAudit)?;
        let scope = self.log_of(actor, filter).await?;
        let mut file = csv::File::new(&[
            "Number",
            "Time",
            "Who",
            "Event",
            "Organization",
            "Organization id",
            "Object",
            "Object id",
            "Changed",
            "Before",
            "After",
            "Note",
            "Address",
        ]);
        let (mut before, mut written) = (None, 0);
        loop {
            let rows = self.store.audit_find(scope, filter, before, BLOCK).await?;
            let read = rows.len();
            written += read;
            before = rows.last().map(|last| last.number);
            for entry in self.named(actor, rows).await? {
                lines(&mut file, entry);
            }
            if (read as u64) < BLOCK || written >= FILE {
                return Ok(file.text());
            }
        }
    }

    /// Reads a whole log, of the partner or of one below it, and checks that each entry fits the one before it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the partner is a stranger; [`Error::Forbidden`].
    pub async fn check_audit(&self, actor: &PartnerActor, filter: &AuditFilter) -> Result<AuditVerdict> {
        require(actor, PartnerAction::SeeAudit)?;
        let scope = self.log_of(actor, filter).await?;
        Ok(match self.store.verify_audit(scope).await? {
            AuditCheck::Intact { entries, .. } => AuditVerdict::Intact { entries },
            AuditCheck::Broken { number } => AuditVerdict::Broken { number },
        })
    }

    async fn log_of(&self, actor: &PartnerActor, filter: &AuditFilter) -> Result<PartnerScope> {
        match filter.partner {
            Some(id) => self.store.partner_below(actor.scope(), id).await?.ok_or(Error::NotFound),
            None => Ok(actor.scope()),
        }
    }
}
