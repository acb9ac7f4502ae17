//! The organization's own people.

use crate::{
    frame::{Page, may, signed},
    people::PeoplePanel,
    ui::{Banner, Crumb, Tone},
};
use domain::access::Action;
use leptos::prelude::*;

#[component]
pub fn UsersPage() -> impl IntoView {
    signed(|| {
        let trail = vec![Crumb::here("Users")];
        let lead = || "Who of your organization signs in here, and what each may do. Full Admins are made by your provider.";
        let body = if may(Action::ManageUsers) {
            view! { <PeoplePanel at="" base="/users"/> }.into_any()
        } else {
            view! {
                <Banner tone=Tone::Warn title="You do not manage people here">
                    "Ask a Full Admin or an IT Admin of your organization, or your provider."
                </Banner>
            }
            .into_any()
        };
        view! { <Page title="Users" lead trail>{body}</Page> }.into_any()
    })
}
