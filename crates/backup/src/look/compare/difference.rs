//! What is a change: the one place that decides it. The counts of a snapshot, comparisons and plans ask here, so that
//! they cannot disagree. What one of two points could not show is no change.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::capture::{Comparable, NotCompared, ReadScope, View};
use domain::change::Sort;
use domain::view::SnapshotRow;
use domain::{Kind, LinkKind, Seq};
use store::Store;
use store::history::{self, LinkDifference, Num, ObjectDifference, UnseenAt, Version};
use store::scope::TenantScope;

use super::attributes;
use super::rules::LinkRules;
use crate::Result;

/// A point in time of a tenant, and what it shows.
pub(crate) struct Point {
    pub(crate) seq: Seq,
    /// When the capture had read everything.
    pub(crate) ended: DateTime<Utc>,
    pub(crate) view: View,
}

impl Point {
    pub(crate) async fn of(store: &Store, tenant: TenantScope, row: &SnapshotRow) -> Result<Point> {
        Ok(Point {
            seq: row.seq,
            ended: row.at + TimeDelta::milliseconds(row.took_ms),
            view: store.view_at(tenant, row.seq).await?,
        })
    }
}

/// Everything that differs between two points, as far as both show it.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) both: Comparable,
    pub(crate) objects: HashMap<Num, Change>,
    /// Every one of them is listed with one object or two.
    pub(crate) links: Vec<LinkDifference>,
    /// What differs, but was not seen at one of the points, so that it is no change.
    doubted: BTreeSet<(ReadScope, Num)>,
}

/// What differs of one object. Where only its links do, both versions are the same.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) sort: Sort,
    pub(crate) old: Option<Version>,
    pub(crate) new: Option<Version>,
    /// Where its links stand in [`Difference::links`].
    pub(crate) links: Vec<usize>,
}

impl Change {
    /// The version that a person knows it by.
    pub(crate) fn shown(&self) -> Option<&Version> {
        if self.sort.is_deletion() { self.old.as_ref() } else { self.new.as_ref() }
    }

    /// Its versions, where both are there and differ.
    pub(crate) fn versions(&self) -> Option<(&Version, &Version)> {
        let (old, new) = (self.old.as_ref()?, self.new.as_ref()?);
        (old.from_seq != new.from_seq).then_some((old, new))
    }
}

/// What became of the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// There at both points, or never captured, so that nothing is known against it.
    Steady,
    /// Created, deleted or restored in between: its links came or went with it.
    Turned,
    /// There at neither point, or not surely there: in the recycle bin, gone from it, or missing unconfirmed.
    Over,
}

impl Difference {
    /// Compares two points. The later one need not be published yet.
    pub(crate) async fn between(
        store: &Store,
        tenant: TenantScope,
        from: Point,
        to: Point,
    ) -> Result<Difference> {
        let raw = store.difference(tenant, from.seq, to.seq).await?;
        let unseen = store.unseen_at(tenant, &[from.seq, to.seq]).await?;
        let ends: HashSet<Num> = raw
            .links
            .iter()
            .flat_map(|l| [l.key.source, l.key.target])
            .filter(|n| !raw.objects.contains_key(n))
            .collect();
        let ends: Vec<Num> = ends.into_iter().collect();
        let steady = store.versions_at(tenant, &ends, to.seq).await?;
        let points = [(from.seq, from.ended), (to.seq, to.ended)];
        let both = Comparable::between(from.view, to.view);
        let rules = LinkRules::of(store, tenant, points, &both, &unseen, &raw, &steady).await?;
        let history::Difference { objects, links } = raw;
        let objects = Objects::of(store, tenant, objects, steady, &both, &unseen).await?;
        Ok(objects.arrange(links, &rules, both.clone()))
    }

    /// What could not be compared, whole parts first.
    pub(crate) fn not_compared(&self) -> Vec<NotCompared> {
        let mut out = self.both.not_compared();
        let mut counts: HashMap<ReadScope, i64> = HashMap::new();
        for (scope, _) in &self.doubted {
            *counts.entry(*scope).or_default() += 1;
        }
        let scopes: BTreeSet<ReadScope> = counts.keys().copied().collect();
        for scope in scopes {
            let objects = counts.get(&scope).copied();
            match out.iter_mut().find(|n| n.scope == scope) {
                Some(known) if known.objects.is_some() => known.objects = known.objects.max(objects),
                Some(_) => {}
                None => out.push(NotCompared { scope, objects, reason: None }),
            }
        }
        out
    }
}

/// The objects behind a difference.
struct Objects {
    changed: HashMap<Num, Change>,
    /// Objects that are there at both points as they were, by number.
    steady: HashMap<Num, Version>,
    over: HashSet<Num>,
    doubted: BTreeSet<(ReadScope, Num)>,
}

