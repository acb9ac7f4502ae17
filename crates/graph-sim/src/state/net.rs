//! What came of everything that was done between two positions of the history.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::history::{Entry, Fact, Text};
use super::licences::Licence;
use super::log::Rel;
use super::roles::{Assignment, Eligibility};
use super::{Life, Oid, Tenant};
use crate::record::PropId;
use crate::text::iso;

/// First and last value of everything that was touched.
#[derive(Default)]
struct Net<'a> {
    /// No life: not there yet.
    lives: BTreeMap<Oid, (Option<Life>, Life)>,
    props: BTreeMap<(Oid, PropId), (&'a Text, &'a Text)>,
    links: BTreeMap<(u8, Oid, Oid), (bool, bool)>,
    roles: BTreeMap<(Oid, Oid, String), (Value, Value)>,
    eligible: BTreeMap<(Oid, Oid, String), (Value, Value)>,
    licences: BTreeMap<Oid, (&'a [Licence], &'a [Licence])>,
}

/// Keeps the first value before and the last one after.
fn fold<K: Ord, B, A>(map: &mut BTreeMap<K, (B, A)>, key: K, before: B, after: A) {
    match map.get_mut(&key) {
        Some(known) => known.1 = after,
        None => {
            map.insert(key, (before, after));
        }
    }
}

pub(crate) fn relation(rel: Rel) -> &'static str {
    match rel {
        Rel::Members => "members",
        Rel::Owners => "owners",
        Rel::Manager => "manager",
    }
}

pub(crate) fn life(life: Option<Life>) -> &'static str {
    match life {
        None => "absent",
        Some(Life::Live) => "live",
        Some(Life::Bin) => "deleted",
        Some(Life::Purged) => "purged",
    }
}

/// A value as JSON; what cannot be read as JSON (half an emoji) as text.
pub(crate) fn value(text: &Text) -> Value {
    match text {
        None => Value::Null,
        Some(raw) => serde_json::from_slice(raw)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(raw).into_owned())),
    }
}

pub(crate) fn assigned(a: Option<&Assignment>) -> Value {
    a.map_or(Value::Null, |a| {
        json!({
            "id": a.id,
            "activated": a.activated,
            "startDateTime": iso(a.start),
            "endDateTime": a.end.map(iso),
        })
    })
}

pub(crate) fn eligible(e: Option<&Eligibility>) -> Value {
    e.map_or(
        Value::Null,
        |e| json!({"id": e.id.to_string(), "startDateTime": iso(e.start), "endDateTime": e.end.map(iso)}),
    )
}

impl Tenant {
    /// What differs after the entries `from..to`, as JSON. What was done and undone is not in it.
    pub(crate) fn net(&self, from: usize, to: usize) -> Value {
        let to = to.min(self.history.len());
        let mut net = Net::default();
        let unset: &Text = &None;
        let created: Vec<(Oid, Vec<(PropId, Text)>)> = self
            .entries(from, to)
            .iter()
            .filter_map(|entry| match &entry.fact {
                Fact::Created(rec) => {
                    Some((entry.oid, rec.fields().map(|(p, v)| (p, Some(v.into()))).collect()))
                }
                _ => None,
            })
            .collect();
        let mut first = created.iter();
        for entry in self.entries(from, to) {
            let oid = entry.oid;
            match &entry.fact {
                Fact::Created(_) => {
                    fold(&mut net.lives, oid, None, Life::Live);
                    for (prop, text) in first.next().map(|(_, fields)| fields).into_iter().flatten() {
                        fold(&mut net.props, (oid, *prop), unset, text);
                    }
                }
                Fact::Life(before, after) => fold(&mut net.lives, oid, Some(*before), *after),
                Fact::Set(prop, before, after) => fold(&mut net.props, (oid, *prop), before, after),
                Fact::Link(rel, target, now) => {
                    fold(&mut net.links, (*rel as u8, oid, *target), !now, *now);
                }
                Fact::Role(role, scope, before, after) => fold(
                    &mut net.roles,
                    (oid, *role, self.scope_text(*scope)),
                    assigned(before.as_deref()),
                    assigned(after.as_deref()),
                ),
                Fact::Eligible(role, scope, before, after) => fold(
                    &mut net.eligible,
                    (oid, *role, self.scope_text(*scope)),
                    eligible(before.as_deref()),
                    eligible(after.as_deref()),
                ),
                Fact::Licences(before, after) => {
                    fold(&mut net.licences, oid, before.as_slice(), after.as_slice());
                }
            }
        }
        self.tell(net, from, to)
    }

    /// The entries of a range.
    pub(crate) fn entries(&self, from: usize, to: usize) -> &[Entry] {
        self.history.get(from..to.min(self.history.len())).unwrap_or_default()
    }

    fn tell(&self, net: Net<'_>, from: usize, to: usize) -> Value {
        let mut objects: BTreeMap<Oid, Map<String, Value>> = BTreeMap::new();
        for (oid, (before, after)) in net.lives {
            if before != Some(after) {
                let object = objects.entry(oid).or_default();
                object.insert("life".to_owned(), json!({"before": life(before), "after": life(Some(after))}));
            }
        }
        for ((oid, prop), (before, after)) in net.props {
            if before != after {
                let name = self.object(oid).kind.schema().props[prop as usize].name;
                let object = objects.entry(oid).or_default();
                let properties = object.entry("properties").or_insert_with(|| json!({}));
                properties[name] = json!({"before": value(before), "after": value(after)});
            }
        }
        for (oid, (before, after)) in net.licences {
            let (before, after) = (self.licences_json(before), self.licences_json(after));
            if before != after {
                let object = objects.entry(oid).or_default();
                object.insert("licences".to_owned(), json!({"before": before, "after": after}));
            }
        }
        let objects: Vec<Value> = objects
            .into_iter()
            .map(|(oid, mut object)| {
                object.insert("id".to_owned(), self.id(oid).into());
                object.insert("kind".to_owned(), self.type_name(oid).into());
                object.into()
            })
            .collect();
        let links: Vec<Value> = net
            .links
            .into_iter()
            .filter(|(_, (before, after))| before != after)
            .map(|((rel, oid, target), (_, after))| {
                let rel = [Rel::Members, Rel::Owners, Rel::Manager][rel as usize];
                json!({
                    "relation": relation(rel),
                    "source": self.id(oid),
                    "sourceKind": self.type_name(oid),
                    "target": self.id(target),
                    "targetKind": self.type_name(target),
                    "added": after,
                })
            })
            .collect();
        let held = |map: BTreeMap<(Oid, Oid, String), (Value, Value)>| -> Vec<Value> {
            map.into_iter()
                .filter(|(_, (before, after))| before != after)
                .map(|((principal, role, scope), (before, after))| {
                    json!({
                        "principalId": self.id(principal),
                        "roleDefinitionId": self.id(role),
                        "directoryScopeId": scope,
                        "before": before,
                        "after": after,
                    })
                })
                .collect()
        };
        json!({
            "from": from,
            "to": to,
            "objects": objects,
            "links": links,
            "roleAssignments": held(net.roles),
            "roleEligibilities": held(net.eligible),
        })
    }

    /// `user`, `group`: the kind of an object as Graph's types call it.
    pub(crate) fn type_name(&self, oid: Oid) -> &'static str {
        self.object(oid).kind.schema().name.trim_start_matches("microsoft.graph.")
    }
}
