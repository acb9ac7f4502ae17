use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::TimeDelta;
use domain::capture::{Comparable, ReadScope};
use domain::change::{ObjectRef, Sort};
use domain::view::{AttributeView, HistoryRow, LinkGroup, LinkRow, NotSeen, ObjectView};
use domain::{LinkKind, Seq, descriptor, flags, fold};
use store::Store;
use store::history::{Aspect, FarEnd, Identity, LinkKey, LinksOf, Num, OPEN, Version};
use store::scope::TenantScope;

use super::links::{self, Mentioned};
use super::{body, browse, snapshot_or_newest};
use crate::capture::canon::Values;
use crate::{Error, Result, obstacle, shown};

/// Snapshots in an object's history.
const HISTORY: usize = 20;
/// Far ends listed of each kind of link.
const FAR_ENDS: usize = 100;
/// Far ends counted at most.
const COUNTED: u64 = 1_000_000;
/// How long Entra keeps what was deleted.
const KEPT: TimeDelta = TimeDelta::days(30);

pub(crate) async fn object(
    store: &Store,
    tenant: TenantScope,
    at: Option<Seq>,
    object: ObjectRef,
) -> Result<ObjectView> {
    let snapshot = snapshot_or_newest(store, tenant, at).await?;
    let num = store.number_of(tenant, object.id).await?.ok_or(Error::NotFound)?.num;
    let version = store
        .versions_at(tenant, &[num], snapshot.seq)
        .await?
        .remove(&num)
        .filter(|v| v.kind == object.kind)
        .ok_or(Error::NotFound)?;
    let values = body::values(store, tenant, &[&version]).await?.pop().unwrap_or_default();
    let (not_seen, links, history) = tokio::join!(
        not_seen(store, tenant, &version, &values, snapshot.seq),
        groups(store, tenant, num, snapshot.seq),
        history(store, tenant, num, snapshot.seq)
    );
    Ok(ObjectView {
        object,
        at: snapshot.seq,
        captured_at: snapshot.at,
        name: browse::name(&version, object.id),
        detail: browse::detail(&version),
        marks: flags::labels(version.flags),
        deleted_until: version.deleted_at.map(|t| t + KEPT),
        not_seen: not_seen?,
        attributes: attributes(&version, &values),
        links: links?,
        history: history?,
    })
}

/// Every attribute of the kind, in the descriptor's order, those without a value included.
fn attributes(version: &Version, values: &Values) -> Vec<AttributeView> {
    let (Some(d), Some(layout)) = (descriptor::of(version.kind), body::layout(version.kind)) else {
        return Vec::new();
    };
    d.attributes
        .iter()
        .map(|a| AttributeView {
            name: a.name.to_owned(),
            label: a.label.to_owned(),
            value: shown::raw(a, layout.raw(values, a.name)),
            obstacle: obstacle::of_attribute(a, layout, values),
            volatile: a.volatile,
        })
        .collect()
}

/// What of the object the snapshot did not see: parts of its kind first, then what concerns it alone.
async fn not_seen(
    store: &Store,
    tenant: TenantScope,
    version: &Version,
    values: &Values,
    seq: Seq,
) -> Result<Vec<NotSeen>> {
    let view = store.view_at(tenant, seq).await?;
    let mut out = Vec::new();
    for part in Comparable::between(view.clone(), view).not_compared() {
        let scope = part.scope;
        if scope.kind() != version.kind || part.objects.is_some() {
            continue;
        }
        match scope {
            ReadScope::HiddenMembers(_) if !body::hides_members(version.kind, values) => {}
            ReadScope::HiddenMembers(_) => out.push(NotSeen::HiddenMembers),
            ReadScope::RecycleBin(_) if version.is_live() => {}
            scope => out.push(NotSeen::Scope(scope)),
        }
    }
    let unseen = store.unseen_at(tenant, &[seq]).await?;
    let mut aspects: Vec<Aspect> =
        unseen.iter().filter(|(num, _)| *num == version.num).map(|(_, aspect)| aspect).collect();
    aspects.sort_unstable();
    out.extend(aspects.into_iter().map(|aspect| match aspect {
        Aspect::Existence => NotSeen::Existence,
        Aspect::Links => NotSeen::Links,
        Aspect::Relation(kind) => NotSeen::Relation(kind),
    }));
    Ok(out)
}

