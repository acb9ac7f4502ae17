//! Changes to an answer: what readers are shown, not what the directory holds.

use rand::Rng;
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use super::items::{Duplicate, ItemEdit, LinkDrop, LinkEdit, OneOrMany, Place, PropertyEdit, Slice};
use super::matching::{Asked, contains_id};
use super::rule::{FaultAction, Reads};

/// An answer that is being changed.
pub(super) struct Page {
    pub(super) body: Value,
    /// The request is a delta query.
    delta: bool,
    path: String,
    /// Items for the start of the next page.
    pub(super) later: Vec<Value>,
    /// Pages that come between this one and the next.
    pub(super) own: Vec<Vec<Value>>,
    /// The single object is answered 404.
    pub(super) gone: bool,
}

impl Page {
    pub(super) fn new(asked: &Asked<'_>, body: Value) -> Self {
        let delta = asked.reads() == Some(Reads::Delta);
        // What a path names is looked at only where something is read.
        let path = if asked.reads().is_some() { asked.path.to_owned() } else { String::new() };
        Self { body, delta, path, later: Vec::new(), own: Vec::new(), gone: false }
    }

    fn items(&self) -> Option<&Vec<Value>> {
        self.body.get("value").and_then(Value::as_array)
    }

    fn items_mut(&mut self) -> Option<&mut Vec<Value>> {
        self.body.get_mut("value").and_then(Value::as_array_mut)
    }

    /// Whether an action has something to change here.
    pub(super) fn concerns(&self, action: &FaultAction) -> bool {
        let items = self.items();
        match action {
            FaultAction::EditItems(edit) => match items {
                Some(items) => items.iter().any(|item| selects(edit, item)),
                None => self.body.is_object() && selects(edit, &self.body),
            },
            FaultAction::AddItems { .. } | FaultAction::Loop { .. } => items.is_some(),
            FaultAction::Hide { id } => {
                self.names(id) || items.is_some_and(|items| items.iter().any(|item| named(Some(id), item)))
            }
            FaultAction::Shuffle => items.is_some_and(|items| items.len() > 1),
            FaultAction::EmptyList => items.is_some_and(|items| !items.is_empty()),
            FaultAction::CutList { keep } => items.is_some_and(|items| items.len() > *keep),
            FaultAction::SplitPages { size } => items.is_some_and(|items| items.len() > (*size).max(1)),
            FaultAction::DropProperty { names } => names.iter().any(|name| has(&self.body, name)),
            // Looked at in the text, which is written last.
            FaultAction::RawReplace { .. } => true,
            _ => false,
        }
    }

    fn names(&self, ids: &OneOrMany<String>) -> bool {
        ids.as_slice().iter().any(|id| contains_id(&self.path, id))
    }

    /// Makes a change; false when chance left every item alone.
    pub(super) fn apply(&mut self, action: &FaultAction, rng: &mut Pcg64Mcg) -> bool {
        match action {
            FaultAction::EditItems(edit) => return self.edit(edit, rng),
            FaultAction::AddItems { items } => {
                if let Some(list) = self.items_mut() {
                    list.extend(items.iter().cloned());
                }
            }
            FaultAction::Hide { id } => {
                self.gone = self.names(id);
                if let Some(items) = self.items_mut() {
                    items.retain(|item| !named(Some(id), item));
                }
            }
            FaultAction::Shuffle => {
                if let Some(items) = self.items_mut() {
                    shuffle(items, rng);
                }
            }
            FaultAction::EmptyList => self.cut(0),
            FaultAction::CutList { keep } => self.cut(*keep),
            FaultAction::SplitPages { size } => {
                let size = (*size).max(1);
                if let Some(items) = self.items_mut() {
                    let rest = items.split_off(size.min(items.len()));
                    self.own.extend(rest.chunks(size).map(<[Value]>::to_vec));
                }
            }
            FaultAction::DropProperty { names } => names.iter().for_each(|name| remove(&mut self.body, name)),
            _ => {}
        }
        true
    }

    fn cut(&mut self, keep: usize) {
        if let Some(items) = self.items_mut() {
            items.truncate(keep);
        }
        if !self.delta
            && let Some(map) = self.body.as_object_mut()
        {
            map.remove("@odata.nextLink");
        }
    }

    fn edit(&mut self, edit: &ItemEdit, rng: &mut Pcg64Mcg) -> bool {
        let mut drawn = |item: &Value| {
            selects(edit, item) && edit.share.is_none_or(|share| rng.random_bool(share.clamp(0.0, 1.0)))
        };
        let Some(items) = self.body.get_mut("value").and_then(Value::as_array_mut) else {
            if !drawn(&self.body) {
                return false;
            }
            // A single object appears once.
            change(edit, &mut self.body);
            self.gone |= edit.drop_item;
            return true;
        };
        let before = std::mem::take(items);
        let mut here = Vec::with_capacity(before.len());
        let mut changed = false;
        for mut item in before {
            if !drawn(&item) {
                here.push(item);
                continue;
            }
            changed = true;
            change(edit, &mut item);
            let mut again: Vec<(Place, Value)> = Vec::new();
            if let Some(slice) = &edit.slice {
                again.extend(sliced(slice, &mut item).into_iter().map(|part| (slice.place, part)));
            }
            if let Some(Duplicate { place, edit }) = &edit.duplicate {
                let mut copy = item.clone();
                properties(edit, &mut copy);
                again.push((*place, copy));
            }
            if !edit.drop_item {
                here.push(item);
            }
            for (place, item) in again {
                match place {
                    Place::SamePage => here.push(item),
                    Place::LaterPage => self.later.push(item),
                    Place::OwnPage => self.own.push(vec![item]),
                }
            }
        }
        if let Some(items) = self.items_mut() {
            *items = here;
        }
        changed
    }
}

