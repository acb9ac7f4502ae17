//! The people of one's own partner.

use super::{parts::trail, paths};
use crate::{
    frame::{Page, partner_may, signed},
    people::PeoplePanel,
    ui::{Banner, Crumb, Tone},
};
use domain::access::PartnerAction;
use leptos::prelude::*;

#[component]
pub fn UsersPage() -> impl IntoView {
    signed(|| {
        let trail = trail([Crumb::here("Users")]);
        let lead = || "Who works here, and what each may do. One decides about those below one's own role.";
        let body = if partner_may(PartnerAction::ManageUsers) {
            view! { <PeoplePanel at="" base=paths::USERS/> }.into_any()
        } else {
            view! {
                <Banner tone=Tone::Warn title="Your role does not manage people">
                    "Ask an Owner, a Super Admin or an Admin."
                </Banner>
            }
            .into_any()
        };
        view! { <Page title="Users" lead trail>{body}</Page> }.into_any()
    })
}
