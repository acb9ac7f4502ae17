//! The way in for a contact who has not come yet.

use super::{
    super::{
        new::created::{LinkOnce, Mailed},
        server::RenewLink,
    },
    view::Here,
};
use crate::{
    frame::partner_may,
    ui::{Button, Card, Look, Time},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    access::PartnerAction,
    partner::{OrganizationCreated, OrganizationView, TakenUp},
    subscription::State,
};
use leptos::prelude::*;

/// Nothing where the contact is in, or nobody can be let in.
#[component]
pub fn FirstLink(here: Here) -> impl IntoView {
    let OrganizationView { row, taken_up, sends_mail, .. } = here.organization.get_value();
    let may = partner_may(PartnerAction::ManageOrganizations);
    if taken_up == TakenUp::Yes || row.state != State::Active || !may {
        return ().into_any();
    }
    let renew = Sending::to::<RenewLink>();
    let made = Memo::new(move |_| renew.value::<OrganizationCreated>());
    let (id, email) = (row.id.to_string(), row.email);
    let stands = match taken_up {
        TakenUp::LinkUntil(until) => view! {
            <b>{email.clone()}</b> " has a link that is good until " <Time at=until/> ". A new one ends it."
        }
        .into_any(),
        _ => view! { "The link that " <b>{email.clone()}</b> " was given has ended." }.into_any(),
    };
    let buttons = view! {
        <div class="actions">
            {sends_mail.then(|| view! { <Make id=id.clone() renew by_mail="true" text="Send a new link" look=Look::Primary/> })}
            <Make id renew by_mail="false" text="Show a new link" look=if sends_mail { Look::Plain } else { Look::Primary }/>
        </div>
    };
    let answer = move || {
        made.get().map(|made| match made.link {
            Some(link) => view! { <LinkOnce link until=made.until/> }.into_any(),
            None => view! { <Mailed email=made.email until=made.until/> }.into_any(),
        })
    };
    view! {
        <Card title="They have not signed in yet">
            <div class="body form">
                {Errors::of(renew).any("No new link was made")}
                <p>{stands}</p>
                {buttons}
                {answer}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Make(
    #[prop(into)] id: String,
    renew: Sending,
    by_mail: &'static str,
    text: &'static str,
    look: Look,
) -> impl IntoView {
    view! {
        <SendForm to=renew>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="by_mail" value=by_mail/>
            <Button look busy=renew.pending()>{text}</Button>
        </SendForm>
    }
}
