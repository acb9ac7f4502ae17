//! Which activities of the audit log make which changes.
//!
//! Source: "Microsoft Entra audit log categories and activities" (learn.microsoft.com,
//! entra/identity/monitoring-health/reference-audit-activities), Core Directory and Privileged Identity Management.
//! An activity that is not here explains nothing: nobody is named for it.

use domain::change::{LinkFate, Sort};
use domain::{Kind, LinkKind};

/// What an activity does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Creates(Kind),
    Deletes(Kind),
    /// For good, from the recycle bin.
    Purges(Kind),
    Restores(Kind),
    /// Attributes that the entry names.
    Updates(Kind),
    /// One attribute that the activity itself names.
    Sets(Kind, &'static str),
    Links(&'static [LinkKind]),
    Unlinks(&'static [LinkKind]),
    /// A user's manager: what was there goes, and another comes.
    Manager,
    /// Licenses of the user or group, whichever of them.
    Licenses,
}

const MEMBER: &[LinkKind] = &[LinkKind::Member];
const OWNER: &[LinkKind] = &[LinkKind::Owner];
const UNIT: &[LinkKind] = &[LinkKind::UnitMember];
const ROLE: &[LinkKind] = &[LinkKind::RoleAssignment];

/// What the activity of that name does; none where it makes no change that is compared.
pub(super) fn deed(activity: &str) -> Option<Deed> {
    let activity = activity.trim().to_ascii_lowercase();
    let deed = match activity.as_str() {
        "add user" => Deed::Creates(Kind::User),
        "add group" => Deed::Creates(Kind::Group),
        "add administrative unit" => Deed::Creates(Kind::AdministrativeUnit),
        "add role definition" => Deed::Creates(Kind::Role),
        "delete user" => Deed::Deletes(Kind::User),
        "delete group" => Deed::Deletes(Kind::Group),
        "delete administrative unit" => Deed::Deletes(Kind::AdministrativeUnit),
        "delete role definition" => Deed::Deletes(Kind::Role),
        "hard delete user" => Deed::Purges(Kind::User),
        "hard delete group" => Deed::Purges(Kind::Group),
        "hard delete administrative unit" => Deed::Purges(Kind::AdministrativeUnit),
        "hard delete role definition" => Deed::Purges(Kind::Role),
        "restore user" => Deed::Restores(Kind::User),
        "restore group" => Deed::Restores(Kind::Group),
        "restore administrative unit" => Deed::Restores(Kind::AdministrativeUnit),
        "restore role definition" => Deed::Restores(Kind::Role),
        "update user" => Deed::Updates(Kind::User),
        "update group" => Deed::Updates(Kind::Group),
        "update administrative unit" => Deed::Updates(Kind::AdministrativeUnit),
        "update role definition" => Deed::Updates(Kind::Role),
        "enable account" | "disable account" => Deed::Sets(Kind::User, "accountEnabled"),
        "assign label to group" | "remove label from group" => Deed::Sets(Kind::Group, "assignedLabels"),
        "add member to group" => Deed::Links(MEMBER),
        "remove member from group" => Deed::Unlinks(MEMBER),
        "add owner to group" => Deed::Links(OWNER),
        "remove owner from group" => Deed::Unlinks(OWNER),
        "add member to administrative unit" | "add member to restricted management administrative unit" => {
            Deed::Links(UNIT)
        }
        "remove member from administrative unit"
        | "remove member from restricted management administrative unit" => Deed::Unlinks(UNIT),
        "set user manager" | "remove user manager" => Deed::Manager,
        "change user license" | "set group license" => Deed::Licenses,
        other => return role(other),
    };
    Some(deed)
}

/// Assignments of roles, by Core Directory and by Privileged Identity Management. What is only asked for, approved or
/// eligible assigns nothing yet, and a role that somebody activates for a while is no change.
fn role(activity: &str) -> Option<Deed> {
    const NOTHING: &[&str] =
        &["request", "eligible", "approv", "denied", "cancel", "renew", "failed", "activat"];
    match activity {
        "add role assignment to role definition" | "add scoped member to role" => {
            return Some(Deed::Links(ROLE));
        }
        "remove role assignment from role definition" | "remove scoped member from role" => {
            return Some(Deed::Unlinks(ROLE));
        }
        _ if NOTHING.iter().any(|word| activity.contains(word)) => return None,
        _ => {}
    }
    let is = |start: &str| {
        activity.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if is("add member to role") {
        Some(Deed::Links(ROLE))
    } else if is("remove member from role") {
        Some(Deed::Unlinks(ROLE))
    } else {
        None
    }
}

/// Whether it makes the object come, go or come back like that. `sort` is in the order of time; `was_live` says that
/// it was there at first, and not only in the recycle bin.
pub(super) fn makes(deed: Deed, kind: Kind, sort: Sort, was_live: bool) -> bool {
    match deed {
        Deed::Creates(of) => of == kind && sort == Sort::Created,
        // What goes for good was deleted first, where it was still there.
        Deed::Deletes(of) => {
            of == kind && (sort == Sort::Deleted || sort == Sort::PermanentlyDeleted && was_live)
        }
        Deed::Purges(of) => of == kind && sort == Sort::PermanentlyDeleted,
        Deed::Restores(of) => of == kind && sort == Sort::Restored,
        _ => false,
    }
}

/// Whether it changes links of that kind like that. `fate` is in the order of time.
pub(super) fn changes(deed: Deed, kind: LinkKind, fate: LinkFate) -> bool {
    match deed {
        Deed::Links(of) => of.contains(&kind) && fate != LinkFate::Removed,
        Deed::Unlinks(of) => of.contains(&kind) && fate == LinkFate::Removed,
        Deed::Manager => kind == LinkKind::Manager,
        Deed::Licenses => kind == LinkKind::Licence,
        _ => false,
    }
}

/// Whether a property of an entry is that attribute. The log has names of its own for some: those of the directory
/// before Graph.
pub(super) fn is_attribute(property: &str, attribute: &str) -> bool {
    let plain: String =
        property.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let graph = match plain.as_str() {
        "mobile" => "mobilephone",
        "telephonenumber" => "businessphones",
        "facsimiletelephonenumber" => "faxnumber",
        "physicaldeliveryofficename" => "officelocation",
        "othermail" => "othermails",
        "immutableid" | "sourceanchor" => "onpremisesimmutableid",
        "grouptype" => "grouptypes",
        "alternativesecurityid" | "signinname" | "signinnamesinfo" => "identities",
        other if other.starts_with("extensionattribute") => "onpremisesextensionattributes",
        other => other,
    };
    attribute.eq_ignore_ascii_case(graph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_asked_for_assigns_nothing() {
        for done in [
            "Add member to role",
            "Add member to role in PIM completed (permanent)",
            "Add member to role in PIM completed (timebound)",
            "Add member to role outside of PIM (permanent)",
            "Add scoped member to role",
        ] {
            assert_eq!(deed(done), Some(Deed::Links(ROLE)), "{done}");
        }
        for done in ["Remove member from role", "Remove member from role in PIM completed (permanent)"] {
            assert_eq!(deed(done), Some(Deed::Unlinks(ROLE)), "{done}");
        }
        for not in [
            "Add member to role completed (PIM activation)",
            "Remove member from role (PIM activation expired)",
            "Remove member from role completed (PIM deactivate)",
            "Add eligible member to role",
            "Add eligible member to role in PIM completed (permanent)",
            "Add member to role requested (PIM activation)",
            "Add member to role in PIM requested (permanent)",
            "Add member to role request approved (PIM activation)",
            "Add member to role request denied (PIM activation)",
            "Update StsRefreshTokenValidFrom Timestamp",
            "Consent to application",
        ] {
            assert_eq!(deed(not), None, "{not}");
        }
    }

    #[test]
    fn properties_are_known_by_the_logs_own_names() {
        assert!(is_attribute("JobTitle", "jobTitle") && is_attribute("Mobile", "mobilePhone"));
        assert!(is_attribute("PhysicalDeliveryOfficeName", "officeLocation"));
        assert!(!is_attribute("Department", "jobTitle"));
    }
}
