//! An organization's e-mail, which is its contact's login: changed once the addresses have agreed.

pub mod server;

use self::server::{ChangeOrganizationEmail, WithdrawOrganizationEmail};
use super::view::Here;
use crate::{
    account::email::Waiting,
    partner::{parts::settle, paths},
    ui::{Banner, Button, Callout, Card, TextField, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::partner::TakenUp;
use leptos::prelude::*;

#[component]
pub fn EmailCard(here: Here) -> impl IntoView {
    let change = Sending::to::<ChangeOrganizationEmail>();
    let withdraw = Sending::to::<WithdrawOrganizationEmail>();
    settle(change, here.again, "The link is on its way");
    settle(withdraw, here.again, "Withdrawn; the e-mail stays as it is");
    let errors = Errors::of(change);
    let (waiting, sends_mail, is_login) =
        here.organization.with_value(|o| (o.email_change.clone(), o.sends_mail, o.taken_up == TakenUp::Yes));
    let id = here.id();
    let body = match waiting {
        Some(waiting) => view! {
            <Waiting waiting/>
            {Errors::of(withdraw).any("It still waits")}
            <SendForm to=withdraw>
                <input type="hidden" name="id" value=id/>
                <Button busy=withdraw.pending()>"Withdraw the change"</Button>
            </SendForm>
        }
        .into_any(),
        None if !sends_mail => view! {
            <Callout title="No mail can be sent yet">
                "The e-mail changes by links that are mailed. Set a server under " <a class="link" href=paths::MAIL>"Mail"</a> " first."
            </Callout>
        }
        .into_any(),
        None => view! {
            <Banner tone=Tone::Warn title="Changing the e-mail changes the login">
                {if is_login {
                    "Whoever signs in with it signs in with the new one afterwards, with the same password. Both addresses get a link, and it changes when both have agreed."
                } else {
                    "Nobody has signed in with it yet, so only the new address gets a link to agree by. A link that the old one was given ends then."
                }}
            </Banner>
            <SendForm to=change class="form">
                {errors.general("Nothing was begun")}
                <input type="hidden" name="id" value=id/>
                <TextField label="New e-mail" name="email" kind="email" error=errors.at("email")/>
                <div class="actions"><Button busy=change.pending()>"Change e-mail"</Button></div>
            </SendForm>
        }
        .into_any(),
    };
    view! { <Card title="E-mail"><div class="body form">{body}</div></Card> }
}
