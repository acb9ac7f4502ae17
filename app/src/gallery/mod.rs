//! The component gallery: every part in every state, and every page with made-up data. Built for the browser alone
//! (feature `csr`), so that the look can be worked on without a server.

mod controls;
mod pages;
mod partner;
mod parts;
mod sample;
mod tables;

use crate::{
    theme::ThemeChoice,
    ui::{ToastRegion, Toasts, tick_for_times},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{Route, Router, Routes},
    hooks::use_query_map,
    path,
};

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
            <Routes fallback=Chosen>
                <Route path=path!("/") view=Chosen/>
            </Routes>
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
    move || {
        let page = page.get();
        if pages::NAMES.contains(&page.as_str()) {
            return view! { <pages::SamplePage name=page/> }.into_any();
        }
        if partner::NAMES.contains(&page.as_str()) {
            return view! { <partner::PartnerPage name=page/> }.into_any();
        }
        view! { <Parts page/> }.into_any()
    }
}

/// A page of parts, with the list of all pages beside it.
#[component]
fn Parts(#[prop(into)] page: String) -> impl IntoView {
    let link = |key: &'static str, name: &'static str| {
        let here = (page == key).then_some("page");
        view! { <a href=format!("?page={key}") aria-current=here>{name}</a> }
    };
    let parts = PAGES.into_iter().map(|(key, name)| link(key, name)).collect_view();
    let pages = pages::NAMES.into_iter().chain(partner::NAMES).map(|name| link(name, name)).collect_view();
    let body = match page.as_str() {
        "parts" => view! { <parts::Parts/> }.into_any(),
        "tables" => view! { <tables::Tables/> }.into_any(),
        _ => view! { <controls::Controls/> }.into_any(),
    };
    view! {
        <div class="app">
            <aside class="side">
                <p class="brand">"Gallery"</p>
                <nav aria-label="Parts">
                    <div class="nav">{parts}</div>
                </nav>
                <nav aria-label="Pages">
                    <p class="nav-title">"Pages"</p>
                    <div class="nav">{pages}</div>
                </nav>
                <ThemeChoice/>
            </aside>
            <main class="main stack" id="main">{body}</main>
        </div>
    }
}
