//! Short news in the corner, read aloud by screen readers, gone after a while. Never the only place of an error that
//! one has to act on.

use super::{Icon, Size, Tone};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};
use std::time::Duration;

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    title: String,
    text: String,
}

/// Where to put news: `expect_context::<Toasts>().say(…)`.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<Vec<Toast>>);

impl Toasts {
    /// Makes it available to everything below.
    pub fn provide() -> Self {
        let toasts = Self(RwSignal::new(Vec::new()));
        provide_context(toasts);
        toasts
    }

    pub fn say(self, tone: Tone, title: impl Into<String>, text: impl Into<String>) {
        let (title, text) = (title.into(), text.into());
        let mut id = 0;
        self.0.update(|list| {
            id = list.last().map_or(0, |toast| toast.id.wrapping_add(1));
            list.push(Toast { id, tone, title, text });
        });
        // Bad news stays until someone has seen it.
        if tone != Tone::Bad {
            set_timeout(move || self.close(id), Duration::from_secs(6));
        }
    }

    fn close(self, id: u32) {
        self.0.update(|list| list.retain(|toast| toast.id != id));
    }
}

#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.0.get() key=|toast| toast.id let:toast>
                <div class=toast.tone.class("toast")>
                    <Icon name=match toast.tone {
                        Tone::Good => "circle-check",
                        Tone::Bad | Tone::Warn => "circle-alert",
                        _ => "info",
                    }/>
                    <b>{toast.title}</b>
                    <button type="button" class="close" aria-label="Close" on:click=move |_| toasts.close(toast.id)>
                        <Icon name="x" size=Size::Small/>
                    </button>
                    {(!toast.text.is_empty()).then(|| view! { <p>{toast.text}</p> })}
                </div>
            </For>
        </div>
    }
}
