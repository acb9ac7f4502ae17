//! What the pages about one's own account are given: plain data, ready to show.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::partner::MembershipView;
use crate::view::Instant;

/// A person's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    pub name: String,
    pub email: String,
    pub second_factor: SecondFactorView,
    /// The newest first.
    pub sessions: Vec<SessionRow>,
    pub roles: Vec<MembershipView>,
    /// None where the installation has no registration at Microsoft.
    pub microsoft: Option<Vec<MicrosoftRow>>,
    pub email_change: Option<EmailChangeView>,
}

/// How somebody proves themselves beside the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorView {
    /// None where it is not set up.
    pub since: Option<Instant>,
    pub codes_left: u64,
    /// Whether a partner asks for it, so that it cannot be switched off.
    pub asked: bool,
}

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Tells it from the others.
    pub mark: String,
    /// In plain words: "Firefox on Windows".
    pub device: String,
    pub address: String,
    pub begun: Instant,
    pub used: Instant,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// A Microsoft account with which one can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MicrosoftRow {
    pub directory: Uuid,
    pub object: Uuid,
    pub username: String,
    pub linked: Instant,
}

/// An e-mail that is about to change, and who has agreed to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangeView {
    pub old_email: String,
    pub new_email: String,
    pub old_agreed: bool,
    pub new_agreed: bool,
    pub until: Instant,
}

/// What a link asks of the address that it was sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangeAsked {
    pub old_email: String,
    pub new_email: String,
    /// Whether the link went to the new address.
    pub by_new: bool,
    /// Whether the other address has agreed, so that this makes it so.
    pub is_last: bool,
    /// Whose e-mail it is, where it is not the person's own.
    pub organization: Option<String>,
}

/// What an authenticator app is given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorSetUp {
    /// For typing, in groups of four.
    pub secret: String,
    /// For a phone that is the very screen.
    pub uri: String,
    pub picture: QrPicture,
}

impl std::fmt::Debug for SecondFactorSetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactorSetUp(…)")
    }
}

/// A QR code as a path in a square of `size` units, its quiet zone included.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrPicture {
    pub size: i32,
    pub path: String,
}

/// Codes that are shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes(pub Vec<String>);

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecoveryCodes({})", self.0.len())
    }
}

/// What is asked of somebody between password and entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// A code.
    Code,
    /// To set a second factor up, because a partner asks for one.
    SetUp,
}

/// Who asks a partner's people for a second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorRuleView {
    /// The partner itself does.
    pub own: bool,
    /// A partner above does, whose rule stays: its name.
    pub above: Option<String>,
    /// Whether the actor has proved themselves twice, and so would not shut themselves out.
    pub ready: bool,
}

/// Why a way by Microsoft led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MicrosoftProblem {
    Unknown,
    Cancelled,
    Failed,
    Stale,
    Taken,
    NoRole,
}

impl MicrosoftProblem {
    const ALL: [MicrosoftProblem; 6] = [
        MicrosoftProblem::Unknown,
        MicrosoftProblem::Cancelled,
        MicrosoftProblem::Failed,
        MicrosoftProblem::Stale,
        MicrosoftProblem::Taken,
        MicrosoftProblem::NoRole,
    ];

    /// As it stands in an address.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            MicrosoftProblem::Unknown => "unknown",
            MicrosoftProblem::Cancelled => "cancelled",
            MicrosoftProblem::Failed => "failed",
            MicrosoftProblem::Stale => "stale",
            MicrosoftProblem::Taken => "taken",
            MicrosoftProblem::NoRole => "no-role",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<MicrosoftProblem> {
        MicrosoftProblem::ALL.into_iter().find(|problem| problem.slug() == slug)
    }

    /// The sentence for the person.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            MicrosoftProblem::Unknown => {
                "No account here is linked to this Microsoft account. Sign in with your password, then link it under \
                 Your account."
            }
            MicrosoftProblem::Cancelled => {
                "Microsoft's page was left before it was done. Nothing was changed; try again, or use your password."
            }
            MicrosoftProblem::Failed => {
                "Microsoft did not confirm who you are. Nothing was changed; try again in a moment, or use your password."
            }
            MicrosoftProblem::Stale => {
                "This answer of Microsoft's belongs to another attempt, or came too late. Begin again."
            }
            MicrosoftProblem::Taken => {
                "This Microsoft account is linked already, to you or to somebody else. Nothing was changed."
            }
            MicrosoftProblem::NoRole => {
                "Your account has no role, or sign-in is switched off for its organization. Ask a Full Admin of yours, \
                 or your provider."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MicrosoftProblem;

    #[test]
    fn a_problem_survives_the_address() {
        for problem in MicrosoftProblem::ALL {
            assert_eq!(MicrosoftProblem::from_slug(problem.slug()), Some(problem));
        }
        assert_eq!(MicrosoftProblem::from_slug("<script>"), None);
    }
}
