//! An organization's page: its head, with what can be done, and the view that the address names.

use super::{
    Tab,
    billing::Billing,
    credentials::Credentials,
    email::EmailPortal,
    enter::{self, AskedVisit, Enter},
    general::General,
    moves::{AskedMove, Moves},
    subscription::Subscription,
    visits::Visits,
};
use crate::{
    api::CustomerApi,
    frame::{Page, partner_may},
    partner::{
        features::FeaturesAt,
        parts::{EntraBadge, trail},
        paths,
        transfers::Give,
        words,
    },
    people::PeoplePanel,
    ui::{self, Badge, Banner, Crumb, Tabs, Time, Tone},
};
use domain::{
    access::PartnerAction,
    bill::OrganizationBill,
    feature::FeatureLevel,
    partner::OrganizationView,
    subscription::{Move, State},
    view::Instant,
};
use leptos::prelude::*;

/// What belongs to every part of the page.
#[derive(Clone, Copy)]
pub struct Here {
    pub organization: StoredValue<OrganizationView>,
    pub tab: Signal<Tab>,
    /// Which question the address asks; empty for none.
    pub asked: Signal<String>,
    /// Reads the page's data again.
    pub again: Callback<()>,
}

impl Here {
    /// Whether the address asks a question that can be asked now. The page then asks no other: its fields would be
    /// there twice.
    pub fn asks(self) -> bool {
        let asked = self.asked.get();
        Move::from_slug(&asked).is_some_and(|what| self.organization.with_value(|o| o.moves.contains(&what)))
            || (asked == enter::KEY && self.opens())
    }

    /// Whether the customer's portal can be entered by whoever looks.
    pub fn opens(self) -> bool {
        partner_may(PartnerAction::Visit) && self.organization.with_value(|o| o.door.is_none())
    }

    pub fn id(self) -> String {
        self.organization.with_value(|o| o.row.id.to_string())
    }

    /// The page's address, with the tab that is open.
    pub fn href(self, tab: Tab) -> String {
        let base = paths::organization(self.organization.with_value(|o| o.row.id));
        if tab == Tab::General { base } else { format!("{base}?tab={}", tab.slug()) }
    }
}

#[component]
pub fn OrganizationDetail(
    organization: OrganizationView,
    /// None for those who see no money.
    bill: Option<OrganizationBill>,
    #[prop(into)] tab: Signal<Tab>,
    #[prop(into)] asked: Signal<String>,
    again: Callback<()>,
    /// Whether somebody was led here because their visit is over.
    #[prop(optional)]
    visit_ended: bool,
) -> impl IntoView {
    let row = organization.row.clone();
    let entra = row.plan.as_ref().is_some_and(|plan| plan.terms.product.has_entra());
    let (number, partner, state) = (row.number, row.partner, row.state);
    let lead = move || {
        view! {
            <span class="row">
                <span class="num">{number}</span>
                {entra.then(|| view! { <EntraBadge/> })}
                <Badge tone=words::state(state)>{state.label()}</Badge>
                <span class="muted">{format!("of {partner}")}</span>
            </span>
        }
    };
    let erased = organization.erased_at;
    let trail = trail([Crumb::here(row.name.clone())]);
    let here = Here { organization: StoredValue::new(organization), tab, asked, again };
    let actions = move || {
        view! {
            <Moves here/>
            <EmailPortal here/>
            <Enter here/>
        }
    };
    view! {
        <Page title=row.name lead trail actions>
            {visit_ended
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warn title="Your visit is over">
                            "Its hour has passed, or the customer has forbidden visits. You are back in the Partner Portal."
                        </Banner>
                    }
                })}
            {state_banner(state, erased)}
            <Open here bill/>
        </Page>
    }
    .into_any()
}

/// What the state means, where it is not the usual one.
fn state_banner(state: State, erased: Option<Instant>) -> Option<AnyView> {
    let text = match state {
        State::Active => return None,
        State::Suspended => {
            "Nobody of this organization can sign in. Backups go on as scheduled, and all data is kept."
        }
        State::Unsubscribed => {
            "Nobody of this organization can sign in, and backups are stopped. All data is kept."
        }
        State::Deleted => "Nobody of this organization can sign in, and backups are stopped.",
    };
    let until = erased.map(|at| view! { " All data is erased for good from " <Time at/> " on; until then the deletion can be undone." });
    let tone = if state == State::Deleted { Tone::Bad } else { Tone::Warn };
    Some(view! { <Banner tone title=state.label()>{text}{until}</Banner> }.into_any())
}

/// The tabs, and what is open.
#[component]
fn Open(here: Here, bill: Option<OrganizationBill>) -> impl IntoView {
    let see_money = bill.is_some();
    move || {
        let id = here.id();
        let tab = Some(here.tab.get()).filter(|tab| tab.is_open()).unwrap_or_default();
        let tabs = Tab::ALL
            .into_iter()
            .filter(|tab| tab.is_open() && (see_money || *tab != Tab::Billing))
            .map(|of| view! { <ui::Tab href=here.href(of) here=of == tab>{of.label()}</ui::Tab> })
            .collect_view();
        let body = match tab {
            Tab::Subscription => view! { <Subscription here/> }.into_any(),
            Tab::Billing => match bill.clone() {
                Some(bill) => view! { <Billing here bill/> }.into_any(),
                None => view! { <General here/> }.into_any(),
            },
            Tab::Features => view! { <FeaturesAt level=FeatureLevel::Organization id/> }.into_any(),
            Tab::Api => view! { <CustomerApi id/> }.into_any(),
            Tab::Credentials => view! { <Credentials here/> }.into_any(),
            Tab::Users => view! { <PeoplePanel at=id base=here.href(tab)/> }.into_any(),
            Tab::Visits => view! { <Visits here/> }.into_any(),
            Tab::Transfer => view! { <Give id/> }.into_any(),
            Tab::General => view! { <General here/> }.into_any(),
        };
        view! {
            <AskedMove here/>
            <AskedVisit here/>
            <Tabs label="About this organization">{tabs}</Tabs>
            {body}
        }
    }
}
