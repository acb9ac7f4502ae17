//! The few figures that answer "am I safe?" at a glance.

use leptos::prelude::*;

#[component]
pub fn Kpis(children: Children) -> impl IntoView {
    view! { <dl class="card kpis">{children()}</dl> }
}

/// A figure with its name above it and a remark below.
#[component]
pub fn Kpi(
    #[prop(into)] name: String,
    /// The figure.
    #[prop(into)]
    value: ViewFnOnce,
    /// The remark.
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd class="value">{value.run()}</dd>
            <dd class="note">{children()}</dd>
        </div>
    }
}
