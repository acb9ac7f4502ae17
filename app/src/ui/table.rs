//! Tables: a head that stays in sight, columns that sort by link, rows that open by one link.

use super::{Icon, Size, grouped};
use leptos::prelude::*;

/// Rows go in as `<thead>` and `<tbody>`. Always both: a browser adds a missing `<tbody>`, and hydration then fails.
#[component]
pub fn Table(
    /// What the table lists, for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    // It scrolls sideways on a phone, so it has to be reachable by keyboard.
    view! {
        <div class="table-wrap" role="region" aria-label=label tabindex="0">
            <table class=format!("table {class}")>{children()}</table>
        </div>
    }
}

/// A column's name that sorts by it. The address carries the order, so a sorted table can be sent to a colleague.
#[component]
pub fn SortLink(
    #[prop(into)] href: String,
    /// `Some(true)`: this column sorts, upwards.
    #[prop(optional, into)]
    ascending: Option<bool>,
    children: Children,
) -> impl IntoView {
    let (sort, icon) = match ascending {
        Some(true) => (Some("ascending"), "arrow-up"),
        Some(false) => (Some("descending"), "arrow-down"),
        None => (None, "chevrons-up-down"),
    };
    view! {
        <th scope="col" aria-sort=sort>
            <a class="sort" href=href>
                {children()}
                <Icon name=icon size=Size::Small/>
            </a>
        </th>
    }
}

/// The one link of a row; the whole row answers to it.
#[component]
pub fn RowLink(#[prop(into)] href: String, children: Children) -> impl IntoView {
    view! { <a class="row-link" href=href>{children()}</a> }
}

/// Added, changed and removed, in signs that line up.
#[component]
pub fn Delta(created: i64, updated: i64, deleted: i64) -> impl IntoView {
    let part = |class: &'static str, sign: &str, count: i64| {
        view! { <span class=if count == 0 { "none" } else { class }>{format!("{sign}{}", grouped(count))}</span> }
    };
    view! {
        <span class="delta">
            <span class="aloud">{format!("{created} added, {updated} changed, {deleted} removed")}</span>
            <span aria-hidden="true">{part("plus", "+", created)}</span>
            <span aria-hidden="true">{part("tilde", "~", updated)}</span>
            <span aria-hidden="true">{part("minus", "−", deleted)}</span>
        </span>
    }
}

/// The way to the following rows, and back to the first. Lists continue from a mark, so there are no page numbers.
#[component]
pub fn Pager(
    /// What is shown: "50 of 2,014".
    #[prop(into)]
    shown: String,
    #[prop(optional_no_strip)] first: Option<String>,
    #[prop(optional_no_strip)] next: Option<String>,
) -> impl IntoView {
    let link = |href: Option<String>, icon: &'static str, text: &'static str| {
        href.map(|href| view! { <a class="btn small" href=href><Icon name=icon size=Size::Small/>{text}</a> })
    };
    view! {
        <nav class="pager" aria-label="Further rows">
            <span>{shown}</span>
            <span class="end">
                {link(first, "chevron-left", "First")}
                {link(next, "chevron-right", "Next")}
            </span>
        </nav>
    }
}
