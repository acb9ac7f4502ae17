//! Microsoft Graph application permissions: what each part of a backup and of a restore needs.
//!
//! Source: Microsoft's permission tables (microsoft-graph-devx-content, August 2026).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Permissions any one of which suffices, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyOf(pub &'static [&'static str]);

impl AnyOf {
    /// The one to ask for.
    #[must_use]
    pub fn least(self) -> &'static str {
        self.0.first().copied().unwrap_or_default()
    }

    /// Whether `granted` holds one of them.
    #[must_use]
    pub fn met_by(self, granted: &Granted) -> bool {
        self.0.is_empty() || self.0.iter().any(|p| granted.has(p))
    }
}

/// The application permissions that a connection's token carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted(pub BTreeSet<String>);

impl Granted {
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        self.0.contains(permission)
    }
}

impl<S: Into<String>> FromIterator<S> for Granted {
    fn from_iter<T: IntoIterator<Item = S>>(iter: T) -> Self {
        Granted(iter.into_iter().map(Into::into).collect())
    }
}

pub const READ_USERS: AnyOf =
    AnyOf(&["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]);
pub const READ_GROUPS: AnyOf =
    AnyOf(&["Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]);
pub const READ_HIDDEN: AnyOf = AnyOf(&["Member.Read.Hidden"]);
pub const READ_ROLES: AnyOf = AnyOf(&[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub const READ_ROLE_INSTANCES: AnyOf = AnyOf(&[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
]);
pub const READ_UNITS: AnyOf = AnyOf(&[
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub const READ_LICENCES: AnyOf = AnyOf(&[
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub const READ_AUDIT: AnyOf = AnyOf(&["AuditLog.Read.All"]);

pub const WRITE_USERS: AnyOf = AnyOf(&["User.ReadWrite.All", "Directory.ReadWrite.All"]);
pub const ENABLE_USERS: AnyOf = AnyOf(&["User.EnableDisableAccount.All", "User.ReadWrite.All"]);
pub const WRITE_IDENTITIES: AnyOf = AnyOf(&["User.ManageIdentities.All", "User.ReadWrite.All"]);
pub const RESTORE_USERS: AnyOf = AnyOf(&["User.DeleteRestore.All", "User.ReadWrite.All"]);
pub const WRITE_GROUPS: AnyOf = AnyOf(&["Group.ReadWrite.All", "Directory.ReadWrite.All"]);
pub const RESTORE_GROUPS: AnyOf = AnyOf(&["Group.ReadWrite.All"]);
pub const WRITE_MEMBERS: AnyOf =
    AnyOf(&["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"]);
pub const WRITE_ROLES: AnyOf = AnyOf(&["RoleManagement.ReadWrite.Directory"]);
pub const WRITE_UNITS: AnyOf = AnyOf(&["AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All"]);
pub const WRITE_LICENCES: AnyOf =
    AnyOf(&["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]);

/// One row of the permissions page.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// Needed for restores only; a connection without it still backs up and compares.
    pub restore: bool,
    pub permission: AnyOf,
    /// What it is for, as a person reads it.
    pub why: &'static str,
    /// Without it a capture cannot even begin.
    pub essential: bool,
}

/// Everything Holdfast asks for, backup first, least first.
pub const NEEDS: &[Need] = &[
    Need { restore: false, permission: READ_USERS, why: "Read users and their managers", essential: true },
    Need {
        restore: false,
        permission: READ_GROUPS,
        why: "Read groups, their members and owners",
        essential: true,
    },
    Need {
        restore: false,
        permission: READ_ROLES,
        why: "Read role definitions and assignments",
        essential: false,
    },
    Need {
        restore: false,
        permission: READ_ROLE_INSTANCES,
        why: "Tell standing role assignments from temporary ones",
        essential: false,
    },
    Need {
        restore: false,
        permission: READ_UNITS,
        why: "Read administrative units and their members",
        essential: false,
    },
    Need { restore: false, permission: READ_LICENCES, why: "Name the licences", essential: false },
    Need {
        restore: false,
        permission: READ_HIDDEN,
        why: "Read members of groups with hidden membership",
        essential: false,
    },
    Need { restore: false, permission: READ_AUDIT, why: "Say who made a change", essential: false },
    Need {
        restore: true,
        permission: WRITE_USERS,
        why: "Set attributes and managers, bring deleted users back",
        essential: false,
    },
    Need {
        restore: true,
        permission: WRITE_GROUPS,
        why: "Set attributes and owners, bring deleted groups back",
        essential: false,
    },
    Need { restore: true, permission: WRITE_MEMBERS, why: "Put members back into groups", essential: false },
    Need {
        restore: true,
        permission: WRITE_ROLES,
        why: "Restore role assignments, custom roles and role-assignable groups",
        essential: false,
    },
    Need { restore: true, permission: WRITE_UNITS, why: "Restore administrative units", essential: false },
    Need { restore: true, permission: WRITE_LICENCES, why: "Assign licences again", essential: false },
];
