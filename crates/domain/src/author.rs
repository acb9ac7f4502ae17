//! Who made a change, as far as the directory's own audit log says.
//!
//! What is named is what the log says: that somebody did this to the object between the two reads. Where several did,
//! each is named with the time; where the log does not say, nobody is.

use serde::{Deserialize, Serialize};

use crate::change::ObjectRef;
use crate::kind::LinkKind;
use crate::view::Instant;

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    Person {
        /// Empty where the log has none.
        name: String,
        /// Empty where the log has none.
        principal_name: String,
    },
    App {
        name: String,
    },
    /// The connection's own app: this product.
    Holdfast {
        /// The restore that ran at the time.
        restore: Option<i64>,
    },
}

impl Author {
    /// Who it is, in a few words.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Author::Person { name, principal_name } if name.is_empty() => principal_name,
            Author::Person { name, .. } => name,
            Author::App { name } => name,
            Author::Holdfast { .. } => "Holdfast",
        }
    }

    /// What tells a person from others of the same name; empty where the name says it all.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Author::Person { name, principal_name } if !name.is_empty() && name != principal_name => {
                principal_name
            }
            _ => "",
        }
    }
}

/// The part of an object's change that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The object came, went or came back.
    Whole,
    /// An attribute, by Graph's name.
    Attribute(String),
    /// Links of that kind.
    Links(LinkKind),
}

/// What somebody did that made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorship {
    pub author: Author,
    /// Microsoft's name of the activity: "Update user".
    pub activity: String,
    /// When, the last time.
    pub at: Instant,
    /// How often.
    pub times: i64,
    /// What it made of the object's change, each once.
    pub parts: Vec<Part>,
}

/// How far the audit log could be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditLog {
    /// All of it, for the time between the two reads.
    Read,
    /// The later read is so recent that entries may still be missing.
    NotYetComplete,
    /// It says nothing of before `since`: Microsoft keeps thirty days, and seven without a premium license.
    /// Source: "Microsoft Entra data retention" (learn.microsoft.com).
    Expired { since: Instant },
    /// There is more of it than is read for a page.
    TooLong,
    /// The connection lacks `AuditLog.Read.All`.
    NoPermission,
    /// Microsoft refused, or did not answer in time.
    Failed,
}

impl AuditLog {
    /// Why somebody may be missing, and what to do; none where all of the log was read.
    #[must_use]
    pub const fn shortcoming(self) -> Option<&'static str> {
        Some(match self {
            AuditLog::Read => return None,
            AuditLog::NotYetComplete => {
                "Microsoft's audit log comes some minutes late, and this was read just now. Who is missing here may be \
                 named in a quarter of an hour."
            }
            AuditLog::Expired { .. } => {
                "Microsoft's audit log keeps 30 days, and 7 without a premium license. Who changed something before then \
                 cannot be said."
            }
            AuditLog::TooLong => {
                "Between the two snapshots there is more in Microsoft's audit log than is read for a page, so that some \
                 may be missing. Compare two snapshots that are closer together."
            }
            AuditLog::NoPermission => {
                "Who made a change stands in Microsoft's audit log, and the connection may not read it. Grant the app \
                 AuditLog.Read.All, then test the connection again."
            }
            AuditLog::Failed => {
                "Microsoft's audit log could not be read just now, so that nobody is named. Look again in a moment."
            }
        })
    }
}

/// Who changed one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authored {
    pub log: AuditLog,
    /// The latest first; nobody where the log names nobody.
    pub by: Vec<Authorship>,
}

/// Who changed the objects of one page of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authors {
    pub log: AuditLog,
    /// Objects without anybody are left out.
    pub of: Vec<(ObjectRef, Vec<Authorship>)>,
}

impl Authors {
    /// Who changed that object, the latest first.
    #[must_use]
    pub fn of(&self, object: ObjectRef) -> &[Authorship] {
        self.of.iter().find(|(of, _)| *of == object).map_or(&[], |(_, by)| by)
    }
}
