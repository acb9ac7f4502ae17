//! The difference between two snapshots, object by object: from rows of the store to what a person calls
//! a change.

use std::collections::{HashMap, HashSet};

use domain::capture::{Comparable, ReadScope, View};
use domain::change::{Filter, LinkFate, Sort};
use domain::view::{KindTally, SnapshotRow};
use domain::{Kind, Seq, fold};
use store::Store;
use store::history::{Difference, LinkDifference, Num, Tally, Version};
use store::scope::TenantScope;

use crate::capture::is_unsure;
use crate::{Error, Result};

/// All that differs between two snapshots.
#[derive(Debug)]
pub(crate) struct Changes {
    pub(crate) from: SnapshotRow,
    pub(crate) to: SnapshotRow,
    /// What one of the two did not show.
    pub(crate) not_compared: Vec<ReadScope>,
    pub(crate) objects: HashMap<Num, Change>,
    pub(crate) links: Vec<LinkDifference>,
}

/// What differs of one object. Where only its links do, both versions are the same.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) sort: Sort,
    pub(crate) old: Option<Version>,
    pub(crate) new: Option<Version>,
    /// Where its links stand in [`Changes::links`].
    pub(crate) links: Vec<usize>,
}

impl Change {
    /// The version that a person knows it by.
    pub(crate) fn shown(&self) -> Option<&Version> {
        match self.sort {
            Sort::Deleted => self.old.as_ref(),
            _ => self.new.as_ref(),
        }
    }
}

/// What became of a link.
pub(crate) fn fate(link: &LinkDifference) -> LinkFate {
    match (&link.old, &link.new) {
        (None, _) => LinkFate::Added,
        (Some(_), None) => LinkFate::Removed,
        (Some(_), Some(_)) => LinkFate::Altered,
    }
}

/// What became of the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// There at both points, or never captured, so that nothing is known against it.
    Steady,
    /// Created, deleted or brought back in between: its links came or went with it.
    Turned,
    /// There at neither point: in the recycle bin, or gone from it.
    Over,
}

impl Changes {
    pub(crate) async fn between(store: &Store, tenant: TenantScope, from: Seq, to: Seq) -> Result<Changes> {
        let from = store.snapshot(tenant, from).await?.ok_or(Error::NotFound)?;
        let to = store.snapshot(tenant, to).await?.ok_or(Error::NotFound)?;
        let both =
            Comparable::between(store.view_at(tenant, from.seq).await?, store.view_at(tenant, to.seq).await?);
        let (objects, links) = difference(store, tenant, from.seq, to.seq, &both).await?;
        let not_compared = both.not_compared();
        Ok(Changes { from, to, not_compared, objects, links })
    }

    /// How many objects of each kind changed how; kinds without changes are left out.
    pub(crate) fn tallies(&self) -> Vec<KindTally> {
        let mut tallies: Vec<KindTally> = Kind::CAPTURED
            .map(|kind| KindTally { kind, created: 0, updated: 0, deleted: 0, restored: 0 })
            .into();
        for change in self.objects.values() {
            let kind = change.shown().map_or(Kind::Other, |v| v.kind);
            if let Some(t) = tallies.iter_mut().find(|t| t.kind == kind) {
                match change.sort {
                    Sort::Created => t.created += 1,
                    Sort::Updated => t.updated += 1,
                    Sort::Deleted => t.deleted += 1,
                    Sort::Restored => t.restored += 1,
                }
            }
        }
        tallies.retain(|t| t.total() > 0);
        tallies
    }

    /// The changed objects that the filter shows, by kind and name.
    pub(crate) fn filtered(&self, filter: &Filter) -> Vec<(&Version, &Change)> {
        let words = fold::words(&filter.words);
        let mut found: Vec<(&Version, &Change)> = self
            .objects
            .values()
            .filter(|c| filter.sort.is_none_or(|s| s == c.sort))
            .filter_map(|c| Some((c.shown()?, c)))
            .filter(|(v, _)| filter.kind.is_none_or(|k| k == v.kind))
            .filter(|(v, _)| matches(&words, v))
            .collect();
        found.sort_by_cached_key(|(v, _)| {
            (Kind::CAPTURED.iter().position(|k| *k == v.kind), fold::fold(&v.name), v.num)
        });
        found
    }

