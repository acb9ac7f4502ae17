//! Which attributes of an object differ between two of its versions.

use domain::change::AttributeChange;
use domain::descriptor::{self, Attribute};
use store::Store;
use store::history::Version;
use store::scope::TenantScope;
use uuid::Uuid;

use super::changes::Change;
use crate::capture::canon::{Layout, Values};
use crate::look::body;
use crate::{Result, obstacle, shown};

/// Two versions of an object with their values.
pub(super) struct Pair<'a> {
    old: &'a Version,
    new: &'a Version,
    values: Option<(Values, Values)>,
}

/// The versions to compare, where both are there and differ.
fn versions(change: &Change) -> Option<(&Version, &Version)> {
    let (old, new) = (change.old.as_ref()?, change.new.as_ref()?);
    (old.from_seq != new.from_seq).then_some((old, new))
}

/// The attributes that the version itself says it changed, where it follows the other directly. In the
/// recycle bin Entra alters some by itself, so there the values must be looked at.
fn told<'a>(old: &'a Version, new: &'a Version) -> Option<&'a [String]> {
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

/// For each change, how many attributes differ. Bodies are unsealed only where the versions do not say.
pub(super) async fn counts(
    store: &Store,
    tenant: TenantScope,
    changes: &[(&Version, &Change, Uuid)],
) -> Result<Vec<i64>> {
    let mut wanted = Vec::new();
    for (_, change, _) in changes {
        if let Some((old, new)) = versions(change)
            && told(old, new).is_none()
        {
            wanted.extend([old, new]);
        }
    }
    let mut values = body::values(store, tenant, &wanted).await?.into_iter();
    Ok(changes
        .iter()
        .map(|(_, change, id)| {
            let Some((old, new)) = versions(change) else { return 0 };
            let n = match told(old, new) {
                Some(changed) => changed.len(),
                None => {
                    let pair = Pair { old, new, values: values.next().zip(values.next()) };
                    pair.differing(*id).len()
                }
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
) -> Result<Vec<AttributeChange>> {
    let Some((old, new)) = versions(change) else { return Ok(Vec::new()) };
    let mut values = body::values(store, tenant, &[old, new]).await?.into_iter();
    let pair = Pair { old, new, values: values.next().zip(values.next()) };
    let (Some(layout), Some((before, now))) = (body::layout(new.kind), &pair.values) else {
        return Ok(Vec::new());
    };
    Ok(pair
        .differing(id)
        .into_iter()
        .map(|a| {
            let (was, is) = (layout.raw(before, a.name), layout.raw(now, a.name));
            AttributeChange {
                name: a.name.to_owned(),
                label: a.label.to_owned(),
                old: shown::raw(a, was),
                new: shown::raw(a, is),
                obstacle: obstacle::of_value(a, layout, now, was),
            }
        })
        .collect())
}

impl Pair<'_> {
    fn differing(&self, id: Uuid) -> Vec<&'static Attribute> {
        let (Some(d), Some(layout), Some((before, now))) =
            (descriptor::of(self.new.kind), body::layout(self.new.kind), &self.values)
        else {
            return Vec::new();
        };
        let moved = self.old.is_live() != self.new.is_live();
        d.attributes
            .iter()
            .filter(|a| !a.volatile && layout.raw(before, a.name) != layout.raw(now, a.name))
            .filter(|a| !(moved && a.name == "userPrincipalName" && only_marked(layout, before, now, id)))
            .collect()
    }
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
        assert_eq!(told(&a, &b).unwrap(), ["city"]);
        assert_eq!(told(&b, &a).unwrap(), ["city"]);
        assert_eq!(told(&b, &c).unwrap().len(), 2);
        assert_eq!(told(&a, &c), None);
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