/// Whether an edit is about an item.
fn selects(edit: &ItemEdit, item: &Value) -> bool {
    named(edit.id.as_ref(), item) && edit.having.iter().all(|(name, value)| item[name] == *value)
}

pub(super) fn named(ids: Option<&OneOrMany<String>>, item: &Value) -> bool {
    ids.is_none_or(|ids| {
        let own = item["id"].as_str().unwrap_or_default();
        ids.as_slice().iter().any(|id| id.eq_ignore_ascii_case(own))
    })
}

fn change(edit: &ItemEdit, item: &mut Value) {
    properties(&edit.edit, item);
    for links in edit.replace_links.iter().flat_map(OneOrMany::as_slice) {
        replace_links(links, item);
    }
    for links in edit.drop_links.iter().flat_map(OneOrMany::as_slice) {
        drop_links(links, item);
    }
}

fn properties(edit: &PropertyEdit, item: &mut Value) {
    let Some(map) = item.as_object_mut() else { return };
    if let Some(keep) = &edit.keep_only {
        map.retain(|name, _| name.starts_with("@odata.context") || keep.contains(name));
    }
    if let Some(keep) = &edit.null_except {
        for (name, value) in map.iter_mut() {
            if !name.contains('@') && name != "id" && !keep.contains(name) {
                *value = Value::Null;
            }
        }
    }
    for name in &edit.remove_property {
        map.remove(name);
    }
    for name in &edit.null {
        map.insert(name.clone(), Value::Null);
    }
    map.extend(edit.set.clone());
}

/// The property that holds a relation: `members@delta`, or `members` where it was expanded.
fn relation(item: &Value, relation: &str) -> String {
    let delta = format!("{relation}@delta");
    if item.get(relation).is_some() && item.get(&delta).is_none() { relation.to_owned() } else { delta }
}

fn replace_links(links: &LinkEdit, item: &mut Value) {
    let name = relation(item, &links.relation);
    let Some(map) = item.as_object_mut() else { return };
    if !links.add.is_empty() {
        map.entry(&name).or_insert_with(|| json!([]));
    }
    let Some(entries) = map.get_mut(&name).and_then(Value::as_array_mut) else { return };
    for entry in entries.iter_mut().filter(|entry| named(links.id.as_ref(), entry)) {
        properties(&links.edit, entry);
    }
    entries.extend(links.add.iter().cloned());
}

fn drop_links(links: &LinkDrop, item: &mut Value) {
    let name = relation(item, &links.relation);
    let Some(map) = item.as_object_mut() else { return };
    match (&links.id, map.get_mut(&name).and_then(Value::as_array_mut)) {
        (Some(_), Some(entries)) => entries.retain(|entry| !named(links.id.as_ref(), entry)),
        _ => {
            map.remove(&name);
        }
    }
}

/// Leaves the first part of the links in the item and gives the later appearances.
fn sliced(slice: &Slice, item: &mut Value) -> Vec<Value> {
    let name = relation(item, &slice.relation);
    let Some(entries) = item.get_mut(&name).and_then(Value::as_array_mut) else { return Vec::new() };
    let parts = slice.slices.max(2);
    let first = slice.first.unwrap_or_else(|| entries.len().div_ceil(parts)).min(entries.len());
    let rest = entries.split_off(first);
    let size = rest.len().div_ceil(parts - 1).max(1);
    rest.chunks(size)
        .map(|part| {
            let mut again = if slice.with_properties { item.clone() } else { json!({"id": item["id"]}) };
            again[&name] = part.into();
            again
        })
        .collect()
}

/// Mixes items and then puts the appearances of each object back into their order.
fn shuffle(items: &mut [Value], rng: &mut Pcg64Mcg) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, rng.random_range(0..=i));
    }
    let mut places: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for (place, from) in order.iter().enumerate() {
        let key = items[*from]["id"].as_str().map_or_else(|| from.to_string(), str::to_owned);
        places.entry(key).or_default().push(place);
    }
    for list in places.values() {
        let mut sources: Vec<usize> = list.iter().map(|place| order[*place]).collect();
        sources.sort_unstable();
        for (place, source) in list.iter().zip(sources) {
            order[*place] = source;
        }
    }
    let mixed: Vec<Value> = order.iter().map(|from| items[*from].clone()).collect();
    items.clone_from_slice(&mixed);
}

fn has(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => map.contains_key(name) || map.values().any(|v| has(v, name)),
        Value::Array(list) => list.iter().any(|v| has(v, name)),
        _ => false,
    }
}

fn remove(value: &mut Value, name: &str) {
    match value {
        Value::Object(map) => {
            map.remove(name);
            map.values_mut().for_each(|v| remove(v, name));
        }
        Value::Array(list) => list.iter_mut().for_each(|v| remove(v, name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_shuffle_keeps_the_appearances_of_an_object_in_order() {
        let mut items: Vec<Value> = (0..30).map(|n| json!({"id": (n % 7).to_string(), "n": n})).collect();
        shuffle(&mut items, &mut Pcg64Mcg::seed_from_u64(3));
        assert!(items.iter().enumerate().any(|(at, item)| item["n"] != at));
        for id in (0..7).map(|id: i32| id.to_string()) {
            let own: Vec<i64> =
                items.iter().filter(|i| i["id"] == id).filter_map(|i| i["n"].as_i64()).collect();
            assert!(own.is_sorted(), "{own:?}");
        }
    }
}
