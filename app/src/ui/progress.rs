//! How far something is, and how much of something is used. Native elements: a width in a style attribute would
//! break the content security policy.

use leptos::prelude::*;

/// Work under way; `total` 0 means that nobody knows how much there is.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    #[prop(into)] done: Signal<i64>,
    #[prop(into)] total: Signal<i64>,
    #[prop(optional)] tall: bool,
) -> impl IntoView {
    view! {
        <progress
            class=if tall { "progress tall" } else { "progress" }
            aria-label=label
            max=move || (total.get() > 0).then(|| total.get().to_string())
            value=move || (total.get() > 0).then(|| done.get().min(total.get()).to_string())
        ></progress>
    }
}

/// A share of a fixed amount: amber above nine tenths.
#[component]
pub fn Meter(
    #[prop(into)] label: String,
    #[prop(into)] used: Signal<i64>,
    #[prop(into)] of: Signal<i64>,
) -> impl IntoView {
    view! {
        <meter
            class="meter"
            aria-label=label
            min="0"
            max=move || of.get().max(1).to_string()
            high=move || (of.get() * 9 / 10).max(1).to_string()
            optimum="0"
            value=move || used.get().to_string()
        ></meter>
    }
}
