//! The pages of the Partner Portal with made-up data.

use super::sample;
use crate::{
    account::{ChooseView, InviteView},
    frame::PartnerSide,
    partner::{
        audit::{self, AuditView},
        organizations::{
            CreatedView, Filter, NewOrganizationView, OrganizationDetail, OrganizationsView, Tab,
        },
        plans::{NewPlanView, PlanFilter, PlansView},
    },
};
use domain::{access::PartnerRole, subscription::State};
use leptos::prelude::*;

pub const NAMES: [&str; 18] = [
    "organizations",
    "organizations-finance",
    "organizations-nothing",
    "organizations-first",
    "organizations-no-plans",
    "organization",
    "organization-subscription",
    "organization-credentials",
    "organization-visits",
    "organization-delete",
    "organization-deleted",
    "new-organization",
    "created",
    "plans",
    "new-plan",
    "audit",
    "choose",
    "invite",
];

/// A page inside the frame, if it belongs there.
#[component]
pub fn PartnerPage(#[prop(into)] name: String) -> impl IntoView {
    match name.as_str() {
        "choose" => return view! { <ChooseView roles=sample::memberships()/> }.into_any(),
        "invite" => {
            return view! { <InviteView invitation=sample::invitation() token="x".to_owned()/> }.into_any();
        }
        _ => {}
    }
    let role = if name.ends_with("finance") { PartnerRole::Finance } else { PartnerRole::Owner };
    let session = sample::partner_session(role);
    provide_context(session.clone());
    view! {
        <div class="app">
            <PartnerSide session/>
            <div>{page(&name)}</div>
        </div>
    }
    .into_any()
}

fn page(name: &str) -> AnyView {
    let again = Callback::new(|()| ());
    let mut list = sample::organizations();
    let mut filter = Filter::default();
    match name {
        "organizations-nothing" => {
            filter.words = "okapi".into();
            list.rows.clear();
            list.next = None;
        }
        "organizations-first" | "organizations-no-plans" => {
            list.rows.clear();
            list.counts.clear();
            if name == "organizations-no-plans" {
                list.plans.clear();
            }
        }
        "organization" => return organization(State::Active, Tab::General, ""),
        "organization-subscription" => return organization(State::Active, Tab::Subscription, ""),
        "organization-credentials" => return organization(State::Active, Tab::Credentials, ""),
        "organization-visits" => return organization(State::Active, Tab::Visits, ""),
        "organization-delete" => return organization(State::Active, Tab::General, "delete"),
        "organization-deleted" => return organization(State::Deleted, Tab::General, ""),
        "new-organization" => return view! { <NewOrganizationView options=sample::options()/> }.into_any(),
        "created" => return view! { <CreatedView created=sample::created()/> }.into_any(),
        "plans" => {
            return view! { <PlansView page=sample::plans() filter=PlanFilter::default() asked="" again/> }
                .into_any();
        }
        "new-plan" => return view! { <NewPlanView page=sample::plans()/> }.into_any(),
        "audit" => {
            return view! { <AuditView page=sample::audit() filter=audit::Filter::default()/> }.into_any();
        }
        _ => {}
    }
    view! { <OrganizationsView page=list filter/> }.into_any()
}

fn organization(state: State, tab: Tab, asked: &str) -> AnyView {
    let again = Callback::new(|()| ());
    let asked = Signal::stored(asked.to_owned());
    sample::organization(state)
        .map(|organization| view! { <OrganizationDetail organization bill=None tab=Signal::stored(tab) asked again/> })
        .into_any()
}
