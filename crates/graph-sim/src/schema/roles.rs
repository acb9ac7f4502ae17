//! Directory roles, role definitions, assignments and their schedules.

use super::Ty::*;
use super::{Schema, prop, schema};

schema! { role, "directoryRoles", "microsoft.graph.directoryRole";
    ID => prop("id", Guid, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    DESCRIPTION => prop("description", Str, "d", 0);
    DISPLAY_NAME => prop("displayName", Str, "d", 0);
    TEMPLATE => prop("roleTemplateId", Str, "dc", 0);
}

schema! { template, "directoryRoleTemplates", "microsoft.graph.directoryRoleTemplate";
    ID => prop("id", Str, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    DESCRIPTION => prop("description", Str, "d", 0);
    DISPLAY_NAME => prop("displayName", Str, "d", 0);
}

schema! { roledef, "roleManagement/directory/roleDefinitions", "microsoft.graph.unifiedRoleDefinition";
    ID => prop("id", Guid, "d!", 0);
    DESCRIPTION => prop("description", Str, "dw", 1024);
    DISPLAY_NAME => prop("displayName", Str, "dw!", 256);
    BUILT_IN => prop("isBuiltIn", Bool, "d", 0);
    ENABLED => prop("isEnabled", Bool, "dw!", 0);
    SCOPES => prop("resourceScopes", Strs, "dw!", 0);
    PERMISSIONS => prop("rolePermissions", Objects, "dw!", 0);
    TEMPLATE => prop("templateId", Str, "dc", 0);
    VERSION => prop("version", Str, "dw", 0);
}

schema! { assignment, "roleManagement/directory/roleAssignments", "microsoft.graph.unifiedRoleAssignment";
    ID => prop("id", Str, "d!", 0);
    PRINCIPAL => prop("principalId", Str, "dc", 0);
    SCOPE => prop("directoryScopeId", Str, "dc", 0);
    APP_SCOPE => prop("appScopeId", Str, "", 0);
    ROLE => prop("roleDefinitionId", Str, "dc", 0);
    CONDITION => prop("condition", Str, "", 0);
    ORGANIZATION => prop("principalOrganizationId", Str, "", 0);
}

schema! { instance, "roleManagement/directory/roleAssignmentScheduleInstances",
    "microsoft.graph.unifiedRoleAssignmentScheduleInstance";
    ID => prop("id", Str, "d!", 0);
    PRINCIPAL => prop("principalId", Str, "d", 0);
    ROLE => prop("roleDefinitionId", Str, "d", 0);
    SCOPE => prop("directoryScopeId", Str, "d", 0);
    APP_SCOPE => prop("appScopeId", Str, "d", 0);
    START => prop("startDateTime", Date, "d", 0);
    END => prop("endDateTime", Date, "d", 0);
    TYPE => prop("assignmentType", Str, "d", 0);
    MEMBER => prop("memberType", Str, "d", 0);
    ORIGIN => prop("roleAssignmentOriginId", Str, "d", 0);
    SCHEDULE => prop("roleAssignmentScheduleId", Str, "d", 0);
}

schema! { eligibility_instance, "roleManagement/directory/roleEligibilityScheduleInstances",
    "microsoft.graph.unifiedRoleEligibilityScheduleInstance";
    ID => prop("id", Str, "d!", 0);
    PRINCIPAL => prop("principalId", Str, "d", 0);
    ROLE => prop("roleDefinitionId", Str, "d", 0);
    SCOPE => prop("directoryScopeId", Str, "d", 0);
    APP_SCOPE => prop("appScopeId", Str, "d", 0);
    START => prop("startDateTime", Date, "d", 0);
    END => prop("endDateTime", Date, "d", 0);
    MEMBER => prop("memberType", Str, "d", 0);
    SCHEDULE => prop("roleEligibilityScheduleId", Str, "d", 0);
}

schema! { schedule, "roleManagement/directory/roleAssignmentSchedules",
    "microsoft.graph.unifiedRoleAssignmentSchedule";
    ID => prop("id", Str, "d!", 0);
    PRINCIPAL => prop("principalId", Str, "d", 0);
    ROLE => prop("roleDefinitionId", Str, "d", 0);
    SCOPE => prop("directoryScopeId", Str, "d", 0);
    APP_SCOPE => prop("appScopeId", Str, "d", 0);
    CREATED_USING => prop("createdUsing", Str, "d", 0);
    CREATED => prop("createdDateTime", Date, "d", 0);
    MODIFIED => prop("modifiedDateTime", Date, "d", 0);
    STATUS => prop("status", Str, "d", 0);
    TYPE => prop("assignmentType", Str, "d", 0);
    MEMBER => prop("memberType", Str, "d", 0);
    INFO => prop("scheduleInfo", Object, "d", 0);
}

schema! { eligibility, "roleManagement/directory/roleEligibilitySchedules",
    "microsoft.graph.unifiedRoleEligibilitySchedule";
    ID => prop("id", Str, "d!", 0);
    PRINCIPAL => prop("principalId", Str, "d", 0);
    ROLE => prop("roleDefinitionId", Str, "d", 0);
    SCOPE => prop("directoryScopeId", Str, "d", 0);
    APP_SCOPE => prop("appScopeId", Str, "d", 0);
    CREATED_USING => prop("createdUsing", Str, "d", 0);
    CREATED => prop("createdDateTime", Date, "d", 0);
    MODIFIED => prop("modifiedDateTime", Date, "d", 0);
    STATUS => prop("status", Str, "d", 0);
    MEMBER => prop("memberType", Str, "d", 0);
    INFO => prop("scheduleInfo", Object, "d", 0);
}

schema! { request, "roleManagement/directory/roleAssignmentScheduleRequests",
    "microsoft.graph.unifiedRoleAssignmentScheduleRequest";
    ID => prop("id", Str, "d!", 0);
    STATUS => prop("status", Str, "d", 0);
    CREATED => prop("createdDateTime", Date, "d", 0);
    COMPLETED => prop("completedDateTime", Date, "d", 0);
    ACTION => prop("action", Str, "d", 0);
    PRINCIPAL => prop("principalId", Str, "d", 0);
    ROLE => prop("roleDefinitionId", Str, "d", 0);
    SCOPE => prop("directoryScopeId", Str, "d", 0);
    APP_SCOPE => prop("appScopeId", Str, "d", 0);
    VALIDATION => prop("isValidationOnly", Bool, "d", 0);
    TARGET => prop("targetScheduleId", Str, "d", 0);
    JUSTIFICATION => prop("justification", Str, "d", 0);
    INFO => prop("scheduleInfo", Object, "d", 0);
}

schema! { eligibility_request, "roleManagement/directory/roleEligibilityScheduleRequests",
    "microsoft.graph.unifiedRoleEligibilityScheduleRequest";
    ID => prop("id", Str, "d!", 0);
    STATUS => prop("status", Str, "d", 0);
    CREATED => prop("createdDateTime", Date, "d", 0);
    COMPLETED => prop("completedDateTime", Date, "d", 0);
    ACTION => prop("action", Str, "d", 0);
    PRINCIPAL => prop("principalId", Str, "d", 0);
    ROLE => prop("roleDefinitionId", Str, "d", 0);
    SCOPE => prop("directoryScopeId", Str, "d", 0);
    APP_SCOPE => prop("appScopeId", Str, "d", 0);
    VALIDATION => prop("isValidationOnly", Bool, "d", 0);
    TARGET => prop("targetScheduleId", Str, "d", 0);
    JUSTIFICATION => prop("justification", Str, "d", 0);
    INFO => prop("scheduleInfo", Object, "d", 0);
}

schema! { scoped, "directory/administrativeUnits/scopedRoleMembers", "microsoft.graph.scopedRoleMembership";
    ID => prop("id", Str, "d!", 0);
    UNIT => prop("administrativeUnitId", Str, "d!", 0);
    ROLE => prop("roleId", Str, "d!", 0);
    MEMBER => prop("roleMemberInfo", Object, "d!", 0);
}
