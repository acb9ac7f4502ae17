//! The fewest writes that do some steps: attributes of one object in one PATCH a permission class, up to
//! twenty members in one group PATCH, the licences of one user in one call.

use std::collections::BTreeMap;

use domain::descriptor::{self, Restorable, Type};
use domain::link::LinkDetails;
use domain::{Kind, LinkKind};
use graph::{Hosts, Write, path};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::step::{Deed, LinkDeed, Step};

/// Members that one PATCH of a group may bind (Graph's limit).
const MEMBERS: usize = 20;

/// One write, and the steps that it does.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) steps: Vec<Step>,
    pub(crate) action: Action,
}

impl Unit {
    /// Whether links end by it and nothing else happens.
    pub(crate) fn only_takes_away(&self) -> bool {
        self.steps.iter().all(|s| matches!(&s.content.deed, Deed::Link(l) if !l.add))
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Action {
    Send(Write),
    /// The assignment's id is looked up first; it is not the same after re-creation.
    RemoveAssignment {
        role: Uuid,
        principal: Uuid,
        scope: String,
    },
}

/// What may share a write.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Patch(Uuid, u8),
    AddMembers(Uuid),
    Licences(Uuid),
    Alone(i32),
}

fn group_of(step: &Step) -> Group {
    let id = step.content.object.id;
    match &step.content.deed {
        Deed::Set { name, .. } => {
            let class = descriptor::of(step.content.object.kind).and_then(|d| d.attribute(name)).map(|a| {
                match a.restorable {
                    Restorable::Write => 0,
                    // Only where Graph asks for a directory role do they fail apart from the others.
                    Restorable::Sensitive => u8::from(step.content.warning.is_some()),
                    Restorable::Separate(_) | Restorable::Never(_) => 2,
                }
            });
            match class {
                Some(class @ (0 | 1)) => Group::Patch(id, class),
                _ => Group::Alone(step.number),
            }
        }
        Deed::Link(l) if l.kind == LinkKind::Member && l.add => Group::AddMembers(id),
        Deed::Link(l) if matches!(l.kind, LinkKind::Licence | LinkKind::GroupLicense) => Group::Licences(id),
        _ => Group::Alone(step.number),
    }
}

/// Groups the steps of one stage into writes.
pub(crate) fn build(steps: Vec<Step>, hosts: &Hosts) -> Vec<Unit> {
    let mut groups: BTreeMap<Group, Vec<Step>> = BTreeMap::new();
    for step in steps {
        groups.entry(group_of(&step)).or_default().push(step);
    }
    let mut units = Vec::new();
    for (group, steps) in groups {
        let most = if matches!(group, Group::AddMembers(_)) { MEMBERS } else { usize::MAX };
        let mut rest = steps;
        while !rest.is_empty() {
            let more = rest.split_off(rest.len().min(most));
            units.extend(unit(rest, hosts));
            rest = more;
        }
    }
    units
}

/// How many writes some steps take.
pub(crate) fn count(steps: &[Step]) -> i64 {
    let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
    for step in steps {
        *groups.entry(group_of(step)).or_default() += 1;
    }
    groups
        .iter()
        .map(|(group, n)| if matches!(group, Group::AddMembers(_)) { n.div_ceil(MEMBERS) } else { 1 } as i64)
        .sum()
}

/// Two units that together do what one did, to find the step that Graph refuses.
pub(crate) fn split(unit: Unit, hosts: &Hosts) -> Vec<Unit> {
    let mut first = unit.steps;
    let second = first.split_off(first.len() / 2);
    [first, second].into_iter().filter_map(|steps| self::unit(steps, hosts)).collect()
}

fn unit(steps: Vec<Step>, hosts: &Hosts) -> Option<Unit> {
    let first = steps.first()?;
    let object = first.content.object;
    let action = match &first.content.deed {
        Deed::Undelete => {
            let items = descriptor::of(object.kind).map_or("/directory/deletedItems", |d| d.bin_items);
            Action::Send(Write::post(format!("{items}/{}/restore", object.id), json!({})))
        }
        Deed::Set { .. } => Action::Send(patch(object.kind, object.id, &steps)),
        Deed::Link(l) => link(object.id, l, &steps, hosts),
    };
    Some(Unit { steps, action })
}

fn collection(kind: Kind) -> &'static str {
    descriptor::of(kind).map_or("/directoryObjects", |d| d.collection)
}

