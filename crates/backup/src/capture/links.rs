//! Links as they stand in answers.

use domain::{Kind, LinkKind};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::history::{Link, LinkKey, Num, Writer};
use uuid::Uuid;

use super::canon::Flat;

/// An entry of `members@delta` and its like, or of an expanded navigation property. Entries with limited information
/// may have no type.
#[derive(Deserialize)]
pub(super) struct End {
    #[serde(rename = "@odata.type", default)]
    odata_type: Option<String>,
    pub(super) id: Uuid,
    #[serde(rename = "@removed")]
    removed: Option<serde::de::IgnoredAny>,
}

impl End {
    pub(super) fn kind(&self) -> Kind {
        self.odata_type.as_deref().map_or(Kind::Other, Kind::from_odata)
    }
}

/// A far end and whether the link to it ended.
pub(crate) struct Seen {
    pub(crate) link: Link,
    /// The far end, as Graph names it.
    pub(crate) id: Uuid,
    pub(crate) removed: bool,
}

pub(super) fn link(kind: LinkKind, source: Num, target: Num) -> Link {
    Link { key: LinkKey { kind, source, target, disc: String::new() }, details: None }
}

/// The links that `members@delta`, `owners@delta` or `manager@delta` of a delta item names. One entry that cannot be
/// read never drops its neighbours: the second value counts such entries.
pub(crate) fn from_delta(
    flat: &Flat<'_>,
    property: &str,
    kind: LinkKind,
    source: Num,
    writer: &mut Writer,
) -> (Vec<Seen>, usize) {
    let Some(raw) = flat.get(&format!("{property}@delta")) else { return (Vec::new(), 0) };
    let entries: Vec<&RawValue> = match serde_json::from_str::<Option<Vec<&RawValue>>>(raw) {
        Ok(entries) => entries.unwrap_or_default(),
        Err(_) => return (Vec::new(), 1),
    };
    let mut odd = 0;
    let mut seen = Vec::with_capacity(entries.len());
    for entry in entries {
        match serde_json::from_str::<End>(entry.get()) {
            Ok(end) => {
                let target = writer.number(end.id, end.kind(), None);
                seen.push(Seen {
                    link: link(kind, source, target),
                    id: end.id,
                    removed: end.removed.is_some(),
                });
            }
            Err(_) => odd += 1,
        }
    }
    (seen, odd)
}

/// The manager that a user listed with `$expand=manager` has.
pub(crate) fn expanded_manager(flat: &Flat<'_>, source: Num, writer: &mut Writer) -> Option<Link> {
    let end: Option<End> = serde_json::from_str(flat.get("manager")?).ok()?;
    let target = writer.number(end?.id, Kind::User, None);
    Some(link(LinkKind::Manager, source, target))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LicenceState {
    sku_id: Uuid,
    assigned_by_group: Option<Uuid>,
    #[serde(default)]
    disabled_plans: Vec<Uuid>,
}

/// The licences in `licenseAssignmentStates`, those that could not take effect included (they are assigned all the
/// same); none when the answer does not hold the property.
pub(crate) fn licences(flat: &Flat<'_>, source: Num, writer: &mut Writer) -> Option<Vec<Link>> {
    let states: Option<Vec<LicenceState>> =
        serde_json::from_str(flat.get("licenseAssignmentStates")?).ok()?;
    let held = states.unwrap_or_default().into_iter().map(|s| {
        let disc = s.assigned_by_group.map(|g| g.to_string()).unwrap_or_default();
        licence(LinkKind::Licence, source, s.sku_id, &s.disabled_plans, disc, writer)
    });
    Some(held.collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssignedLicence {
    sku_id: Uuid,
    #[serde(default)]
    disabled_plans: Vec<Uuid>,
}

/// The licences in a group's `assignedLicenses`; none when the answer does not hold the property.
pub(crate) fn group_licences(flat: &Flat<'_>, source: Num, writer: &mut Writer) -> Option<Vec<Link>> {
    let assigned: Option<Vec<AssignedLicence>> = serde_json::from_str(flat.get("assignedLicenses")?).ok()?;
    let held = assigned
        .unwrap_or_default()
        .into_iter()
        .map(|a| licence(LinkKind::GroupLicense, source, a.sku_id, &a.disabled_plans, String::new(), writer));
    Some(held.collect())
}

fn licence(
    kind: LinkKind,
    source: Num,
    sku: Uuid,
    disabled: &[Uuid],
    disc: String,
    writer: &mut Writer,
) -> Link {
    let target = writer.number(sku, Kind::Licence, None);
    let mut plans: Vec<String> = disabled.iter().map(Uuid::to_string).collect();
    plans.sort_unstable();
    Link {
        key: LinkKey { kind, source, target, disc },
        details: (!plans.is_empty()).then(|| plans.join(",")),
    }
}
