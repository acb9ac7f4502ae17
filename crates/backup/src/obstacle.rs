//! Why a difference cannot be put back. One place for the rules: pages show them, plans follow them.
//!
//! The facts are those of the later point, because that is what a write would meet.

use domain::change::Sort;
use domain::descriptor::{Attribute, Obstacle, Restorable};
use domain::link::LinkDetails;
use domain::{LinkKind, flags};
use store::history::{LinkDifference, Version};

use crate::capture::canon::{Layout, Values};
use crate::look::compare::details;

/// Why nothing at all can be written to an object's attributes.
fn of_all_attributes(layout: &Layout, live: &Values) -> Option<Obstacle> {
    if layout.is_true(live, "isBuiltIn") {
        return Some(Obstacle::BuiltIn);
    }
    let unified = is_unified(layout.raw(live, "groupTypes"));
    (layout.is_true(live, "mailEnabled") && !unified).then_some(Obstacle::Exchange)
}

fn is_unified(group_types: Option<&str>) -> bool {
    group_types.is_some_and(|t| t.contains("\"Unified\""))
}

/// Why an attribute of an object that now has the values `live` cannot be written, whatever its value.
pub(crate) fn of_attribute(attribute: &Attribute, layout: &Layout, live: &Values) -> Option<Obstacle> {
    if let Some(why) = of_all_attributes(layout, live) {
        return Some(why);
    }
    match attribute.restorable {
        Restorable::Never(why) => Some(why),
        _ if attribute.mastered && layout.is_true(live, "onPremisesSyncEnabled") => Some(Obstacle::Synced),
        _ => None,
    }
}

/// Why an attribute of an object that now has the values `live` cannot be set to `wanted` (canonical JSON;
/// none: no value).
pub(crate) fn of_value(
    attribute: &Attribute,
    layout: &Layout,
    live: &Values,
    wanted: Option<&str>,
) -> Option<Obstacle> {
    if let Some(why) = of_attribute(attribute, layout, live) {
        return Some(why);
    }
    if attribute.name == "groupTypes" {
        // Whether it is a Microsoft 365 group was settled when it was made; whether it is dynamic can change.
        let now = is_unified(layout.raw(live, attribute.name));
        return (is_unified(wanted) != now).then_some(Obstacle::CreateOnly);
    }
    (attribute.required && wanted.is_none()).then_some(Obstacle::Required)
}

/// Whether an attribute says who decides the members: people, or a rule.
pub(crate) fn decides_members(attribute: &str) -> bool {
    matches!(attribute, "groupTypes" | "membershipType")
}

/// Why a link cannot be put back or taken away. `source` is its source as it is now; `ruled` says whether its
/// members will follow from a rule when the link is written.
pub(crate) fn of_link(link: &LinkDifference, source: Option<&Version>, ruled: bool) -> Option<Obstacle> {
    let is = |flag: i32| source.is_some_and(|s| s.flags & flag != 0);
    let time_bound = |side: &Option<Option<String>>| {
        details(side.as_ref()).as_ref().is_some_and(LinkDetails::is_time_bound)
    };
    let key = &link.key;
    match key.kind {
        LinkKind::ActivatedRole => Some(Obstacle::Temporary),
        // Written back it would be permanent. One that was added since can be taken away.
        LinkKind::RoleAssignment
            if link.old.is_some() && (time_bound(&link.old) || time_bound(&link.new)) =>
        {
            Some(Obstacle::TimeBound)
        }
        LinkKind::Licence if !key.disc.is_empty() => Some(Obstacle::Inherited),
        LinkKind::Member | LinkKind::UnitMember if ruled => Some(Obstacle::DynamicMembership),
        LinkKind::Member | LinkKind::Manager if is(flags::SYNCED) => Some(Obstacle::Synced),
        LinkKind::Member | LinkKind::Owner if is(flags::MAIL_ONLY) => Some(Obstacle::Exchange),
        _ => None,
    }
}

/// Whether members follow from a rule in that version.
pub(crate) fn is_ruled(version: Option<&Version>) -> bool {
    version.is_some_and(|v| v.flags & flags::DYNAMIC != 0)
}

/// What a link is, said before the name of its far end: "Member Maya Okafor".
pub(crate) const fn link_noun(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Member | LinkKind::UnitMember => "Member",
        LinkKind::Owner => "Owner",
        LinkKind::Manager => "Manager",
        LinkKind::RoleAssignment => "Role assignment to",
        LinkKind::ActivatedRole => "Temporary role of",
        LinkKind::Licence => "Licence",
        LinkKind::GroupLicense => "License for members",
    }
}

