//! The audit log as its pages are given it, and what they ask of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::partner::PartnerOption;
use crate::view::Instant;

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntryView {
    pub number: i64,
    pub at: Instant,
    pub actor: String,
    pub event: String,
    /// The organization that it is about, where it is about one.
    pub organization: Option<Uuid>,
    pub object: String,
    pub detail: String,
    pub address: String,
    /// What it names by an id, as it is called now; the log itself holds no names, so that they can be erased.
    pub names: AuditNames,
}

/// What stands in the place of ids where an entry is read; empty where nothing is known by the id, or not any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditNames {
    pub actor: Option<String>,
    pub organization: Option<String>,
    pub object: Option<String>,
}

/// What the audit log is asked for; it stands in the address. Each part is compared as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// None: one's own log, not that of a partner below.
    pub partner: Option<Uuid>,
    /// `plan-changed`.
    pub event: String,
    pub actor: String,
    pub object: String,
    /// What is about this organization, whoever did it.
    pub organization: Option<Uuid>,
    /// The first day, UTC.
    pub from: Option<NaiveDate>,
    /// The last day, UTC.
    pub to: Option<NaiveDate>,
}

impl AuditFilter {
    /// As an address has it. What it says and cannot be, filters nothing; an event may be written as it is read.
    #[must_use]
    pub fn read(
        partner: &str,
        event: &str,
        actor: &str,
        object: &str,
        organization: &str,
        from: &str,
        to: &str,
    ) -> AuditFilter {
        AuditFilter {
            partner: partner.parse().ok(),
            event: event.trim().to_lowercase().replace(' ', "-"),
            actor: actor.trim().to_owned(),
            object: object.trim().to_owned(),
            organization: organization.trim().parse().ok(),
            from: from.parse().ok(),
            to: to.parse().ok(),
        }
    }
}

/// What a look at a whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditVerdict {
    /// Each of so many entries fits the one before it.
    Intact { entries: i64 },
    /// The first that does not, or is missing.
    Broken { number: i64 },
}

/// A page of the audit log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub entries: Vec<AuditEntryView>,
    pub next: Option<i64>,
    /// Whose logs there are to choose from.
    pub partners: Vec<PartnerOption>,
}
