//! The pages of the End-User Portal, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{
    browse::BrowsePage, compare::ComparePage, connect::ConnectPage, connection::ConnectionPage,
    object::ObjectPage, overview::OverviewPage, restore::RestorePage, restores::RestoresPage,
    snapshots::SnapshotsPage, users::UsersPage, visits::VisitsPage,
};
use crate::api::ApiPage;
use leptos::prelude::*;
use leptos_router::ChooseView;

#[derive(Clone, Copy, Debug)]
pub enum Page {
    Connect,
    Api,
    Users,
    Visits,
    Overview,
    Snapshots,
    Browse,
    Object,
    Compare,
    Restores,
    Restore,
    Connection,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        show(self).await
    }

    async fn preload(&self) {
        #[cfg(feature = "hydrate")]
        __preload_show().await;
    }
}

/// One function for all pages of the portal: each function of this sort is a file of its own.
#[lazy(tenant)]
fn show(page: Page) -> AnyView {
    match page {
        Page::Connect => view! { <ConnectPage/> }.into_any(),
        Page::Api => view! { <ApiPage/> }.into_any(),
        Page::Users => view! { <UsersPage/> }.into_any(),
        Page::Visits => view! { <VisitsPage/> }.into_any(),
        Page::Overview => view! { <OverviewPage/> }.into_any(),
        Page::Snapshots => view! { <SnapshotsPage/> }.into_any(),
        Page::Browse => view! { <BrowsePage/> }.into_any(),
        Page::Object => view! { <ObjectPage/> }.into_any(),
        Page::Compare => view! { <ComparePage/> }.into_any(),
        Page::Restores => view! { <RestoresPage/> }.into_any(),
        Page::Restore => view! { <RestorePage/> }.into_any(),
        Page::Connection => view! { <ConnectionPage/> }.into_any(),
    }
}
