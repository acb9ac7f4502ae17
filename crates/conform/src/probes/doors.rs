//! Which permission opens which path, after the table that Microsoft publishes beside its permissions
//! reference. What the table does not name for a path does not open it.

use crate::needs::*;
use crate::probe::{Door, Probe};
use crate::source::*;

const NOBODY: &str = r#"{"ids":["11111111-2222-4333-8444-555555555555"],"types":["user"]}"#;

macro_rules! doors {
    ($($id:literal, $title:literal, $source:expr, $needs:expr, $path:literal, $body:expr,
       opens $opens:expr, shut $shut:expr;)*) => {
        &[$(Probe::door($id, $title, $source, $needs,
            Door { path: $path, body: $body, opens: &$opens, shut: &$shut })),*]
    };
}

pub(crate) const PROBES: &[Probe] = doors! {
    "may-list-users", "`GET /users` opens to `User.Read.All`, `User.ReadBasic.All`, `Directory.Read.All` and their writing kin", USER_LIST, &[],
        "/users?$top=1&$select=id", None,
        opens ["User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["Group.Read.All", "Application.Read.All"];
    "may-follow-users", "`GET /users/delta` opens to `User.Read.All` and `Directory.Read.All`, not to `User.ReadBasic.All`", USER_DELTA, &[],
        "/users/delta?$select=id&$deltatoken=latest", None,
        opens ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.ReadBasic.All", "Group.Read.All"];
    "may-read-manager", "`GET /users/{id}/manager` opens to `User.Read.All` and `Directory.Read.All`", USER_MANAGER, &[READ_USERS],
        "/users/{user}/manager?$select=id", None,
        opens ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["Group.Read.All"];
    "may-read-member-of", "`GET /users/{id}/memberOf` opens to `Directory.Read.All`, `Group.ReadBasic.All` and `GroupMember.ReadBasic.All`, not to `User.Read.All`", USER_MEMBER_OF, &[READ_USERS],
        "/users/{user}/memberOf?$select=id", None,
        opens ["Directory.Read.All", "Directory.ReadWrite.All", "Group.ReadBasic.All", "GroupMember.ReadBasic.All"],
        shut ["User.Read.All"];
    "may-list-groups", "`GET /groups` opens to `Group.Read.All`, `Group.ReadBasic.All`, `GroupMember.Read.All` and `Directory.Read.All`", GROUP_LIST, &[],
        "/groups?$top=1&$select=id", None,
        opens ["Group.Read.All", "Group.ReadBasic.All", "Group.ReadWrite.All", "GroupMember.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All"];
    "may-follow-groups", "`GET /groups/delta` opens to the same as `GET /groups`", GROUP_DELTA, &[],
        "/groups/delta?$select=id&$deltatoken=latest", None,
        opens ["Group.Read.All", "Group.ReadBasic.All", "Group.ReadWrite.All", "GroupMember.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All"];
    "may-read-members", "`GET /groups/{id}/members` opens to `GroupMember.Read.All`, `GroupMember.ReadBasic.All`, `Group.Read.All`, `Group.ReadBasic.All` and `Directory.Read.All`", GROUP_MEMBERS, &[READ_GROUPS],
        "/groups/{group}/members?$top=1&$select=id", None,
        opens ["GroupMember.Read.All", "GroupMember.ReadBasic.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadBasic.All", "Group.ReadWrite.All", "Directory.Read.All"],
        shut ["User.Read.All"];
    "may-read-owners", "`GET /groups/{id}/owners` opens to `GroupMember.Read.All`, `Group.Read.All` and `Directory.Read.All`, not to `GroupMember.ReadBasic.All`", GROUP_OWNERS, &[READ_GROUPS],
        "/groups/{group}/owners?$top=1&$select=id", None,
        opens ["GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All"],
        shut ["User.Read.All", "GroupMember.ReadBasic.All"];
    "may-list-directory-roles", "`GET /directoryRoles` opens to `RoleManagement.Read.Directory` and `Directory.Read.All`", ROLES_LIST, &[],
        "/directoryRoles?$select=id", None,
        opens ["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All"];
    "may-list-role-definitions", "`GET /roleManagement/directory/roleDefinitions` opens to `RoleManagement.Read.Directory`, `RoleManagement.Read.All` and `Directory.Read.All`", ROLE_DEFINITIONS, &[],
        "/roleManagement/directory/roleDefinitions?$select=id", None,
        opens ["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All"];
    "may-list-role-assignments", "`GET /roleManagement/directory/roleAssignments` opens to `RoleManagement.Read.Directory` and `Directory.Read.All`", ROLE_ASSIGNMENTS, &[],
        "/roleManagement/directory/roleAssignments", None,
        opens ["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All"];
    "may-list-role-instances", "`…/roleAssignmentScheduleInstances` opens to `RoleAssignmentSchedule.Read.Directory` and `RoleManagement.Read.Directory`, not to `Directory.Read.All`", ROLE_INSTANCES, &[],
        "/roleManagement/directory/roleAssignmentScheduleInstances", None,
        opens ["RoleAssignmentSchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"],
        shut ["Directory.Read.All"];
    "may-list-eligibilities", "`…/roleEligibilitySchedules` opens to `RoleEligibilitySchedule.Read.Directory` and `RoleManagement.Read.Directory`, not to `Directory.Read.All`", ROLE_ELIGIBLE, &[],
        "/roleManagement/directory/roleEligibilitySchedules", None,
        opens ["RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"],
        shut ["Directory.Read.All"];
    "may-list-units", "`GET /directory/administrativeUnits` opens to `AdministrativeUnit.Read.All` and `Directory.Read.All`", UNITS, &[],
        "/directory/administrativeUnits?$top=1&$select=id", None,
        opens ["AdministrativeUnit.Read.All", "AdministrativeUnit.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All", "Group.Read.All"];
    "may-read-unit-members", "`…/administrativeUnits/{id}/members` opens to the same", UNIT_MEMBERS, &[READ_UNITS],
        "/directory/administrativeUnits/{unit}/members?$top=1&$select=id", None,
        opens ["AdministrativeUnit.Read.All", "AdministrativeUnit.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All", "Group.Read.All"];
    "may-read-scoped-roles", "`…/administrativeUnits/{id}/scopedRoleMembers` opens to `RoleManagement.Read.Directory` and `Directory.Read.All`, not to `AdministrativeUnit.Read.All`", UNIT_SCOPED, &[READ_UNITS],
        "/directory/administrativeUnits/{unit}/scopedRoleMembers", None,
        opens ["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["AdministrativeUnit.Read.All"];
    "may-read-organization", "`GET /organization` opens to `Organization.Read.All`, `User.Read.All` and `Directory.Read.All`", ORGANIZATION, &[],
        "/organization?$select=id", None,
        opens ["Organization.Read.All", "Organization.ReadWrite.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["Group.Read.All"];
    "may-list-domains", "`GET /domains` opens to `Domain.Read.All` and `Directory.Read.All`", DOMAINS, &[],
        "/domains?$select=id", None,
        opens ["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"],
        shut ["User.Read.All"];
    "may-list-products", "`GET /subscribedSkus` opens to `Organization.Read.All` and `Directory.Read.All`", SKUS, &[],
        "/subscribedSkus?$select=skuId", None,
        opens ["Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        shut ["User.Read.All"];
    "may-list-products-by-licence-permission", "It opens to `LicenseAssignment.Read.All`, too, which the published table does not name for it", SKUS, &[],
        "/subscribedSkus?$select=skuId", None,
        opens ["LicenseAssignment.Read.All"],
        shut [];
    "may-list-service-principals", "`GET /servicePrincipals` opens to `Application.Read.All` and `Directory.Read.All`", PRINCIPALS, &[],
        "/servicePrincipals?$top=1&$select=id", None,
        opens ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"],
        shut ["User.Read.All"];
    "may-read-audit-log", "`GET /auditLogs/directoryAudits` opens to `AuditLog.Read.All` and `Directory.Read.All`", AUDIT, &[],
        "/auditLogs/directoryAudits?$top=1", None,
        opens ["AuditLog.Read.All", "Directory.Read.All"],
        shut ["User.Read.All"];
    "may-get-by-ids", "`POST /directoryObjects/getByIds` opens to `Directory.Read.All`, not to `User.Read.All`", GET_BY_IDS, &[],
        "/directoryObjects/getByIds?$select=id", Some(NOBODY),
        opens ["Directory.Read.All"],
        shut ["User.Read.All"];
    "may-list-deleted-users", "Deleted users are listed to who may list users, not to who may list groups", BIN_LIST, &[],
        "/directory/deletedItems/microsoft.graph.user?$top=1&$select=id", None,
        opens ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"],
        shut ["Group.Read.All"];
    "may-list-deleted-groups", "Deleted groups are listed to who may list groups, not to who may list users", BIN_LIST, &[],
        "/directory/deletedItems/microsoft.graph.group?$top=1&$select=id", None,
        opens ["Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All"],
        shut ["User.Read.All"];
    "may-list-deleted-units", "Deleted units are listed to who may list units, not to who may list users", BIN_LIST, &[],
        "/directory/deletedItems/microsoft.graph.administrativeUnit?$top=1&$select=id", None,
        opens ["AdministrativeUnit.Read.All", "AdministrativeUnit.ReadWrite.All", "Directory.Read.All"],
        shut ["User.Read.All"];
};
