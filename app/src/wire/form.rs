//! Forms. Each is a plain HTML form that works without a script; with one, it is sent without leaving the page.

use super::{Answer, Ask, read};
use crate::{error::AppError, ui::FormOf};
use leptos::{
    context::Provider,
    ev::SubmitEvent,
    prelude::*,
    server::ServerActionError,
    server_fn::{ServerFn, error::ServerFnUrlError},
    task::spawn_local,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;

/// One thing that a page can have done, and how that stands.
#[derive(Clone, Copy)]
pub struct Sending {
    path: &'static str,
    pending: RwSignal<bool>,
    answer: RwSignal<Option<Answer>>,
}

impl Sending {
    /// For a server function. Where no script runs, an error comes back in the address; it is there from the start.
    pub fn to<F: ServerFn<Error = AppError>>() -> Self {
        Self::at(F::PATH)
    }

    /// For a form that a browser sends by itself to an address of ours.
    pub fn at(path: &'static str) -> Self {
        let error = use_context::<ServerActionError>()
            .filter(|error| error.path() == path)
            .map(|error| Answer(Err(ServerFnUrlError::<AppError>::decode_err(error.err()))));
        Self { path, pending: RwSignal::new(false), answer: RwSignal::new(error) }
    }

    /// Does it. A second press while the first is under way does nothing.
    pub fn send(self, ask: Ask) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        spawn_local(async move {
            let answer = ask.send().await;
            self.pending.try_set(false);
            self.answer.try_set(Some(answer));
        });
    }

    /// Where it is sent.
    pub fn path(self) -> &'static str {
        self.path
    }

    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// What went wrong the last time.
    pub fn error(self) -> Option<AppError> {
        self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.0.clone().err()))
    }

    /// Whether it was done.
    pub fn done(self) -> bool {
        self.answer.with(|answer| answer.as_ref().is_some_and(|answer| answer.0.is_ok()))
    }

    /// What came of it.
    pub fn value<T: DeserializeOwned>(self) -> Option<T> {
        self.answer.with(|answer| answer.as_ref().and_then(|answer| read(answer.0.as_ref().ok()?).ok()))
    }
}

/// A form that has something done.
#[component]
pub fn SendForm(
    to: Sending,
    #[prop(optional, into)] class: &'static str,
    /// For a button that stands outside of it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Another thing to do with what is filled in, for a button whose `formaction` is its path.
    #[prop(optional)]
    or: Option<Sending>,
    /// Told before it is sent; true: the other thing.
    #[prop(optional, into)]
    before: Option<Callback<bool>>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        let action = event.submitter().and_then(|button| button.get_attribute("formaction"));
        let other = or.filter(|or| action.as_deref() == Some(or.path));
        if let Some(before) = before {
            before.run(other.is_some());
        }
        let to = other.unwrap_or(to);
        if let Some(body) = entries(&event) {
            to.send(Ask::text(to.path, body));
        }
    };
    view! {
        <form method="post" action=to.path class=class id=id on:submit=submit>
            <Provider value=FormOf(called(to.path))>{children()}</Provider>
        </form>
    }
}

/// What the server function at a path is called: the path without what tells it from its namesakes.
fn called(path: &'static str) -> &'static str {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(|c: char| c.is_ascii_digit())
}

/// A form that leads to a page: what is filled in becomes the address.
#[component]
pub fn GetForm(
    #[prop(into)] action: String,
    #[prop(optional, into)] class: &'static str,
    /// What it searches, for a screen reader; makes it a landmark.
    #[prop(optional, into)]
    search: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let page = action.clone();
    let submit = move |event: SubmitEvent| {
        if let Some(query) = entries(&event) {
            event.prevent_default();
            navigate(&format!("{page}?{query}"), NavigateOptions::default());
        }
    };
    view! {
        <form method="get" action=action class=class role=search.map(|_| "search") aria-label=search on:submit=submit>
            {children()}
        </form>
    }
}

/// What is filled in, as a browser would send it, with the button that was pressed.
fn entries(event: &SubmitEvent) -> Option<String> {
    let form: web_sys::HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    if let Some(button) = event.submitter().and_then(|b| b.dyn_into::<web_sys::HtmlButtonElement>().ok())
        && !button.name().is_empty()
    {
        data.append_with_str(&button.name(), &button.value()).ok()?;
    }
    let entries = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    Some(String::from(entries.to_string()))
}
