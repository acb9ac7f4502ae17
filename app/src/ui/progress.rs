//! How far something is, and how much of something is used. Without a width in a style attribute: the content
//! security policy forbids it.

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

/// A share of a fixed amount: amber when it is nearly full. Drawn, because browsers do not agree on `<meter>`.
#[component]
pub fn Meter(
    #[prop(into)] label: String,
    used: i64,
    of: i64,
    /// From how many thousandths on it counts as nearly full.
    #[prop(default = 901)]
    high_from: i64,
) -> impl IntoView {
    let share = used.clamp(0, of.max(0)) * 1000 / of.max(1);
    let nearly_full = share >= high_from;
    view! {
        <svg
            class=if nearly_full { "meter high" } else { "meter" }
            viewBox="0 0 1000 5"
            preserveAspectRatio="none"
            role="meter"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=of.to_string()
            aria-valuenow=used.to_string()
        >
            <rect width=share.to_string() height="5"></rect>
        </svg>
    }
}
