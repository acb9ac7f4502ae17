//! Microsoft Graph application permissions: what each part of a backup and of a restore needs.
//!
//! Source: Microsoft's permission tables (microsoft-graph-devx-content, August 2026).

mod document;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::view::PermissionRow;

pub use document::document;

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
/// Shows only the basic profile; everything else comes as null.
pub const READ_BASIC_USERS: AnyOf = AnyOf(&["User.ReadBasic.All"]);
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
/// Microsoft's table has `Directory.Read.All` here too, its page ("List directoryAudits") asks for both of them: it is
/// not counted on alone.
pub const READ_AUDIT: AnyOf = AnyOf(&["AuditLog.Read.All"]);
/// What a user is a member of, asked from the user's end (`/users/{id}/memberOf`). Reading groups is not
/// enough: the table has no `Group.Read.All` and no `GroupMember.Read.All` for this path.
pub const READ_MEMBER_OF: AnyOf = AnyOf(&[
    "GroupMember.ReadBasic.All",
    "Group.ReadBasic.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// Service principals by id, and what they are members of (`/servicePrincipals/{id}/memberOf`). The table
/// also has `Application.ReadWrite.OwnedBy`; that is for an app's own service principals, not for all.
pub const READ_APPLICATIONS: AnyOf = AnyOf(&[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub const READ_DEVICES: AnyOf =
    AnyOf(&["Device.Read.All", "Device.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]);
/// Organizational contacts (`/contacts/{id}`): the "Get orgContact" page, as the table has no row.
pub const READ_CONTACTS: AnyOf =
    AnyOf(&["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"]);

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
    /// What there is not without it.
    pub without: &'static str,
    /// Without it a capture cannot even begin.
    pub essential: bool,
}

impl Need {
    const fn backup(permission: AnyOf, why: &'static str, without: &'static str) -> Need {
        Need { restore: false, permission, why, without, essential: false }
    }

    const fn restore(permission: AnyOf, why: &'static str, without: &'static str) -> Need {
        Need { restore: true, permission, why, without, essential: false }
    }

    const fn essential(mut self) -> Need {
        self.essential = true;
        self
    }
}

/// Everything Holdfast asks for, backup first, least first.
pub const NEEDS: &[Need] = &[
    Need::backup(READ_USERS, "Read users and their managers", "No backup begins.").essential(),
    Need::backup(READ_GROUPS, "Read groups, their members and owners", "No backup begins.").essential(),
    Need::backup(
        READ_ROLES,
        "Read role definitions and assignments",
        "Roles and who holds them are not in the backup; every snapshot says that it is partial.",
    ),
    Need::backup(
        READ_ROLE_INSTANCES,
        "Tell standing role assignments from temporary ones",
        "An activated role looks like a standing one; a restore asks before it touches any.",
    ),
    Need::backup(
        READ_UNITS,
        "Read administrative units and their members",
        "Administrative units are not in the backup; every snapshot says that it is partial.",
    ),
    Need::backup(READ_LICENCES, "Name the licences", "Licences are kept, but shown by their ids."),
    Need::backup(
        READ_HIDDEN,
        "Read members of groups with hidden membership",
        "Members of these groups are not in the backup.",
    ),
    Need::backup(
        READ_MEMBER_OF,
        "Read the groups of a user that comes back from the recycle bin",
        "Until a full backup, some memberships of users that come back are not seen.",
    ),
    Need::backup(
        READ_APPLICATIONS,
        "Name service principals and read their memberships",
        "Service principals are shown by their IDs, and some of their memberships are not in the backup.",
    ),
    Need::backup(READ_DEVICES, "Name devices", "Devices that are members or owners are shown by their IDs."),
    Need::backup(READ_CONTACTS, "Name contacts", "Contacts that are members are shown by their IDs."),
    Need::backup(READ_AUDIT, "Say who made a change", "Changes are shown without who made them."),
    Need::restore(
        WRITE_USERS,
        "Set attributes and managers, bring deleted users back",
        "Users are compared, and not restored.",
    ),
    Need::restore(
        WRITE_GROUPS,
        "Set attributes and owners, bring deleted groups back",
        "Groups are compared, and not restored.",
    ),
    Need::restore(
        WRITE_MEMBERS,
        "Put members back into groups",
        "Memberships are compared, and not restored.",
    ),
    Need::restore(
        WRITE_ROLES,
        "Restore role assignments, custom roles and role-assignable groups",
        "Roles, and groups that can hold them, are compared, and not restored.",
    ),
    Need::restore(
        WRITE_UNITS,
        "Restore administrative units",
        "Administrative units are compared, and not restored.",
    ),
    Need::restore(WRITE_LICENCES, "Assign licences again", "Licences are compared, and not restored."),
];

/// The permissions that backups ask for and that nothing granted covers, least of each first: a connection that
/// lacks one is not healthy. The one rule for the connection's page, for lists and for what is stored.
pub fn lacking(granted: &Granted) -> impl Iterator<Item = &'static Need> {
    NEEDS.iter().filter(|need| !need.restore && !need.permission.met_by(granted))
}

/// The table of permissions: what is asked for, and what was granted that covers it.
#[must_use]
pub fn rows(granted: &Granted) -> Vec<PermissionRow> {
    NEEDS
        .iter()
        .map(|need| PermissionRow {
            permission: need.permission.least().to_owned(),
            why: need.why.to_owned(),
            without: need.without.to_owned(),
            restore: need.restore,
            essential: need.essential,
            granted_by: need.permission.0.iter().find(|p| granted.has(p)).map(|p| (*p).to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::{DESCRIPTORS, Restorable};

    /// Whatever a descriptor says it needs is met by what is asked for: backups by the first half, restores by all.
    #[test]
    fn the_list_asks_for_all_that_the_descriptors_need() {
        let least = |restore: bool| -> Granted {
            NEEDS.iter().filter(|n| restore || !n.restore).map(|n| n.permission.least()).collect()
        };
        let (backup, all) = (least(false), least(true));
        for d in DESCRIPTORS {
            assert!(d.read.met_by(&backup), "reading {:?}", d.kind);
            assert!(d.write.met_by(&all) && d.restore.met_by(&all), "restoring {:?}", d.kind);
            assert!(!d.write.met_by(&backup), "backups ask for no right to write {:?}", d.kind);
            for l in d.links {
                assert!(l.read.met_by(&backup) && l.write.met_by(&all), "{:?}", l.kind);
            }
            for a in d.attributes {
                if let Restorable::Separate(own) = a.restorable {
                    assert!(own.met_by(&all), "{}", a.name);
                }
            }
        }
    }
}
