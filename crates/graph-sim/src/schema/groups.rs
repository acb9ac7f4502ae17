//! Groups.

use super::Ty::*;
use super::{Schema, prop, schema};

schema! { group, "groups", "microsoft.graph.group";
    ID => prop("id", Guid, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    CLASSIFICATION => prop("classification", Str, "dw", 0);
    CREATED => prop("createdDateTime", Date, "d", 0);
    DESCRIPTION => prop("description", Str, "dwy", 1024);
    DISPLAY_NAME => prop("displayName", Str, "dwy!", 256);
    EXPIRATION => prop("expirationDateTime", Date, "d", 0);
    GROUP_TYPES => prop("groupTypes", Strs, "dw!", 0);
    ROLE_ASSIGNABLE => prop("isAssignableToRole", Bool, "dc", 0);
    MAIL => prop("mail", Str, "d", 0);
    MAIL_ENABLED => prop("mailEnabled", Bool, "dc!", 0);
    MAIL_NICKNAME => prop("mailNickname", Str, "dwy!", 64);
    RULE => prop("membershipRule", Str, "dw", 3072);
    RULE_STATE => prop("membershipRuleProcessingState", Str, "dw", 0);
    OP_DOMAIN => prop("onPremisesDomainName", Str, "d", 0);
    OP_LAST_SYNC => prop("onPremisesLastSyncDateTime", Date, "d", 0);
    OP_NETBIOS => prop("onPremisesNetBiosName", Str, "d", 0);
    OP_ERRORS => prop("onPremisesProvisioningErrors", Objects, "d", 0);
    OP_SAM => prop("onPremisesSamAccountName", Str, "d", 0);
    OP_SID => prop("onPremisesSecurityIdentifier", Str, "d", 0);
    OP_SYNC => prop("onPremisesSyncEnabled", Bool, "d", 0);
    DATA_LOCATION => prop("preferredDataLocation", Str, "dw", 0);
    PREFERRED_LANGUAGE => prop("preferredLanguage", Str, "dw", 0);
    PROXIES => prop("proxyAddresses", Strs, "d", 0);
    RENEWED => prop("renewedDateTime", Date, "d", 0);
    BEHAVIOR => prop("resourceBehaviorOptions", Strs, "dc", 0);
    PROVISIONING => prop("resourceProvisioningOptions", Strs, "d", 0);
    SECURITY_ENABLED => prop("securityEnabled", Bool, "dw!", 0);
    SID => prop("securityIdentifier", Str, "d", 0);
    THEME => prop("theme", Str, "dw", 0);
    UNIQUE_NAME => prop("uniqueName", Str, "dc", 128);
    VISIBILITY => prop("visibility", Str, "dw", 0);
    ASSIGNED_LICENSES => prop("assignedLicenses", Objects, "", 0);
    ASSIGNED_LABELS => prop("assignedLabels", Objects, "", 0);
    LICENSE_STATE => prop("licenseProcessingState", Object, "", 0);
    RESTRICTED => prop("isManagementRestricted", Bool, "", 0);
    LICENSE_ERRORS => prop("hasMembersWithLicenseErrors", Bool, "", 0);
    SERVICE_ERRORS => prop("serviceProvisioningErrors", Objects, "d", 0);
}
