//! Whether somebody made a change: what they did makes such a change, on that object or between those two, and it does
//! not lead away from what the later read saw.

use std::collections::HashMap;

use domain::Kind;
use domain::LinkKind;
use domain::author::Part;
use domain::change::{LinkFate, Sort};
use uuid::Uuid;

use super::activity::{self, Deed};
use super::entry::{Entry, Modified, Target};

/// What the log's entries of licenses call them.
const LICENSES: &str = "AssignedLicense";
/// Where an entry lists what it changed beside the values.
const LISTED: &str = "Included Updated Properties";

/// One object's change in the order of time, whichever way it is looked at.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    pub(super) sort: Sort,
    /// Whether it was there at first, and not only in the recycle bin.
    pub(super) was_live: bool,
    pub(super) attributes: Vec<AttributeMade>,
    pub(super) links: LinksMade,
}

/// The links of one object that came, went or changed, by their other ends: a group may have many.
#[derive(Debug, Default)]
pub(super) struct LinksMade {
    all: Vec<LinkMade>,
    by_other: HashMap<Uuid, Vec<usize>>,
    /// Those that entries make without naming the other end.
    unnamed: Vec<usize>,
}

impl LinksMade {
    pub(super) fn of(id: Uuid, all: Vec<LinkMade>) -> LinksMade {
        let mut by_other: HashMap<Uuid, Vec<usize>> = HashMap::new();
        let mut unnamed = Vec::new();
        for (i, link) in all.iter().enumerate() {
            let other = if link.source == id { link.target } else { link.source };
            by_other.entry(other).or_default().push(i);
            if link.source == id && matches!(link.kind, LinkKind::Manager | LinkKind::Licence) {
                unnamed.push(i);
            }
        }
        LinksMade { all, by_other, unnamed }
    }

    /// Those that the entry can have to do with.
    fn near<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = &'a LinkMade> {
        let named = entry.ids.iter().filter_map(|id| self.by_other.get(id)).flatten();
        named.chain(&self.unnamed).filter_map(|i| self.all.get(*i))
    }
}

#[derive(Debug)]
pub(super) struct AttributeMade {
    pub(super) name: String,
    pub(super) earlier: Vec<String>,
    pub(super) later: Vec<String>,
}

#[derive(Debug)]
pub(super) struct LinkMade {
    pub(super) kind: LinkKind,
    pub(super) fate: LinkFate,
    pub(super) source: Uuid,
    pub(super) target: Uuid,
    /// The administrative unit or object that an assignment is confined to.
    pub(super) scope: Option<Uuid>,
}

/// What of the change the entry made.
pub(super) fn parts(entry: &Entry, made: &Made) -> Vec<Part> {
    let Some(deed) = activity::deed(&entry.activity) else { return Vec::new() };
    let mut parts = Vec::new();
    if activity::makes(deed, made.kind, made.sort, made.was_live) && entry.mainly_about(made.id).is_some() {
        parts.push(Part::Whole);
    }
    if let Some(target) = entry.about(made.id) {
        let changed = made.attributes.iter().filter(|a| sets(deed, made.kind, target, a));
        parts.extend(changed.map(|a| Part::Attribute(a.name.clone())));
    }
    for link in made.links.near(entry) {
        let part = Part::Links(link.kind);
        if !parts.contains(&part) && links(entry, deed, link) {
            parts.push(part);
        }
    }
    parts
}

/// Whether the deed gives the attribute the value that it has later.
fn sets(deed: Deed, kind: Kind, target: &Target, attribute: &AttributeMade) -> bool {
    let named = target.modified.iter().find(|m| activity::is_attribute(&m.name, &attribute.name));
    match deed {
        Deed::Updates(of) if of == kind => match named {
            Some(modified) => leads(modified, attribute),
            None => {
                target.modified.iter().filter(|m| m.name == LISTED).flat_map(|m| &m.new).any(|list| {
                    list.split(',').any(|name| activity::is_attribute(name.trim(), &attribute.name))
                })
            }
        },
        Deed::Sets(of, name) => {
            of == kind && name == attribute.name && named.is_none_or(|modified| leads(modified, attribute))
        }
        _ => false,
    }
}

