//! What people see: pages, components and server functions.

// `#[component]` and `#[server]` put their functions where this lint cannot see them used.
#![allow(unreachable_pub)]

pub mod error;
pub mod reply;
#[cfg(feature = "ssr")]
mod shell;
pub mod theme;
pub mod ui;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

#[cfg(feature = "ssr")]
pub use shell::shell;

/// The whole product, as one tree: on the server it becomes a document, in the browser it takes that document over.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    mark_hydrated();
    view! {
        <Router>
            <Routes fallback=error::NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async/>
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
fn Home() -> impl IntoView {
    view! {
        <main>
            <h1>"Holdfast"</h1>
            <theme::ThemeChoice/>
        </main>
    }
}
