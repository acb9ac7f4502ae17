//! Where one is, and the way back up.

use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub text: String,
    /// None: the page itself.
    pub href: Option<String>,
}

impl Crumb {
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()) }
    }

    pub fn here(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None }
    }
}

#[component]
pub fn Crumbs(trail: Vec<Crumb>) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Breadcrumbs">
            <ol>
                {trail
                    .into_iter()
                    .map(|crumb| match crumb.href {
                        Some(href) => view! { <li><a href=href>{crumb.text}</a></li> }.into_any(),
                        None => view! { <li><span aria-current="page">{crumb.text}</span></li> }.into_any(),
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}
