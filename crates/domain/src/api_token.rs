//! API tokens as the pages are given them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::view::Instant;

/// An API token in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenRow {
    pub id: Uuid,
    pub name: String,
    /// How it begins.
    pub hint: String,
    pub maker: String,
    /// Whether it may start backups; it may read in any case.
    pub back_up: bool,
    pub created: Instant,
    pub expires: Instant,
    /// When it was last used, to the minute.
    pub used: Option<Instant>,
}

/// The tokens of an organization or a partner, and what the form for another one offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokensView {
    pub tokens: Vec<ApiTokenRow>,
    /// Whether its maker's role includes starting backups.
    pub back_up: bool,
    /// Made a moment ago by a form without a script; it is told once.
    pub made: Option<ApiTokenMade>,
}

/// What a token's maker is shown, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenMade {
    pub name: String,
    pub secret: String,
    pub expires: Instant,
}

impl std::fmt::Debug for ApiTokenMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ApiTokenMade({})", self.name)
    }
}
