//! Every path that the service knows. Literal segments come before placeholders.

use http::Method;

use super::{Handler::*, Route, deleted, delta, reads, schedules, tenant};

const USER_READ: &[&str] = &["User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const GROUP_READ: &[&str] = &["Group.Read.All", "Group.ReadBasic.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const MEMBER_READ: &[&str] = &["GroupMember.Read.All", "GroupMember.ReadBasic.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const OF_READ: &[&str] = &["Directory.Read.All", "Directory.ReadWrite.All", "Group.ReadBasic.All", "GroupMember.Read.All", "GroupMember.ReadBasic.All", "User.Read.All"];
const ROLE_READ: &[&str] = &["RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const ACTIVE_READ: &[&str] = &["RoleAssignmentSchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"];
const ELIGIBLE_READ: &[&str] = &["RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"];
const UNIT_READ: &[&str] = &["AdministrativeUnit.Read.All", "AdministrativeUnit.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const SP_READ: &[&str] = &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const ORG_READ: &[&str] = &["Organization.Read.All", "Organization.ReadWrite.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const DOMAIN_READ: &[&str] = &["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const SKU_READ: &[&str] = &["LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const OBJECT_READ: &[&str] = &["Directory.Read.All", "Directory.ReadWrite.All", "User.Read.All", "Group.Read.All", "Application.Read.All"];

macro_rules! table {
    ($($method:ident $path:literal $cost:literal $any:expr, $handler:expr;)*) => {
        &[$(Route { method: Method::$method, path: $path, cost: $cost, any: $any, handler: $handler }),*]
    };
}

/// All routes, in the order in which they are tried.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    READS.iter()
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
};
