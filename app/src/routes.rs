//! Which address shows which page. The gallery has none of it.

use crate::{
    account::{self, ChoosePage, HomePage, InvitePage, SetUpPage, SignInPage},
    brand, consent,
    frame::{MessagePage, PartnerPortal, Portal},
    partner, reply, tenant, ui,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The whole product, as one tree: on the server it becomes a document, in the browser it takes that document over.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    crate::wire::ask_once();
    ui::Toasts::provide();
    brand::provide();
    ui::tick_for_times();
    let (is_routing, set_is_routing) = signal(false);
    let named = product_named();
    view! {
        <Title formatter=move |text: String| titled(&text, &named())/>
        <Router set_is_routing>
            <div class="routing" class:on=is_routing aria-hidden="true"></div>
            <Routes fallback=NotFound>
                <Route path=path!("/signin") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/signin/code") view=account::Page::Code ssr=SsrMode::Async/>
                <Route path=path!("/forgot") view=account::Page::Forgot ssr=SsrMode::Async/>
                <Route path=path!("/password/:token") view=account::Page::Password ssr=SsrMode::Async/>
                <Route path=path!("/email/:token") view=account::Page::Email ssr=SsrMode::Async/>
                <Route path=path!("/setup/:token") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/invite/:token") view=InvitePage ssr=SsrMode::Async/>
                <Route path=path!("/consent") view=consent::Page::Consent ssr=SsrMode::Async/>
                <Route path=path!("/consent/:token") view=consent::Page::Consent ssr=SsrMode::Async/>
                <Route path=path!("/choose") view=ChoosePage ssr=SsrMode::Async/>
                // In neither portal: it leads to the one where the person's role is.
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <ParentRoute path=path!("/partner") view=PartnerPortal ssr=SsrMode::Async>
                    <Route path=path!("") view=partner::Page::Dashboard ssr=SsrMode::Async/>
                    <Route path=path!("/organizations") view=partner::Page::Organizations ssr=SsrMode::Async/>
                    <Route path=path!("/organizations/several") view=partner::Page::Several ssr=SsrMode::Async/>
                    <Route path=path!("/organizations/new") view=partner::Page::NewOrganization ssr=SsrMode::Async/>
                    <Route path=path!("/organizations/:id") view=partner::Page::Organization ssr=SsrMode::Async/>
                    <Route path=path!("/organizations/:id/consent-link") view=partner::Page::ConsentLink ssr=SsrMode::Async/>
                    <Route path=path!("/plans") view=partner::Page::Plans ssr=SsrMode::Async/>
                    <Route path=path!("/plans/new") view=partner::Page::NewPlan ssr=SsrMode::Async/>
                    <Route path=path!("/bills") view=partner::own::Page::Bills ssr=SsrMode::Async/>
                    <Route path=path!("/features") view=partner::own::Page::Features ssr=SsrMode::Async/>
                    <Route path=path!("/api") view=partner::own::Page::Api ssr=SsrMode::Async/>
                    <Route path=path!("/users") view=partner::own::Page::Users ssr=SsrMode::Async/>
                    <Route path=path!("/partners") view=partner::own::Page::Partners ssr=SsrMode::Async/>
                    <Route path=path!("/partners/new") view=partner::own::Page::NewPartner ssr=SsrMode::Async/>
                    <Route path=path!("/partners/:id") view=partner::own::Page::Partner ssr=SsrMode::Async/>
                    <Route path=path!("/transfers") view=partner::own::Page::Transfers ssr=SsrMode::Async/>
                    <Route path=path!("/transfers/:id") view=partner::own::Page::Transfer ssr=SsrMode::Async/>
                    <Route path=path!("/branding") view=partner::own::Page::Branding ssr=SsrMode::Async/>
                    <Route path=path!("/mail") view=partner::own::Page::Mail ssr=SsrMode::Async/>
                    <Route path=path!("/notifications") view=partner::own::Page::Notifications ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=partner::own::Page::AuditLog ssr=SsrMode::Async/>
                    <Route path=path!("/security") view=partner::own::Page::Security ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=account::Page::Account ssr=SsrMode::Async/>
                    <Route path=path!("/account/second-factor") view=account::Page::SecondFactor ssr=SsrMode::Async/>
                    <Route path=path!("/help") view=account::Page::Guide ssr=SsrMode::Async/>
                    <Route path=path!("/help/permissions") view=account::Page::Permissions ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("") view=Portal ssr=SsrMode::Async>
                    <Route path=path!("/connect") view=tenant::own::Page::Connect ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=account::Page::Account ssr=SsrMode::Async/>
                    <Route path=path!("/account/second-factor") view=account::Page::SecondFactor ssr=SsrMode::Async/>
                    <Route path=path!("/help") view=account::Page::Guide ssr=SsrMode::Async/>
                    <Route path=path!("/help/permissions") view=account::Page::Permissions ssr=SsrMode::Async/>
                    <Route path=path!("/api-access") view=tenant::own::Page::Api ssr=SsrMode::Async/>
                    <Route path=path!("/users") view=tenant::own::Page::Users ssr=SsrMode::Async/>
                    <Route path=path!("/visits") view=tenant::own::Page::Visits ssr=SsrMode::Async/>
                    <Route path=path!("/notifications") view=tenant::own::Page::Notifications ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant") view=tenant::Page::Overview ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/snapshots") view=tenant::Page::Snapshots ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/browse") view=tenant::Page::Browse ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/objects/:kind/:id") view=tenant::Page::Object ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/compare") view=tenant::Page::Compare ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/restores") view=tenant::Page::Restores ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/restores/:number") view=tenant::Page::Restore ssr=SsrMode::Async/>
                    <Route path=path!("/t/:tenant/connection") view=tenant::own::Page::Connection ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What the product is called, at the time of asking.
fn product_named() -> Box<dyn Fn() -> String + Send + Sync> {
    let shown = brand::shown();
    // The server writes the title when a page is rendered, and its reactive values may be gone by then.
    #[cfg(feature = "ssr")]
    let shown = shown.get_untracked();
    #[cfg(feature = "ssr")]
    return Box::new(move || shown.name().to_owned());
    #[cfg(not(feature = "ssr"))]
    Box::new(move || shown.with(|brand| brand.name().to_owned()))
}

/// What a browser's tab says of a page.
fn titled(text: &str, name: &str) -> String {
    let title = match text {
        "" => name.to_owned(),
        text => format!("{text} · {name}"),
    };
    // leptos_meta 0.8 writes a title into the document as it is, and names in it are other people's.
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
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
