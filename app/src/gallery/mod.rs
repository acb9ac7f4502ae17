//! The component gallery: every part in every state, and every page with made-up data. Built for the browser alone
//! (feature `csr`), so that the look can be worked on without a server.

mod controls;
mod parts;
mod tables;

use crate::{
    theme::ThemeChoice,
    ui::{ToastRegion, Toasts, tick_for_times},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{components::Router, hooks::use_query_map};

const PAGES: [(&str, &str); 3] =
    [("controls", "Controls"), ("parts", "Parts"), ("tables", "Tables and diffs")];

#[component]
pub fn Gallery() -> impl IntoView {
    provide_meta_context();
    Toasts::provide();
    tick_for_times();
    view! {
        <Title text="Gallery"/>
        <Router>
            <Chosen/>
        </Router>
        <ToastRegion/>
    }
}

/// `?page=` chooses: a query works on any file server.
#[component]
fn Chosen() -> impl IntoView {
    let query = use_query_map();
    let page = Memo::new(move |_| query.with(|q| q.get("page").unwrap_or_else(|| "controls".to_owned())));
    Effect::new(|| {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("data-hydrated", "");
        }
    });
    view! {
        <div class="app">
            <aside class="side">
                <p class="brand">"Gallery"</p>
                <nav aria-label="Gallery">
                    <div class="nav">
                        {PAGES
                            .into_iter()
                            .map(|(key, name)| {
                                view! {
                                    <a
                                        href=format!("?page={key}")
                                        aria-current=move || (page.get() == key).then_some("page")
                                    >
                                        {name}
                                    </a>
                                }
                            })
                            .collect_view()}
                    </div>
                </nav>
                <ThemeChoice/>
            </aside>
            <main class="main stack" id="main">
                {move || match page.get().as_str() {
                    "parts" => view! { <parts::Parts/> }.into_any(),
                    "tables" => view! { <tables::Tables/> }.into_any(),
                    _ => view! { <controls::Controls/> }.into_any(),
                }}
            </main>
        </div>
    }
}
