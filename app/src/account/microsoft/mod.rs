//! Sign-in with Microsoft, beside the password.

pub mod server;

use self::server::{GoToMicrosoft, HasMicrosoft};
use crate::{
    ui::{Button, Callout, Tone},
    wire::{Errors, SendForm, Sending, answers, ask, read},
};
use domain::account::MicrosoftProblem;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The button, where the installation has a registration.
#[component]
pub fn MicrosoftSignIn(next: Option<String>) -> impl IntoView {
    let known = answers(|| ask(HasMicrosoft {}));
    view! {
        <Suspense>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    let has = known.await.0.and_then(|json| read::<bool>(&json)).unwrap_or(false);
                    has.then(|| view! { <Go next/> })
                })
            }}
        </Suspense>
    }
}

#[component]
fn Go(next: Option<String>) -> impl IntoView {
    let go = Sending::to::<GoToMicrosoft>();
    view! {
        <p class="or">"or"</p>
        <SendForm to=go class="form">
            {Errors::of(go).any("Not signed in")}
            {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <Button tall=true busy=go.pending()>"Sign in with Microsoft"</Button>
        </SendForm>
    }
}

/// What went wrong at Microsoft, as the address says it.
#[component]
pub fn MicrosoftTrouble(title: &'static str) -> impl IntoView {
    let problem = use_query_map()
        .with_untracked(|query| query.get("microsoft").and_then(|slug| MicrosoftProblem::from_slug(&slug)));
    problem.map(|problem| view! { <Callout tone=Tone::Bad title>{problem.message()}</Callout> })
}
