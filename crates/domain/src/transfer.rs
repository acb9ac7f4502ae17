//! How an organization goes from one partner to another: proposed by one, accepted by the other.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::money::Money;
use crate::partner::PlanCell;
use crate::product::ProductType;
use crate::subscription::Refusal;
use crate::view::Instant;

/// How long a proposal, and a code to be found by, is good.
pub const DAYS: i64 = 14;

/// How a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransferState {
    Proposed,
    Accepted,
    Declined,
    Withdrawn,
    /// Nobody decided in time.
    Expired,
}

impl TransferState {
    pub const ALL: [TransferState; 5] = [
        TransferState::Proposed,
        TransferState::Accepted,
        TransferState::Declined,
        TransferState::Withdrawn,
        TransferState::Expired,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            TransferState::Proposed => "proposed",
            TransferState::Accepted => "accepted",
            TransferState::Declined => "declined",
            TransferState::Withdrawn => "withdrawn",
            TransferState::Expired => "expired",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<TransferState> {
        TransferState::ALL.into_iter().find(|s| s.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            TransferState::Proposed => "Waiting for an answer",
            TransferState::Accepted => "Accepted",
            TransferState::Declined => "Declined",
            TransferState::Withdrawn => "Withdrawn",
            TransferState::Expired => "Expired",
        }
    }
}

/// A proposal in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRow {
    pub id: Uuid,
    /// The organization's name; empty once it is out of the reader's reach, or erased.
    pub organization: String,
    pub from: String,
    pub to: String,
    pub state: TransferState,
    pub proposed_by: String,
    pub proposed: Instant,
    pub until: Instant,
    pub decided: Option<Instant>,
}

/// The proposals of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransfersPage {
    /// To the partner, newest first.
    pub incoming: Vec<TransferRow>,
    /// From its branch.
    pub outgoing: Vec<TransferRow>,
    /// Whether whoever looks may answer, propose, and make a code.
    pub may_decide: bool,
}

/// What the giver sees before proposing, and while it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferOffer {
    pub organization: Uuid,
    pub name: String,
    /// Partners of one's own branch that could take it.
    pub partners: Vec<(Uuid, String)>,
    /// The proposal that waits for an answer.
    pub open: Option<TransferRow>,
    /// Why it cannot be transferred as things stand.
    pub obstacle: Option<String>,
}

/// A plan of the receiving partner, or why it cannot follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferPlan {
    pub plan: PlanCell,
    pub refusal: Option<Refusal>,
    /// What the seats that the organization has would be billed on it for one period; none where that is no amount.
    pub cost: Option<Money>,
}

/// All that the receiver sees of the organization until it accepts: what it takes to decide, and nobody's name, data or
/// price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferPreview {
    pub row: TransferRow,
    pub note: String,
    pub country: Option<String>,
    pub product: Option<ProductType>,
    pub state: String,
    pub seats: i64,
    pub seats_used: i64,
    pub tenants: i64,
    pub plans: Vec<TransferPlan>,
}

/// A code by which an organization can be sent to the partner that made it; shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferCode {
    pub code: String,
    pub until: Instant,
}

/// What goes along, for both sides to read.
pub const MOVES: &str = "The organization with its tenants, all snapshots, restores and settings, its people and the \
                         links they were sent. Nothing is backed up anew, and nobody has to sign in again.";

/// What stays behind.
pub const STAYS: &str = "The giving partner keeps its audit log and what it has billed until that day. Its visits, API \
                         tokens and consent links end. Its people reach the organization afterwards only if the new \
                         partner is in their branch, below them.";

/// Who bills which days.
pub const BILLS: &str = "The day of the acceptance, by UTC, is the first that the new partner bills; every day before is \
                         the old partner's.";
