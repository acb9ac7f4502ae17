//! What can be done with what is chosen: stays at hand while one scrolls.

use leptos::prelude::*;

#[component]
pub fn Bar(
    #[prop(into)] label: String,
    /// Buttons, the main one last.
    #[prop(into)]
    actions: ViewFnOnce,
    /// What is chosen, and what it would take.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="bar" role="region" aria-label=label>
            {children()}
            <div class="end">{actions.run()}</div>
        </div>
    }
}
