//! What the help pages are given.

use serde::{Deserialize, Serialize};

/// What a page of help is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HelpTopic {
    /// How the portal at hand is used.
    Guide,
    /// What Holdfast is allowed in a directory, and why.
    Permissions,
}

/// Whom to ask, and where the data lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpFacts {
    /// The partner who looks after the reader; none above the first partner.
    pub provider: Option<String>,
    pub support: Option<String>,
    /// A partner's own support address, where there is no other to show: those who ask this partner see it.
    pub own_support: Option<String>,
    pub data_location: Option<String>,
}

/// A part of a page that can be jumped to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    pub id: String,
    pub text: String,
}

/// A page of help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpPage {
    pub title: String,
    pub contents: Vec<Heading>,
    /// Our own text, as HTML.
    pub html: String,
    pub facts: HelpFacts,
}