impl Objects {
    async fn of(
        store: &Store,
        tenant: TenantScope,
        objects: HashMap<Num, ObjectDifference>,
        steady: HashMap<Num, Version>,
        both: &Comparable,
        unseen: &UnseenAt,
    ) -> Result<Objects> {
        let mut out =
            Objects { changed: HashMap::new(), steady, over: HashSet::new(), doubted: BTreeSet::new() };
        for (num, o) in objects {
            let Some(kind) = o.new.as_ref().or(o.old.as_ref()).map(|v| v.kind) else { continue };
            if !both.kind(kind) {
                continue;
            }
            // One that lies in the recycle bin for all that is known is shown there.
            let in_bin = [&o.old, &o.new].into_iter().flatten().any(|v| !v.is_live());
            if unseen.existence(num) && !in_bin {
                out.doubted.insert((ReadScope::Objects(kind), num));
                out.over.insert(num);
                continue;
            }
            // Where the bin was not read, nobody knows what has left it, and when.
            let was_binned = o.old.as_ref().is_some_and(|v| !v.is_live());
            // What changed and changed back is no change.
            let same = o.old.as_ref().zip(o.new.as_ref()).is_some_and(|(a, b)| a.digest == b.digest);
            if same {
                out.steady.extend(o.new.map(|new| (num, new)));
                continue;
            }
            match o.sort() {
                Some(Sort::PermanentlyDeleted) if was_binned && !both.recycle_bin(kind) => {
                    out.over.insert(num);
                }
                Some(sort) => {
                    let change = Change { sort, old: o.old, new: o.new, links: Vec::new() };
                    out.changed.insert(num, change);
                }
                None => {
                    out.over.insert(num);
                }
            }
        }
        // Links to somebody who may be gone come and go with them.
        let lost = |num: &Num| unseen.existence(*num) && !out.changed.contains_key(num);
        let lost: Vec<Num> = unseen.iter().map(|(num, _)| num).filter(lost).collect();
        out.over.extend(lost);
        for num in attributes::unchanged(store, tenant, &out.changed, both).await? {
            if let Some(new) = out.changed.remove(&num).and_then(|c| c.new) {
                out.steady.insert(num, new);
            }
        }
        Ok(out)
    }

    fn life(&self, num: Num) -> Life {
        match (self.changed.get(&num), self.steady.get(&num)) {
            (Some(c), _) if c.sort == Sort::Updated => Life::Steady,
            (Some(_), _) => Life::Turned,
            (None, Some(v)) if !v.is_live() => Life::Over,
            _ if self.over.contains(&num) => Life::Over,
            _ => Life::Steady,
        }
    }

    /// Whether the object has a row of its own.
    fn is_shown(&self, num: Num, both: &Comparable) -> bool {
        self.changed.contains_key(&num) || self.steady.get(&num).is_some_and(|v| both.kind(v.kind))
    }

    /// Lays links and versions together by object.
    ///
    /// A link counts at both ends, but not where it only follows from the other end's coming or going: a
    /// deleted user is the user's change, not one of every group that it was in.
    fn arrange(mut self, all: Vec<LinkDifference>, rules: &LinkRules<'_>, both: Comparable) -> Difference {
        let mut links: Vec<LinkDifference> = Vec::with_capacity(all.len());
        let mut of: HashMap<Num, Vec<usize>> = HashMap::new();
        for link in all {
            let (source, target) = (link.key.source, link.key.target);
            let lives = [self.life(source), self.life(target)];
            let counting: Vec<Num> = [(source, lives[0], lives[1]), (target, lives[1], lives[0])]
                .into_iter()
                .filter(|(_, own, other)| match own {
                    Life::Steady => *other == Life::Steady,
                    Life::Turned => true,
                    Life::Over => false,
                })
                .map(|(num, _, _)| num)
                .filter(|num| self.is_shown(*num, &both))
                .collect();
            if counting.is_empty() || !rules.can_be_change(&link) {
                continue;
            }
            if let Some(num) = rules.unseen_end(&link) {
                self.doubted.insert((ReadScope::Relation(link.key.kind), num));
                continue;
            }
            for num in counting {
                of.entry(num).or_default().push(links.len());
            }
            links.push(link);
        }
        for (num, indices) in of {
            if let Some(change) = self.changed.get_mut(&num) {
                change.links = indices;
            } else if let Some(v) = self.steady.remove(&num) {
                let (old, new) = (Some(v.clone()), Some(v));
                self.changed.insert(num, Change { sort: Sort::Updated, old, new, links: indices });
            }
        }
        Difference { both, objects: self.changed, links, doubted: self.doubted }
    }
}

/// The kind whose objects are the sources of a link, where its source is known.
pub(super) fn kind_of_source(kind: LinkKind, source: Option<&Version>) -> Kind {
    source.map_or_else(|| domain::descriptor::owner(kind), |v| v.kind)
}
