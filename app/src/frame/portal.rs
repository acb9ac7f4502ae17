//! The parent of every page of an organization's portal.

use super::{SessionAnswers, Side, VisitBar, use_tenant};
use crate::{
    account::server::Session,
    brand,
    ui::ToastRegion,
    wire::{answers, ask, read},
};
use domain::view::SessionView;
use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub fn Portal() -> impl IntoView {
    let session = answers(|| ask(Session {}));
    provide_context(SessionAnswers::tenant(session));
    brand::follow(session);
    let tenant = use_tenant();
    // A tenant that was connected a moment ago is not in the session that the page came with.
    Effect::new(move |asked: Option<String>| {
        let tenant = tenant.get();
        // Identifiers are long enough not to stand in it by chance.
        let unknown = session.with(|session| {
            session
                .as_ref()
                .is_some_and(|session| session.0.as_ref().is_ok_and(|json| !json.contains(&tenant)))
        });
        if unknown && !tenant.is_empty() && asked.as_ref() != Some(&tenant) {
            session.refetch();
            return tenant;
        }
        asked.unwrap_or_default()
    });
    view! {
        // Left to the browser, which moves the focus along; the router would only change the address.
        <a class="skip" href="#main" rel="external">"Skip to the page"</a>
        <div class="app">
            <Transition fallback=|| view! { <aside class="side"></aside> }>
                {move || {
                    let tenant = tenant.get();
                    Suspend::new(async move {
                        // Nobody signed in: the page itself leads to the sign-in.
                        let session = session.await.0.and_then(|json| read::<SessionView>(&json));
                        session.ok().map(|session| view! { <Side session tenant/> })
                    })
                }}
            </Transition>
            <div>
                <Transition>
                    {move || Suspend::new(async move {
                        let session = session.await.0.and_then(|json| read::<SessionView>(&json)).ok()?;
                        let visit = session.visit?;
                        Some(view! { <VisitBar visit organization=session.organization/> })
                    })}
                </Transition>
                <Outlet/>
            </div>
        </div>
        <ToastRegion/>
    }
}
