//! Who may do what. One table; pages hide what an actor may not do, and services refuse it.

mod rank;

use serde::{Deserialize, Serialize};

use crate::feature::Feature;

pub use rank::{RankRefusal, hand_over};

/// What an organization's user may be, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
            Action::Download => !matches!(self, OrgRole::Viewer),
            Action::Connect | Action::ManageAlerts | Action::ManageUsers | Action::ManageTokens => {
                matches!(self, OrgRole::FullAdmin | OrgRole::ItAdmin)
            }
            Action::DecideVisits => matches!(self, OrgRole::FullAdmin),
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
    /// Take objects and comparisons along as files.
    Download,
    /// Tune the rules of alerts, and choose which are sent.
    ManageAlerts,
    /// Invite and change people below one's own role.
    ManageUsers,
    /// Create and revoke API tokens.
    ManageTokens,
    /// Forbid the partner's people to visit, and allow it.
    DecideVisits,
}

impl Action {
    pub const ALL: [Action; 9] = [
        Action::See,
        Action::BackUp,
        Action::Restore,
        Action::Connect,
        Action::Download,
        Action::ManageAlerts,
        Action::ManageUsers,
        Action::ManageTokens,
        Action::DecideVisits,
    ];

    /// Whether nothing is altered by it, here or in the tenant.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self, Action::See | Action::Download)
    }

    /// The feature that must be switched on beside the right; none for what nobody can switch off. Searching and
    /// comparing are ways to see, and have features of their own.
    #[must_use]
    pub const fn feature(self) -> Option<Feature> {
        match self {
            Action::See | Action::DecideVisits => None,
            Action::BackUp => Some(Feature::BackUpNow),
            Action::Restore => Some(Feature::Restore),
            Action::Connect => Some(Feature::Connect),
            Action::Download => Some(Feature::Download),
            Action::ManageAlerts => Some(Feature::Alerts),
            Action::ManageUsers => Some(Feature::UserManagement),
            Action::ManageTokens => Some(Feature::Api),
        }
    }
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
            PartnerAction::ManageUsers | PartnerAction::ManageSettings | PartnerAction::ManageTokens => {
                matches!(self, Owner | SuperAdmin | Admin)
            }
            // Support is an IT Admin to its customers, and an IT Admin connects tenants.
            PartnerAction::ManageCredentials => matches!(self, Owner | SuperAdmin | Admin | Support),
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

impl Visitor {
    /// One who may not restore may not make a person or a token either that could. Whether there are visits at all is
    /// the customer's own decision.
    #[must_use]
    pub const fn may(self, what: Action) -> bool {
        if matches!(what, Action::DecideVisits) {
            return false;
        }
        let leads_to_restores = matches!(what, Action::Restore | Action::ManageUsers | Action::ManageTokens);
        self.role.may(what) && (self.restores || !leads_to_restores)
    }
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
    /// Create and change the partners below, and the name and addresses of one's own.
    ManagePartners,
    /// Open the Entra products to a partner below.
    EnableEntra,
    /// Test and renew customers' connections, and send links to consent with.
    ManageCredentials,
    /// Create and revoke API tokens of one's partner and of customers.
    ManageTokens,
    /// Start and cancel backups of customers.
    BackUp,
    /// Enter a customer's portal.
    Visit,
}

