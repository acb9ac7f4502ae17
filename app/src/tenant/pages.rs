//! The pages of the End-User Portal, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{
    browse::BrowsePage, compare::ComparePage, connect::ConnectPage, connection::ConnectionPage,
    notices::NotificationsPage, object::ObjectPage, overview::OverviewPage, restore::RestorePage,
    restores::RestoresPage, snapshots::SnapshotsPage, users::UsersPage, visits::VisitsPage,
};
use crate::api::ApiPage;

crate::pages::pages! {
    tenant:
    Connect => ConnectPage,
    Api => ApiPage,
    Users => UsersPage,
    Visits => VisitsPage,
    Notifications => NotificationsPage,
    Overview => OverviewPage,
    Snapshots => SnapshotsPage,
    Browse => BrowsePage,
    Object => ObjectPage,
    Compare => ComparePage,
    Restores => RestoresPage,
    Restore => RestorePage,
    Connection => ConnectionPage,
}
