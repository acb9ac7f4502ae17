//! A choice among a list's filters. With a script, choosing is enough; without one, the form's button does it.

use leptos::{ev::Event, prelude::*};
use wasm_bindgen::JsCast;

/// Sends the form of the input that has changed.
pub fn submit_form(event: Event) {
    let form = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|input| input.closest("form").ok().flatten())
        .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    if let Some(form) = form {
        let _ = form.request_submit();
    }
}

#[component]
pub fn FilterSelect(
    /// For a screen reader; the first option says it to everybody else.
    label: &'static str,
    name: &'static str,
    /// What stands there when nothing is chosen: "Any plan".
    any: &'static str,
    /// Value and text.
    options: Vec<(String, String)>,
    #[prop(into)] value: String,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|(key, text)| {
            let selected = key == value;
            view! { <option value=key selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        // What the attribute `selected` says counts until somebody chooses; from then on it is the property that has to
        // follow the address, as when one goes back.
        <select class="input" name=name aria-label=label prop:value=value on:change=submit_form>
            <option value="">{any}</option>
            {options}
        </select>
    }
}
