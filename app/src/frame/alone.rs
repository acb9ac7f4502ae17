//! Pages outside of both portals: a form that has a page to itself, and what somebody comes to by a link.

use super::{Brand, Failed, MessagePage, load_alone};
use crate::{
    error::AppError,
    ui::TextField,
    wire::{Answers, SendForm, Sending},
};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::de::DeserializeOwned;

/// A form that has a page to itself: signing in, choosing a password, agreeing to something.
#[component]
pub fn FormPage(
    to: Sending,
    /// What the browser's tab says.
    #[prop(into)]
    title: String,
    #[prop(into)] heading: String,
    /// Under the heading.
    #[prop(into)]
    lead: ViewFnOnce,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title/>
        <div class="signin alone">
            <main id="main">
                <SendForm to class=if wide { "form tall wide" } else { "form tall" }>
                    <Brand/>
                    <div>
                        <h1>{heading}</h1>
                        <p class="muted">{lead.run()}</p>
                    </div>
                    {children()}
                </SendForm>
            </main>
        </div>
    }
}

/// What somebody comes to by a link. Whether a link was used, has ended or never was is nobody's business who only
/// holds it: `spent` shows the same for all of these.
pub fn load_link<T: DeserializeOwned>(
    link: Answers,
    spent: fn() -> AnyView,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    load_alone::<T>(link, move |answer| match answer {
        Ok(value) => view(value),
        Err(AppError::Refused(_) | AppError::NotFound(_) | AppError::Invalid { .. }) => spent(),
        Err(error) => view! { <Failed error/> }.into_any(),
    })
}

#[component]
pub fn SpentLink(
    text: &'static str,
    /// Buttons.
    children: Children,
) -> impl IntoView {
    view! { <MessagePage title="This link is not good any more" text>{children()}</MessagePage> }
}

/// A password that somebody chooses for an account; a password manager keeps the two together.
#[component]
pub fn ChosenPassword(
    /// That of the account, where no field of the form says it.
    #[prop(optional, into)]
    email: Option<String>,
    #[prop(default = "Password")] label: &'static str,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] autofocus: bool,
    /// It may change while one types.
    #[prop(default = "password".into(), into)]
    kind: Signal<&'static str>,
) -> impl IntoView {
    view! {
        {email.map(|email| view! { <AccountOf email/> })}
        <TextField
            label
            name="password"
            kind
            autocomplete="new-password"
            hint="At least 12 characters. A few unrelated words are better than one odd one."
            error
            autofocus
        />
    }
}

/// Tells a password manager whose password the form is about.
#[component]
pub fn AccountOf(email: String) -> impl IntoView {
    view! {
        <input class="aloud" type="email" autocomplete="username" value=email tabindex="-1" aria-hidden="true" readonly/>
    }
}
