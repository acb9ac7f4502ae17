//! What one presses. A link that looks like a button goes somewhere; a button does something.

use super::{Icon, Size};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Plain,
    /// The one thing that this page is for.
    Primary,
    Quiet,
    Danger,
}

impl Look {
    fn class(self, small: bool, square: bool, tall: bool) -> String {
        let mut class = String::from(match self {
            Look::Plain => "btn",
            Look::Primary => "btn primary",
            Look::Quiet => "btn quiet",
            Look::Danger => "btn danger",
        });
        for (on, name) in [(small, " small"), (square, " square"), (tall, " tall full")] {
            if on {
                class.push_str(name);
            }
        }
        class
    }
}

/// Submits its form unless `kind` says otherwise. While `busy` it keeps its width and answers no second press.
#[component]
pub fn Button(
    #[prop(optional)] look: Look,
    #[prop(default = "submit")] kind: &'static str,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] small: bool,
    /// As tall and wide as a form that has nothing else.
    #[prop(optional)]
    tall: bool,
    /// For a button that shows only an icon: what it does.
    #[prop(optional, into)]
    label: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let square = children.is_none();
    view! {
        <button
            class=look.class(small, square, tall)
            type=kind
            title=label.clone()
            aria-label=label
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                }
            }
        >
            {icon.map(|name| view! { <Icon name size=if small { Size::Small } else { Size::Medium }/> })}
            {children.map(|children| children())}
        </button>
    }
}

/// A link in the shape of a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] look: Look,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(optional)] small: bool,
    #[prop(optional)] tall: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=look.class(small, false, tall) href=href>
            {icon.map(|name| view! { <Icon name size=if small { Size::Small } else { Size::Medium }/> })}
            {children()}
        </a>
    }
}
