//! What people see: pages, components and server functions.

// `#[component]` and `#[server]` put their functions where this lint cannot see them used.
#![allow(unreachable_pub)]

pub mod account;
pub mod address;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
#[cfg(feature = "ssr")]
mod failure;
pub mod frame;
#[cfg(feature = "csr")]
pub mod gallery;
pub mod live;
pub mod partner;
pub mod reply;
#[cfg(feature = "ssr")]
mod shell;
pub mod tenant;
pub mod theme;
pub mod ui;
pub mod wire;

use account::{ChoosePage, HomePage, InvitePage, SetUpPage, SignInPage};
use frame::{MessagePage, PartnerPortal, Portal};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use partner::{
    audit::AuditLogPage,
    organizations::{NewOrganizationPage, OrganizationPage, OrganizationsPage},
    plans::{NewPlanPage, PlansPage},
};
use tenant::{
    browse::BrowsePage, compare::ComparePage, connect::ConnectPage, connection::ConnectionPage,
    object::ObjectPage, overview::OverviewPage, restore::RestorePage, restores::RestoresPage,
    snapshots::SnapshotsPage,
};

#[cfg(feature = "ssr")]
pub use shell::shell;

/// The whole product, as one tree: on the server it becomes a document, in the browser it takes that document over.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    ui::Toasts::provide();
    ui::tick_for_times();
    mark_hydrated();
    let (is_routing, set_is_routing) = signal(false);
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Holdfast".into() } else { format!("{text} · Holdfast") }/>
        <Router set_is_routing>
            <div class="routing" class:on=is_routing aria-hidden="true"></div>
            <Routes fallback=NotFound>
                <Route path=path!("/signin") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/setup/:token") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/invite/:token") view=InvitePage ssr=SsrMode::Async/>
                <Route path=path!("/choose") view=ChoosePage ssr=SsrMode::Async/>
                // In neither portal: it leads to the one where the person's role is.
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <ParentRoute path=path!("/partner") view=PartnerPortal ssr=SsrMode::Async>
                    <Route path=path!("") view=OrganizationsPage ssr=SsrMode::Async/>
                    <Route path=path!("/organizations/new") view=NewOrganizationPage ssr=SsrMode::Async/>
                    <Route path=path!("/organizations/:id") view=OrganizationPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans") view=PlansPage ssr=SsrMode::Async/>
                    <Route path=path!("/plans/new") view=NewPlanPage ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=AuditLogPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("") view=Portal ssr=SsrMode::Async>
                    <Route path=path!("/connect") view=ConnectPage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant") view=OverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/snapshots") view=SnapshotsPage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/browse") view=BrowsePage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/objects/:kind/:id") view=ObjectPage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/compare") view=ComparePage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/restores") view=RestoresPage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/restores/:number") view=RestorePage ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/connection") view=ConnectionPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Effects run in the browser only, after the page has its listeners: until then a click does nothing, and a test
/// has no other way to know.
fn mark_hydrated() {
    Effect::new(|| {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("data-hydrated", "");
        }
    });
}

#[component]
fn NotFound() -> impl IntoView {
    reply::status(404);
    view! {
        <MessagePage
            title="There is nothing here"
            text="The address is mistyped, or what it led to was removed. Nothing happened to your backups."
        >
            <a class="btn" href="/">"To the start"</a>
        </MessagePage>
    }
}
