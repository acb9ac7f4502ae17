//! The list as one sees it.

use super::{
    filters::{Filter, Filters},
    rows::Rows,
};
use crate::{
    frame::{Page, partner_may, partner_session},
    partner::{parts::trail, paths},
    ui::{Card, Crumb, Empty, Icon, LinkButton, Look, Pager, Tab, Tabs, plural},
    wire::GetForm,
};
use domain::{
    access::PartnerAction,
    bulk::Bulk,
    partner::{OrganizationRow, OrganizationsPage},
    subscription::{Move, State},
};
use leptos::prelude::*;

#[component]
pub fn OrganizationsView(page: OrganizationsPage, filter: Filter) -> impl IntoView {
    let manage = partner_may(PartnerAction::ManageOrganizations);
    let count = |state| page.counts.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count);
    let total: i64 = State::ALL.into_iter().map(count).sum();
    let (here, several) = (filter.state(), page.partners.len() > 1);
    let tabs = State::ALL
        .map(|state| {
            let href = filter.href(state, None);
            view! { <Tab href here=state == here count=count(state)>{state.label()}</Tab> }
        })
        .collect_view();
    let lead = if total == 0 { FIRST.to_owned() } else { lead(count(State::Active)) };
    let csv = filter.csv();
    let actions = move || {
        view! {
            // A file, not a page: the router leaves it to the browser.
            {(total > 0)
                .then(|| view! { <a class="btn" href=csv rel="external" download=""><Icon name="download"/>"Export CSV"</a> })}
            {manage
                .then(|| view! { <LinkButton href=paths::NEW_ORGANIZATION look=Look::Primary icon="plus">"New organization"</LinkButton> })}
        }
    };
    let trail = trail([Crumb::here("Organizations")]);
    if total == 0 {
        let no_plans = page.plans.is_empty();
        return view! { <Page title="Organizations" lead=move || lead trail actions><Card><First no_plans manage/></Card></Page> }
            .into_any();
    }
    let shown = plural(page.rows.len() as i64, "organization", "organizations");
    let first = filter.after.is_some().then(|| filter.href(here, None));
    let next = page.next.as_deref().map(|after| filter.href(here, Some(after)));
    let list = if page.rows.is_empty() {
        view! { <Nothing filter=filter.clone()/> }.into_any()
    } else {
        view! { <Choosing rows=page.rows.clone() several state=here/> }.into_any()
    };
    view! {
        <Page title="Organizations" lead=move || lead trail actions>
            <Tabs label="States">{tabs}</Tabs>
            <Filters filter page/>
            <Card>
                {list}
                <Pager shown first next/>
            </Card>
        </Page>
    }
    .into_any()
}

/// The rows, with what can be done to those that are chosen.
#[component]
fn Choosing(rows: Vec<OrganizationRow>, several: bool, state: State) -> impl IntoView {
    let offered: Vec<Bulk> = Bulk::ALL
        .into_iter()
        .filter(|bulk| partner_may(bulk.needs()))
        .filter(|bulk| match bulk.as_move() {
            Some(to) => Move::from_state(state).contains(&to),
            None => state.backups_run(),
        })
        .collect();
    if offered.is_empty() {
        return view! { <Rows rows several choose=false/> }.into_any();
    }
    let buttons = offered
        .into_iter()
        .map(|bulk| {
            view! { <button class="btn small" name="what" value=bulk.slug()>{bulk.label()}</button> }
        })
        .collect_view();
    view! {
        <GetForm class="choosing" action=paths::BULK>
            <Rows rows several choose=true/>
            <div class="chosen" role="group" aria-label="With those chosen">
                <span class="muted">"With those chosen:"</span>
                {buttons}
            </div>
        </GetForm>
    }
    .into_any()
}

const FIRST: &str = "Your customers, and how their backups stand.";

/// Whose they are, and how many of them are served.
fn lead(active: i64) -> String {
    let (partner, below) = partner_session().map(|s| (s.partner, s.has_branch)).unwrap_or_default();
    let whose = if below { format!("{partner} and the partners below it") } else { partner };
    format!("{} of {whose}.", plural(active, "active customer", "active customers"))
}

/// Before the first one.
#[component]
fn First(no_plans: bool, manage: bool) -> impl IntoView {
    let plans = partner_may(PartnerAction::ManagePlans);
    match (no_plans, plans, manage) {
        (true, true, _) => view! {
            <Empty
                icon="credit-card"
                title="Create a plan first"
                text="Every organization is on a plan: what you sell it, and for how much. Make one, then create the organization."
            >
                <LinkButton href=paths::NEW_PLAN look=Look::Primary>"New plan"</LinkButton>
            </Empty>
        }
        .into_any(),
        (true, false, _) => view! {
            <Empty
                icon="credit-card"
                title="There is no plan yet"
                text="Every organization is on a plan. Ask an Owner, a Super Admin or somebody of Finance to make one; organizations can then be created."
            />
        }
        .into_any(),
        (false, _, true) => view! {
            <Empty
                icon="building-2"
                title="No organization yet"
                text="Create your first customer: you get a link with which they choose a password, and from then on you see here how their backups stand."
            >
                <LinkButton href=paths::NEW_ORGANIZATION look=Look::Primary>"New organization"</LinkButton>
            </Empty>
        }
        .into_any(),
        (false, _, false) => view! {
            <Empty
                icon="building-2"
                title="No organization yet"
                text="Organizations appear here once an Owner or an Admin has created one."
            />
        }
        .into_any(),
    }
}

/// Where the state or the filters leave nothing.
#[component]
fn Nothing(filter: Filter) -> impl IntoView {
    let state = filter.state();
    if filter.narrows() {
        let href = Filter::default().href(state, None);
        return view! {
            <Empty
                icon="search"
                title=format!("Nothing {} matches", state.slug())
                text="Search looks at parts of names, numbers and e-mails. The other tabs hold organizations in other states."
            >
                <LinkButton href>"Show all"</LinkButton>
            </Empty>
        }
        .into_any();
    }
    let text = match state {
        State::Active => "All your organizations are in another state: see the other tabs.",
        State::Suspended => "Of a suspended organization nobody can sign in; backups go on and data is kept.",
        State::Unsubscribed => {
            "Of an unsubscribed organization nobody can sign in and backups stop; data is kept."
        }
        State::Deleted => {
            "A deleted organization stays here until its data is erased; until then it can be brought back."
        }
    };
    view! { <Empty icon="building-2" title=format!("No {} organization", state.slug()) text/> }.into_any()
}
