//! How Holdfast signs in to a tenant, and how a customer's administrator is asked to let it in.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::view::Instant;

/// What a connection proves itself with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// A client secret of the customer's own app registration.
    Secret,
    /// A certificate of the customer's own app registration.
    Certificate,
    /// The installation's own app, which an administrator of the directory consented to. Its secret stands in the
    /// installation's settings.
    Installation,
}

impl ProofKind {
    pub const ALL: [ProofKind; 3] = [ProofKind::Secret, ProofKind::Certificate, ProofKind::Installation];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            ProofKind::Secret => "secret",
            ProofKind::Certificate => "certificate",
            ProofKind::Installation => "installation",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<ProofKind> {
        ProofKind::ALL.into_iter().find(|p| p.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            ProofKind::Secret => "Client secret",
            ProofKind::Certificate => "Certificate",
            ProofKind::Installation => "Admin consent",
        }
    }
}

/// How a connection stands for backups. What only restores need is no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// Signing in works, and everything that backups ask for is granted.
    Healthy,
    /// Backups run without something that they ask for.
    Limited,
    /// Signing in fails, or backups cannot run.
    ActionRequired,
}

impl ConnectionState {
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            ConnectionState::Healthy => "Healthy",
            ConnectionState::Limited => "Limited",
            ConnectionState::ActionRequired => "Action required",
        }
    }
}

/// A secret or certificate that ends within so many days is told beforehand.
pub const EXPIRY_WARNING_DAYS: i64 = 30;

/// Whole days until `ends`, negative once it is over.
#[must_use]
pub fn days_left(ends: Instant, now: Instant) -> i64 {
    (ends - now).num_seconds().div_euclid(TimeDelta::days(1).num_seconds())
}

/// Whether it ends soon enough to be told, or has ended.
#[must_use]
pub fn ends_soon(ends: Instant, now: Instant) -> bool {
    days_left(ends, now) <= EXPIRY_WARNING_DAYS
}

/// How a link that asks for consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentState {
    Open,
    Used,
    Revoked,
    Expired,
}

impl ConsentState {
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            ConsentState::Open => "Open",
            ConsentState::Used => "Used",
            ConsentState::Revoked => "Revoked",
            ConsentState::Expired => "Expired",
        }
    }
}

/// A link that was made for a customer's administrator. The link itself is not in it: it was shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentLinkRow {
    pub id: Uuid,
    pub made_by: String,
    pub made: Instant,
    pub until: Instant,
    /// Where it was mailed to.
    pub sent_to: Option<String>,
    pub state: ConsentState,
    /// When it was used or revoked.
    pub ended: Option<Instant>,
    /// The administrator who consented.
    pub used_by: Option<String>,
}

/// A new link, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentLinkMade {
    pub organization: Uuid,
    pub organization_name: String,
    /// Its path, shown once; none where a mail brings it.
    pub link: Option<String>,
    pub until: Instant,
    /// Where it was mailed to.
    pub sent_to: Option<String>,
}

/// What somebody with the link is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentOffer {
    pub organization: String,
    pub partner: String,
    /// Whom to ask at the partner.
    pub support: Option<String>,
    pub until: Instant,
    /// Where the backups are kept, as the installation says it.
    pub data_location: Option<String>,
    /// Why the last attempt did not succeed.
    pub problem: Option<String>,
    /// The path that goes on to Microsoft.
    pub go: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentDone {
    pub organization: String,
    pub partner: String,
    /// The directory's name and domain.
    pub tenant: String,
    pub domain: String,
    pub can_restore: bool,
}

/// What the page of a link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentPage {
    Offer(ConsentOffer),
    Done(ConsentDone),
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn days_are_whole_and_the_last_one_counts_as_none() {
        let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let at = |seconds| days_left(now + TimeDelta::seconds(seconds), now);
        assert_eq!((at(86_400 * 30), at(86_400 * 2 - 1), at(1), at(0), at(-1)), (30, 1, 0, 0, -1));
        assert!(ends_soon(now + TimeDelta::days(30), now) && !ends_soon(now + TimeDelta::days(31), now));
    }
}
