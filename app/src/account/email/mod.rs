//! An e-mail that is about to change: the card where it is begun, and the page where an address agrees.

pub mod server;

use self::server::{AgreeToEmail, ChangeEmail, EmailLink, WithdrawEmailChange};
use crate::{
    frame::{FormPage, MessagePage, SpentLink, load_link},
    partner::settle,
    ui::{Badge, Button, Card, Look, TextField, Time, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::account::{EmailChangeAsked, EmailChangeView};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// One's own e-mail.
#[component]
pub fn EmailCard(email: String, waiting: Option<EmailChangeView>, again: Callback<()>) -> impl IntoView {
    let change = Sending::to::<ChangeEmail>();
    let withdraw = Sending::to::<WithdrawEmailChange>();
    settle(change, again, "Both addresses were sent a link");
    settle(withdraw, again, "Withdrawn; the e-mail stays as it is");
    let errors = Errors::of(change);
    let body = match waiting {
        Some(waiting) => view! {
            <Waiting waiting/>
            {Errors::of(withdraw).any("It still waits")}
            <SendForm to=withdraw>
                <Button busy=withdraw.pending()>"Withdraw the change"</Button>
            </SendForm>
        }
        .into_any(),
        None => view! {
            <SendForm to=change class="form">
                <p>"You sign in as " <b>{email}</b> ". It changes once both the old and the new address have agreed, each by a link that it is sent."</p>
                {errors.general("Nothing was begun")}
                <TextField label="New e-mail" name="email" kind="email" autocomplete="email" error=errors.at("email")/>
                <TextField label="Password, to change the e-mail" name="email_password" kind="password" autocomplete="current-password" error=errors.at("email_password")/>
                <div class="actions"><Button busy=change.pending()>"Change e-mail"</Button></div>
            </SendForm>
        }
        .into_any(),
    };
    view! { <Card title="E-mail"><div class="body form">{body}</div></Card> }
}

/// Who has agreed, and who is awaited.
#[component]
pub fn Waiting(waiting: EmailChangeView) -> impl IntoView {
    let EmailChangeView { old_email, new_email, old_agreed, new_agreed, until } = waiting;
    let side = move |what: &'static str, email: String, agreed: bool| {
        view! {
            <li>
                <span><b>{email}</b><small class="faint block">{what}</small></span>
                {if agreed {
                    view! { <Badge tone=Tone::Good>"has agreed"</Badge> }
                } else {
                    view! { <Badge tone=Tone::Warn>"awaited"</Badge> }
                }}
            </li>
        }
    };
    let old = (!old_email.is_empty()).then(|| side("the old address", old_email, old_agreed));
    let text = if old.is_some() {
        "A link was sent to each address. The e-mail changes when both have agreed, until "
    } else {
        "A link was sent to the new address. The e-mail changes when it has agreed, until "
    };
    view! {
        <p>{text} <Time at=until/> "."</p>
        <ul class="linked">{old}{side("the new address", new_email, new_agreed)}</ul>
    }
}

/// What somebody comes to by a link.
#[component]
pub fn EmailPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    if token == "agreed" {
        let changed = use_query_map().with_untracked(|query| query.get("changed").is_some());
        return view! { <Agreed changed/> }.into_any();
    }
    let asked = token.clone();
    let link = answers(move || ask(EmailLink { token: asked.clone() }));
    let spent = || {
        view! {
            <SpentLink text="It was used, the change was withdrawn, or its three days have passed. Nothing happens by it.">
                <a class="btn" href="/">"To the start"</a>
            </SpentLink>
        }
        .into_any()
    };
    load_link::<EmailChangeAsked>(link, spent, move |asked| {
        view! { <AgreeView asked token=token.clone()/> }.into_any()
    })
}

#[component]
fn AgreeView(asked: EmailChangeAsked, token: String) -> impl IntoView {
    let agree = Sending::to::<AgreeToEmail>();
    let EmailChangeAsked { old_email, new_email, by_new, is_last, organization } = asked;
    let whose = match organization {
        Some(name) => format!("the e-mail of {name}, with which its contact signs in,"),
        None => "the e-mail that you sign in with".to_owned(),
    };
    let from = if old_email.is_empty() { String::new() } else { format!(" from {old_email}") };
    let what = format!("Somebody who may do so asked to change {whose}{from} to {new_email}.");
    let then = match (is_last, by_new) {
        (true, _) if old_email.is_empty() => "If you agree, it is changed at once.",
        (true, _) => "The other address has agreed. If you do, it is changed at once.",
        (false, true) => "The old address is asked as well; it changes when both have agreed.",
        (false, false) => "The new address is asked as well; it changes when both have agreed.",
    };
    let page = move || {
        if let Some(changed) = agree.value::<bool>() {
            return view! { <Agreed changed/> }.into_any();
        }
        let (what, token) = (what.clone(), token.clone());
        view! {
            <FormPage to=agree title="Change of e-mail" heading="Change this e-mail?" lead=move || what>
                {Errors::of(agree).any("Nothing was changed")}
                <input type="hidden" name="token" value=token/>
                <p>{then}</p>
                <Button look=Look::Primary tall=true busy=agree.pending()>"Agree"</Button>
                <p class="small muted">"Not asked for by you, and not expected? Close this page and nothing happens."</p>
            </FormPage>
        }
        .into_any()
    };
    page.into_any()
}

#[component]
fn Agreed(changed: bool) -> impl IntoView {
    let (title, text) = if changed {
        ("The e-mail has changed", "From now on the new one signs in, with the same password as before.")
    } else {
        (
            "You have agreed",
            "The other address has a link of its own. The e-mail changes when it has agreed, too.",
        )
    };
    view! {
        <MessagePage title text>
            <a class="btn" href="/">"To the start"</a>
        </MessagePage>
    }
}
