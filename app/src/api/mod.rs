//! The REST API, for people: its tokens, and how a program calls it.

mod guide;
pub mod server;
mod view;

pub use view::{Place, TokensView};

use crate::{
    frame::{Page, load, session_view},
    partner,
    ui::Crumb,
    wire::{Answers, Sending, answers, ask},
};
use domain::api_token::ApiTokensView;
use leptos::prelude::*;
use server::{CreatePartnerToken, CreateToken, PartnerTokens, RevokePartnerToken, RevokeToken, Tokens};

/// Where the page is in an organization's portal.
pub const PATH: &str = "/api-access";

const LEAD: &str = "Programs read backups and start them with a token instead of a person's sign-in.";

/// In an organization's portal.
#[component]
pub fn ApiPage() -> impl IntoView {
    let data = answers(|| ask(Tokens {}));
    let place = Place::new(
        Sending::to::<CreateToken>(),
        Sending::to::<RevokeToken>(),
        String::new(),
        "your organization",
    );
    of(data, place, |body| {
        let organization = session_view().map_or_else(|| "Organization".to_owned(), |s| s.organization);
        let trail = vec![Crumb::link(organization, "/"), Crumb::here("API")];
        view! { <Page title="API" trail lead=|| LEAD>{body}</Page> }.into_any()
    })
}

/// In the Partner Portal: of the partner itself.
#[component]
pub fn PartnerApiPage() -> impl IntoView {
    let data = answers(|| ask(PartnerTokens { organization: String::new() }));
    of(data, partners(String::new(), "your partner and every customer of its branch"), |body| {
        let trail = partner::trail([Crumb::here("API")]);
        view! { <Page title="API" trail lead=|| LEAD>{body}</Page> }.into_any()
    })
}

/// Of a customer, as a tab of its page.
#[component]
pub fn CustomerApi(id: String) -> impl IntoView {
    let organization = id.clone();
    let data = answers(move || ask(PartnerTokens { organization: organization.clone() }));
    of(data, partners(id, "this customer"), |body| body)
}

fn partners(organization: String, opens: &'static str) -> Place {
    Place::new(Sending::to::<CreatePartnerToken>(), Sending::to::<RevokePartnerToken>(), organization, opens)
}

/// The place outlives the list: a token that was made a moment ago stays on the page while the list is read again.
fn of(data: Answers, place: Place, frame: fn(AnyView) -> AnyView) -> AnyView {
    place.settle(Callback::new(move |()| data.refetch()));
    load(data, move |tokens: ApiTokensView| frame(view! { <TokensView tokens place/> }.into_any()))
}
