//! The permissions that probes take, least first: Microsoft's permissions reference
//! (<https://learn.microsoft.com/graph/permissions-reference>).

pub(crate) const READ_USERS: &[&str] =
    &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const READ_GROUPS: &[&str] =
    &["Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const READ_MEMBER_OF: &[&str] =
    &["GroupMember.ReadBasic.All", "Group.ReadBasic.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const READ_APPS: &[&str] =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];
pub(crate) const READ_ROLES: &[&str] = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const READ_ACTIVE: &[&str] = &[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
];
pub(crate) const READ_ELIGIBLE: &[&str] = &[
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
];
pub(crate) const READ_UNITS: &[&str] = &[
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const READ_TENANT: &[&str] =
    &["Organization.Read.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const READ_DOMAINS: &[&str] = &["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"];
pub(crate) const READ_SKUS: &[&str] =
    &["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const READ_AUDIT: &[&str] = &["AuditLog.Read.All", "Directory.Read.All"];
pub(crate) const READ_ANY: &[&str] = &["Directory.Read.All"];
pub(crate) const READ_HIDDEN: &[&str] = &["Member.Read.Hidden"];

pub(crate) const WRITE_USERS: &[&str] = &["User.ReadWrite.All"];
pub(crate) const WRITE_GROUPS: &[&str] = &["Group.ReadWrite.All"];
pub(crate) const WRITE_APPS: &[&str] = &["Application.ReadWrite.All", "Directory.ReadWrite.All"];
pub(crate) const WRITE_ROLES: &[&str] = &["RoleManagement.ReadWrite.Directory"];
pub(crate) const WRITE_UNITS: &[&str] = &["AdministrativeUnit.ReadWrite.All"];
pub(crate) const WRITE_LICENCES: &[&str] = &["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All"];

/// What a user of a probe's own takes: the tenant's domain, and writing users.
pub(crate) const USER: &[&[&str]] = &[WRITE_USERS, READ_TENANT];
/// What a group with users of its own takes.
pub(crate) const GROUP: &[&[&str]] = &[WRITE_GROUPS, WRITE_USERS, READ_TENANT];
/// What a unit with users of its own takes.
pub(crate) const UNIT: &[&[&str]] = &[WRITE_UNITS, WRITE_USERS, READ_TENANT];
/// What a role that somebody of its own holds takes.
pub(crate) const ROLE: &[&[&str]] = &[WRITE_ROLES, WRITE_USERS, READ_TENANT];
