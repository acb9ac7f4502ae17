//! Links as they stand in answers.

use domain::{Kind, LinkKind};
use serde::Deserialize;
use store::history::{Link, LinkKey, Num, Writer};
use uuid::Uuid;

use super::canon::Flat;

/// An entry of `members@delta` and its like, or of an expanded navigation property.
#[derive(Deserialize)]
struct End {
    #[serde(rename = "@odata.type", default)]
    odata_type: String,
    id: Uuid,
    #[serde(rename = "@removed")]
    removed: Option<serde::de::IgnoredAny>,
}

/// A far end and whether the link to it ended.
pub(crate) struct Seen {
    pub(crate) link: Link,
    /// The far end, as Graph names it.
    pub(crate) id: Uuid,
    pub(crate) removed: bool,
}

/// The links that `members@delta`, `owners@delta` or `manager@delta` of a delta item names.
pub(crate) fn from_delta(
    flat: &Flat<'_>,
    property: &str,
    kind: LinkKind,
    source: Num,
    writer: &mut Writer,
) -> Vec<Seen> {
    let Some(raw) = flat.get(&format!("{property}@delta")) else { return Vec::new() };
    let ends: Vec<End> = serde_json::from_str(raw).unwrap_or_default();
    ends.into_iter()
        .map(|end| {
            let target = writer.number(end.id, Kind::from_odata(&end.odata_type), None);
            let key = LinkKey { kind, source, target, disc: String::new() };
            Seen { link: Link { key, details: None }, id: end.id, removed: end.removed.is_some() }
        })
        .collect()
}

/// The manager that a user listed with `$expand=manager` has.
pub(crate) fn expanded_manager(flat: &Flat<'_>, source: Num, writer: &mut Writer) -> Option<Link> {
    let end: Option<End> = serde_json::from_str(flat.get("manager")?).ok()?;
    let target = writer.number(end?.id, Kind::User, None);
    Some(Link {
        key: LinkKey { kind: LinkKind::Manager, source, target, disc: String::new() },
        details: None,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LicenceState {
    sku_id: Uuid,
    assigned_by_group: Option<Uuid>,
    #[serde(default)]
    disabled_plans: Vec<Uuid>,
    state: Option<String>,
}

/// The licences in `licenseAssignmentStates`; none when the answer does not hold the property.
pub(crate) fn licences(flat: &Flat<'_>, source: Num, writer: &mut Writer) -> Option<Vec<Link>> {
    let states: Option<Vec<LicenceState>> =
        serde_json::from_str(flat.get("licenseAssignmentStates")?).ok()?;
    Some(
        states
            .unwrap_or_default()
            .into_iter()
            .filter(|s| s.state.as_deref() != Some("Error"))
            .map(|s| {
                let target = writer.number(s.sku_id, Kind::Licence, None);
                let mut plans: Vec<String> = s.disabled_plans.iter().map(Uuid::to_string).collect();
                plans.sort_unstable();
                Link {
                    key: LinkKey {
                        kind: LinkKind::Licence,
                        source,
                        target,
                        disc: s.assigned_by_group.map(|g| g.to_string()).unwrap_or_default(),
                    },
                    details: (!plans.is_empty()).then(|| plans.join(",")),
                }
            })
            .collect(),
    )
}