/// Why an object as a whole cannot be brought back to how it was.
pub(crate) const fn of_object(sort: Sort) -> Option<Obstacle> {
    match sort {
        Sort::Created | Sort::Restored => Some(Obstacle::CreatedSince),
        Sort::PermanentlyDeleted => Some(Obstacle::Purged),
        Sort::Deleted | Sort::Updated => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Kind, descriptor};
    use store::history::LinkKey;

    /// Why the attribute of an object with that body cannot be set to the wanted value.
    fn value(kind: Kind, name: &str, body: &str, wanted: Option<&str>) -> Option<Obstacle> {
        let d = descriptor::of(kind).unwrap();
        let layout = Layout::of(d);
        let live = layout.load(body.as_bytes()).unwrap();
        of_value(d.attribute(name).unwrap(), &layout, &live, wanted)
    }

    #[test]
    fn attributes_of_synced_objects_belong_to_the_directory_on_premises() {
        const SYNCED: &str = r#"{"onPremisesSyncEnabled":true}"#;
        let of = |name, body| value(Kind::User, name, body, Some("\"x\""));
        assert_eq!(of("jobTitle", SYNCED), Some(Obstacle::Synced));
        assert_eq!(of("jobTitle", "{}"), None);
        assert_eq!(of("usageLocation", SYNCED), None, "mastered in the cloud even then");
        assert_eq!(of("proxyAddresses", SYNCED), Some(Obstacle::Exchange));
    }

    #[test]
    fn what_others_own_stays_theirs() {
        let of = |kind, body| value(kind, "displayName", body, Some("\"x\""));
        assert_eq!(of(Kind::Role, r#"{"isBuiltIn":true}"#), Some(Obstacle::BuiltIn));
        assert_eq!(of(Kind::Role, r#"{"isBuiltIn":false}"#), None);
        assert_eq!(of(Kind::Group, r#"{"mailEnabled":true}"#), Some(Obstacle::Exchange));
        assert_eq!(of(Kind::Group, r#"{"groupTypes":["Unified"],"mailEnabled":true}"#), None);
    }

    #[test]
    fn a_group_can_become_dynamic_but_no_other_kind_of_group() {
        let of = |body, wanted| value(Kind::Group, "groupTypes", body, wanted);
        const DYNAMIC: &str = r#"{"groupTypes":["DynamicMembership"]}"#;
        assert_eq!(of("{}", Some(r#"["DynamicMembership"]"#)), None);
        assert_eq!(of(DYNAMIC, None), None);
        assert_eq!(of(DYNAMIC, Some(r#"["Unified"]"#)), Some(Obstacle::CreateOnly));
    }

    #[test]
    fn an_empty_value_goes_only_where_entra_takes_one() {
        assert_eq!(value(Kind::User, "mailNickname", "{}", None), Some(Obstacle::Required));
        assert_eq!(value(Kind::User, "mailNickname", "{}", Some("\"y\"")), None);
        assert_eq!(value(Kind::User, "jobTitle", "{}", None), None);
    }

    #[test]
    fn links_follow_who_decides_them() {
        let version = |flags| Version {
            num: 1,
            from_seq: 1,
            to_seq: 2,
            kind: Kind::Group,
            deleted_at: None,
            name: String::new(),
            detail: String::new(),
            flags,
            digest: [0; 16],
            changed: Vec::new(),
        };
        let link = |kind, disc: &str, old: Option<Option<&str>>, new: Option<Option<&str>>| LinkDifference {
            key: LinkKey { kind, source: 1, target: 2, disc: disc.to_owned() },
            old: old.map(|d| d.map(str::to_owned)),
            new: new.map(|d| d.map(str::to_owned)),
        };
        let of = |kind, disc: &str, flags| {
            let source = version(flags);
            of_link(&link(kind, disc, Some(None), None), Some(&source), is_ruled(Some(&source)))
        };
        let assignment = |old, new| of_link(&link(LinkKind::RoleAssignment, "/", old, new), None, false);
        let bound = Some(Some("period:/2027-01-01T00:00:00Z"));
        assert_eq!(assignment(bound, None), Some(Obstacle::TimeBound));
        assert_eq!(assignment(Some(None), bound), Some(Obstacle::TimeBound));
        assert_eq!(assignment(None, bound), None);
        assert_eq!(assignment(Some(Some("unsure")), None), None);
        assert_eq!(of(LinkKind::Member, "", 0), None);
        assert_eq!(of(LinkKind::Member, "", flags::DYNAMIC), Some(Obstacle::DynamicMembership));
        assert_eq!(of(LinkKind::Owner, "", flags::DYNAMIC), None);
        assert_eq!(of(LinkKind::Member, "", flags::SYNCED), Some(Obstacle::Synced));
        assert_eq!(of(LinkKind::Owner, "", flags::MAIL_ONLY), Some(Obstacle::Exchange));
        assert_eq!(of(LinkKind::Manager, "", flags::SYNCED), Some(Obstacle::Synced));
        assert_eq!(of(LinkKind::Licence, "", 0), None);
        assert_eq!(of(LinkKind::Licence, "a-group", 0), Some(Obstacle::Inherited));
        assert_eq!(of(LinkKind::RoleAssignment, "/", flags::BUILT_IN), None);
        assert_eq!(of(LinkKind::ActivatedRole, "/", 0), Some(Obstacle::Temporary));
    }

    #[test]
    fn objects() {
        assert_eq!(of_object(Sort::Created), Some(Obstacle::CreatedSince));
        assert_eq!(of_object(Sort::PermanentlyDeleted), Some(Obstacle::Purged));
        assert_eq!(of_object(Sort::Deleted), None);
        assert_eq!(of_object(Sort::Updated), None);
    }
}
