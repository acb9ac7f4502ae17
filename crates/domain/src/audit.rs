//! The audit log as its pages are given it, and what they ask of it.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::partner::PartnerOption;
use crate::view::Instant;

/// What an entry says beside its event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    pub changes: Vec<Change>,
    /// More, for a reader.
    pub note: String,
}

/// What was changed: from what, to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub what: String,
    pub before: String,
    pub after: String,
}

/// Between the note and each change, and within a change: the signs that ASCII has for it. No text that is typed
/// holds them.
const RECORD: char = '\u{1e}';
const UNIT: char = '\u{1f}';

impl Detail {
    #[must_use]
    pub fn note(note: impl Into<String>) -> Detail {
        Detail { note: note.into(), ..Detail::default() }
    }

    /// With a change more; with none where nothing changes.
    #[must_use]
    pub fn change(mut self, what: &str, before: impl fmt::Display, after: impl fmt::Display) -> Detail {
        let (before, after) = (before.to_string(), after.to_string());
        if before != after {
            self.changes.push(Change { what: what.to_owned(), before, after });
        }
        self
    }

    /// As the log keeps it: the text that its hash covers. A note alone is kept as it is.
    #[must_use]
    pub fn line(&self) -> String {
        let plain = |text: &str| text.replace(char::is_control, "\u{fffd}");
        let mut line = plain(&self.note);
        for Change { what, before, after } in &self.changes {
            line.push(RECORD);
            line.push_str(&[what, before, after].map(|text| plain(text)).join(&UNIT.to_string()));
        }
        line
    }

    /// What [`Detail::line`] wrote.
    #[must_use]
    pub fn read(line: &str) -> Detail {
        let mut records = line.split(RECORD);
        let note = records.next().unwrap_or_default().to_owned();
        let changes = records
            .filter_map(|record| {
                let (what, values) = record.split_once(UNIT)?;
                let (before, after) = values.split_once(UNIT)?;
                Some(Change { what: what.to_owned(), before: before.to_owned(), after: after.to_owned() })
            })
            .collect();
        Detail { changes, note }
    }
}

/// In one sentence, for where there is no room for more.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut divider = "";
        for Change { what, before, after } in &self.changes {
            write!(f, "{divider}{what}: {before} → {after}")?;
            divider = "; ";
        }
        if self.note.is_empty() { Ok(()) } else { write!(f, "{divider}{}", self.note) }
    }
}

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
    pub detail: Detail,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_change_reads_from_what_to_what() {
        let detail = Detail::note("from 1 May on").change("Seats", 5, 3).change("Plan", "Gold", "Gold");
        assert_eq!(detail.to_string(), "Seats: 5 → 3; from 1 May on");
        assert_eq!(Detail::note("Gold").line(), "Gold", "a note alone is kept as it is");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_in_its_place(note in "\\PC*", values in prop::collection::vec(("\\PC+", ".*", ".*"), 0..4)) {
            let mut detail = Detail::note(note);
            for (what, before, after) in values {
                let plain = |text: String| text.replace(char::is_control, "\u{fffd}");
                detail = detail.change(&what, plain(before), plain(after));
            }
            prop_assert_eq!(Detail::read(&detail.line()), detail);
        }

        #[test]
        fn signs_that_separate_separate_nothing_when_typed(before in any::<String>()) {
            let read = Detail::read(&Detail::default().change("Name", &before, "\u{1f}\u{1e}x").line());
            let after: Vec<&str> = read.changes.iter().map(|change| change.after.as_str()).collect();
            prop_assert_eq!(after, ["\u{fffd}\u{fffd}x"]);
        }
    }
}
