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

/// What a partner's user may be, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartnerRole {
    Owner,
    SuperAdmin,
    Admin,
    Finance,
    Support,
    ReadOnly,
}

impl PartnerRole {
    pub const ALL: [PartnerRole; 6] = [
        PartnerRole::Owner,
        PartnerRole::SuperAdmin,
        PartnerRole::Admin,
        PartnerRole::Finance,
        PartnerRole::Support,
        PartnerRole::ReadOnly,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            PartnerRole::Owner => "owner",
            PartnerRole::SuperAdmin => "super-admin",
            PartnerRole::Admin => "admin",
            PartnerRole::Finance => "finance",
            PartnerRole::Support => "support",
            PartnerRole::ReadOnly => "read-only",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<PartnerRole> {
        PartnerRole::ALL.into_iter().find(|r| r.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            PartnerRole::Owner => "Owner",
            PartnerRole::SuperAdmin => "Super Admin",
            PartnerRole::Admin => "Admin",
            PartnerRole::Finance => "Finance",
            PartnerRole::Support => "Support",
            PartnerRole::ReadOnly => "Read-only",
        }
    }

    /// Whether one of this role may give, change or take away that one: only roles below one's own.
    #[must_use]
    pub fn is_above(self, other: PartnerRole) -> bool {
        match self {
            PartnerRole::Owner | PartnerRole::SuperAdmin | PartnerRole::Admin => self < other,
            PartnerRole::Finance | PartnerRole::Support | PartnerRole::ReadOnly => false,
        }
    }

    /// The table.
    #[must_use]
    pub const fn may(self, what: PartnerAction) -> bool {
        use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
        match what {
            PartnerAction::SeeOrganizations => true,
            PartnerAction::SeeHealth => !matches!(self, Finance),
            PartnerAction::SeeMoney => !matches!(self, Support),
            PartnerAction::SeeAudit => matches!(self, Owner | SuperAdmin | Admin | ReadOnly),
            PartnerAction::ManagePlans => matches!(self, Owner | SuperAdmin | Finance),
            PartnerAction::ManageOrganizations | PartnerAction::ManageFeatures => {
                matches!(self, Owner | SuperAdmin | Admin)
            }
            PartnerAction::ManageSubscriptions => matches!(self, Owner | SuperAdmin | Admin | Finance),
            PartnerAction::ManageUsers | PartnerAction::ManageSettings => {
                matches!(self, Owner | SuperAdmin | Admin)
            }
            PartnerAction::ManagePartners | PartnerAction::DeleteOrganizations => {
                matches!(self, Owner | SuperAdmin)
            }
            PartnerAction::EnableEntra => matches!(self, Owner),
            PartnerAction::BackUp => matches!(self, Owner | SuperAdmin | Admin | Support),
            PartnerAction::Visit => !matches!(self, Finance),
        }
    }

    /// What one of this role is in a customer's portal; none where it stays closed.
    #[must_use]
    pub const fn as_visitor(self) -> Option<Visitor> {
        match self {
            PartnerRole::Owner | PartnerRole::SuperAdmin | PartnerRole::Admin => {
                Some(Visitor { role: OrgRole::FullAdmin, restores: true })
            }
            PartnerRole::Support => Some(Visitor { role: OrgRole::ItAdmin, restores: false }),
            PartnerRole::ReadOnly => Some(Visitor { role: OrgRole::Viewer, restores: false }),
            PartnerRole::Finance => None,
        }
    }
}

/// What a partner's user may do in a customer's portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub role: OrgRole,
    pub restores: bool,
}

