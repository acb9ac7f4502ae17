//! Views of one thing, as links: the address says which one is open.

use super::grouped;
use leptos::prelude::*;

#[component]
pub fn Tabs(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

#[component]
pub fn Tab(
    #[prop(into)] href: String,
    #[prop(optional)] here: bool,
    #[prop(optional, into)] count: Option<i64>,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href aria-current=here.then_some("page")>
            {children()}
            {count.map(|count| view! { <span class="num">{grouped(count)}</span> })}
        </a>
    }
}
