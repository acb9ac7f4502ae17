//! Work in steps: what is done, what is under way, what is still to come, and what cannot be done.

use super::Icon;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Still to come; the number in the order of work.
    Later(usize),
    Now,
    Done,
    /// Needs a look.
    Stuck,
    Failed,
}

#[component]
pub fn Steps(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ol class="steps" aria-label=label>{children()}</ol> }
}

#[component]
pub fn Step(
    mark: Mark,
    #[prop(into)] title: String,
    /// How it stands, at the end of the line.
    #[prop(optional, into)]
    end: ViewFnOnce,
    /// What to know about it.
    children: Children,
) -> impl IntoView {
    let class = match mark {
        Mark::Later(_) => "later",
        Mark::Now => "now",
        Mark::Done => "done",
        Mark::Stuck => "stuck",
        Mark::Failed => "failed",
    };
    let sign = match mark {
        Mark::Later(number) => number.to_string().into_any(),
        Mark::Now => {
            view! { <Icon name="loader-circle" spin=true/><span class="aloud">"Under way"</span> }.into_any()
        }
        Mark::Done => view! { <Icon name="check"/><span class="aloud">"Done"</span> }.into_any(),
        Mark::Stuck => view! { "!"<span class="aloud">"Attention"</span> }.into_any(),
        Mark::Failed => view! { <Icon name="x"/><span class="aloud">"Failed"</span> }.into_any(),
    };
    view! {
        <li class=class>
            <span class="mark">{sign}</span>
            <div>
                <b>{title}</b>
                {children()}
            </div>
            <span>{end.run()}</span>
        </li>
    }
}