/// Whether such a modification can be a step from the earlier value to the later one. What restores the earlier one, or
/// takes the later one away, was itself undone, or done before the earlier read or after the later one.
fn leads(modified: &Modified, attribute: &AttributeMade) -> bool {
    let sorted = |values: &[String]| {
        let mut values = values.to_vec();
        values.sort();
        values
    };
    let (old, new) = (sorted(&modified.old), sorted(&modified.new));
    // Values that are too long or too private for the log are left out of it.
    (old.is_empty() && new.is_empty())
        || (new != sorted(&attribute.earlier) && old != sorted(&attribute.later))
}

/// Whether the entry makes that link come, go or change.
fn links(entry: &Entry, deed: Deed, link: &LinkMade) -> bool {
    match deed {
        Deed::Updates(_) if link.kind == LinkKind::Licence => {
            entry.mainly_about(link.source).is_some_and(|target| {
                target.modified.iter().any(|m| m.name == LICENSES) && licenses(target, link)
            })
        }
        _ if !activity::changes(deed, link.kind, link.fate) => false,
        // Another manager takes the first one's place without a word about him.
        Deed::Manager => {
            entry.mainly_about(link.source).is_some()
                && (link.fate == LinkFate::Removed || entry.names(link.target))
        }
        Deed::Licenses => entry.mainly_about(link.source).is_some_and(|target| licenses(target, link)),
        _ => entry.names(link.source) && entry.names(link.target) && fits(entry, link.scope),
    }
}

/// Whether an assignment of the entry is confined as the link is.
fn fits(entry: &Entry, scope: Option<Uuid>) -> bool {
    let scoped = entry.activity.to_ascii_lowercase().contains("scoped");
    match scope {
        Some(unit) => !scoped || entry.names(unit),
        None => !scoped,
    }
}