impl PartnerAction {
    pub const ALL: [PartnerAction; 17] = [
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
        PartnerAction::ManageCredentials,
        PartnerAction::ManageTokens,
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
    const EXPECTED: [(PartnerAction, [bool; 6]); 17] = [
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
        (PartnerAction::ManageCredentials, [true, true, true, false, true, false]),
        (PartnerAction::ManageTokens, [true, true, true, false, false, false]),
        (PartnerAction::BackUp, [true, true, true, false, true, false]),
        (PartnerAction::Visit, [true, true, true, false, true, true]),
    ];

    /// Full Admin, IT Admin, Restore Operator, Viewer.
    const EXPECTED_IN_ORGANIZATION: [(Action, [bool; 4]); 9] = [
        (Action::See, [true, true, true, true]),
        (Action::BackUp, [true, true, true, false]),
        (Action::Restore, [true, true, true, false]),
        (Action::Connect, [true, true, false, false]),
        (Action::Download, [true, true, true, false]),
        (Action::ManageAlerts, [true, true, false, false]),
        (Action::ManageUsers, [true, true, false, false]),
        (Action::ManageTokens, [true, true, false, false]),
        (Action::DecideVisits, [true, false, false, false]),
    ];

    /// In a customer's portal: Owner, Super Admin, Admin, Finance, Support, Read-only.
    const EXPECTED_OF_VISITORS: [(Action, [bool; 6]); 9] = [
        (Action::See, [true, true, true, false, true, true]),
        (Action::BackUp, [true, true, true, false, true, false]),
        (Action::Restore, [true, true, true, false, false, false]),
        (Action::Connect, [true, true, true, false, true, false]),
        (Action::Download, [true, true, true, false, true, false]),
        (Action::ManageAlerts, [true, true, true, false, true, false]),
        (Action::ManageUsers, [true, true, true, false, false, false]),
        (Action::ManageTokens, [true, true, true, false, false, false]),
        (Action::DecideVisits, [false, false, false, false, false, false]),
    ];

    #[test]
    fn the_tests_tables_leave_nothing_out() {
        assert_eq!(EXPECTED.map(|(action, _)| action), PartnerAction::ALL);
        assert_eq!(EXPECTED_IN_ORGANIZATION.map(|(action, _)| action), Action::ALL);
        assert_eq!(EXPECTED_OF_VISITORS.map(|(action, _)| action), Action::ALL);
    }

    #[test]
    fn each_role_may_do_what_is_written_out_here() {
        for (action, roles) in EXPECTED {
            for (role, expected) in PartnerRole::ALL.into_iter().zip(roles) {
                assert_eq!(role.may(action), expected, "{role:?} {action:?}");
            }
        }
        for (action, roles) in EXPECTED_IN_ORGANIZATION {
            for (role, expected) in OrgRole::ALL.into_iter().zip(roles) {
                assert_eq!(role.may(action), expected, "{role:?} {action:?}");
            }
        }
        for (action, roles) in EXPECTED_OF_VISITORS {
            for (role, expected) in PartnerRole::ALL.into_iter().zip(roles) {
                let may = role.as_visitor().is_some_and(|visitor| visitor.may(action));
                assert_eq!(may, expected, "visiting {role:?} {action:?}");
            }
        }
    }

    #[test]
    fn invariants() {
        for action in Action::ALL {
            assert!(OrgRole::FullAdmin.may(action), "a full admin may everything");
            assert!(!OrgRole::Viewer.may(action) || action.only_reads(), "a viewer never mutates");
            for role in PartnerRole::ALL {
                let Some(visitor) = role.as_visitor() else { continue };
                assert!(
                    !visitor.may(action) || visitor.role.may(action),
                    "a visitor is no more than the role"
                );
            }
            let read_only = PartnerRole::ReadOnly.as_visitor().unwrap();
            assert!(!read_only.may(action) || action.only_reads(), "{action:?}");
        }
        for action in PartnerAction::ALL {
            assert!(PartnerRole::Owner.may(action), "an owner may everything");
            assert!(!PartnerRole::ReadOnly.may(action) || action.only_reads(), "{action:?}");
        }
        for directory_data in [
            PartnerAction::SeeHealth,
            PartnerAction::ManageCredentials,
            PartnerAction::BackUp,
            PartnerAction::Visit,
        ] {
            assert!(!PartnerRole::Finance.may(directory_data), "finance sees no directory data");
        }
        assert_eq!(PartnerRole::Finance.as_visitor(), None, "finance sees no directory data");
        for role in PartnerRole::ALL {
            assert_eq!(role.may(PartnerAction::Visit), role.as_visitor().is_some());
        }
    }
}
