//! How Holdfast signs in to the customer's tenants: how that stands, testing and renewing it, and asking the customer's
//! administrator for consent.

mod links;
mod renew;
mod row;
pub mod server;

use super::view::Here;
use crate::{
    frame::partner_may,
    ui::{Card, Empty},
};
use domain::access::PartnerAction;
use leptos::prelude::*;
pub use links::{MadeLinkPage, expect_consent_link};

use links::Links;
use renew::Renew;
use row::CredentialCard;

#[component]
pub fn Credentials(here: Here) -> impl IntoView {
    let (rows, door) = here.organization.with_value(|o| (o.credentials.clone(), o.door.clone()));
    let manage = partner_may(PartnerAction::ManageCredentials);
    // One form at a time: the address says for which tenant.
    let known = StoredValue::new(rows.clone());
    let renewed = move || {
        let asked = here.asked.get();
        let row = known.with_value(|rows| rows.iter().find(|row| renew::key(row.id) == asked).cloned());
        row.filter(|_| manage).map(|row| view! { <Renew here row/> })
    };
    let cards = if rows.is_empty() {
        let text = door.clone().unwrap_or_else(|| {
            "The customer connects a tenant in their portal, or their administrator follows a link that you make here. Its permissions and tests then appear here.".to_owned()
        });
        view! { <Card><Empty icon="plug" title="Nothing is connected yet" text/></Card> }.into_any()
    } else {
        let cards = rows.into_iter().map(|row| view! { <CredentialCard here row manage/> }).collect_view();
        view! { {cards} }.into_any()
    };
    view! {
        <div class="stack">
            {renewed}
            {cards}
            {door.is_none().then(|| view! { <Links here manage/> })}
        </div>
    }
}
