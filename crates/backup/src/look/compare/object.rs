use std::collections::{HashMap, HashSet};

use domain::change::{Choice, LinkChange, LinkFate, ObjectRef};
use domain::descriptor::Obstacle;
use domain::view::ObjectChange;
use domain::{Kind, Seq, fold};
use store::Store;
use store::history::{Identity, LinkDifference, Num, Version};
use store::scope::TenantScope;

use super::changes::Changes;
use super::difference::Change;
use super::rules::fate;
use super::{attributes, page, who};
use crate::look::links::{self, Mentioned};
use crate::{Backup, Error, Result, obstacle};

/// Links of one object that are told one by one; the row's counts tell of all.
const LINKS: usize = 1_000;

pub(crate) async fn object(
    backup: &Backup,
    tenant: TenantScope,
    from: Seq,
    to: Seq,
    object: ObjectRef,
) -> Result<ObjectChange> {
    let store = backup.store();
    let num = store.number_of(tenant, object.id).await?.ok_or(Error::NotFound)?.num;
    let changes = Changes::between(store, tenant, from, to).await?;
    let change = changes.of(num).ok_or(Error::NotFound)?;
    let shown = change.shown().filter(|v| v.kind == object.kind).ok_or(Error::NotFound)?;
    let mut rows = page::rows(store, tenant, &changes, &[(shown, change)]).await?;
    let row = rows.pop().ok_or(Error::NotFound)?;
    let by = who::of_object(backup, tenant, &changes, &row, (shown, change));
    let (attributes, links, by) = tokio::join!(
        attributes::changes(store, tenant, change, object.id, &changes.difference.both),
        link_changes(store, tenant, &changes, change, num),
        by
    );
    Ok(ObjectChange {
        attributes: attributes?,
        links: links?,
        obstacle: obstacle::of_object(change.sort),
        by: by?,
        row,
    })
}

/// The links of the object that differ: by kind, what was lost first, then by name.
async fn link_changes(
    store: &Store,
    tenant: TenantScope,
    changes: &Changes,
    change: &Change,
    num: Num,
) -> Result<Vec<LinkChange>> {
    let (from, to) = (changes.from.seq, changes.to.seq);
    let differing: Vec<&LinkDifference> =
        change.links.iter().filter_map(|i| changes.difference.links.get(*i)).collect();
    if differing.is_empty() {
        return Ok(Vec::new());
    }
    let ends: HashSet<Num> = differing.iter().flat_map(|l| [l.key.source, l.key.target]).collect();
    let all: Vec<Num> = ends.iter().copied().collect();
    let ends = Ends {
        identities: store.identities(tenant, &ends, from.max(to)).await?,
        before: store.versions_at(tenant, &all, from).await?,
        now: store.versions_at(tenant, &all, to).await?,
        mentioned: Mentioned::look_up(store, tenant, differing.iter().map(|l| &l.key), from.max(to)).await?,
    };
    let mut told: Vec<LinkChange> = differing.into_iter().filter_map(|l| ends.change(l, num)).collect();
    told.sort_by_cached_key(|c| {
        let order = match c.fate {
            LinkFate::Removed => 0,
            LinkFate::Altered => 1,
            LinkFate::Added => 2,
        };
        (c.kind, c.from_source, order, fold::fold(&c.other_name), c.other)
    });
    told.truncate(LINKS);
    Ok(told)
}

/// What is known of the ends of the links.
struct Ends {
    identities: HashMap<Num, Identity>,
    before: HashMap<Num, Version>,
    now: HashMap<Num, Version>,
    mentioned: Mentioned,
}

impl Ends {
    fn change(&self, l: &LinkDifference, num: Num) -> Option<LinkChange> {
        let (source, target) = (self.identities.get(&l.key.source)?, self.identities.get(&l.key.target)?);
        let from_source = l.key.source == num;
        let other = if from_source { target } else { source };
        Some(LinkChange {
            choice: Choice::Link {
                kind: l.key.kind,
                source: source.id,
                target: target.id,
                discriminator: l.key.disc.clone(),
            },
            kind: l.key.kind,
            from_source,
            fate: fate(l),
            other: ObjectRef { kind: other.kind, id: other.id },
            other_name: if other.name.is_empty() { other.id.to_string() } else { other.name.clone() },
            detail: self.detail(l),
            obstacle: self.obstacle(l),
        })
    }

    fn detail(&self, l: &LinkDifference) -> String {
        let label = |details: &Option<Option<String>>| {
            links::label(l.key.kind, &l.key.disc, details.as_ref(), &self.mentioned)
        };
        match fate(l) {
            LinkFate::Added => label(&l.new),
            LinkFate::Removed => label(&l.old),
            LinkFate::Altered => format!("{} → {}", label(&l.old), label(&l.new)),
        }
    }

    fn obstacle(&self, l: &LinkDifference) -> Option<Obstacle> {
        let was_live = |num: Num| self.before.get(&num).is_some_and(Version::is_live);
        let captured = |num: Num| self.identities.get(&num).is_some_and(|i| Kind::CAPTURED.contains(&i.kind));
        let (source, target) = (l.key.source, l.key.target);
        if fate(l) == LinkFate::Added {
            if captured(source) && !was_live(source) {
                return Some(Obstacle::CreatedSince);
            }
        } else if [source, target].into_iter().any(|n| captured(n) && !self.now.contains_key(&n)) {
            return Some(Obstacle::Purged);
        }
        let (before, now) = (self.before.get(&source), self.now.get(&source));
        // Where a rule decided at one of the two points only, the members can be put back with who decides them.
        obstacle::of_link(l, now, obstacle::is_ruled(before) && obstacle::is_ruled(now))
    }
}
