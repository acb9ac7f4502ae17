//! Who made the changes of a page, from the directory's own audit log. A help, not a promise: the log comes late, keeps
//! thirty days at most, and may not be readable; then that is said. Nobody is named for anything but what makes such a
//! change, on that object, between the two reads.

mod activity;
mod entry;
mod log;
mod matching;

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use domain::author::{Author, Authored, Authors, Authorship, Part};
use domain::change::{LinkFate, ObjectRef, Sort};
use domain::view::{ChangeRow, SnapshotRow};
use store::Store;
use store::history::{Identity, LinkDifference, Num, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::attributes;
use super::changes::Changes;
use super::difference::Change;
use super::rules::fate;
use crate::capture::canon::Values;
use crate::look::body;
use crate::{Backup, Result};
use entry::{By, Entry};
use log::{Log, Span};
use matching::{AttributeMade, LinkMade, LinksMade, Made};

pub(crate) use log::Logs;

/// Who changed the objects of a page, asked once for all of them.
pub(super) async fn of_page(
    backup: &Backup,
    tenant: TenantScope,
    changes: &Changes,
    rows: &[ChangeRow],
    part: &[(&Version, &Change)],
) -> Result<Authors> {
    let log = log::read(backup, tenant, span(&changes.from, &changes.to)).await?;
    if log.entries.is_empty() {
        return Ok(Authors { log: log.state, of: Vec::new() });
    }
    let named = Named::of(&log);
    let identities = ends(backup.store(), tenant, changes, part).await?;
    let shown: HashSet<ObjectRef> = rows.iter().map(|row| row.object).collect();
    let objects: Vec<Object<'_>> = part
        .iter()
        .filter_map(|(version, change)| {
            Some(Object { version, change, id: identities.get(&version.num)?.id })
        })
        .filter(|o| shown.contains(&o.reference()) && named.by_id.contains_key(&o.id))
        .collect();
    let mut of = Vec::new();
    for (object, made) in
        objects.iter().zip(made(backup.store(), tenant, changes, &objects, &identities).await?)
    {
        let by = named.authors(&made);
        if !by.is_empty() {
            of.push((object.reference(), by));
        }
    }
    Ok(Authors { log: log.state, of })
}

/// Who changed one object.
pub(super) async fn of_object(
    backup: &Backup,
    tenant: TenantScope,
    changes: &Changes,
    row: &ChangeRow,
    part: (&Version, &Change),
) -> Result<Authored> {
    let authors = of_page(backup, tenant, changes, std::slice::from_ref(row), &[part]).await?;
    let by = authors.of.into_iter().next().map(|(_, by)| by).unwrap_or_default();
    Ok(Authored { log: authors.log, by })
}

/// From when the earlier read began to when the later one ended.
fn span(a: &SnapshotRow, b: &SnapshotRow) -> Span {
    let (earlier, later) = if a.seq <= b.seq { (a, b) } else { (b, a) };
    Span { from: earlier.at, to: later.at + TimeDelta::milliseconds(later.took_ms) }
}

/// An object of the page.
struct Object<'a> {
    version: &'a Version,
    change: &'a Change,
    id: Uuid,
}

impl Object<'_> {
    fn reference(&self) -> ObjectRef {
        ObjectRef { kind: self.version.kind, id: self.id }
    }
}

/// The objects of a page and the other ends of their links.
async fn ends(
    store: &Store,
    tenant: TenantScope,
    changes: &Changes,
    part: &[(&Version, &Change)],
) -> Result<HashMap<Num, Identity>> {
    let links = part.iter().flat_map(|(_, change)| links_of(changes, change));
    let mut nums: HashSet<Num> = links.flat_map(|l| [l.key.source, l.key.target]).collect();
    nums.extend(part.iter().map(|(v, _)| v.num));
    Ok(store.identities(tenant, &nums, changes.from.seq.max(changes.to.seq)).await?)
}

fn links_of<'a>(changes: &'a Changes, change: &'a Change) -> impl Iterator<Item = &'a LinkDifference> {
    change.links.iter().filter_map(|i| changes.difference.links.get(*i))
}

