//! The pages of the End-User Portal, as two parts of the WASM: a browser fetches each when
//! it first needs a page of it.

use super::{
    browse::BrowsePage, compare::ComparePage, connect::ConnectPage, connection::ConnectionPage,
    notices::NotificationsPage, object::ObjectPage, overview::OverviewPage, restore::RestorePage,
    restores::RestoresPage, snapshots::SnapshotsPage, users::UsersPage, visits::VisitsPage,
};
use crate::api::ApiPage;

crate::pages::pages! {
    tenant:
    Overview => OverviewPage,
    Snapshots => SnapshotsPage,
    Browse => BrowsePage,
    Object => ObjectPage,
    Compare => ComparePage,
    Restores => RestoresPage,
    Restore => RestorePage,
}

/// The pages about the organization itself, and about connecting tenants.
pub mod own {
    use super::*;

    crate::pages::pages! {
        tenant_own:
        Connect => ConnectPage,
        Api => ApiPage,
        Users => UsersPage,
        Visits => VisitsPage,
        Notifications => NotificationsPage,
        Connection => ConnectionPage,
    }
}
