//! A page inside the frame, and a page that has only one thing to say.

use super::{Brand, top::Top};
use crate::ui::Crumb;
use leptos::prelude::*;
use leptos_meta::Title;

/// Top bar, head and body of a page.
#[component]
pub fn Page(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The line under it.
    #[prop(optional, into)]
    lead: ViewFnOnce,
    #[prop(into)] trail: Vec<Crumb>,
    /// Buttons beside the heading, the main one last.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let here = trail.iter().map(|crumb| crumb.text.as_str()).rev().collect::<Vec<_>>().join(" · ");
    view! {
        <Title text=here/>
        <Top trail/>
        <main class="main" id="main" tabindex="-1">
            <div class="head">
                <div class="title">
                    <h1>{title}</h1>
                    <p>{lead.run()}</p>
                </div>
                <div class="actions">{actions.run()}</div>
            </div>
            {children()}
        </main>
    }
}

/// One thing to say, and a way on.
#[component]
pub fn MessagePage(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <main class="message" id="main" tabindex="-1">
            <Brand/>
            <h1>{title}</h1>
            <p>{text}</p>
            <div class="actions">{children()}</div>
        </main>
    }
}
