use super::{Attribute, Descriptor, LinkSpec, Obstacle, Restorable, Route, Type};
use crate::kind::{Kind, LinkKind};
use crate::permission as p;

/// Source: Graph `user` resource; the basic profile is that of User.ReadBasic.All in the permissions reference. SharePoint-stored properties are left out: they cannot be listed.
pub(super) const USER: Descriptor = Descriptor {
    kind: Kind::User,
    collection: "/users",
    route: Route::CursorThenList,
    bin: Some("/directory/deletedItems/microsoft.graph.user"),
    bin_is_dated: true,
    bin_items: super::DELETED_ITEMS,
    odata_type: "#microsoft.graph.user",
    read: p::READ_USERS,
    read_basic: Some(p::READ_BASIC_USERS),
    write: p::WRITE_USERS,
    restore: p::RESTORE_USERS,
    attributes: &[
        Attribute::text("displayName", "Display name").required().basic(),
        Attribute::new("userPrincipalName", "User principal name", Type::Text, Restorable::Sensitive)
            .required()
            .basic(),
        Attribute::new("accountEnabled", "Account enabled", Type::Flag, Restorable::Sensitive).required(),
        Attribute::text("givenName", "First name").basic(),
        Attribute::text("surname", "Last name").basic(),
        Attribute::text("jobTitle", "Job title"),
        Attribute::text("department", "Department"),
        Attribute::text("companyName", "Company"),
        Attribute::text("officeLocation", "Office"),
        Attribute::text("employeeId", "Employee ID"),
        Attribute::text("employeeType", "Employee type"),
        Attribute::new("employeeHireDate", "Hire date", Type::Time, Restorable::Write),
        Attribute::new("employeeOrgData", "Division and cost centre", Type::Complex, Restorable::Write),
        Attribute::text("mail", "E-mail").basic(),
        Attribute::text("mailNickname", "Mail nickname").required(),
        Attribute::new("otherMails", "Other e-mail addresses", Type::Set, Restorable::Sensitive).cloud(),
        Attribute::fixed("proxyAddresses", "Proxy addresses", Type::Set, Obstacle::Exchange),
        Attribute::new("businessPhones", "Business phones", Type::Set, Restorable::Sensitive),
        Attribute::new("mobilePhone", "Mobile phone", Type::Text, Restorable::Sensitive),
        Attribute::text("faxNumber", "Fax"),
        Attribute::text("streetAddress", "Street address"),
        Attribute::text("city", "City"),
        Attribute::text("state", "State or province"),
        Attribute::text("postalCode", "Postal code"),
        Attribute::text("country", "Country"),
        Attribute::text("usageLocation", "Usage location").cloud().required(),
        Attribute::text("preferredLanguage", "Preferred language"),
        Attribute::text("preferredDataLocation", "Preferred data location").cloud(),
        Attribute::text("userType", "User type").required(),
        Attribute::text("ageGroup", "Age group"),
        Attribute::text("consentProvidedForMinor", "Consent for minor"),
        Attribute::fixed("legalAgeGroupClassification", "Legal age group", Type::Text, Obstacle::ReadOnly)
            .volatile(),
        Attribute::text("passwordPolicies", "Password policies"),
        Attribute::new("identities", "Identities", Type::Set, Restorable::Separate(p::WRITE_IDENTITIES)),
        Attribute::new(
            "onPremisesExtensionAttributes",
            "Extension attributes 1 to 15",
            Type::Complex,
            Restorable::Write,
        ),
        Attribute::new(
            "onPremisesImmutableId",
            "On-premises immutable ID",
            Type::Text,
            Restorable::Sensitive,
        ),
        Attribute::fixed("onPremisesSyncEnabled", "Synced from on-premises", Type::Flag, Obstacle::ReadOnly),
        Attribute::fixed("onPremisesDistinguishedName", "Distinguished name", Type::Text, Obstacle::Synced),
        Attribute::fixed("onPremisesDomainName", "On-premises domain", Type::Text, Obstacle::Synced),
        Attribute::fixed("onPremisesSamAccountName", "SAM account name", Type::Text, Obstacle::Synced),
        Attribute::fixed("onPremisesSecurityIdentifier", "On-premises SID", Type::Text, Obstacle::Synced),
        Attribute::fixed("onPremisesUserPrincipalName", "On-premises UPN", Type::Text, Obstacle::Synced),
        Attribute::fixed("onPremisesLastSyncDateTime", "Last sync", Type::Time, Obstacle::ReadOnly)
            .volatile(),
        Attribute::fixed("createdDateTime", "Created", Type::Time, Obstacle::ReadOnly),
        Attribute::fixed("creationType", "Creation type", Type::Text, Obstacle::ReadOnly),
        Attribute::fixed("externalUserState", "Invitation state", Type::Text, Obstacle::ReadOnly),
        Attribute::fixed(
            "externalUserStateChangeDateTime",
            "Invitation state since",
            Type::Time,
            Obstacle::ReadOnly,
        )
        .volatile(),
        Attribute::fixed(
            "lastPasswordChangeDateTime",
            "Password last changed",
            Type::Time,
            Obstacle::ReadOnly,
        )
        .volatile(),
        Attribute::fixed(
            "signInSessionsValidFromDateTime",
            "Sessions valid from",
            Type::Time,
            Obstacle::ReadOnly,
        )
        .volatile(),
        Attribute::fixed("isManagementRestricted", "Management restricted", Type::Flag, Obstacle::ReadOnly),
        Attribute::fixed("securityIdentifier", "Security identifier", Type::Text, Obstacle::ReadOnly).basic(),
    ],
    links: &[
        LinkSpec { kind: LinkKind::Manager, read: p::READ_USERS, write: p::WRITE_USERS },
        LinkSpec { kind: LinkKind::Licence, read: p::READ_USERS, write: p::WRITE_LICENCES },
    ],
};
