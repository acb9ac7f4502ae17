use std::collections::{HashMap, HashSet};

use domain::Seq;
use domain::change::{Filter, ObjectRef};
use domain::view::{ChangeRow, ComparePage};
use store::Store;
use store::history::{Identity, Num, Version};
use store::scope::TenantScope;
use uuid::Uuid;

use super::changes::Changes;
use super::difference::Change;
use super::{attributes, who};
use crate::look::browse;
use crate::{Backup, Error, Result};

/// Objects a page.
const PAGE: usize = 100;

pub(crate) async fn page(
    backup: &Backup,
    tenant: TenantScope,
    from: Seq,
    to: Seq,
    filter: &Filter,
    after: Option<&str>,
) -> Result<ComparePage> {
    let skip: usize = after
        .map_or(Ok(0), str::parse)
        .map_err(|_| Error::invalid("after", "This page of the list does not exist. Begin at the first."))?;
    let store = backup.store();
    let changes = Changes::between(store, tenant, from, to).await?;
    let found = changes.filtered(filter);
    let shown = found.len();
    let part: Vec<(&Version, &Change)> = found.into_iter().skip(skip).take(PAGE).collect();
    let rows = rows(store, tenant, &changes, &part).await?;
    let authors = who::of_page(backup, tenant, &changes, &rows, &part).await?;
    Ok(ComparePage {
        tallies: changes.tallies(),
        shown: i64::try_from(shown).unwrap_or(i64::MAX),
        rows,
        next: (shown > skip.saturating_add(PAGE)).then(|| (skip + PAGE).to_string()),
        not_compared: changes.difference.not_compared(),
        authors,
        from: changes.from,
        to: changes.to,
    })
}

/// Rows of changed objects, in their order.
pub(super) async fn rows(
    store: &Store,
    tenant: TenantScope,
    changes: &Changes,
    part: &[(&Version, &Change)],
) -> Result<Vec<ChangeRow>> {
    let nums: HashSet<Num> = part.iter().map(|(v, _)| v.num).collect();
    let identities: HashMap<Num, Identity> =
        store.identities(tenant, &nums, changes.from.seq.max(changes.to.seq)).await?;
    let named: Vec<(&Version, &Change, Uuid)> =
        part.iter().filter_map(|(v, change)| Some((*v, *change, identities.get(&v.num)?.id))).collect();
    let counts = attributes::counts(store, tenant, &named, &changes.difference.both).await?;
    Ok(named
        .into_iter()
        .zip(counts)
        .map(|((v, change, id), attributes)| {
            let (links_added, links_removed) = changes.link_counts(change);
            ChangeRow {
                object: ObjectRef { kind: v.kind, id },
                name: browse::name(v, id),
                detail: browse::detail(v),
                sort: change.sort,
                attributes,
                links_added,
                links_removed,
            }
        })
        .collect())
}
