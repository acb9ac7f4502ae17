//! Check boxes: alone in a table, or with words beside them. Three states, because some of many may be chosen.

use leptos::{html, prelude::*};

/// The box by itself; `label` is what a screen reader says.
#[component]
pub fn CheckBox(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] checked: Signal<bool>,
    /// Neither all nor none.
    #[prop(optional, into)]
    some: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Told the new state.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    // There is no attribute for it: only a script can show the third state.
    Effect::new(move || {
        if let Some(input) = node.get() {
            input.set_indeterminate(some.get());
        }
    });
    view! {
        <input
            node_ref=node
            type="checkbox"
            class="box"
            aria-label=label
            name=name
            value=value
            checked=checked.get_untracked()
            prop:checked=move || checked.get()
            disabled=move || disabled.get()
            on:change=move |event| {
                if let Some(on_change) = on_change {
                    on_change.run(event_target_checked(&event));
                }
            }
        />
    }
}

/// A box with its words, all of which answer to a press.
#[component]
pub fn Check(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(default = "true".into(), into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] checked: bool,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" class="box" name=name value=value checked=checked disabled=disabled/>
            <span class="text">
                {label}
                {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            </span>
        </label>
    }
}