/// The changes of objects in the order of time.
async fn made(
    store: &Store,
    tenant: TenantScope,
    changes: &Changes,
    objects: &[Object<'_>],
    identities: &HashMap<Num, Identity>,
) -> Result<Vec<Made>> {
    let backwards = changes.from.seq > changes.to.seq;
    let versions: Vec<&Version> =
        objects.iter().filter_map(|o| o.change.versions()).flat_map(|(old, new)| [old, new]).collect();
    let mut values = body::values(store, tenant, &versions).await?.into_iter();
    let mut out = Vec::with_capacity(objects.len());
    for object in objects {
        let change = object.change;
        let mut attributes = Vec::new();
        if let Some((old, new)) = change.versions()
            && let Some((before, now)) = values.next().zip(values.next())
        {
            let differing =
                attributes::differing((old, new), (&before, &now), object.id, &changes.difference.both);
            attributes.extend(differing.into_iter().map(|a| {
                let (old, new) = (texts(new, &before, a.name), texts(new, &now, a.name));
                let (earlier, later) = if backwards { (new, old) } else { (old, new) };
                AttributeMade { name: a.name.to_owned(), earlier, later }
            }));
        }
        let first = if backwards { &change.new } else { &change.old };
        out.push(Made {
            id: object.id,
            kind: object.version.kind,
            sort: if backwards { reversed(change.sort) } else { change.sort },
            was_live: first.as_ref().is_some_and(Version::is_live),
            attributes,
            links: LinksMade::of(
                object.id,
                links_of(changes, change).filter_map(|l| link_made(l, backwards, identities)).collect(),
            ),
        });
    }
    Ok(out)
}

/// The texts within a value, as the log has them.
fn texts(version: &Version, values: &Values, name: &str) -> Vec<String> {
    entry::values(body::layout(version.kind).and_then(|layout| layout.raw(values, name)))
}

fn link_made(l: &LinkDifference, backwards: bool, identities: &HashMap<Num, Identity>) -> Option<LinkMade> {
    let fate = match fate(l) {
        LinkFate::Added if backwards => LinkFate::Removed,
        LinkFate::Removed if backwards => LinkFate::Added,
        fate => fate,
    };
    Some(LinkMade {
        kind: l.key.kind,
        fate,
        source: identities.get(&l.key.source)?.id,
        target: identities.get(&l.key.target)?.id,
        scope: entry::ids_in(&l.key.disc).first().copied(),
    })
}

/// What became of an object, where one looks from the later point to the earlier one.
const fn reversed(sort: Sort) -> Sort {
    match sort {
        Sort::Created => Sort::PermanentlyDeleted,
        Sort::PermanentlyDeleted => Sort::Created,
        Sort::Deleted => Sort::Restored,
        Sort::Restored => Sort::Deleted,
        Sort::Updated => Sort::Updated,
    }
}

/// A log's entries by what they name.
struct Named<'a> {
    log: &'a Log,
    by_id: HashMap<Uuid, Vec<&'a Entry>>,
}

impl<'a> Named<'a> {
    fn of(log: &'a Log) -> Named<'a> {
        let mut by_id: HashMap<Uuid, Vec<&Entry>> = HashMap::new();
        for entry in &log.entries {
            for id in &entry.ids {
                by_id.entry(*id).or_default().push(entry);
            }
        }
        Named { log, by_id }
    }

    /// Who made the change, the latest first.
    fn authors(&self, made: &Made) -> Vec<Authorship> {
        let mut out: Vec<Authorship> = Vec::new();
        for entry in self.by_id.get(&made.id).into_iter().flatten() {
            let parts = matching::parts(entry, made);
            if parts.is_empty() {
                continue;
            }
            let author = self.author(entry);
            match out.iter_mut().find(|a| a.author == author && a.activity == entry.activity) {
                Some(known) => {
                    known.times += 1;
                    let new: Vec<Part> = parts.into_iter().filter(|p| !known.parts.contains(p)).collect();
                    known.parts.extend(new);
                }
                None => {
                    let activity = entry.activity.clone();
                    out.push(Authorship { author, activity, at: entry.at, times: 1, parts });
                }
            }
        }
        out
    }

    fn author(&self, entry: &Entry) -> Author {
        if self.log.is_own(&entry.by) {
            return Author::Holdfast { restore: self.log.restore_at(entry.at) };
        }
        match &entry.by {
            By::Person { name, principal_name } => {
                Author::Person { name: name.clone(), principal_name: principal_name.clone() }
            }
            By::App { name, app_id, principal } => {
                let id = || principal.map(|id| id.to_string()).unwrap_or_default();
                let names = [name.clone(), app_id.clone(), id()];
                Author::App { name: names.into_iter().find(|n| !n.is_empty()).unwrap_or_default() }
            }
        }
    }
}
