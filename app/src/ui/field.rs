//! What one fills in. Each has a label; a hint says what is wanted; an error says what is wrong and how to mend it,
//! and is tied to its input, so that a screen reader says it too.

use super::{Icon, Linked, Size};
use leptos::prelude::*;

/// Which form the fields below belong to, among those of the page.
#[derive(Clone, Copy, Debug)]
pub struct FormOf(pub &'static str);

/// The id of the input of that name, here: two forms of one page may ask for the same thing.
pub fn field_id(name: &str) -> String {
    use_context::<FormOf>().map_or_else(|| name.to_owned(), |FormOf(form)| format!("{form}.{name}"))
}

/// A label, an input (or several) of one's own, a hint and an error. The input's id is [`field_id`].
#[component]
pub fn Field(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    children: Children,
) -> impl IntoView {
    let id = field_id(&name);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id>
                {label}
                {optional.then(|| view! { <span class="optional">" (optional)"</span> })}
            </label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {move || {
                let id = error_id.clone();
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p class="problem" id=id role="alert">
                                <Icon name="circle-alert" size=Size::Small/>
                                <span><Linked text/></span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Which of the two texts describe the input at the moment.
fn described(
    id: &str,
    hint: &str,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Send + 'static {
    let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let wrong = format!("{id}-error");
    move || match (hint.clone(), error.with(Option::is_some)) {
        (Some(hint), true) => Some(format!("{wrong} {hint}")),
        (None, true) => Some(wrong.clone()),
        (hint, false) => hint,
    }
}

fn invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Send + 'static {
    move || error.with(Option::is_some).then_some("true")
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// It may change while one types: a password that one wants to see.
    #[prop(default = "text".into(), into)]
    kind: Signal<&'static str>,
    /// What stands in it when the page comes.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] autofocus: bool,
    /// Ids and secrets: figures of one width, no spelling.
    #[prop(optional)]
    mono: bool,
    /// The most characters that it takes.
    #[prop(optional, into)]
    most: Option<usize>,
) -> impl IntoView {
    let id = field_id(&name);
    let described = described(&id, &hint, error);
    let plain = mono || kind.get_untracked() == "email";
    view! {
        <Field label name=name.clone() hint error optional>
            <input
                class=if mono { "input mono" } else { "input" }
                id=id
                name=name
                type=move || kind.get()
                value=value
                maxlength=most.map(|most| most.to_string())
                placeholder=placeholder
                autocomplete=autocomplete
                required=!optional
                autofocus=autofocus
                spellcheck="false"
                autocapitalize=plain.then_some("off")
                aria-invalid=invalid(error)
                aria-describedby=described
            />
        </Field>
    }
}

/// One of several; options are `(value, text)`.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(into)] options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let described = described(&id, &hint, error);
    view! {
        <Field label name=name.clone() hint error>
            <select class="input" id=id name=name aria-invalid=invalid(error) aria-describedby=described>
                {options
                    .into_iter()
                    .map(|(key, text)| {
                        let selected = key == value;
                        view! { <option value=key selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
        </Field>
    }
}

/// Several lines of text. The only `<textarea>` in the product: Leptos 0.8 does not escape a textarea's children on
/// the server, so it never has any; its text is set as a property, in the browser.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let id = field_id(&name);
    let described = described(&id, &hint, error);
    view! {
        <Field label name=name.clone() hint error optional>
            <textarea
                class="input"
                id=id
                name=name
                prop:value=value
                required=!optional
                aria-invalid=invalid(error)
                aria-describedby=described
            ></textarea>
        </Field>
    }
}
