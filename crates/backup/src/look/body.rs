//! Unsealed attribute values of versions.

use std::sync::LazyLock;

use domain::Kind;
use domain::descriptor::DESCRIPTORS;
use store::Store;
use store::history::Version;
use store::scope::TenantScope;

use crate::Result;
use crate::capture::canon::{Layout, Values};

static LAYOUTS: LazyLock<Vec<(Kind, Layout)>> =
    LazyLock::new(|| DESCRIPTORS.into_iter().map(|d| (d.kind, Layout::of(d))).collect());

/// How the bodies of a kind are laid out; none for kinds that are not captured.
pub(crate) fn layout(kind: Kind) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|(k, _)| *k == kind).map(|(_, l)| l)
}

/// Whether a group or administrative unit hides its members from apps without Member.Read.Hidden.
/// Source: Graph `group` and `administrativeUnit` resources, `visibility`.
pub(crate) fn hides_members(kind: Kind, values: &Values) -> bool {
    layout(kind).is_some_and(|l| l.hides_members(values))
}

/// The values of some versions, in their order.
pub(crate) async fn values(store: &Store, tenant: TenantScope, versions: &[&Version]) -> Result<Vec<Values>> {
    let keys = store.keys(tenant).await?;
    let wanted: Vec<_> = versions.iter().map(|v| (v.kind, v.num, v.from_seq)).collect();
    let bodies = store.bodies(tenant, &keys, &wanted).await?;
    versions
        .iter()
        .zip(bodies)
        .map(|(v, body)| {
            let layout = layout(v.kind).ok_or(store::Error::Inconsistent("version"))?;
            Ok(layout.load(&body).map_err(|_| store::Error::Inconsistent("body"))?)
        })
        .collect()
}
