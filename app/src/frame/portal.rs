//! The parent of every page that needs someone signed in.

use super::{SessionResource, Side, use_tenant};
use crate::{account::server::session, ui::ToastRegion};
use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub fn Portal() -> impl IntoView {
    let session = Resource::new(|| (), |()| session());
    provide_context(SessionResource(session));
    let tenant = use_tenant();
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="app">
            <Transition fallback=|| view! { <aside class="side"></aside> }>
                {move || {
                    let tenant = tenant.get();
                    Suspend::new(async move {
                        // Nobody signed in: the page itself leads to the sign-in.
                        session.await.ok().map(|session| view! { <Side session tenant/> })
                    })
                }}
            </Transition>
            <div><Outlet/></div>
        </div>
        <ToastRegion/>
    }
}
