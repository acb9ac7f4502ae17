//! What the help pages are given.

use serde::{Deserialize, Serialize};

/// Whom to ask, and where the data lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpFacts {
    /// The partner who looks after the reader; none above the first partner.
    pub provider: Option<String>,
    pub support: Option<String>,
    pub data_location: Option<String>,
}

/// A page of help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpPage {
    pub title: String,
    /// Our own text, as HTML.
    pub html: String,
    pub facts: HelpFacts,
}
