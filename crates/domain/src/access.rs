//! Who may do what. One table; pages hide what an actor may not do, and services refuse it.

use serde::{Deserialize, Serialize};

/// What an organization's user may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrgRole {
    FullAdmin,
    ItAdmin,
    RestoreOperator,
    Viewer,
}

impl OrgRole {
    pub const ALL: [OrgRole; 4] =
        [OrgRole::FullAdmin, OrgRole::ItAdmin, OrgRole::RestoreOperator, OrgRole::Viewer];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            OrgRole::FullAdmin => "full-admin",
            OrgRole::ItAdmin => "it-admin",
            OrgRole::RestoreOperator => "restore-operator",
            OrgRole::Viewer => "viewer",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<OrgRole> {
        OrgRole::ALL.into_iter().find(|r| r.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            OrgRole::FullAdmin => "Full Admin",
            OrgRole::ItAdmin => "IT Admin",
            OrgRole::RestoreOperator => "Restore Operator",
            OrgRole::Viewer => "Viewer",
        }
    }

    /// The table.
    #[must_use]
    pub const fn may(self, what: Action) -> bool {
        match what {
            Action::See => true,
            Action::BackUp => !matches!(self, OrgRole::Viewer),
            Action::Restore => {
                matches!(self, OrgRole::FullAdmin | OrgRole::ItAdmin | OrgRole::RestoreOperator)
            }
            Action::Connect => matches!(self, OrgRole::FullAdmin | OrgRole::ItAdmin),
        }
    }
}

/// What can be done in the End-User Portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Read snapshots, compare, look at objects.
    See,
    /// Start or cancel a backup.
    BackUp,
    /// Plan, run, pause and cancel a restore.
    Restore,
    /// Connect a tenant, change its credentials.
    Connect,
}

impl Action {
    pub const ALL: [Action; 4] = [Action::See, Action::BackUp, Action::Restore, Action::Connect];
}
