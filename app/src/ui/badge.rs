//! Short states: a badge says one, a dot shows one beside words.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Warn,
    Bad,
    Info,
    Accent,
}

impl Tone {
    /// The class of a part in this tone.
    pub fn class(self, part: &'static str) -> String {
        let tone = match self {
            Tone::Plain => return part.to_owned(),
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Info => "info",
            Tone::Accent => "accent",
        };
        format!("{part} {tone}")
    }
}

#[component]
pub fn Badge(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! { <span class=tone.class("badge")>{children()}</span> }
}

/// A coloured dot and what it stands for. Colour alone tells nobody anything.
#[component]
pub fn Dot(
    #[prop(optional)] tone: Tone,
    /// Breathes, for what is under way.
    #[prop(optional)]
    pulse: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="dotted">
            <span class=tone.class(if pulse { "dot pulse" } else { "dot" })></span>
            <span>{children()}</span>
        </span>
    }
}