    /// How many of an object's links came and went; one whose details differ did both.
    pub(crate) fn link_counts(&self, change: &Change) -> (i64, i64) {
        let (mut added, mut removed) = (0, 0);
        for link in change.links.iter().filter_map(|i| self.links.get(*i)) {
            added += i64::from(link.new.is_some());
            removed += i64::from(link.old.is_some());
        }
        (added, removed)
    }
}

/// Whether every word begins a word of the name or the detail.
fn matches(words: &[String], v: &Version) -> bool {
    if words.is_empty() {
        return true;
    }
    let have = fold::words(&format!("{} {}", v.name, v.detail));
    words.iter().all(|w| have.iter().any(|h| h.starts_with(w)))
}

/// What differs between two snapshots, as far as both can show it. The later one need not be published yet.
async fn difference(
    store: &Store,
    tenant: TenantScope,
    from: Seq,
    to: Seq,
    both: &Comparable,
) -> Result<(HashMap<Num, Change>, Vec<LinkDifference>)> {
    let difference = store.difference(tenant, from, to).await?;
    let ends: HashSet<Num> = difference
        .links
        .iter()
        .flat_map(|l| [l.key.source, l.key.target])
        .filter(|n| !difference.objects.contains_key(n))
        .collect();
    let ends: Vec<Num> = ends.into_iter().collect();
    let steady = store.versions_at(tenant, &ends, to).await?;
    Ok(arrange(difference, steady, both))
}

/// How many objects a snapshot that is about to be published changes against the one before it.
pub(crate) async fn tally(store: &Store, tenant: TenantScope, seq: Seq, shows: View) -> Result<Tally> {
    if seq == 1 {
        return Ok(Tally::default());
    }
    let both = Comparable::between(store.view_at(tenant, seq - 1).await?, shows);
    let (objects, _) = difference(store, tenant, seq - 1, seq, &both).await?;
    let mut tally = Tally::default();
    for change in objects.values() {
        match change.sort {
            Sort::Created | Sort::Restored => tally.created += 1,
            Sort::Updated => tally.updated += 1,
            Sort::Deleted => tally.deleted += 1,
        }
    }
    Ok(tally)
}

/// An assignment about which only what is known has changed: whether it might be a temporary one.
fn is_only_surer(link: &LinkDifference) -> bool {
    fate(link) == LinkFate::Altered && is_unsure(link.old.as_ref()) != is_unsure(link.new.as_ref())
}

/// Lays links and versions together by object.
///
/// A link counts at both ends, but not where it only follows from the other end's coming or going: a
/// deleted user is the user's change, not one of every group that it was in.
fn arrange(
    difference: Difference,
    steady: HashMap<Num, Version>,
    both: &Comparable,
) -> (HashMap<Num, Change>, Vec<LinkDifference>) {
    let life = |num: Num| match (difference.objects.get(&num), steady.get(&num)) {
        (Some(o), _) => match o.sort() {
            Some(Sort::Updated) => Life::Steady,
            Some(_) => Life::Turned,
            None => Life::Over,
        },
        (None, Some(v)) if !v.is_live() => Life::Over,
        _ => Life::Steady,
    };
    let mut links: Vec<LinkDifference> = Vec::with_capacity(difference.links.len());
    let mut of: HashMap<Num, Vec<usize>> = HashMap::new();
    for link in difference.links {
        if !both.relation(link.key.kind, false) || is_only_surer(&link) {
            continue;
        }
        let ends = [link.key.source, link.key.target];
        let lives = ends.map(life);
        let mut kept = false;
        for (num, own, other) in [(ends[0], lives[0], lives[1]), (ends[1], lives[1], lives[0])] {
            let counts = match own {
                Life::Steady => other == Life::Steady,
                Life::Turned => true,
                Life::Over => false,
            };
            if counts {
                of.entry(num).or_default().push(links.len());
                kept = true;
            }
        }
        if kept {
            links.push(link);
        }
    }

    let mut objects = HashMap::with_capacity(difference.objects.len() + of.len());
    for (num, o) in difference.objects {
        if let Some(sort) = o.sort() {
            objects.insert(num, Change { sort, old: o.old, new: o.new, links: Vec::new() });
        }
    }
    for (num, indices) in of {
        if let Some(change) = objects.get_mut(&num) {
            change.links = indices;
        } else if let Some(v) = steady.get(&num) {
            let (old, new) = (Some(v.clone()), Some(v.clone()));
            objects.insert(num, Change { sort: Sort::Updated, old, new, links: indices });
        }
    }
    objects.retain(|_, c| c.shown().is_some_and(|v| both.kind(v.kind)));
    (objects, links)
}
