//! One thing done to several customers at once.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::PartnerAction;
use crate::subscription::Move;

/// What can be done to several at once. What takes typing to confirm cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bulk {
    BackUp,
    Suspend,
    Resume,
}

impl Bulk {
    pub const ALL: [Bulk; 3] = [Bulk::BackUp, Bulk::Suspend, Bulk::Resume];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Bulk::BackUp => "back-up",
            Bulk::Suspend => "suspend",
            Bulk::Resume => "resume",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Bulk> {
        Bulk::ALL.into_iter().find(|bulk| bulk.slug() == slug)
    }

    /// What the button says.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Bulk::BackUp => "Back up now",
            Bulk::Suspend => "Suspend",
            Bulk::Resume => "Resume",
        }
    }

    /// What it asks of a role.
    #[must_use]
    pub const fn needs(self) -> PartnerAction {
        match self {
            Bulk::BackUp => PartnerAction::BackUp,
            Bulk::Suspend | Bulk::Resume => PartnerAction::ManageOrganizations,
        }
    }

    /// The change of a subscription that it is; none for a backup.
    #[must_use]
    pub const fn as_move(self) -> Option<Move> {
        match self {
            Bulk::BackUp => None,
            Bulk::Suspend => Some(Move::Suspend),
            Bulk::Resume => Some(Move::Resume),
        }
    }
}

/// The most customers that are done at once.
pub const MOST: usize = 200;

/// One of those that were chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRow {
    pub id: Uuid,
    pub name: String,
    pub number: String,
    /// Why it cannot be done to this one; none where it can.
    pub obstacle: Option<String>,
}

/// What is asked before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkQuestion {
    pub what: Bulk,
    pub rows: Vec<BulkRow>,
    /// How many of those chosen are not there for whoever asks.
    pub unknown: i64,
}

/// What came of it, for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkResult {
    pub id: Uuid,
    pub name: String,
    pub number: String,
    /// What was done, or why it was not.
    pub outcome: Result<String, String>,
}

/// What came of it, for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkDone {
    pub what: Bulk,
    pub results: Vec<BulkResult>,
}
