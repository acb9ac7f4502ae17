//! How the directory stands towards some steps at a snapshot: whether what they want is there already,
//! still as the plan saw it, or changed again.

use std::collections::{HashMap, HashSet};

use domain::descriptor::{self, DESCRIPTORS};
use domain::link::LinkDetails;
use domain::{Kind, LinkKind};
use store::Store;
use store::history::{LinkKey, Num, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::step::{Deed, LinkDeed, Step};
use crate::capture::canon::{Layout, Values};
use crate::{Error, Result};

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The directory shows what the step wants.
    There,
    /// As the plan saw it.
    AsSeen,
    /// Somebody changed it since; what it is now.
    Changed(Vec<String>),
    /// It cannot be done any more, and why.
    Impossible(&'static str),
}

/// Looks every step up at `seq`.
pub(crate) async fn look(
    store: &Store,
    tenant: TenantScope,
    seq: i64,
    steps: &[Step],
) -> Result<Vec<Standing>> {
    let keys = store.keys(tenant).await?;
    let mut numbers: HashMap<Uuid, Num> = HashMap::new();
    let ids: HashSet<Uuid> = steps
        .iter()
        .flat_map(|s| {
            let (other, seen) = match &s.content.deed {
                Deed::Link(l) => (Some(l.other.id), l.seen),
                _ => (None, None),
            };
            [Some(s.content.object.id), other, seen]
        })
        .flatten()
        .collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    for identity in store.numbers_of(tenant, &ids).await? {
        numbers.insert(identity.id, identity.num);
    }
    let nums: Vec<Num> = numbers.values().copied().collect();
    let versions = store.versions_at(tenant, &nums, seq).await?;

    let layouts: HashMap<Kind, Layout> = DESCRIPTORS.into_iter().map(|d| (d.kind, Layout::of(d))).collect();
    let wanted: HashSet<(Kind, Num, i64)> = steps
        .iter()
        .filter(|s| matches!(s.content.deed, Deed::Set { .. }))
        .filter_map(|s| {
            let v = versions.get(numbers.get(&s.content.object.id)?)?;
            Some((v.kind, v.num, v.from_seq))
        })
        .collect();
    let wanted: Vec<(Kind, Num, i64)> = wanted.into_iter().collect();
    let mut values: HashMap<Num, Values> = HashMap::new();
    for ((kind, num, _), body) in wanted.iter().zip(store.bodies(tenant, &keys, &wanted).await?) {
        let layout = layouts.get(kind).ok_or(Error::NotFound)?;
        values.insert(*num, layout.load(&body).map_err(|_| store::Error::Inconsistent("body"))?);
    }

    let mut links: HashMap<LinkKey, Option<String>> = HashMap::new();
    for kind in LinkKind::ALL {
        let sources: HashSet<Num> = steps
            .iter()
            .filter(|s| matches!(&s.content.deed, Deed::Link(l) if l.kind == kind))
            .filter_map(|s| numbers.get(&s.content.object.id).copied())
            .collect();
        let sources: Vec<Num> = sources.into_iter().collect();
        for l in store.links_from(tenant, kind, &sources, seq).await? {
            links.insert(l.key, l.details);
        }
    }
    let returning: HashSet<Uuid> = steps
        .iter()
        .filter(|s| s.content.deed == Deed::Undelete && s.outcome == domain::plan::Outcome::Pending)
        .map(|s| s.content.object.id)
        .collect();
    let world = World { numbers, versions, layouts, values, links, returning };
    Ok(steps.iter().map(|s| world.standing(s)).collect())
}

struct World {
    numbers: HashMap<Uuid, Num>,
    versions: HashMap<Num, Version>,
    layouts: HashMap<Kind, Layout>,
    values: HashMap<Num, Values>,
    links: HashMap<LinkKey, Option<String>>,
    /// Objects that another step of the plan brings back.
    returning: HashSet<Uuid>,
}

const DELETED: &str = "It is deleted; choose to bring it back from the recycle bin too.";

impl World {
    fn version(&self, id: Uuid) -> Option<&Version> {
        self.versions.get(self.numbers.get(&id)?)
    }

    fn standing(&self, step: &Step) -> Standing {
        let object = step.content.object;
        let version = self.version(object.id);
        match &step.content.deed {
            Deed::Undelete => match version {
                None => Standing::Impossible(
                    "Deleted for good: it is no longer in the recycle bin, so it cannot be brought back as it was.",
                ),
                Some(v) if v.is_live() => Standing::There,
                Some(_) => Standing::AsSeen,
            },
            Deed::Set { name, to, seen } => {
                let live = version.is_some_and(Version::is_live);
                let layout = self.layouts.get(&object.kind);
                let values = version.and_then(|v| self.values.get(&v.num));
                let (Some(layout), Some(values)) = (layout, values) else {
                    return Standing::Impossible("It no longer exists.");
                };
                let now = layout.raw(values, name);
                if now == to.as_deref() && live {
                    Standing::There
                } else if !live && !self.returning.contains(&object.id) {
                    Standing::Impossible(DELETED)
                } else if now == seen.as_deref() || now == to.as_deref() {
                    Standing::AsSeen
                } else {
                    let attribute = descriptor::of(object.kind).and_then(|d| d.attribute(name));
                    Standing::Changed(attribute.map_or_else(Vec::new, |a| crate::shown::raw(a, now).0))
                }
            }
            Deed::Link(l) => self.link(step, l),
        }
    }

    fn link(&self, step: &Step, l: &LinkDeed) -> Standing {
        let (Some(source), Some(target)) =
            (self.numbers.get(&step.content.object.id), self.numbers.get(&l.other.id))
        else {
            return Standing::Impossible("It no longer exists.");
        };
        let key = LinkKey { kind: l.kind, source: *source, target: *target, disc: l.disc.clone() };
        let open = self.links.get(&key);
        let there = if l.add {
            let said = |details: &Option<String>| LinkDetails::of(details.as_deref());
            let has_details = matches!(l.kind, LinkKind::Licence | LinkKind::GroupLicense);
            open.is_some_and(|d| said(d) == said(&l.details) || !has_details)
        } else {
            open.is_none()
        };
        if there {
            return Standing::There;
        }
        if l.add {
            for id in [step.content.object.id, l.other.id] {
                let gone = self.version(id).is_some_and(|v| !v.is_live());
                if gone && !self.returning.contains(&id) {
                    return Standing::Impossible(DELETED);
                }
            }
        }
        if l.kind == LinkKind::Manager && l.add {
            let now = self.links.keys().find(|k| k.kind == LinkKind::Manager && k.source == *source);
            let now = now.and_then(|k| self.numbers.iter().find(|(_, n)| **n == k.target)).map(|(id, _)| *id);
            let someone = self.links.keys().any(|k| k.kind == LinkKind::Manager && k.source == *source);
            if someone && now != l.seen {
                return Standing::Changed(vec!["another manager".to_owned()]);
            }
        }
        Standing::AsSeen
    }
}
