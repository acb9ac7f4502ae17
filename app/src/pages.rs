//! Pages that a browser fetches when it first needs one of them.

/// Makes the pages of one part of the WASM: `Page`, which routes name, and the one function that shows them all. Each
/// function that is `#[lazy]` is a file of its own, so there is one for a portal and not one for a page.
macro_rules! pages {
    ($part:ident: $($page:ident => $view:ident,)*) => {
        #[derive(Clone, Copy, Debug)]
        pub enum Page {
            $($page,)*
        }

        impl leptos_router::ChooseView for Page {
            async fn choose(self) -> leptos::prelude::AnyView {
                show(self).await
            }

            async fn preload(&self) {
                #[cfg(feature = "hydrate")]
                __preload_show().await;
            }
        }

        #[leptos::lazy($part)]
        fn show(page: Page) -> leptos::prelude::AnyView {
            use leptos::prelude::*;
            match page {
                $(Page::$page => view! { <$view/> }.into_any(),)*
            }
        }
    };
}

pub(crate) use pages;
