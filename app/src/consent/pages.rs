//! The page of a consent link, as a part of the WASM of its own: hardly anybody needs it.

use super::ConsentPage;
use leptos::prelude::*;
use leptos_router::ChooseView;

#[derive(Clone, Copy, Debug)]
pub struct Page;

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        show().await
    }

    async fn preload(&self) {
        #[cfg(feature = "hydrate")]
        __preload_show().await;
    }
}

#[lazy(consent)]
fn show() -> AnyView {
    view! { <ConsentPage/> }.into_any()
}
