//! The WASM entry point; nothing else.
#![allow(unreachable_pub)]

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered. A page may have to be fetched first; then it has its listeners, and
/// says so: until then a click does nothing, and a test has no other way to know.
#[cfg(feature = "hydrate")]
#[wasm_bindgen]
pub async fn hydrate() {
    use leptos::{mount::hydrate_from_async, prelude::*};
    console_error_panic_hook::set_once();
    let Some(body) = document().body() else { return };
    hydrate_from_async(body, app::App).await.forget();
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-hydrated", "");
    }
}

/// The component gallery, which needs no server.
#[cfg(all(feature = "csr", not(feature = "hydrate")))]
#[wasm_bindgen(start)]
pub fn gallery() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::gallery::Gallery);
}