/// The object's links from both ends, by kind; of each the first by name.
async fn groups(store: &Store, tenant: TenantScope, num: Num, seq: Seq) -> Result<Vec<LinkGroup>> {
    let mut by_kind: BTreeMap<(LinkKind, bool), Vec<FarEnd>> = BTreeMap::new();
    for end in [LinksOf::Source, LinksOf::Target] {
        for far in store.links_of(tenant, num, end, seq, COUNTED).await? {
            by_kind.entry((far.link.key.kind, !far.from_source)).or_default().push(far);
        }
    }
    let all: HashSet<Num> = by_kind.values().flatten().map(FarEnd::num).collect();
    let all: Vec<Num> = all.into_iter().collect();
    let versions = store.versions_at(tenant, &all, seq).await?;
    // Only what is never captured has its name elsewhere.
    let stubs: HashSet<Num> = all.iter().copied().filter(|n| !versions.contains_key(n)).collect();
    let mut identities = store.identities(tenant, &stubs, seq).await?;

    let mut groups = Vec::with_capacity(by_kind.len());
    let mut shown: HashSet<Num> = HashSet::new();
    for (key, mut ends) in by_kind {
        let total = ends.len();
        ends.sort_by_cached_key(|e| {
            let name = versions.get(&e.num()).map(|v| &v.name);
            let name = name.or_else(|| identities.get(&e.num()).map(|i| &i.name));
            (name.map(|n| fold::fold(n)), e.num(), e.link.key.disc.clone())
        });
        ends.truncate(FAR_ENDS);
        shown.extend(ends.iter().map(FarEnd::num).filter(|n| !identities.contains_key(n)));
        groups.push((key, total, ends));
    }
    identities.extend(store.identities(tenant, &shown, seq).await?);
    // Collected first: a borrowing iterator held across the wait would tie the future to one thread.
    let keys: Vec<&LinkKey> =
        groups.iter().flat_map(|(_, _, ends)| ends.iter().map(|e| &e.link.key)).collect();
    let mentioned = Mentioned::look_up(store, tenant, keys.into_iter(), seq).await?;
    Ok(groups
        .into_iter()
        .map(|((kind, from_target), total, ends)| LinkGroup {
            kind,
            from_source: !from_target,
            total: i64::try_from(total).unwrap_or(i64::MAX),
            rows: ends.iter().filter_map(|e| row(e, &versions, &identities, &mentioned)).collect(),
        })
        .collect())
}

fn row(
    end: &FarEnd,
    versions: &HashMap<Num, Version>,
    identities: &HashMap<Num, Identity>,
    mentioned: &Mentioned,
) -> Option<LinkRow> {
    let (num, key) = (end.num(), &end.link.key);
    let identity = identities.get(&num)?;
    let version = versions.get(&num);
    let said = links::label(key.kind, &key.disc, Some(&end.link.details), mentioned);
    Some(LinkRow {
        other: ObjectRef { kind: version.map_or(identity.kind, |v| v.kind), id: identity.id },
        name: version.map_or_else(|| identity.name.clone(), |v| browse::name(v, identity.id)),
        detail: if said.is_empty() { version.map(browse::detail).unwrap_or_default() } else { said },
        deleted: version.is_some_and(|v| !v.is_live()),
    })
}

/// The newest snapshots in which the object itself changed.
async fn history(store: &Store, tenant: TenantScope, num: Num, seq: Seq) -> Result<Vec<HistoryRow>> {
    // One more than is shown: what the last one changed from.
    let versions = store.versions_of(tenant, num, seq, HISTORY as u64 + 1).await?;
    let mut turns: Vec<(Seq, Sort, Vec<String>)> = Vec::with_capacity(versions.len());
    if let Some(ended) = last_end(store, tenant, &versions).await? {
        turns.push((ended, Sort::PermanentlyDeleted, Vec::new()));
    }
    for (i, v) in versions.iter().take(HISTORY).enumerate() {
        let before = versions.get(i + 1);
        turns.push((v.from_seq, turn(before, v), v.changed.iter().map(|name| label(v, name)).collect()));
        if let Some(b) = before.filter(|b| b.to_seq != v.from_seq) {
            turns.push((b.to_seq, Sort::PermanentlyDeleted, Vec::new()));
        }
    }
    let mut rows = Vec::with_capacity(turns.len());
    for (seq, sort, changed) in turns {
        // A snapshot that was thinned away has no time any more.
        let Some(snapshot) = store.snapshot(tenant, seq).await? else { continue };
        rows.push(HistoryRow { seq, at: snapshot.at, sort, changed });
    }
    Ok(rows)
}

/// The snapshot at which the newest of these versions ended without a successor: the object was permanently deleted.
async fn last_end(store: &Store, tenant: TenantScope, versions: &[Version]) -> Result<Option<Seq>> {
    let Some(newest) = versions.first().filter(|v| v.to_seq != OPEN) else { return Ok(None) };
    let next = store.versions_of(tenant, newest.num, newest.to_seq, 1).await?;
    Ok(next.iter().all(|v| v.from_seq < newest.to_seq).then_some(newest.to_seq))
}

/// How a version differs from the one before it.
fn turn(before: Option<&Version>, v: &Version) -> Sort {
    match before {
        None => Sort::Created,
        Some(b) if b.is_live() && !v.is_live() => Sort::Deleted,
        Some(b) if v.is_live() && (!b.is_live() || b.to_seq != v.from_seq) => Sort::Restored,
        Some(_) => Sort::Updated,
    }
}

fn label(v: &Version, name: &str) -> String {
    descriptor::of(v.kind).and_then(|d| d.attribute(name)).map_or(name, |a| a.label).to_owned()
}
