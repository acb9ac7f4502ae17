//! One's own account: the same page in both portals.

mod cards;
pub mod server;
mod sessions;

use self::{
    cards::{FactorCard, MicrosoftCard, Password, Profile, Roles},
    server::MyAccount,
    sessions::Sessions,
};
use crate::{
    account::{email::EmailCard, microsoft::MicrosoftTrouble, own_path},
    brand,
    frame::{Page, load, partner_session, session_view},
    ui::Crumb,
    wire::{answers, ask},
};
use domain::account::AccountView;
use leptos::prelude::*;

#[component]
pub fn AccountPage() -> impl IntoView {
    let account = answers(|| ask(MyAccount {}));
    let again = Callback::new(move |()| account.refetch());
    load(account, move |account| view! { <AccountDetail account again/> }.into_any())
}

/// Where the page is, in the portal at hand.
pub(super) fn path() -> String {
    own_path(partner_session().is_some()).to_owned()
}

/// Where one is, below whose portal it is.
pub(crate) fn trail(crumbs: impl IntoIterator<Item = Crumb>) -> Vec<Crumb> {
    let top = match (partner_session(), session_view()) {
        (Some(session), _) => session.partner,
        (None, Some(session)) => session.organization,
        (None, None) => brand::name(),
    };
    std::iter::once(Crumb::link(top, "/")).chain(crumbs).collect()
}

#[component]
pub fn AccountDetail(account: AccountView, again: Callback<()>) -> impl IntoView {
    let email = account.email.clone();
    let microsoft = account.microsoft.clone();
    view! {
        <Page title="Your account" trail=trail([Crumb::here("Your account")]) lead=move || email>
            <MicrosoftTrouble title="Nothing was linked"/>
            <div class="two">
                <div class="stack">
                    <Profile name=account.name again/>
                    <EmailCard email=account.email waiting=account.email_change again/>
                    <Password again/>
                </div>
                <div class="stack">
                    <FactorCard factor=account.second_factor/>
                    {microsoft.map(|linked| view! { <MicrosoftCard linked again/> })}
                    <Roles roles=account.roles/>
                </div>
            </div>
            <Sessions sessions=account.sessions again/>
        </Page>
    }
}
