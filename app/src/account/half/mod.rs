//! Between password and entry: the second proof, or setting one up where a partner asks for it.

pub mod server;

use self::server::{CodesOnce, ConfirmOwed, Entered, Owed, ProveAgain, SetUpOwed};
use super::factor::{CodesView, SetUpFields};
use crate::{
    brand,
    frame::{Brand, Elsewhere, FormPage, load_alone},
    ui::{Button, Look, TextField},
    wire::{Errors, Sending, answers, ask},
};
use domain::account::{Need, SecondFactorSetUp};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CodePage() -> impl IntoView {
    if use_query_map().with_untracked(|query| query.get("codes").is_some()) {
        return load_alone::<Option<Entered>>(answers(|| ask(CodesOnce {})), |entered| match entered {
            Ok(Some(entered)) => view! { <Codes entered/> }.into_any(),
            _ => view! { <Elsewhere to="/"/> }.into_any(),
        });
    }
    load_alone::<Need>(answers(|| ask(Owed {})), |need| match need {
        Ok(Need::Code) => view! { <CodeView/> }.into_any(),
        Ok(Need::SetUp) => {
            load_alone::<SecondFactorSetUp>(answers(|| ask(SetUpOwed {})), |set_up| match set_up {
                Ok(set_up) => view! { <SetUpView set_up/> }.into_any(),
                Err(_) => view! { <Elsewhere to="/signin"/> }.into_any(),
            })
        }
        // Nothing is owed here, or not any more: it begins anew.
        Err(_) => view! { <Elsewhere to="/signin"/> }.into_any(),
    })
}

#[component]
pub fn CodeView() -> impl IntoView {
    let prove = Sending::to::<ProveAgain>();
    let errors = Errors::of(prove);
    view! {
        <FormPage
            to=prove
            title="Second proof"
            heading="And now a code"
            lead=|| format!("Open your authenticator app and enter the six figures that it shows for {}.", brand::name())
        >
            {errors.general("Not signed in")}
            <TextField
                label="Code"
                name="code"
                autocomplete="one-time-code"
                hint="Without your phone, enter one of your recovery codes. Each works once."
                error=errors.at("code")
                mono=true
                autofocus=true
            />
            <Button look=Look::Primary tall=true busy=prove.pending()>"Sign in"</Button>
            <p class="small muted">
                "Neither phone nor codes? Your administrator or your provider can reset it. "
                <a href="/signin" rel="external">"Sign in as somebody else"</a>
            </p>
        </FormPage>
    }
}

#[component]
pub fn SetUpView(set_up: SecondFactorSetUp) -> impl IntoView {
    let confirm = Sending::to::<ConfirmOwed>();
    let errors = Errors::of(confirm);
    let set_up = StoredValue::new(set_up);
    let page = move || {
        if let Some(entered) = confirm.value::<Entered>() {
            return view! { <Codes entered/> }.into_any();
        }
        view! {
            <FormPage
                to=confirm
                title="Set up a second factor"
                heading="Set up a second factor"
                lead=|| "Your provider asks everybody for one. You set it up once, and are asked for a code whenever you sign in."
                wide=true
            >
                {errors.general("Not set up yet")}
                <SetUpFields set_up=set_up.get_value() errors/>
                <Button look=Look::Primary tall=true busy=confirm.pending()>"Set up and sign in"</Button>
            </FormPage>
        }
        .into_any()
    };
    page.into_any()
}

#[component]
fn Codes(entered: Entered) -> impl IntoView {
    let Entered { codes, next } = entered;
    view! {
        <Title text="Your recovery codes"/>
        <div class="signin alone">
            <main id="main">
                <div class="form tall wide">
                    <Brand/>
                    <h1>"Your recovery codes"</h1>
                    <CodesView codes/>
                    // A whole page: the session is another one now.
                    <a class="btn primary tall full" href=next rel="external">"I have kept them"</a>
                </div>
            </main>
        </div>
    }
}
