//! Mail in the partner's name: through which server, what is offered, and what became of it.

mod form;
mod sent;
pub mod server;

use self::{
    form::ServerCard,
    sent::Sent,
    server::{OfferSignInMail, TestMail},
};
use super::parts::{settle, trail};
use crate::{
    frame::{Page, load},
    ui::{Button, Callout, Card, Check, Crumb, Fact, Facts, Tone},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::mail::{MailPage as Mail, MailRoute};
use leptos::prelude::*;

#[component]
pub fn MailPage() -> impl IntoView {
    let data = answers(|| ask(server::MailPage {}));
    let again = Callback::new(move |()| data.refetch());
    load(data, move |mail| view! { <MailView mail again/> }.into_any())
}

#[component]
pub fn MailView(mail: Mail, again: Callback<()>) -> impl IntoView {
    let Mail { route, sender, own, offers_sign_in_mail, mails } = mail;
    let is_own = own.is_some();
    view! {
        <Page
            title="Mail"
            trail=trail([Crumb::here("Mail")])
            lead=|| "What is sent in your name, through which server, and whether it arrived."
        >
            <div class="two">
                <div class="stack">
                    <ServerCard own=own.unwrap_or_default() is_own again/>
                </div>
                <div class="stack">
                    <Route route sender/>
                    <Offers offers=offers_sign_in_mail again/>
                </div>
            </div>
            <Sent mails again/>
        </Page>
    }
}

/// Where mail goes at present, and a try.
#[component]
fn Route(route: MailRoute, sender: Option<String>) -> impl IntoView {
    let test = Sending::to::<TestMail>();
    let words = match &route {
        MailRoute::None => {
            "Nowhere: no server is configured. Links are shown to whoever makes them instead.".to_owned()
        }
        MailRoute::Own => "Through your own server.".to_owned(),
        MailRoute::From(name) => format!("Through the server of {name}."),
        MailRoute::Installation => "Through the server of this installation.".to_owned(),
    };
    let sent = move || {
        test.value::<String>().map(|to| {
            view! { <Callout tone=Tone::Good title="The server took it">{format!("A mail to {to} is on its way.")}</Callout> }
        })
    };
    let try_it = (route != MailRoute::None).then(|| {
        view! {
            <div class="body form">
                {Errors::of(test).any("No mail goes out")}
                {sent}
                <SendForm to=test>
                    <Button busy=test.pending() icon="mail">"Send me a test"</Button>
                </SendForm>
            </div>
        }
    });
    view! {
        <Card title="Where it goes">
            <Facts>
                <Fact name="Way">{words}</Fact>
                {sender.map(|sender| view! { <Fact name="Sender">{sender}</Fact> })}
            </Facts>
            {try_it}
        </Card>
    }
}

/// What the pages offer to send.
#[component]
fn Offers(offers: bool, again: Callback<()>) -> impl IntoView {
    let set = Sending::to::<OfferSignInMail>();
    settle(set, again, "Saved");
    view! {
        <Card title="User management">
            <div class="body">
                <SendForm to=set class="form">
                    {Errors::of(set).any("Nothing was saved")}
                    <Check
                        label="Offer the sign-in e-mail"
                        name="offers"
                        checked=offers
                        hint="When an organization is created, a box offers to send its link by mail. Without the box, the link is always shown to you instead."
                    />
                    <div class="actions">
                        <Button busy=set.pending()>"Save"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}
