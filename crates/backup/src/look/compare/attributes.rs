//! Which attributes of an object differ between two of its versions, as far as both points show them.

use std::collections::HashMap;

use domain::capture::Comparable;
use domain::change::{AttributeChange, Sort};
use domain::descriptor::{self, Attribute};
use store::Store;
use store::history::{Num, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::difference::Change;
use super::rules::BODIES;
use crate::capture::canon::{Layout, Values};
use crate::look::body;
use crate::{Result, obstacle, shown};

/// The attributes that the version itself says it changed, where it follows the other directly. In the
/// recycle bin Entra alters some by itself, so there the values must be looked at.
fn recorded<'a>(old: &'a Version, new: &'a Version) -> Option<&'a [String]> {
    if !old.is_live() || !new.is_live() {
        return None;
    }
    if old.to_seq == new.from_seq {
        Some(&new.changed)
    } else if new.to_seq == old.from_seq {
        Some(&old.changed)
    } else {
        None
    }
}

/// Objects that differ only in attributes that not both points show. Bodies are unsealed only where the versions do
/// not say.
pub(super) async fn unchanged(
    store: &Store,
    tenant: TenantScope,
    changed: &HashMap<Num, Change>,
    both: &Comparable,
) -> Result<Vec<Num>> {
    let mut out = Vec::new();
    let mut asked: Vec<(&Version, &Version)> = Vec::new();
    for change in changed.values().filter(|c| c.sort == Sort::Updated) {
        let Some((old, new)) = change.versions() else { continue };
        if both.all_attributes(new.kind) {
            continue;
        }
        match recorded(old, new) {
            Some(names) if names.iter().any(|name| both.attribute(new.kind, name)) => {}
            Some(_) => out.push(new.num),
            None => asked.push((old, new)),
        }
    }
    for chunk in asked.chunks(BODIES / 2) {
        let versions: Vec<&Version> = chunk.iter().flat_map(|(old, new)| [*old, *new]).collect();
        let values = body::values(store, tenant, &versions).await?;
        for ((old, new), values) in chunk.iter().zip(values.chunks(2)) {
            let [before, now] = values else { continue };
            // Both are live: the mark of the recycle bin does not matter.
            if differing((old, new), (before, now), Uuid::nil(), both).is_empty() {
                out.push(new.num);
            }
        }
    }
    Ok(out)
}

/// For each change, how many attributes differ.
pub(super) async fn counts(
    store: &Store,
    tenant: TenantScope,
    changes: &[(&Version, &Change, Uuid)],
    both: &Comparable,
) -> Result<Vec<i64>> {
    let mut wanted = Vec::new();
    for (_, change, _) in changes {
        if let Some((old, new)) = change.versions()
            && recorded(old, new).is_none()
        {
            wanted.extend([old, new]);
        }
    }
    let mut values = body::values(store, tenant, &wanted).await?.into_iter();
    Ok(changes
        .iter()
        .map(|(_, change, id)| {
            let Some((old, new)) = change.versions() else { return 0 };
            let n = match recorded(old, new) {
                Some(names) => names.iter().filter(|name| both.attribute(new.kind, name)).count(),
                None => match values.next().zip(values.next()) {
                    Some((before, now)) => differing((old, new), (&before, &now), *id, both).len(),
                    None => 0,
                },
            };
            i64::try_from(n).unwrap_or(i64::MAX)
        })
        .collect())
}

/// The attributes of one object that differ, in the descriptor's order.
pub(super) async fn changes(
    store: &Store,
    tenant: TenantScope,
    change: &Change,
    id: Uuid,
    both: &Comparable,
) -> Result<Vec<AttributeChange>> {
    let Some((old, new)) = change.versions() else { return Ok(Vec::new()) };
    let mut values = body::values(store, tenant, &[old, new]).await?.into_iter();
    let (Some(layout), Some((before, now))) = (body::layout(new.kind), values.next().zip(values.next()))
    else {
        return Ok(Vec::new());
    };
    Ok(differing((old, new), (&before, &now), id, both)
        .into_iter()
        .map(|a| {
            let (was, is) = (layout.raw(&before, a.name), layout.raw(&now, a.name));
            AttributeChange {
                name: a.name.to_owned(),
                label: a.label.to_owned(),
                old: shown::raw(a, was),
                new: shown::raw(a, is),
                obstacle: obstacle::of_value(a, layout, &now, was),
            }
        })
        .collect())
}

/// The attributes that differ between two versions with their values, and that both points show.
pub(crate) fn differing(
    (old, new): (&Version, &Version),
    (before, now): (&Values, &Values),
    id: Uuid,
    both: &Comparable,
) -> Vec<&'static Attribute> {
    let (Some(d), Some(layout)) = (descriptor::of(new.kind), body::layout(new.kind)) else {
        return Vec::new();
    };
    let moved = old.is_live() != new.is_live();
    d.attributes
        .iter()
        .filter(|a| !a.volatile && layout.raw(before, a.name) != layout.raw(now, a.name))
        .filter(|a| both.attribute(new.kind, a.name))
        .filter(|a| !(moved && a.name == "userPrincipalName" && only_marked(layout, before, now, id)))
        .collect()
}

/// In the recycle bin Entra puts the object's id before the principal name, and takes it off again when
/// the object comes back.
fn only_marked(layout: &Layout, a: &Values, b: &Values, id: Uuid) -> bool {
    let name = |values| {
        let text = layout.text(values, "userPrincipalName").unwrap_or_default().to_lowercase();
        text.strip_prefix(&id.simple().to_string()).map_or_else(|| text.clone(), str::to_owned)
    };
    name(a) == name(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Kind;

    fn version(from_seq: i64, to_seq: i64, changed: &[&str]) -> Version {
        Version {
            num: 1,
            from_seq,
            to_seq,
            kind: Kind::User,
            deleted_at: None,
            name: String::new(),
            detail: String::new(),
            flags: 0,
            digest: [0; 16],
            changed: changed.iter().map(|c| (*c).to_owned()).collect(),
        }
    }

    #[test]
    fn neighbours_tell_what_changed_in_either_direction() {
        let (a, b, c) = (version(1, 3, &[]), version(3, 5, &["city"]), version(5, 9, &["state", "city"]));
        assert_eq!(recorded(&a, &b).unwrap(), ["city"]);
        assert_eq!(recorded(&b, &a).unwrap(), ["city"]);
        assert_eq!(recorded(&b, &c).unwrap().len(), 2);
        assert_eq!(recorded(&a, &c), None);
    }

    #[test]
    fn the_mark_of_the_recycle_bin_is_no_change() {
        let id = Uuid::from_u128(0xABC);
        let layout = body::layout(Kind::User).unwrap();
        let values =
            |upn: &str| layout.load(format!(r#"{{"userPrincipalName":"{upn}"}}"#).as_bytes()).unwrap();
        let live = values("maya@contoso.example");
        let binned = values(&format!("{}maya@contoso.example", id.simple()));
        assert!(only_marked(layout, &live, &binned, id) && only_marked(layout, &binned, &live, id));
        assert!(!only_marked(layout, &live, &values("other@contoso.example"), id));
    }
}