/// Whether the license is among what changed, where the entry says which did.
fn licenses(target: &Target, link: &LinkMade) -> bool {
    let sku = link.target.to_string();
    let has = |values: &[String]| values.iter().any(|text| text.to_ascii_lowercase().contains(&sku));
    let modified: Vec<&Modified> = target.modified.iter().filter(|m| m.name == LICENSES).collect();
    if modified.is_empty() {
        return true;
    }
    modified.iter().any(|m| match (has(&m.old), has(&m.new), link.fate) {
        (false, true, LinkFate::Added) | (true, false, LinkFate::Removed) => true,
        (true, true, LinkFate::Altered) => m.old != m.new,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::entry::Raw;
    use super::*;
    use serde_json::json;

    const fn id(of: u128) -> Uuid {
        Uuid::from_u128(of)
    }

    /// An entry about objects, the first of which has the modified properties.
    fn entry(activity: &str, targets: &[Uuid], modified: serde_json::Value) -> Entry {
        let targets: Vec<_> = targets
            .iter()
            .enumerate()
            .map(|(i, id)| json!({"id": id, "modifiedProperties": if i == 0 { modified.clone() } else { json!([]) }}))
            .collect();
        let raw = json!({
            "activityDateTime": "2026-05-07T09:00:00Z",
            "activityDisplayName": activity,
            "result": "success",
            "initiatedBy": {"user": {"displayName": "Eve", "userPrincipalName": "eve@c.example"}},
            "targetResources": targets,
        });
        Entry::read(serde_json::from_value::<Raw>(raw).unwrap()).unwrap()
    }

    fn property(name: &str, old: &str, new: &str) -> serde_json::Value {
        json!([{"displayName": name, "oldValue": old, "newValue": new}])
    }

    fn user(sort: Sort) -> Made {
        Made {
            id: id(1),
            kind: Kind::User,
            sort,
            was_live: true,
            attributes: Vec::new(),
            links: LinksMade::default(),
        }
    }

    fn retitled() -> Made {
        let (earlier, later) = (vec!["Engineer".to_owned()], vec!["Contractor".to_owned()]);
        let attributes = vec![AttributeMade { name: "jobTitle".into(), earlier, later }];
        Made { attributes, ..user(Sort::Updated) }
    }

    fn linked(kind: LinkKind, fate: LinkFate) -> Made {
        confined(kind, fate, None)
    }

    fn confined(kind: LinkKind, fate: LinkFate, scope: Option<Uuid>) -> Made {
        let link = LinkMade { kind, fate, source: id(1), target: id(2), scope };
        Made { links: LinksMade::of(id(1), vec![link]), ..user(Sort::Updated) }
    }

    #[test]
    fn an_update_makes_the_attributes_that_it_names() {
        let title = [Part::Attribute("jobTitle".into())];
        let update =
            |name, old, new| parts(&entry("Update user", &[id(1)], property(name, old, new)), &retitled());
        assert_eq!(update("JobTitle", r#"["Engineer"]"#, r#"["Contractor"]"#), title);
        assert_eq!(update("JobTitle", r#"["Engineer"]"#, r#"["Temp"]"#), title, "a step on the way");
        assert_eq!(update(LISTED, "", r#""Department, JobTitle""#), title);
        assert!(update("Department", r#"["A"]"#, r#"["B"]"#).is_empty());
        assert!(
            update("JobTitle", r#"["Trainee"]"#, r#"["Engineer"]"#).is_empty(),
            "before the earlier read"
        );
        assert!(update("JobTitle", r#"["Contractor"]"#, r#"["Chief"]"#).is_empty(), "after the later read");
        let other =
            entry("Update user", &[id(9)], property("JobTitle", r#"["Engineer"]"#, r#"["Contractor"]"#));
        assert!(parts(&other, &retitled()).is_empty());
        assert!(parts(&entry("Reset user password", &[id(1)], json!([])), &retitled()).is_empty());
    }

    #[test]
    fn coming_and_going_are_told_apart() {
        let by = |activity, sort| parts(&entry(activity, &[id(1)], json!([])), &user(sort)) == [Part::Whole];
        assert!(by("Add user", Sort::Created) && by("Restore user", Sort::Restored));
        assert!(by("Delete user", Sort::Deleted) && by("Delete user", Sort::PermanentlyDeleted));
        assert!(by("Hard delete user", Sort::PermanentlyDeleted) && !by("Hard delete user", Sort::Deleted));
        assert!(!by("Delete group", Sort::Deleted) && !by("Update user", Sort::Deleted));
        let binned = Made { was_live: false, ..user(Sort::PermanentlyDeleted) };
        assert!(parts(&entry("Delete user", &[id(1)], json!([])), &binned).is_empty());
    }

    #[test]
    fn a_link_needs_both_its_ends() {
        let made = linked(LinkKind::Member, LinkFate::Added);
        let by = |activity, targets: &[Uuid], modified| {
            !parts(&entry(activity, targets, modified), &made).is_empty()
        };
        assert!(by("Add member to group", &[id(2), id(1)], json!([])));
        let group = property("Group.ObjectID", "", &format!("\"{}\"", id(1)));
        assert!(by("Add member to group", &[id(2)], group));
        assert!(!by("Add member to group", &[id(3), id(1)], json!([])));
        assert!(!by("Remove member from group", &[id(2), id(1)], json!([])));
        assert!(!by("Add owner to group", &[id(2), id(1)], json!([])));
    }

    #[test]
    fn another_manager_takes_the_place_of_the_first() {
        let made = |fate| linked(LinkKind::Manager, fate);
        let set = |manager| entry("Set user manager", &[id(1), id(manager)], json!([]));
        assert!(!parts(&set(2), &made(LinkFate::Added)).is_empty());
        assert!(parts(&set(3), &made(LinkFate::Added)).is_empty());
        assert!(!parts(&set(3), &made(LinkFate::Removed)).is_empty());
    }

    #[test]
    fn a_license_is_the_one_that_the_entry_names() {
        let sku = |of: u128| format!(r#"["[SkuName=X, SkuId={}, DisabledPlans=[]]"]"#, id(of));
        let made = linked(LinkKind::Licence, LinkFate::Added);
        let by = |activity, modified| !parts(&entry(activity, &[id(1)], modified), &made).is_empty();
        assert!(by("Change user license", json!([])));
        assert!(by("Change user license", property(LICENSES, "[]", &sku(2))));
        assert!(by("Update user", property(LICENSES, "[]", &sku(2))));
        assert!(!by("Change user license", property(LICENSES, "[]", &sku(3))));
        assert!(!by("Change user license", property(LICENSES, &sku(2), "[]")));
        assert!(!by("Update user", json!([])));
    }

    #[test]
    fn an_assignment_in_a_unit_is_not_one_in_the_whole_tenant() {
        let whole = linked(LinkKind::RoleAssignment, LinkFate::Added);
        let confined = confined(LinkKind::RoleAssignment, LinkFate::Added, Some(id(3)));
        let scoped = |unit| entry("Add scoped member to role", &[id(2), id(1), id(unit)], json!([]));
        assert!(!parts(&scoped(3), &confined).is_empty());
        assert!(parts(&scoped(4), &confined).is_empty() && parts(&scoped(3), &whole).is_empty());
        assert!(!parts(&entry("Add member to role", &[id(2), id(1)], json!([])), &whole).is_empty());
    }
}
