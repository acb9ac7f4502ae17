//! Every path that the service knows. Literal segments come before placeholders.

use http::Method;

use super::allowed::*;
use super::{
    Handler::*, Route, audit, deleted, delta, groups, licences, members, objects, others, reads, requests,
    roles, schedules, tenant, units, users,
};

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
    GET "/users" 2 USERS, Read(reads::users);
    GET "/users/$count" 2 USERS, Read(reads::users_count);
    GET "/users/delta" 1 USERS_FULL, Read(delta::users);
    GET "/users/{id}" 1 USERS, Read(reads::user);
    GET "/users/{id}/manager" 1 USERS_FULL, Read(reads::manager);
    GET "/users/{id}/manager/$ref" 1 USERS_FULL, Read(reads::manager_ref);
    GET "/users/{id}/directReports" 1 USERS_FULL, Read(reads::direct_reports);
    GET "/users/{id}/directReports/$count" 1 USERS_FULL, Read(reads::direct_reports);
    GET "/users/{id}/memberOf" 2 USER_MEMBER_OF, Read(reads::member_of);
    GET "/users/{id}/memberOf/$count" 2 USER_MEMBER_OF, Read(reads::member_of);
    GET "/users/{id}/memberOf/microsoft.graph.{type}" 2 USER_MEMBER_OF, Read(reads::member_of_cast);
    GET "/users/{id}/transitiveMemberOf" 2 USER_TRANSITIVE, Read(reads::transitive_member_of);
    GET "/users/{id}/ownedObjects" 2 USERS_FULL, Read(reads::owned_objects);

    GET "/users/{id}/licenseDetails" 1 LICENSE_DETAILS, Read(licences::details);

    GET "/groups" 1 GROUPS, Read(reads::groups);
    GET "/groups/$count" 1 GROUPS, Read(reads::groups_count);
    GET "/groups/delta" 1 GROUPS, Read(delta::groups);
    GET "/groups/{id}" 1 GROUPS, Read(reads::group);
    GET "/groups/{id}/members" 3 MEMBERS, Read(reads::members);
    GET "/groups/{id}/members/$count" 3 MEMBERS, Read(reads::members);
    GET "/groups/{id}/members/$ref" 3 MEMBERS, Read(reads::members_ref);
    GET "/groups/{id}/members/microsoft.graph.{type}" 3 MEMBERS, Read(reads::members_cast);
    GET "/groups/{id}/transitiveMembers" 5 MEMBERS, Read(reads::transitive_members);
    GET "/groups/{id}/owners" 1 OWNERS, Read(reads::owners);
    GET "/groups/{id}/owners/$count" 1 OWNERS, Read(reads::owners);
    GET "/groups/{id}/owners/$ref" 1 OWNERS, Read(reads::owners_ref);
    GET "/groups/{id}/owners/microsoft.graph.{type}" 1 OWNERS, Read(reads::owners_cast);
    GET "/groups/{id}/memberOf" 2 GROUP_MEMBER_OF, Read(reads::member_of);
    GET "/groups/{id}/transitiveMemberOf" 2 USER_MEMBER_OF, Read(reads::transitive_member_of);

    GET "/directoryRoles" 1 ROLES, Read(reads::roles);
    GET "/directoryRoles/$count" 1 ROLES, Read(reads::roles_count);
    GET "/directoryRoles/delta" 1 ROLES, Read(delta::roles);
    GET "/directoryRoles/{id}" 1 ROLES, Read(reads::role);
    GET "/directoryRoles/{id}/members" 1 ROLES, Read(reads::members);
    GET "/directoryRoles/{id}/members/$count" 1 ROLES, Read(reads::members);

    GET "/directoryRoles/{id}/scopedMembers" 1 ROLES, Read(units::role_scoped_members);
    GET "/directoryRoleTemplates" 1 ROLES, Read(roles::templates);
    GET "/directoryRoleTemplates/{id}" 1 ROLES, Read(roles::template);

    GET "/roleManagement/directory/roleDefinitions" 1 ROLE_DEFINITIONS, Read(reads::role_definitions);
    GET "/roleManagement/directory/roleDefinitions/$count" 1 ROLE_DEFINITIONS, Read(reads::role_definitions_count);
    GET "/roleManagement/directory/roleDefinitions/{id}" 1 ROLE_DEFINITIONS, Read(reads::role_definition);
    GET "/roleManagement/directory/deletedItems/roleDefinitions" 1 DELETED_ROLE_DEFINITIONS, Read(deleted::role_definitions);
    GET "/roleManagement/directory/deletedItems/roleDefinitions/{id}" 1 DELETED_ROLE_DEFINITIONS, Read(deleted::role_definition);
    GET "/roleManagement/directory/roleAssignments" 1 ROLES, Read(schedules::assignments);
    GET "/roleManagement/directory/roleAssignments/{id}" 1 ROLES, Read(schedules::assignment);
    GET "/roleManagement/directory/roleAssignmentSchedules" 1 ACTIVE, Read(schedules::schedules);
    GET "/roleManagement/directory/roleAssignmentSchedules/{id}" 1 ACTIVE, Read(schedules::schedule);
    GET "/roleManagement/directory/roleAssignmentScheduleInstances" 1 ACTIVE, Read(schedules::instances);
    GET "/roleManagement/directory/roleAssignmentScheduleInstances/{id}" 1 ACTIVE, Read(schedules::instance);
    GET "/roleManagement/directory/roleEligibilitySchedules" 1 ELIGIBLE, Read(schedules::eligibilities);
    GET "/roleManagement/directory/roleEligibilitySchedules/{id}" 1 ELIGIBLE, Read(schedules::eligibility);
    GET "/roleManagement/directory/roleEligibilityScheduleInstances" 1 ELIGIBLE, Read(schedules::eligibility_instances);
    GET "/roleManagement/directory/roleEligibilityScheduleInstances/{id}" 1 ELIGIBLE, Read(schedules::eligibility_instance);

    GET "/directory/administrativeUnits" 1 UNITS, Read(reads::units);
    GET "/directory/administrativeUnits/$count" 1 UNITS, Read(reads::units_count);
    GET "/directory/administrativeUnits/delta" 1 UNITS, Read(delta::units);
    GET "/directory/administrativeUnits/{id}" 1 UNITS, Read(reads::unit);
    GET "/directory/administrativeUnits/{id}/members" 1 UNITS, Read(reads::members);
    GET "/directory/administrativeUnits/{id}/members/$count" 1 UNITS, Read(reads::members);
    GET "/directory/administrativeUnits/{id}/members/$ref" 1 UNITS, Read(reads::members_ref);
    GET "/directory/administrativeUnits/{id}/members/microsoft.graph.{type}" 1 UNITS, Read(reads::members_cast);

    GET "/directory/administrativeUnits/{id}/scopedRoleMembers" 1 ROLES, Read(units::scoped_members);

    GET "/directory/deletedItems/microsoft.graph.{type}" 1 BY_KIND, Read(deleted::list);
    GET "/directory/deletedItems/microsoft.graph.{type}/$count" 1 BY_KIND, Read(deleted::list);
    GET "/directory/deletedItems/{id}" 1 BY_KIND, Read(deleted::get);

    GET "/organization" 1 ORGANIZATIONS, Read(tenant::organizations);
    GET "/organization/{id}" 1 ORGANIZATION, Read(tenant::organization);
    GET "/domains" 1 DOMAINS, Read(tenant::domains);
    GET "/domains/{id}" 1 DOMAINS, Read(tenant::domain);
    GET "/subscribedSkus" 3 SKUS, Read(tenant::skus);
    GET "/subscribedSkus/{id}" 3 SKUS, Read(tenant::sku);
    GET "/servicePrincipals" 1 SERVICE_PRINCIPALS, Read(reads::service_principals);
    GET "/servicePrincipals/$count" 1 SERVICE_PRINCIPALS, Read(reads::service_principals_count);
    GET "/servicePrincipals/{id}" 1 SERVICE_PRINCIPAL, Read(reads::service_principal);
    GET "/servicePrincipals/{id}/memberOf" 2 SERVICE_PRINCIPAL, Read(reads::member_of);
    GET "/servicePrincipals/{id}/ownedObjects" 2 SERVICE_PRINCIPAL, Read(reads::owned_objects);
    GET "/devices" 1 DEVICES, Read(reads::devices);
    GET "/devices/$count" 1 DEVICES, Read(reads::devices_count);
    GET "/devices/{id}" 1 DEVICES, Read(reads::device);
    GET "/devices/{id}/memberOf" 2 DEVICES, Read(reads::member_of);
    GET "/contacts" 1 CONTACTS, Read(reads::contacts);
    GET "/contacts/$count" 1 CONTACTS, Read(reads::contacts_count);
    GET "/contacts/{id}" 1 CONTACTS, Read(reads::contact);
    GET "/contacts/{id}/memberOf" 2 CONTACT_MEMBER_OF, Read(reads::member_of);
    GET "/directoryObjects/{id}" 1 OBJECTS, Read(reads::directory_object);
    POST "/directoryObjects/getByIds" 5 OBJECTS, Read(objects::get_by_ids);
    GET "/auditLogs/directoryAudits" 1 AUDITS, Read(audit::audits);
    GET "/auditLogs/directoryAudits/{id}" 1 AUDITS, Read(audit::audit_entry);
};

