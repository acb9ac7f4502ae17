//! More to do, behind a button. `<details>`, so that it opens before any script runs; a script then closes it when
//! one presses elsewhere or Escape.

use super::Icon;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

#[component]
pub fn Menu(
    /// What opens it, as one sees it.
    #[prop(into)]
    opener: ViewFnOnce,
    /// What it holds, for a screen reader; said after what one sees.
    #[prop(into)]
    label: String,
    /// `switch` for the wide one in the side bar.
    #[prop(default = "menu")]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    close_elsewhere(node);
    view! {
        <details class=class node_ref=node>
            <summary>{opener.run()}<span class="aloud">{label}</span></summary>
            <div class="sheet">{children()}</div>
        </details>
    }
}

fn close_elsewhere(node: NodeRef<html::Details>) {
    Effect::new(move || {
        let pressed = window_event_listener(ev::click, move |event| {
            let Some(details) = node.get_untracked() else { return };
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            // A press inside closes it too, once something was chosen.
            let inside = target.as_ref().is_some_and(|t| details.contains(Some(t)));
            let chosen =
                target.is_some_and(|t| t.closest("a, button:not([data-stay])").ok().flatten().is_some());
            if !inside || chosen {
                details.set_open(false);
            }
        });
        let key = window_event_listener(ev::keydown, move |event| {
            let Some(details) = node.get_untracked() else { return };
            if event.key() == "Escape" && details.open() {
                details.set_open(false);
                if let Ok(Some(summary)) = details.query_selector("summary") {
                    let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
                }
            }
        });
        on_cleanup(move || {
            pressed.remove();
            key.remove();
        });
    });
}

/// A line of a menu that leads somewhere.
#[component]
pub fn MenuItem(
    #[prop(into)] href: String,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] here: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="item" href=href aria-current=here.then_some("true")>
            {icon.map(|name| view! { <Icon name/> })}
            {children()}
            {here.then(|| view! { <span class="tick"><Icon name="check"/></span> })}
        </a>
    }
}
