//! Reading what was captured: a tenant's first page, its snapshots, its objects, and what differs between
//! two snapshots. Nothing here asks who may read; the face does.

pub(crate) mod body;
mod browse;
pub(crate) mod compare;
mod links;
mod object;
mod overview;

use domain::Seq;
use domain::view::SnapshotRow;
use store::Store;
use store::scope::TenantScope;

use crate::{Error, Result};

pub use browse::BrowseQuery;
pub(crate) use browse::browse;
pub(crate) use object::object;
pub(crate) use overview::{overview, snapshots};

/// A published snapshot.
async fn snapshot(store: &Store, tenant: TenantScope, seq: Seq) -> Result<SnapshotRow> {
    store.snapshot(tenant, seq).await?.ok_or(Error::NotFound)
}

/// The snapshot asked for, or the newest.
async fn snapshot_or_newest(store: &Store, tenant: TenantScope, at: Option<Seq>) -> Result<SnapshotRow> {
    match at {
        Some(seq) => snapshot(store, tenant, seq).await,
        None => store.snapshots(tenant, None, 1).await?.into_iter().next().ok_or_else(
            || {
                Error::Refused(
                    "Nothing is backed up yet. The first backup may still be running; look again when it is done."
                        .to_owned(),
                )
            },
        ),
    }
}
