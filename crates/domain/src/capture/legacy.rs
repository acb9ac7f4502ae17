//! Profiles and gaps as versions before December 2026 kept them: profiles by the sentences of the permissions
//! page, gaps by names.

use super::{CaptureProfile, Gap, GapReason, ReadScope};
use crate::{Kind, LinkKind};

/// What each sentence of the permissions page stood for.
enum Means {
    Kind(Kind, &'static [LinkKind]),
    Relation(Kind, LinkKind),
    Hidden,
}

const SENTENCES: &[(&str, Means)] = &[
    ("Read users and their managers", Means::Kind(Kind::User, &[LinkKind::Manager, LinkKind::Licence])),
    ("Read groups, their members and owners", Means::Kind(Kind::Group, &[LinkKind::Member, LinkKind::Owner])),
    ("Read role definitions and assignments", Means::Kind(Kind::Role, &[LinkKind::RoleAssignment])),
    (
        "Tell standing role assignments from temporary ones",
        Means::Relation(Kind::Role, LinkKind::ActivatedRole),
    ),
    (
        "Read administrative units and their members",
        Means::Kind(Kind::AdministrativeUnit, &[LinkKind::UnitMember]),
    ),
    ("Read members of groups with hidden membership", Means::Hidden),
];

/// The attributes that the first version read of each kind.
const ATTRIBUTES: &[(Kind, &[&str])] = &[
    (
        Kind::User,
        &[
            "displayName",
            "userPrincipalName",
            "accountEnabled",
            "givenName",
            "surname",
            "jobTitle",
            "department",
            "companyName",
            "officeLocation",
            "employeeId",
            "employeeType",
            "employeeHireDate",
            "employeeOrgData",
            "mail",
            "mailNickname",
            "otherMails",
            "proxyAddresses",
            "businessPhones",
            "mobilePhone",
            "faxNumber",
            "streetAddress",
            "city",
            "state",
            "postalCode",
            "country",
            "usageLocation",
            "preferredLanguage",
            "preferredDataLocation",
            "userType",
            "ageGroup",
            "consentProvidedForMinor",
            "legalAgeGroupClassification",
            "passwordPolicies",
            "identities",
            "onPremisesExtensionAttributes",
            "onPremisesImmutableId",
            "onPremisesSyncEnabled",
            "onPremisesDistinguishedName",
            "onPremisesDomainName",
            "onPremisesSamAccountName",
            "onPremisesSecurityIdentifier",
            "onPremisesUserPrincipalName",
            "onPremisesLastSyncDateTime",
            "createdDateTime",
            "creationType",
            "externalUserState",
            "externalUserStateChangeDateTime",
            "lastPasswordChangeDateTime",
            "signInSessionsValidFromDateTime",
            "isManagementRestricted",
            "securityIdentifier",
        ],
    ),
    (
        Kind::Group,
        &[
            "displayName",
            "description",
            "mailNickname",
            "mail",
            "proxyAddresses",
            "securityEnabled",
            "mailEnabled",
            "groupTypes",
            "visibility",
            "membershipRule",
            "membershipRuleProcessingState",
            "classification",
            "preferredLanguage",
            "preferredDataLocation",
            "theme",
            "isAssignableToRole",
            "onPremisesSyncEnabled",
            "onPremisesSamAccountName",
            "onPremisesLastSyncDateTime",
            "createdDateTime",
            "renewedDateTime",
            "securityIdentifier",
        ],
    ),
    (
        Kind::Role,
        &["displayName", "description", "isBuiltIn", "isEnabled", "rolePermissions", "templateId", "version"],
    ),
    (
        Kind::AdministrativeUnit,
        &[
            "displayName",
            "description",
            "visibility",
            "membershipType",
            "membershipRule",
            "membershipRuleProcessingState",
            "isMemberManagementRestricted",
        ],
    ),
];

/// A profile in the form `1;sentence;sentence`.
pub(super) fn profile(text: &str) -> Option<CaptureProfile> {
    let (version, sentences) = text.split_once(';').unwrap_or((text, ""));
    if version != "1" {
        return None;
    }
    let mut profile = CaptureProfile { without_periods: true, ..CaptureProfile::default() };
    let mut hidden = false;
    for sentence in sentences.split(';') {
        match SENTENCES.iter().find(|(s, _)| *s == sentence).map(|(_, means)| means) {
            Some(Means::Kind(kind, relations)) => {
                let own = profile.kinds.entry(*kind).or_default();
                own.attributes = attributes(*kind);
                own.relations.extend(relations.iter().copied());
            }
            Some(Means::Relation(kind, relation)) => {
                profile.kinds.entry(*kind).or_default().relations.insert(*relation);
            }
            Some(Means::Hidden) => hidden = true,
            // Names of licenses and the audit log show nothing that a comparison looks at.
            None => {}
        }
    }
    profile.kinds.retain(|_, k| !k.attributes.is_empty());
    for own in profile.kinds.values_mut() {
        own.hidden_members = hidden && own.relations.iter().any(|r| r.can_be_hidden());
    }
    Some(profile)
}

fn attributes(kind: Kind) -> std::collections::BTreeSet<String> {
    let of = ATTRIBUTES.iter().find(|(k, _)| *k == kind).map_or(&[][..], |(_, names)| names);
    of.iter().map(|name| (*name).to_owned()).collect()
}

/// A gap in the form of a name, such as `users` or `deleted-groups`.
pub(super) fn gap(name: &str) -> Gap {
    let kind_of = |name: &str| match name {
        "users" => Some(Kind::User),
        "groups" => Some(Kind::Group),
        "roles" => Some(Kind::Role),
        "administrative-units" => Some(Kind::AdministrativeUnit),
        _ => None,
    };
    let scope = if let Some(kind) = kind_of(name) {
        ReadScope::Objects(kind)
    } else if let Some(kind) = name.strip_prefix("deleted-").and_then(kind_of) {
        ReadScope::RecycleBin(kind)
    } else if name == "role-schedule-instances" {
        ReadScope::AssignmentTypes
    } else if name == "licence-names" {
        ReadScope::LicenseNames
    } else {
        LinkKind::from_slug(name).map_or(ReadScope::Objects(Kind::Other), ReadScope::Relation)
    };
    Gap::whole(scope, GapReason::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentences as the version of November 2026 wrote them.
    const FULL: &str = "1;Read users and their managers;Read groups, their members and owners;Read role definitions and assignments;Tell standing role assignments from temporary ones;Read administrative units and their members;Name the licences;Read members of groups with hidden membership;Say who made a change";

    #[test]
    fn a_profile_of_an_earlier_version_is_understood() {
        let profile = CaptureProfile::from_text(FULL).unwrap();
        assert_eq!(profile.kinds.len(), 4);
        assert!(
            profile.has_relation(LinkKind::Member, true)
                && profile.has_relation(LinkKind::ActivatedRole, false)
        );
        assert!(profile.has_attribute(Kind::User, "jobTitle"));
        let less = FULL.replace(";Read members of groups with hidden membership", "");
        let less = CaptureProfile::from_text(&less).unwrap();
        assert!(!less.has_relation(LinkKind::UnitMember, true));
        assert_eq!(less.kind(Kind::User), profile.kind(Kind::User));
    }

    #[test]
    fn gaps_of_an_earlier_version_are_understood() {
        assert_eq!(gap("users").scope, ReadScope::Objects(Kind::User));
        assert_eq!(gap("deleted-groups").scope, ReadScope::RecycleBin(Kind::Group));
        assert_eq!(gap("role-assignment").scope, ReadScope::Relation(LinkKind::RoleAssignment));
        assert_eq!(gap("role-schedule-instances").scope, ReadScope::AssignmentTypes);
    }
}
