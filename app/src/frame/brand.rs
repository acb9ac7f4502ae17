//! The mark and the name.

use leptos::prelude::*;

#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/" aria-label="Holdfast, to the start">
            <svg viewBox="0 0 24 24" fill="none" aria-hidden="true">
                <path
                    d="M12 2.5c4.500 3 4.500 6 0 9.500-4.500 3.500-4.500 6.500 0 9.500"
                    stroke="currentColor"
                    stroke-width="2.6"
                    stroke-linecap="round"
                ></path>
                <path
                    d="M12 12c2.200 1.800 3.600 3.300 4 5M12 12C9.800 10.200 8.400 8.700 8 7"
                    stroke="currentColor"
                    stroke-width="2.6"
                    stroke-linecap="round"
                    opacity=".45"
                ></path>
            </svg>
            <span>"Holdfast"</span>
        </a>
    }
}
