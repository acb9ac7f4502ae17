//! Holds the place of what is still coming, so that nothing moves when it comes.

use leptos::prelude::*;

#[component]
pub fn Skeleton(#[prop(default = 4)] lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="aloud">"Loading"</span>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
}
