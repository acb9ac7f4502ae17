//! Every path that the service knows. Literal segments come before placeholders.

use http::Method;

use super::{
    Handler::*, Route, audit, deleted, delta, groups, licences, members, objects, reads, requests, roles,
    schedules, tenant, units, users,
};

const USER_READ: &[&str] = &[
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const GROUP_READ: &[&str] = &[
    "Group.Read.All",
    "Group.ReadBasic.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const MEMBER_READ: &[&str] = &[
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const OF_READ: &[&str] = &[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "User.Read.All",
];
const ROLE_READ: &[&str] = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const ACTIVE_READ: &[&str] = &[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
];
const ELIGIBLE_READ: &[&str] = &[
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
];
const UNIT_READ: &[&str] = &[
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const SP_READ: &[&str] =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const ORG_READ: &[&str] = &[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "User.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const DOMAIN_READ: &[&str] =
    &["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const SKU_READ: &[&str] = &[
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "Organization.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const OBJECT_READ: &[&str] = &[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "Group.Read.All",
    "Application.Read.All",
];

const AUDIT_READ: &[&str] = &["AuditLog.Read.All", "Directory.Read.All"];

macro_rules! table {
    ($($method:ident $path:literal $cost:literal $any:expr, $handler:expr;)*) => {
        &[$(Route { method: Method::$method, path: $path, cost: $cost, any: $any, handler: $handler }),*]
    };
}

/// All routes, in the order in which they are tried.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    READS.iter().chain(WRITES)
}

static READS: &[Route] = table! {
    GET "/users" 2 USER_READ, Read(reads::users);
    GET "/users/$count" 2 USER_READ, Read(reads::users_count);
    GET "/users/delta" 1 USER_READ, Read(delta::users);
    GET "/users/{id}" 1 USER_READ, Read(reads::user);
    GET "/users/{id}/manager" 1 USER_READ, Read(reads::manager);
    GET "/users/{id}/manager/$ref" 1 USER_READ, Read(reads::manager_ref);
    GET "/users/{id}/directReports" 1 USER_READ, Read(reads::direct_reports);
    GET "/users/{id}/directReports/$count" 1 USER_READ, Read(reads::direct_reports);
    GET "/users/{id}/memberOf" 2 OF_READ, Read(reads::member_of);
    GET "/users/{id}/memberOf/$count" 2 OF_READ, Read(reads::member_of);
    GET "/users/{id}/memberOf/microsoft.graph.{type}" 2 OF_READ, Read(reads::member_of_cast);
    GET "/users/{id}/transitiveMemberOf" 2 OF_READ, Read(reads::transitive_member_of);
    GET "/users/{id}/ownedObjects" 2 OF_READ, Read(reads::owned_objects);

    GET "/users/{id}/licenseDetails" 1 SKU_READ, Read(licences::details);

    GET "/groups" 1 GROUP_READ, Read(reads::groups);
    GET "/groups/$count" 1 GROUP_READ, Read(reads::groups_count);
    GET "/groups/delta" 1 GROUP_READ, Read(delta::groups);
    GET "/groups/{id}" 1 GROUP_READ, Read(reads::group);
    GET "/groups/{id}/members" 3 MEMBER_READ, Read(reads::members);
    GET "/groups/{id}/members/$count" 3 MEMBER_READ, Read(reads::members);
    GET "/groups/{id}/members/$ref" 3 MEMBER_READ, Read(reads::members_ref);
    GET "/groups/{id}/members/microsoft.graph.{type}" 3 MEMBER_READ, Read(reads::members_cast);
    GET "/groups/{id}/transitiveMembers" 5 MEMBER_READ, Read(reads::transitive_members);
    GET "/groups/{id}/owners" 1 MEMBER_READ, Read(reads::owners);
    GET "/groups/{id}/owners/$count" 1 MEMBER_READ, Read(reads::owners);
    GET "/groups/{id}/owners/$ref" 1 MEMBER_READ, Read(reads::owners_ref);
    GET "/groups/{id}/owners/microsoft.graph.{type}" 1 MEMBER_READ, Read(reads::owners_cast);
    GET "/groups/{id}/memberOf" 2 OF_READ, Read(reads::member_of);
    GET "/groups/{id}/transitiveMemberOf" 2 OF_READ, Read(reads::transitive_member_of);

    GET "/directoryRoles" 1 ROLE_READ, Read(reads::roles);
    GET "/directoryRoles/$count" 1 ROLE_READ, Read(reads::roles_count);
    GET "/directoryRoles/delta" 1 ROLE_READ, Read(delta::roles);
    GET "/directoryRoles/{id}" 1 ROLE_READ, Read(reads::role);
    GET "/directoryRoles/{id}/members" 1 ROLE_READ, Read(reads::members);
    GET "/directoryRoles/{id}/members/$count" 1 ROLE_READ, Read(reads::members);

    GET "/directoryRoles/{id}/scopedMembers" 1 ROLE_READ, Read(units::role_scoped_members);
    GET "/directoryRoleTemplates" 1 ROLE_READ, Read(roles::templates);
    GET "/directoryRoleTemplates/{id}" 1 ROLE_READ, Read(roles::template);

    GET "/roleManagement/directory/roleDefinitions" 1 ROLE_READ, Read(reads::role_definitions);
    GET "/roleManagement/directory/roleDefinitions/$count" 1 ROLE_READ, Read(reads::role_definitions_count);
    GET "/roleManagement/directory/roleDefinitions/{id}" 1 ROLE_READ, Read(reads::role_definition);
    GET "/roleManagement/directory/deletedItems/roleDefinitions" 1 ROLE_READ, Read(deleted::role_definitions);
    GET "/roleManagement/directory/roleAssignments" 1 ROLE_READ, Read(schedules::assignments);
    GET "/roleManagement/directory/roleAssignments/{id}" 1 ROLE_READ, Read(schedules::assignment);
    GET "/roleManagement/directory/roleAssignmentSchedules" 1 ACTIVE_READ, Read(schedules::schedules);
    GET "/roleManagement/directory/roleAssignmentSchedules/{id}" 1 ACTIVE_READ, Read(schedules::schedule);
    GET "/roleManagement/directory/roleAssignmentScheduleInstances" 1 ACTIVE_READ, Read(schedules::instances);
    GET "/roleManagement/directory/roleAssignmentScheduleInstances/{id}" 1 ACTIVE_READ, Read(schedules::instance);
    GET "/roleManagement/directory/roleEligibilitySchedules" 1 ELIGIBLE_READ, Read(schedules::eligibilities);
    GET "/roleManagement/directory/roleEligibilitySchedules/{id}" 1 ELIGIBLE_READ, Read(schedules::eligibility);
    GET "/roleManagement/directory/roleEligibilityScheduleInstances" 1 ELIGIBLE_READ, Read(schedules::eligibility_instances);
    GET "/roleManagement/directory/roleEligibilityScheduleInstances/{id}" 1 ELIGIBLE_READ, Read(schedules::eligibility_instance);

    GET "/directory/administrativeUnits" 1 UNIT_READ, Read(reads::units);
    GET "/directory/administrativeUnits/$count" 1 UNIT_READ, Read(reads::units_count);
    GET "/directory/administrativeUnits/delta" 1 UNIT_READ, Read(delta::units);
    GET "/directory/administrativeUnits/{id}" 1 UNIT_READ, Read(reads::unit);
    GET "/directory/administrativeUnits/{id}/members" 1 UNIT_READ, Read(reads::members);
    GET "/directory/administrativeUnits/{id}/members/$count" 1 UNIT_READ, Read(reads::members);
    GET "/directory/administrativeUnits/{id}/members/$ref" 1 UNIT_READ, Read(reads::members_ref);
    GET "/directory/administrativeUnits/{id}/members/microsoft.graph.{type}" 1 UNIT_READ, Read(reads::members_cast);

    GET "/directory/administrativeUnits/{id}/scopedRoleMembers" 1 ROLE_READ, Read(units::scoped_members);

    GET "/directory/deletedItems/microsoft.graph.{type}" 1 &[], Read(deleted::list);
    GET "/directory/deletedItems/microsoft.graph.{type}/$count" 1 &[], Read(deleted::list);
    GET "/directory/deletedItems/{id}" 1 &[], Read(deleted::get);

    GET "/organization" 1 ORG_READ, Read(tenant::organizations);
    GET "/organization/{id}" 1 ORG_READ, Read(tenant::organization);
    GET "/domains" 1 DOMAIN_READ, Read(tenant::domains);
    GET "/domains/{id}" 1 DOMAIN_READ, Read(tenant::domain);
    GET "/subscribedSkus" 3 SKU_READ, Read(tenant::skus);
    GET "/subscribedSkus/{id}" 3 SKU_READ, Read(tenant::sku);
    GET "/servicePrincipals" 1 SP_READ, Read(reads::service_principals);
    GET "/servicePrincipals/$count" 1 SP_READ, Read(reads::service_principals_count);
    GET "/servicePrincipals/{id}" 1 SP_READ, Read(reads::service_principal);
    GET "/servicePrincipals/{id}/memberOf" 2 OF_READ, Read(reads::member_of);
    GET "/directoryObjects/{id}" 1 OBJECT_READ, Read(reads::directory_object);
    POST "/directoryObjects/getByIds" 5 OBJECT_READ, Read(objects::get_by_ids);
    GET "/auditLogs/directoryAudits" 1 AUDIT_READ, Read(audit::audits);
    GET "/auditLogs/directoryAudits/{id}" 1 AUDIT_READ, Read(audit::audit_entry);
};

/// Who may write; the handlers ask for more by property and by target.
const USER_WRITE: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
const USER_PATCH: &[&str] = &[
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
    "User.EnableDisableAccount.All",
    "User-Phone.ReadWrite.All",
    "User-Mail.ReadWrite.All",
    "User-PasswordProfile.ReadWrite.All",
    "User.ManageIdentities.All",
    "User-LifeCycleInfo.ReadWrite.All",
    "CustomSecAttributeAssignment.ReadWrite.All",
];
const USER_DELETE: &[&str] = &["User.DeleteRestore.All", "User.ReadWrite.All"];
const GROUP_CREATE: &[&str] = &["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
const GROUP_PATCH: &[&str] = &["Group.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.ReadWrite.All"];
const GROUP_DELETE: &[&str] = &["Group.ReadWrite.All"];
const ROLE_WRITE: &[&str] = &["RoleManagement.ReadWrite.Directory"];
const ACTIVE_WRITE: &[&str] =
    &["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"];
const ELIGIBLE_WRITE: &[&str] =
    &["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"];
const UNIT_WRITE: &[&str] = &["AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All"];
const LICENCE_WRITE: &[&str] = &[
    "LicenseAssignment.ReadWrite.All",
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
];
const ORG_WRITE: &[&str] = &["Organization.ReadWrite.All"];

static WRITES: &[Route] = table! {
    POST "/users" 1 USER_WRITE, Write(users::create);
    PATCH "/users/{id}" 1 USER_PATCH, Write(users::update);
    DELETE "/users/{id}" 1 USER_DELETE, Write(users::delete);
    PUT "/users/{id}/manager/$ref" 1 USER_WRITE, Write(users::set_manager);
    DELETE "/users/{id}/manager/$ref" 1 USER_WRITE, Write(users::clear_manager);
    POST "/users/{id}/assignLicense" 1 LICENCE_WRITE, Write(licences::assign_user);
    POST "/users/{id}/microsoft.graph.assignLicense" 1 LICENCE_WRITE, Write(licences::assign_user);

    POST "/groups" 1 GROUP_CREATE, Write(groups::create);
    PATCH "/groups/{id}" 1 GROUP_PATCH, Write(groups::update);
    DELETE "/groups/{id}" 1 GROUP_DELETE, Write(groups::delete);
    POST "/groups/{id}/members/$ref" 1 GROUP_PATCH, Write(members::add_member);
    DELETE "/groups/{id}/members/{id}/$ref" 1 GROUP_PATCH, Write(members::remove_member);
    POST "/groups/{id}/owners/$ref" 1 GROUP_PATCH, Write(members::add_owner);
    DELETE "/groups/{id}/owners/{id}/$ref" 1 GROUP_PATCH, Write(members::remove_owner);
    POST "/groups/{id}/assignLicense" 1 LICENCE_WRITE, Write(licences::assign_group);

    POST "/directoryRoles" 1 ROLE_WRITE, Write(roles::activate);
    POST "/directoryRoles/{id}/members/$ref" 1 ROLE_WRITE, Write(members::add_role_member);
    DELETE "/directoryRoles/{id}/members/{id}/$ref" 1 ROLE_WRITE, Write(members::remove_role_member);
    POST "/roleManagement/directory/roleDefinitions" 1 ROLE_WRITE, Write(roles::create_definition);
    PATCH "/roleManagement/directory/roleDefinitions/{id}" 1 ROLE_WRITE, Write(roles::update_definition);
    DELETE "/roleManagement/directory/roleDefinitions/{id}" 1 ROLE_WRITE, Write(roles::delete_definition);
    POST "/roleManagement/directory/deletedItems/roleDefinitions/{id}/restore" 1 ROLE_WRITE, Write(deleted::restore_role_definition);
    POST "/roleManagement/directory/roleAssignments" 1 ROLE_WRITE, Write(roles::assign);
    DELETE "/roleManagement/directory/roleAssignments/{id}" 1 ROLE_WRITE, Write(roles::unassign);
    POST "/roleManagement/directory/roleAssignmentScheduleRequests" 1 ACTIVE_WRITE, Write(requests::assign);
    POST "/roleManagement/directory/roleEligibilityScheduleRequests" 1 ELIGIBLE_WRITE, Write(requests::make_eligible);

    POST "/directory/administrativeUnits" 1 UNIT_WRITE, Write(units::create);
    PATCH "/directory/administrativeUnits/{id}" 1 UNIT_WRITE, Write(units::update);
    DELETE "/directory/administrativeUnits/{id}" 1 UNIT_WRITE, Write(units::delete);
    POST "/directory/administrativeUnits/{id}/members/$ref" 1 UNIT_WRITE, Write(members::add_unit_member);
    DELETE "/directory/administrativeUnits/{id}/members/{id}/$ref" 1 UNIT_WRITE, Write(members::remove_unit_member);
    POST "/directory/administrativeUnits/{id}/scopedRoleMembers" 1 ROLE_WRITE, Write(units::add_scoped);
    DELETE "/directory/administrativeUnits/{id}/scopedRoleMembers/{id}" 1 ROLE_WRITE, Write(units::remove_scoped);

    POST "/directory/deletedItems/{id}/restore" 1 &[], Write(deleted::restore);
    POST "/directory/deletedItems/{id}/microsoft.graph.restore" 1 &[], Write(deleted::restore);
    DELETE "/directory/deletedItems/{id}" 1 &[], Write(deleted::purge);
    PATCH "/organization/{id}" 1 ORG_WRITE, Write(tenant::patch_organization);
};
