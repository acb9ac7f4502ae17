//! One customer: who they are, what they pay for, how their connections stand, and who looked after them.

mod billing;
mod contact;
mod credentials;
mod email;
mod enter;
mod first_link;
mod general;
mod moves;
mod plans;
mod seats;
mod subscription;
mod view;
mod visits;

pub use credentials::MadeLinkPage;
use credentials::expect_consent_link;
pub use view::OrganizationDetail;

use super::server::Organization;
use crate::{
    frame::{load_two, partner_may},
    partner::bills::server::OrganizationBill,
    wire::{answers, ask},
};
use domain::access::PartnerAction;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A view of the organization; the address says which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    General,
    Subscription,
    Billing,
    Credentials,
    Features,
    Api,
    Users,
    Visits,
    Transfer,
}

impl Tab {
    pub const ALL: [Tab; 9] = [
        Tab::General,
        Tab::Subscription,
        Tab::Billing,
        Tab::Credentials,
        Tab::Features,
        Tab::Api,
        Tab::Users,
        Tab::Visits,
        Tab::Transfer,
    ];

    pub const fn slug(self) -> &'static str {
        match self {
            Tab::General => "general",
            Tab::Subscription => "subscription",
            Tab::Billing => "billing",
            Tab::Credentials => "credentials",
            Tab::Features => "features",
            Tab::Api => "api",
            Tab::Users => "users",
            Tab::Visits => "visits",
            Tab::Transfer => "transfer",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Tab::General => "General",
            Tab::Subscription => "Subscription",
            Tab::Billing => "Billing",
            Tab::Credentials => "Credentials",
            Tab::Features => "Features",
            Tab::Api => "API",
            Tab::Users => "Users",
            Tab::Visits => "Visits",
            Tab::Transfer => "Transfer",
        }
    }

    /// Whether whoever looks may open it.
    fn is_open(self) -> bool {
        partner_may(match self {
            Tab::General | Tab::Subscription | Tab::Features | Tab::Visits => PartnerAction::SeeOrganizations,
            Tab::Billing => PartnerAction::SeeMoney,
            Tab::Credentials => PartnerAction::SeeHealth,
            Tab::Api => PartnerAction::ManageTokens,
            Tab::Users => PartnerAction::ManageUsers,
            Tab::Transfer => PartnerAction::DeleteOrganizations,
        })
    }

    fn of(slug: &str) -> Tab {
        Tab::ALL.into_iter().find(|tab| tab.slug() == slug).unwrap_or_default()
    }
}

#[component]
pub fn OrganizationPage() -> impl IntoView {
    expect_consent_link();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let tab = Memo::new(move |_| query.with(|query| Tab::of(&query.get("tab").unwrap_or_default())));
    let asked = Memo::new(move |_| query.with(|query| query.get("ask").unwrap_or_default()));
    let month = Memo::new(move |_| query.with(|query| query.get("month").unwrap_or_default()));
    let visit_ended = query.with_untracked(|query| query.get("visit").is_some());
    let data = answers(move || ask(Organization { id: id.get() }));
    let bills = answers(move || ask(OrganizationBill { id: id.get(), month: month.get() }));
    load_two((data, bills), move |organization, bill| {
        let again = Callback::new(move |()| {
            data.refetch();
            bills.refetch();
        });
        view! { <OrganizationDetail organization bill tab asked again visit_ended/> }.into_any()
    })
}
