//! A forgotten password: asking for a link, and choosing a new one by it.

pub mod server;

use self::server::{ChoosePassword, ForgotPassword, PasswordLink, SendsPasswordLinks};
use crate::{
    error::AppError,
    frame::{Brand, Failed, MessagePage, load_alone},
    ui::{Button, Look, TextField},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use leptos::prelude::*;
use leptos_meta::Title;
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
            <Title text="Forgotten password"/>
            <div class="signin alone">
                <main id="main">
                    <SendForm to=forgot class="form tall">
                        <Brand/>
                        <div>
                            <h1>"Forgotten your password?"</h1>
                            <p class="muted">"Enter the e-mail that you sign in with. A link to choose a new password comes by mail."</p>
                        </div>
                        {errors.general("Nothing was sent")}
                        <TextField label="E-mail" name="email" kind="email" autocomplete="username" error=errors.at("email") autofocus=true/>
                        <Button look=Look::Primary tall=true busy=forgot.pending()>"Send the link"</Button>
                        <p class="small"><a class="link" href="/signin">"Back to the sign-in"</a></p>
                    </SendForm>
                </main>
            </div>
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
    load_alone::<String>(link, move |email| match email {
        Ok(email) => view! { <PasswordView email token=token.clone()/> }.into_any(),
        Err(AppError::Refused(_) | AppError::NotFound(_) | AppError::Invalid { .. }) => view! {
            <MessagePage
                title="This link is not good any more"
                text="Each link works once, for an hour, and a newer one ends it."
            >
                <a class="btn primary" href="/forgot">"Ask for another"</a>
                <a class="btn" href="/signin">"Sign in"</a>
            </MessagePage>
        }
        .into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    })
}

#[component]
fn PasswordView(email: String, token: String) -> impl IntoView {
    let choose = Sending::to::<ChoosePassword>();
    let errors = Errors::of(choose);
    view! {
        <Title text="New password"/>
        <div class="signin alone">
            <main id="main">
                <SendForm to=choose class="form tall">
                    <Brand/>
                    <div>
                        <h1>"Choose a new password"</h1>
                        <p class="muted">
                            "For " <b>{email.clone()}</b>
                            ". Wherever this account is signed in, it is signed out. A second factor stays, and so do API tokens."
                        </p>
                    </div>
                    {errors.general("The password is the old one")}
                    <input type="hidden" name="token" value=token/>
                    // A password manager keeps the two together.
                    <input class="aloud" type="email" autocomplete="username" value=email tabindex="-1" aria-hidden="true" readonly/>
                    <TextField
                        label="New password"
                        name="password"
                        kind="password"
                        autocomplete="new-password"
                        hint="At least 12 characters. A few unrelated words are better than one odd one."
                        error=errors.at("password")
                        autofocus=true
                    />
                    <Button look=Look::Primary tall=true busy=choose.pending()>"Set the password"</Button>
                </SendForm>
            </main>
        </div>
    }
}