/// What can be done in the Partner Portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartnerAction {
    /// Read the organizations of one's branch, their plans and states.
    SeeOrganizations,
    /// Read how backups and credentials stand.
    SeeHealth,
    /// Read prices, seats and bills.
    SeeMoney,
    SeeAudit,
    /// Create, change and archive plans.
    ManagePlans,
    /// Create organizations, change their details, suspend, resume and unsubscribe them.
    ManageOrganizations,
    /// Delete an organization, and take that back; transfer one.
    DeleteOrganizations,
    /// Change plans and seats.
    ManageSubscriptions,
    /// Switch features of the End-User Portal on and off.
    ManageFeatures,
    /// Invite and change users below one's own role.
    ManageUsers,
    /// Notifications, branding, mail.
    ManageSettings,
    /// Create and change the partners below.
    ManagePartners,
    /// Open the Entra products to a partner below.
    EnableEntra,
    /// Start and cancel backups of customers.
    BackUp,
    /// Enter a customer's portal.
    Visit,
}

impl PartnerAction {
    pub const ALL: [PartnerAction; 15] = [
        PartnerAction::SeeOrganizations,
        PartnerAction::SeeHealth,
        PartnerAction::SeeMoney,
        PartnerAction::SeeAudit,
        PartnerAction::ManagePlans,
        PartnerAction::ManageOrganizations,
        PartnerAction::DeleteOrganizations,
        PartnerAction::ManageSubscriptions,
        PartnerAction::ManageFeatures,
        PartnerAction::ManageUsers,
        PartnerAction::ManageSettings,
        PartnerAction::ManagePartners,
        PartnerAction::EnableEntra,
        PartnerAction::BackUp,
        PartnerAction::Visit,
    ];

    /// Whether nothing is altered by it.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(
            self,
            PartnerAction::SeeOrganizations
                | PartnerAction::SeeHealth
                | PartnerAction::SeeMoney
                | PartnerAction::SeeAudit
                // What a visitor may do in there is another matter.
                | PartnerAction::Visit
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written out apart from the product's table: Owner, Super Admin, Admin, Finance, Support, Read-only.
    const EXPECTED: [(PartnerAction, [bool; 6]); 15] = [
        (PartnerAction::SeeOrganizations, [true, true, true, true, true, true]),
        (PartnerAction::SeeHealth, [true, true, true, false, true, true]),
        (PartnerAction::SeeMoney, [true, true, true, true, false, true]),
        (PartnerAction::SeeAudit, [true, true, true, false, false, true]),
        (PartnerAction::ManagePlans, [true, true, false, true, false, false]),
        (PartnerAction::ManageOrganizations, [true, true, true, false, false, false]),
        (PartnerAction::DeleteOrganizations, [true, true, false, false, false, false]),
        (PartnerAction::ManageSubscriptions, [true, true, true, true, false, false]),
        (PartnerAction::ManageFeatures, [true, true, true, false, false, false]),
        (PartnerAction::ManageUsers, [true, true, true, false, false, false]),
        (PartnerAction::ManageSettings, [true, true, true, false, false, false]),
        (PartnerAction::ManagePartners, [true, true, false, false, false, false]),
        (PartnerAction::EnableEntra, [true, false, false, false, false, false]),
        (PartnerAction::BackUp, [true, true, true, false, true, false]),
        (PartnerAction::Visit, [true, true, true, false, true, true]),
    ];

    #[test]
    fn each_role_may_do_what_is_written_out_here() {
        for (action, roles) in EXPECTED {
            for (role, expected) in PartnerRole::ALL.into_iter().zip(roles) {
                assert_eq!(role.may(action), expected, "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn invariants() {
        for action in Action::ALL {
            assert!(!OrgRole::Viewer.may(action) || action == Action::See, "a viewer only looks");
        }
        for action in PartnerAction::ALL {
            assert!(PartnerRole::Owner.may(action), "an owner may everything");
            assert!(!PartnerRole::ReadOnly.may(action) || action.only_reads(), "{action:?}");
        }
        assert_eq!(PartnerRole::Finance.as_visitor(), None, "finance sees no directory data");
        for role in PartnerRole::ALL {
            assert_eq!(role.may(PartnerAction::Visit), role.as_visitor().is_some());
            assert!(!role.is_above(role) && !role.is_above(PartnerRole::Owner));
        }
    }
}
