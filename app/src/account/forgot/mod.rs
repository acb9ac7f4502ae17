//! A forgotten password: asking for a link, and choosing a new one by it.

pub mod server;

use self::server::{ChoosePassword, ForgotPassword, PasswordLink, SendsPasswordLinks};
use crate::{
    frame::{ChosenPassword, Failed, FormPage, MessagePage, SpentLink, load_alone, load_link},
    ui::{Button, Look, TextField},
    wire::{Errors, Sending, answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ForgotPage() -> impl IntoView {
    if use_query_map().with_untracked(|query| query.get("sent").is_some()) {
        return view! { <Sent/> }.into_any();
    }
    load_alone::<bool>(answers(|| ask(SendsPasswordLinks {})), |sends| {
        match sends {
        Ok(true) => view! { <ForgotView/> }.into_any(),
        Ok(false) => view! {
            <MessagePage
                title="Forgotten your password?"
                text="No mail can be sent from here yet, so no link can reach you. Ask whoever looks after this installation, or your provider: once a mail server is set up, a link for a new password comes by mail."
            >
                <a class="btn" href="/signin">"Back to the sign-in"</a>
            </MessagePage>
        }
        .into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    }
    })
}

#[component]
fn ForgotView() -> impl IntoView {
    let forgot = Sending::to::<ForgotPassword>();
    let errors = Errors::of(forgot);
    let page = move || {
        if forgot.done() {
            return view! { <Sent/> }.into_any();
        }
        view! {
            <FormPage
                to=forgot
                title="Forgotten password"
                heading="Forgotten your password?"
                lead=|| "Enter the e-mail that you sign in with. A link to choose a new password comes by mail."
            >
                {errors.general("Nothing was sent")}
                <TextField label="E-mail" name="email" kind="email" autocomplete="username" error=errors.at("email") autofocus=true/>
                <Button look=Look::Primary tall=true busy=forgot.pending()>"Send the link"</Button>
                <p class="small"><a class="link" href="/signin">"Back to the sign-in"</a></p>
            </FormPage>
        }
        .into_any()
    };
    page.into_any()
}

/// The same, whether or not anybody has the e-mail.
#[component]
fn Sent() -> impl IntoView {
    view! {
        <MessagePage
            title="Look into your mailbox"
            text="If somebody signs in with that e-mail, a link to choose a new password is on its way. It works once, for an hour. If nothing comes within minutes, look among the spam, or ask your administrator under which e-mail your account is."
        >
            <a class="btn" href="/signin">"Back to the sign-in"</a>
        </MessagePage>
    }
}

#[component]
pub fn PasswordPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let asked = token.clone();
    let link = answers(move || ask(PasswordLink { token: asked.clone() }));
    let spent = || {
        view! {
            <SpentLink text="Each link works once, for an hour, and a newer one ends it.">
                <a class="btn primary" href="/forgot">"Ask for another"</a>
                <a class="btn" href="/signin">"Sign in"</a>
            </SpentLink>
        }
        .into_any()
    };
    load_link::<String>(link, spent, move |email| {
        view! { <PasswordView email token=token.clone()/> }.into_any()
    })
}

#[component]
fn PasswordView(email: String, token: String) -> impl IntoView {
    let choose = Sending::to::<ChoosePassword>();
    let errors = Errors::of(choose);
    let whose = email.clone();
    let lead = move || {
        view! {
            "For " <b>{whose}</b>
            ". Wherever this account is signed in, it is signed out. A second factor stays, and so do API tokens."
        }
    };
    view! {
        <FormPage to=choose title="New password" heading="Choose a new password" lead>
            {errors.general("The password is the old one")}
            <input type="hidden" name="token" value=token/>
            <ChosenPassword email label="New password" error=errors.at("password") autofocus=true/>
            <Button look=Look::Primary tall=true busy=choose.pending()>"Set the password"</Button>
        </FormPage>
    }
}
