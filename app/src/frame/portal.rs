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
    // A tenant that was connected a moment ago is not in the session that the page came with.
    Effect::new(move |asked: Option<String>| {
        let tenant = tenant.get();
        let unknown = session.with(|session| match session {
            Some(Ok(session)) => session.tenants.iter().all(|known| known.id.to_string() != tenant),
            _ => false,
        });
        if unknown && !tenant.is_empty() && asked.as_ref() != Some(&tenant) {
            session.refetch();
            return tenant;
        }
        asked.unwrap_or_default()
    });
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