/// The handlers ask for more by property and by target.
static WRITES: &[Route] = table! {
    POST "/users" 1 USER_WRITE, Write(users::create);
    PATCH "/users/{id}" 1 USER_PATCH, Write(users::update);
    DELETE "/users/{id}" 1 USER_DELETE, Write(users::delete);
    PUT "/users/{id}/manager/$ref" 1 USER_WRITE, Write(users::set_manager);
    DELETE "/users/{id}/manager/$ref" 1 USER_WRITE, Write(users::clear_manager);
    POST "/users/{id}/assignLicense" 1 USER_LICENSES, Write(licences::assign_user);
    POST "/users/{id}/microsoft.graph.assignLicense" 1 USER_LICENSES, Write(licences::assign_user);

    POST "/groups" 1 GROUP_CREATE, Write(groups::create);
    PATCH "/groups/{id}" 1 MEMBERS_WRITE, Write(groups::update);
    DELETE "/groups/{id}" 1 GROUP_DELETE, Write(groups::delete);
    POST "/groups/{id}/members/$ref" 1 MEMBERS_WRITE, Write(members::add_member);
    DELETE "/groups/{id}/members/{id}/$ref" 1 MEMBERS_WRITE, Write(members::remove_member);
    POST "/groups/{id}/owners/$ref" 1 GROUP_WRITE, Write(members::add_owner);
    DELETE "/groups/{id}/owners/{id}/$ref" 1 GROUP_WRITE, Write(members::remove_owner);
    POST "/groups/{id}/assignLicense" 1 GROUP_LICENSES, Write(licences::assign_group);

    POST "/directoryRoles" 1 ROLE_WRITE, Write(roles::activate);
    POST "/directoryRoles/{id}/members/$ref" 1 ROLE_WRITE, Write(members::add_role_member);
    DELETE "/directoryRoles/{id}/members/{id}/$ref" 1 ROLE_WRITE, Write(members::remove_role_member);
    POST "/roleManagement/directory/roleDefinitions" 1 ROLE_DEFINITION_WRITE, Write(roles::create_definition);
    PATCH "/roleManagement/directory/roleDefinitions/{id}" 1 ROLE_DEFINITION_WRITE, Write(roles::update_definition);
    DELETE "/roleManagement/directory/roleDefinitions/{id}" 1 ROLE_DEFINITION_WRITE, Write(roles::delete_definition);
    POST "/roleManagement/directory/deletedItems/roleDefinitions/{id}/restore" 1 ROLE_WRITE, Write(deleted::restore_role_definition);
    DELETE "/roleManagement/directory/deletedItems/roleDefinitions/{id}" 1 ROLE_WRITE, Write(deleted::purge_role_definition);
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

    PATCH "/servicePrincipals/{id}" 1 SERVICE_PRINCIPAL_WRITE, Write(others::update_service_principal);
    DELETE "/servicePrincipals/{id}" 1 SERVICE_PRINCIPAL_WRITE, Write(others::delete_service_principal);
    PATCH "/devices/{id}" 1 DEVICE_WRITE, Write(others::update_device);
    DELETE "/devices/{id}" 1 DEVICE_DELETE, Write(others::delete_device);
    PATCH "/contacts/{id}" 1 BY_KIND, Write(others::update_contact);
    DELETE "/contacts/{id}" 1 BY_KIND, Write(others::delete_contact);

    POST "/directory/deletedItems/{id}/restore" 1 BY_KIND, Write(deleted::restore);
    POST "/directory/deletedItems/{id}/microsoft.graph.restore" 1 BY_KIND, Write(deleted::restore);
    DELETE "/directory/deletedItems/{id}" 1 BY_KIND, Write(deleted::purge);
    PATCH "/organization/{id}" 1 ORGANIZATION_WRITE, Write(tenant::patch_organization);
};
