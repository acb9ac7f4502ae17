use domain::view::{Overview, SnapshotRow};
use domain::{Kind, Seq};
use store::Store;
use store::scope::TenantScope;

use crate::{Result, connect};

/// Snapshots on a tenant's first page.
const RECENT: u64 = 8;
/// Snapshots on a page of their own.
const PAGE: u64 = 50;

pub(crate) async fn overview(store: &Store, tenant: TenantScope) -> Result<Overview> {
    let settings = store.tenant(tenant).await?;
    let recent = list(store, tenant, None, RECENT).await?;
    let (counts, links) = store.counts(tenant, settings.published).await?;
    let (snapshots, since) = store.history_length(tenant).await?;
    let coverage = match recent.first() {
        Some(last) => {
            let view = store.view_at(tenant, last.seq).await?;
            Kind::CAPTURED.map(|kind| (kind, view.coverage(kind))).into()
        }
        None => Vec::new(),
    };
    Ok(Overview {
        tenant: settings.link,
        counts,
        coverage,
        links,
        last: recent.first().cloned(),
        next_at: settings.next_at,
        every_min: settings.every_min,
        snapshots,
        since,
        recent,
        running: store.running_capture(tenant).await?,
        failed: store.failed_capture(tenant).await?,
        connection: connect::stored(store, tenant).await?,
    })
}

pub(crate) async fn snapshots(
    store: &Store,
    tenant: TenantScope,
    before: Option<Seq>,
) -> Result<Vec<SnapshotRow>> {
    list(store, tenant, before, PAGE).await
}

async fn list(
    store: &Store,
    tenant: TenantScope,
    before: Option<Seq>,
    limit: u64,
) -> Result<Vec<SnapshotRow>> {
    Ok(store.snapshots(tenant, before, limit).await?)
}
