//! Copies a text, and says that it did.

use super::{Icon, Size};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};
use std::time::Duration;

#[component]
pub fn CopyButton(
    #[prop(into)] text: String,
    /// What is copied: "Object id".
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let label = move || if done.get() { "Copied".to_owned() } else { format!("Copy {what}") };
    let copy = move |_| {
        // A promise that nobody waits for: the clipboard of a page in front answers at once.
        let _ = window().navigator().clipboard().write_text(&text);
        done.set(true);
        set_timeout(move || done.set(false), Duration::from_secs(2));
    };
    view! {
        <button type="button" class="btn quiet small square above" aria-label=label on:click=copy>
            {move || view! { <Icon name=if done.get() { "check" } else { "copy" } size=Size::Small/> }}
        </button>
    }
}
