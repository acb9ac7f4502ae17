//! Administrative units, service principals, devices, contacts, and what describes the tenant itself.

use super::Ty::*;
use super::{Schema, prop, schema};

schema! { unit, "directory/administrativeUnits", "microsoft.graph.administrativeUnit";
    ID => prop("id", Guid, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    DESCRIPTION => prop("description", Str, "dw", 1024);
    DISPLAY_NAME => prop("displayName", Str, "dw!", 256);
    RESTRICTED => prop("isMemberManagementRestricted", Bool, "dc", 0);
    RULE => prop("membershipRule", Str, "dw", 3072);
    RULE_STATE => prop("membershipRuleProcessingState", Str, "dw", 0);
    MEMBERSHIP_TYPE => prop("membershipType", Str, "dw", 0);
    VISIBILITY => prop("visibility", Str, "dw", 0);
}

schema! { sp, "servicePrincipals", "microsoft.graph.servicePrincipal";
    ID => prop("id", Guid, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    ENABLED => prop("accountEnabled", Bool, "dw", 0);
    APP_DISPLAY_NAME => prop("appDisplayName", Str, "d", 0);
    APP_ID => prop("appId", Str, "d", 0);
    APP_OWNER => prop("appOwnerOrganizationId", Guid, "d", 0);
    ASSIGNMENT_REQUIRED => prop("appRoleAssignmentRequired", Bool, "dw!", 0);
    DISPLAY_NAME => prop("displayName", Str, "dw", 256);
    NAMES => prop("servicePrincipalNames", Strs, "d", 0);
    TYPE => prop("servicePrincipalType", Str, "d", 0);
    AUDIENCE => prop("signInAudience", Str, "d", 0);
    TAGS => prop("tags", Strs, "dw", 0);
}

schema! { device, "devices", "microsoft.graph.device";
    ID => prop("id", Guid, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    ENABLED => prop("accountEnabled", Bool, "dw", 0);
    LAST_SIGN_IN => prop("approximateLastSignInDateTime", Date, "d", 0);
    DEVICE_ID => prop("deviceId", Str, "d", 0);
    DISPLAY_NAME => prop("displayName", Str, "dw", 256);
    COMPLIANT => prop("isCompliant", Bool, "d", 0);
    MANAGED => prop("isManaged", Bool, "d", 0);
    RESTRICTED => prop("isManagementRestricted", Bool, "", 0);
    MANUFACTURER => prop("manufacturer", Str, "d", 0);
    MODEL => prop("model", Str, "d", 0);
    OP_SYNC => prop("onPremisesSyncEnabled", Bool, "d", 0);
    SYSTEM => prop("operatingSystem", Str, "d", 0);
    SYSTEM_VERSION => prop("operatingSystemVersion", Str, "d", 0);
    PHYSICAL_IDS => prop("physicalIds", Strs, "d", 0);
    PROFILE => prop("profileType", Str, "d", 0);
    REGISTERED => prop("registrationDateTime", Date, "d", 0);
    LABELS => prop("systemLabels", Strs, "d", 0);
    TRUST => prop("trustType", Str, "d", 0);
}

schema! { contact, "contacts", "microsoft.graph.orgContact";
    ID => prop("id", Guid, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    ADDRESSES => prop("addresses", Objects, "d", 0);
    COMPANY_NAME => prop("companyName", Str, "d", 0);
    DEPARTMENT => prop("department", Str, "d", 0);
    DISPLAY_NAME => prop("displayName", Str, "d", 0);
    GIVEN_NAME => prop("givenName", Str, "d", 0);
    JOB_TITLE => prop("jobTitle", Str, "d", 0);
    MAIL => prop("mail", Str, "d", 0);
    MAIL_NICKNAME => prop("mailNickname", Str, "d", 0);
    OP_LAST_SYNC => prop("onPremisesLastSyncDateTime", Date, "d", 0);
    OP_SYNC => prop("onPremisesSyncEnabled", Bool, "d", 0);
    PHONES => prop("phones", Objects, "d", 0);
    PROXIES => prop("proxyAddresses", Strs, "d", 0);
    SURNAME => prop("surname", Str, "d", 0);
}

schema! { org, "organization", "microsoft.graph.organization";
    ID => prop("id", Str, "d!", 0);
    DELETED => prop("deletedDateTime", Date, "d", 0);
    BUSINESS_PHONES => prop("businessPhones", Strs, "d", 0);
    CITY => prop("city", Str, "d", 0);
    COUNTRY => prop("country", Str, "d", 0);
    COUNTRY_CODE => prop("countryLetterCode", Str, "d", 0);
    CREATED => prop("createdDateTime", Date, "d", 0);
    USAGE_LOCATION => prop("defaultUsageLocation", Str, "d", 0);
    DISPLAY_NAME => prop("displayName", Str, "d", 0);
    MARKETING => prop("marketingNotificationEmails", Strs, "dw", 0);
    OP_LAST_SYNC => prop("onPremisesLastSyncDateTime", Date, "d", 0);
    OP_SYNC => prop("onPremisesSyncEnabled", Bool, "d", 0);
    POSTAL_CODE => prop("postalCode", Str, "d", 0);
    LANGUAGE => prop("preferredLanguage", Str, "d", 0);
    PRIVACY => prop("privacyProfile", Object, "dw", 0);
    SECURITY_MAILS => prop("securityComplianceNotificationMails", Strs, "dw", 0);
    SECURITY_PHONES => prop("securityComplianceNotificationPhones", Strs, "dw", 0);
    STATE => prop("state", Str, "d", 0);
    STREET => prop("street", Str, "d", 0);
    TECHNICAL => prop("technicalNotificationMails", Strs, "dw", 0);
    TENANT_TYPE => prop("tenantType", Str, "d", 0);
    PLANS => prop("assignedPlans", Objects, "d", 0);
    PROVISIONED => prop("provisionedPlans", Objects, "d", 0);
    DOMAINS => prop("verifiedDomains", Objects, "d", 0);
}

schema! { domain, "domains", "microsoft.graph.domain";
    ID => prop("id", Str, "d!", 0);
    AUTHENTICATION => prop("authenticationType", Str, "d!", 0);
    AVAILABILITY => prop("availabilityStatus", Str, "d", 0);
    ADMIN_MANAGED => prop("isAdminManaged", Bool, "d!", 0);
    DEFAULT => prop("isDefault", Bool, "d!", 0);
    INITIAL => prop("isInitial", Bool, "d!", 0);
    ROOT => prop("isRoot", Bool, "d!", 0);
    VERIFIED => prop("isVerified", Bool, "d!", 0);
    NOTIFICATION_DAYS => prop("passwordNotificationWindowInDays", Int, "d", 0);
    VALIDITY_DAYS => prop("passwordValidityPeriodInDays", Int, "d", 0);
    SERVICES => prop("supportedServices", Strs, "d!", 0);
}

schema! { sku, "subscribedSkus", "microsoft.graph.subscribedSku";
    ID => prop("id", Str, "d!", 0);
    ACCOUNT_ID => prop("accountId", Str, "d", 0);
    ACCOUNT_NAME => prop("accountName", Str, "d", 0);
    APPLIES_TO => prop("appliesTo", Str, "d", 0);
    STATUS => prop("capabilityStatus", Str, "d", 0);
    CONSUMED => prop("consumedUnits", Int, "d", 0);
    PREPAID => prop("prepaidUnits", Object, "d", 0);
    PLANS => prop("servicePlans", Objects, "d", 0);
    SKU_ID => prop("skuId", Guid, "d", 0);
    PART => prop("skuPartNumber", Str, "d", 0);
    SUBSCRIPTIONS => prop("subscriptionIds", Strs, "d", 0);
}

schema! { license_details, "licenseDetails", "microsoft.graph.licenseDetails";
    ID => prop("id", Str, "d!", 0);
    PLANS => prop("servicePlans", Objects, "d", 0);
    SKU_ID => prop("skuId", Guid, "d", 0);
    PART => prop("skuPartNumber", Str, "d", 0);
}

schema! { audit, "auditLogs/directoryAudits", "microsoft.graph.directoryAudit";
    ID => prop("id", Str, "d!", 0);
    CATEGORY => prop("category", Str, "d!", 0);
    CORRELATION => prop("correlationId", Str, "d", 0);
    RESULT => prop("result", Str, "d", 0);
    REASON => prop("resultReason", Str, "d", 0);
    ACTIVITY => prop("activityDisplayName", Str, "d!", 0);
    WHEN => prop("activityDateTime", Date, "d!", 0);
    SERVICE => prop("loggedByService", Str, "d", 0);
    OPERATION => prop("operationType", Str, "d", 0);
    INITIATED => prop("initiatedBy", Object, "d!", 0);
    TARGETS => prop("targetResources", Objects, "d", 0);
    DETAILS => prop("additionalDetails", Objects, "d", 0);
}
