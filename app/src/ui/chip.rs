//! Filters as links: each leads to the same page, filtered otherwise, so that they work before any script does and
//! the address says what one sees.

use super::{Icon, Size, grouped};
use leptos::prelude::*;

#[component]
pub fn Chips(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <nav class="chips" aria-label=label>{children()}</nav> }
}

/// When it is on, a press takes it off.
#[component]
pub fn Chip(
    #[prop(into)] href: String,
    #[prop(optional)] on: bool,
    #[prop(optional, into)] count: Option<i64>,
    /// Shows that a press removes it.
    #[prop(optional)]
    removable: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="chip" href=href aria-current=on.then_some("true")>
            {children()}
            {count.map(|count| view! { <span class="num">{grouped(count)}</span> })}
            {removable.then(|| view! { <Icon name="x" size=Size::Small/> })}
        </a>
    }
}
