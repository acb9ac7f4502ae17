//! The WASM entry point; nothing else.
#![allow(unreachable_pub)]

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}

/// The component gallery, which needs no server.
#[cfg(all(feature = "csr", not(feature = "hydrate")))]
#[wasm_bindgen(start)]
pub fn gallery() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::gallery::Gallery);
}
