//! The pages about one's own account, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{factor::FactorPage, half::CodePage, own::AccountPage};
use leptos::prelude::*;
use leptos_router::ChooseView;

#[derive(Clone, Copy, Debug)]
pub enum Page {
    Code,
    Account,
    SecondFactor,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        show(self).await
    }

    async fn preload(&self) {
        #[cfg(feature = "hydrate")]
        __preload_show().await;
    }
}

/// One function for all of them: each function of this sort is a file of its own.
#[lazy(account)]
fn show(page: Page) -> AnyView {
    match page {
        Page::Code => view! { <CodePage/> }.into_any(),
        Page::Account => view! { <AccountPage/> }.into_any(),
        Page::SecondFactor => view! { <FactorPage/> }.into_any(),
    }
}
