//! The pages that the assumptions come from.

macro_rules! pages {
    ($($name:ident = $path:literal;)*) => {
        $(pub(crate) const $name: &str = concat!("https://learn.microsoft.com/", $path);)*
    };
}

pages! {
    // Signing in
    TOKEN = "entra/identity-platform/v2-oauth2-client-creds-grant-flow";
    TOKEN_ERRORS = "entra/identity-platform/reference-error-codes";
    CLAIMS = "entra/identity-platform/access-token-claims-reference";
    RESOLVE_AUTH = "graph/resolve-auth-errors";
    // How Graph speaks
    ERRORS = "graph/errors";
    CALLING = "graph/use-the-api";
    PAGING = "graph/paging";
    PARAMETERS = "graph/query-parameters";
    ADVANCED = "graph/aad-advanced-queries";
    BATCH = "graph/json-batching";
    THROTTLING = "graph/throttling";
    LIMITS = "graph/throttling-limits";
    LIMITED = "graph/permissions-overview";
    // Delta
    DELTA = "graph/delta-query-overview";
    DELTA_USERS = "graph/delta-query-users";
    DELTA_GROUPS = "graph/delta-query-groups";
    USER_DELTA = "graph/api/user-delta";
    GROUP_DELTA = "graph/api/group-delta";
    UNIT_DELTA = "graph/api/administrativeunit-delta";
    ROLE_DELTA = "graph/api/directoryrole-delta";
    // Users
    USER_RESOURCE = "graph/api/resources/user";
    USER_LIST = "graph/api/user-list";
    USER_GET = "graph/api/user-get";
    USER_POST = "graph/api/user-post-users";
    USER_UPDATE = "graph/api/user-update";
    USER_DELETE = "graph/api/user-delete";
    USER_MANAGER = "graph/api/user-list-manager";
    USER_SET_MANAGER = "graph/api/user-post-manager";
    USER_CLEAR_MANAGER = "graph/api/user-delete-manager";
    USER_REPORTS = "graph/api/user-list-directreports";
    USER_MEMBER_OF = "graph/api/user-list-memberof";
    USER_LICENCE = "graph/api/user-assignlicense";
    SENSITIVE = "graph/api/resources/users";
    // Groups
    GROUP_RESOURCE = "graph/api/resources/group";
    GROUP_LIST = "graph/api/group-list";
    GROUP_POST = "graph/api/group-post-groups";
    GROUP_UPDATE = "graph/api/group-update";
    GROUP_MEMBERS = "graph/api/group-list-members";
    GROUP_OWNERS = "graph/api/group-list-owners";
    GROUP_ADD = "graph/api/group-post-members";
    GROUP_REMOVE = "graph/api/group-delete-members";
    GROUP_ADD_OWNER = "graph/api/group-post-owners";
    GROUP_REMOVE_OWNER = "graph/api/group-delete-owners";
    GROUP_LICENCE = "graph/api/group-assignlicense";
    GROUP_CHANGE_TYPE = "entra/identity/users/groups-change-type";
    GROUP_ROLES = "entra/identity/role-based-access-control/groups-concept";
    // The recycle bin
    BIN_LIST = "graph/api/directory-deleteditems-list";
    BIN_GET = "graph/api/directory-deleteditems-get";
    BIN_RESTORE = "graph/api/directory-deleteditems-restore";
    BIN_DELETE = "graph/api/directory-deleteditems-delete";
    RECOVER = "entra/architecture/recover-from-deletions";
    GET_BY_IDS = "graph/api/directoryobject-getbyids";
    // Roles
    ROLES_LIST = "graph/api/directoryrole-list";
    ROLE_DEFINITIONS = "graph/api/rbacapplication-list-roledefinitions";
    ROLE_CREATE = "graph/api/rbacapplication-post-roledefinitions";
    ROLE_UPDATE = "graph/api/unifiedroledefinition-update";
    ROLE_RESTORE = "graph/api/unifiedroledefinition-restore";
    ROLE_ASSIGNMENTS = "graph/api/rbacapplication-list-roleassignments";
    ROLE_ASSIGN = "graph/api/rbacapplication-post-roleassignments";
    ROLE_ASSIGNMENT = "graph/api/resources/unifiedroleassignment";
    ROLE_UNASSIGN = "graph/api/unifiedroleassignment-delete";
    ROLE_INSTANCES = "graph/api/rbacapplication-list-roleassignmentscheduleinstances";
    ROLE_ELIGIBLE = "graph/api/rbacapplication-list-roleeligibilityschedules";
    // Administrative units
    UNITS = "graph/api/directory-list-administrativeunits";
    UNIT_RESOURCE = "graph/api/resources/administrativeunit";
    UNIT_MEMBERS = "graph/api/administrativeunit-list-members";
    UNIT_ADD = "graph/api/administrativeunit-post-members";
    UNIT_REMOVE = "graph/api/administrativeunit-delete-members";
    UNIT_SCOPED = "graph/api/administrativeunit-list-scopedrolemembers";
    // The tenant
    ORGANIZATION = "graph/api/organization-list";
    DOMAINS = "graph/api/domain-list";
    SKUS = "graph/api/subscribedsku-list";
    PRINCIPALS = "graph/api/serviceprincipal-list";
    PRINCIPAL_MEMBER_OF = "graph/api/serviceprincipal-list-memberof";
    AUDIT = "graph/api/directoryaudit-list";
}

// Where people met what no page says.
pub(crate) const EXPIRED_PAGE: &str = "https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/2254";
pub(crate) const SECRET_WRONG: &str = "https://github.com/Azure/sap-automation/issues/418";
pub(crate) const NOT_INSTALLED: &str = "https://github.com/vippsas/vipps-ecom-api/issues/183";
pub(crate) const HIDDEN: &str = "https://github.com/microsoftgraph/microsoft-graph-docs/issues/12552";
pub(crate) const TWO_WRITES: &str = "https://github.com/nais/azurerator/issues/448";
pub(crate) const COUNT_REFUSED: &str = "https://github.com/microsoftgraph/microsoft-graph-docs/issues/13226";
pub(crate) const TRIMMED: &str = "https://github.com/Micke-K/IntuneManagement/issues/343";
pub(crate) const NOT_YET: &str = "https://github.com/hashicorp/terraform-provider-azuread/issues/1802";