fn patch(kind: Kind, id: Uuid, steps: &[Step]) -> Write {
    let mut body = Map::new();
    for step in steps {
        if let Deed::Set { name, to, seen } = &step.content.deed {
            body.insert(name.clone(), value(kind, name, to.as_deref(), seen.as_deref()));
        }
    }
    Write::patch(format!("{}/{id}", collection(kind)), Value::Object(body))
}

/// The value to send: Graph takes null for a plain value and an empty list for a collection, and leaves
/// the fields of a complex value alone that are not named.
fn value(kind: Kind, name: &str, to: Option<&str>, seen: Option<&str>) -> Value {
    let parse = |text: Option<&str>| text.and_then(|t| serde_json::from_str::<Value>(t).ok());
    let shape = descriptor::of(kind).and_then(|d| d.attribute(name)).map(|a| a.shape);
    match (shape, parse(to)) {
        (Some(Type::Set), to) => to.unwrap_or_else(|| json!([])),
        (Some(Type::Complex), to) => {
            let mut fields: Map<String, Value> = match parse(seen) {
                Some(Value::Object(seen)) => seen.into_iter().map(|(k, _)| (k, Value::Null)).collect(),
                _ => Map::new(),
            };
            if let Some(Value::Object(to)) = to {
                fields.extend(to);
            }
            if fields.is_empty() { Value::Null } else { Value::Object(fields) }
        }
        (_, to) => to.unwrap_or(Value::Null),
    }
}

fn link(source: Uuid, l: &LinkDeed, steps: &[Step], hosts: &Hosts) -> Action {
    let (from, to) = (source.to_string(), l.other.id.to_string());
    Action::Send(match (l.kind, l.add) {
        (LinkKind::Member, true) if steps.len() > 1 => {
            let ids: Vec<String> = steps
                .iter()
                .filter_map(|s| match &s.content.deed {
                    Deed::Link(l) => Some(l.other.id.to_string()),
                    _ => None,
                })
                .collect();
            Write::patch(path::group(&from), path::bind_members(hosts, ids.iter().map(String::as_str)))
        }
        (LinkKind::Member, true) => Write::post(path::members_ref(&from), path::reference(hosts, &to)),
        (LinkKind::Member, false) => Write::delete(path::member_ref(&from, &to)),
        (LinkKind::Owner, true) => Write::post(path::owners_ref(&from), path::reference(hosts, &to)),
        (LinkKind::Owner, false) => Write::delete(path::owner_ref(&from, &to)),
        (LinkKind::Manager, true) => Write::put(path::manager_ref(&from), path::reference(hosts, &to)),
        (LinkKind::Manager, false) => Write::delete(path::manager_ref(&from)),
        (LinkKind::UnitMember, true) => Write::post(path::au_members_ref(&from), path::reference(hosts, &to)),
        (LinkKind::UnitMember, false) => Write::delete(path::au_member_ref(&from, &to)),
        (LinkKind::Licence, _) => licences(&path::user(&from), steps),
        (LinkKind::GroupLicense, _) => licences(&path::group(&from), steps),
        // The source is the role; the target is who holds it.
        (LinkKind::RoleAssignment | LinkKind::ActivatedRole, true) => Write::post(
            "/roleManagement/directory/roleAssignments",
            json!({"principalId": to, "roleDefinitionId": from, "directoryScopeId": l.disc}),
        ),
        (LinkKind::RoleAssignment | LinkKind::ActivatedRole, false) => {
            return Action::RemoveAssignment { role: source, principal: l.other.id, scope: l.disc.clone() };
        }
    })
}

fn licences(holder: &str, steps: &[Step]) -> Write {
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for step in steps {
        let Deed::Link(l) = &step.content.deed else { continue };
        if l.add {
            let plans = match LinkDetails::of(l.details.as_deref()) {
                Some(LinkDetails::DisabledPlans(plans)) => plans,
                _ => Vec::new(),
            };
            add.push(json!({"skuId": l.other.id, "disabledPlans": plans}));
        } else {
            remove.push(json!(l.other.id));
        }
    }
    Write::post(format!("{holder}/assignLicense"), json!({"addLicenses": add, "removeLicenses": remove}))
}
