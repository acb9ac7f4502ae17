//! The changes between two snapshots, counted and filtered as pages show them.

use domain::change::{Filter, Sort};
use domain::view::{KindTally, SnapshotRow};
use domain::{Kind, Seq, fold};
use store::Store;
use store::history::{Num, Tally, Version};
use store::scope::TenantScope;

use super::difference::{Change, Difference, Point};
use crate::{Error, Result};

/// Everything that differs between two published snapshots.
#[derive(Debug)]
pub(crate) struct Changes {
    pub(crate) from: SnapshotRow,
    pub(crate) to: SnapshotRow,
    pub(crate) difference: Difference,
}

impl Changes {
    pub(crate) async fn between(store: &Store, tenant: TenantScope, from: Seq, to: Seq) -> Result<Changes> {
        let from = store.snapshot(tenant, from).await?.ok_or(Error::NotFound)?;
        let to = store.snapshot(tenant, to).await?.ok_or(Error::NotFound)?;
        let points = (Point::of(store, tenant, &from).await?, Point::of(store, tenant, &to).await?);
        let difference = Difference::between(store, tenant, points.0, points.1).await?;
        Ok(Changes { from, to, difference })
    }

    pub(crate) fn of(&self, num: Num) -> Option<&Change> {
        self.difference.objects.get(&num)
    }

    /// How many objects of each kind changed how; kinds without changes are left out.
    pub(crate) fn tallies(&self) -> Vec<KindTally> {
        let none = |kind| KindTally {
            kind,
            created: 0,
            updated: 0,
            deleted: 0,
            permanently_deleted: 0,
            restored: 0,
        };
        let mut tallies: Vec<KindTally> = Kind::CAPTURED.map(none).into();
        for change in self.difference.objects.values() {
            let kind = change.shown().map_or(Kind::Other, |v| v.kind);
            if let Some(t) = tallies.iter_mut().find(|t| t.kind == kind) {
                match change.sort {
                    Sort::Created => t.created += 1,
                    Sort::Updated => t.updated += 1,
                    Sort::Deleted => t.deleted += 1,
                    Sort::PermanentlyDeleted => t.permanently_deleted += 1,
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
            .difference
            .objects
            .values()
            .filter_map(|c| Some((c.shown()?, c)))
            .filter(|(v, c)| is_shown(filter, &words, v, c))
            .collect();
        found.sort_by_cached_key(|(v, _)| {
            (Kind::CAPTURED.iter().position(|k| *k == v.kind), fold::fold(&v.name), v.num)
        });
        found
    }

    /// How many of an object's links came and went; one whose details differ did both.
    pub(crate) fn link_counts(&self, change: &Change) -> (i64, i64) {
        let (mut added, mut removed) = (0, 0);
        for link in change.links.iter().filter_map(|i| self.difference.links.get(*i)) {
            added += i64::from(link.new.is_some());
            removed += i64::from(link.old.is_some());
        }
        (added, removed)
    }
}

fn is_shown(filter: &Filter, words: &[String], v: &Version, change: &Change) -> bool {
    filter.sort.is_none_or(|s| s == change.sort)
        && filter.kind.is_none_or(|k| k == v.kind)
        && matches(words, v)
}

/// Whether every word begins a word of the name or the detail.
fn matches(words: &[String], v: &Version) -> bool {
    if words.is_empty() {
        return true;
    }
    let have = fold::words(&format!("{} {}", v.name, v.detail));
    words.iter().all(|w| have.iter().any(|h| h.starts_with(w)))
}

/// How many objects a snapshot that is about to be published changes against the one before it.
pub(crate) async fn tally(store: &Store, tenant: TenantScope, to: Point) -> Result<Tally> {
    if to.seq == 1 {
        return Ok(Tally::default());
    }
    let before = store.snapshot(tenant, to.seq - 1).await?.ok_or(Error::NotFound)?;
    let before = Point::of(store, tenant, &before).await?;
    let mut tally = Tally::default();
    for change in Difference::between(store, tenant, before, to).await?.objects.values() {
        match change.sort {
            Sort::Created | Sort::Restored => tally.created += 1,
            Sort::Updated => tally.updated += 1,
            Sort::Deleted | Sort::PermanentlyDeleted => tally.deleted += 1,
        }
    }
    Ok(tally)
}
