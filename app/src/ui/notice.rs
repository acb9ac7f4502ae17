//! What one should know before going on: a banner for the page, a callout for a place on it.

use super::{Icon, Tone};
use leptos::prelude::*;

fn icon(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "circle-check",
        Tone::Warn => "triangle-alert",
        Tone::Bad => "circle-alert",
        Tone::Plain | Tone::Info | Tone::Accent => "info",
    }
}

fn notice(
    part: &'static str,
    tone: Tone,
    title: String,
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class(part) role=(tone == Tone::Bad).then_some("alert")>
            <Icon name=icon(tone)/>
            <div class="text">
                <b>{title}</b>
                <div>{children()}</div>
            </div>
            <div class="actions">{actions.run()}</div>
        </div>
    }
}

/// Speaks for the whole page.
#[component]
pub fn Banner(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional, into)] actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    notice("notice banner", tone, title, actions, children)
}

/// Speaks for the place where it stands.
#[component]
pub fn Callout(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional, into)] actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    notice("notice", tone, title, actions, children)
}
