//! The page as one sees it.

use super::cards::{Accounts, CustomerTrend, Late, SeatTrend, Shares};
use crate::{
    address::with_query,
    frame::{Page, partner_may},
    partner::{bills::Totals, parts::trail, paths, words},
    ui::{Button, Crumb, Kpi, Kpis, Meter, Time, TimeStyle, grouped, plural},
};
use domain::{access::PartnerAction, bill::Dashboard, partner::Health, subscription::State};
use leptos::prelude::*;

#[component]
pub fn DashboardView(dashboard: Dashboard, again: Callback<()>) -> impl IntoView {
    let Dashboard {
        at,
        organizations,
        created,
        erased,
        since,
        partner_accounts,
        customer_accounts,
        seats,
        protected,
        short,
        trend,
        billing,
        health,
    } = dashboard;
    let active = organizations.iter().find(|s| s.slug == State::Active.slug()).map_or(0, |s| s.count);
    let total: i64 = organizations.iter().map(|s| s.count).sum();
    let lead = move || view! { "As it was " <Time at style=TimeStyle::Relative/> };
    let actions = move || view! { <Button kind="button" icon="refresh-cw" on:click=move |_| again.run(())>"Refresh"</Button> };
    let money = billing.map(|billing| {
        let before = billing.before;
        let month = billing.month.before().label();
        let expected = billing.expected;
        view! {
            <Kpi name=format!("Billing, {}", billing.month.label()) value=move || view! { <a href=paths::BILLS><Totals of=billing.so_far/></a> }>
                "so far; expected " <Totals of=expected/>
                <span class="faint">{format!("{month}: ")} <Totals of=before/></span>
            </Kpi>
        }
    });
    let covered = health.as_ref().map(|health| {
        let count = |of: Health| health.shares.iter().find(|s| s.slug == of.slug()).map_or(0, |s| s.count);
        let all: i64 = Health::ALL.into_iter().filter(|h| *h != Health::NoEntra).map(count).sum();
        let good = count(Health::Protected);
        view! {
            <Kpi name="Protected" value=move || format!("{} of {}", grouped(good), grouped(all))>
                <Meter label="Organizations protected" used=good of=all.max(1) high_from=1001/>
                "organizations with an Entra plan"
            </Kpi>
        }
    });
    let since = since.format("%-d %b").to_string();
    let moved = match (created, erased) {
        (0, 0) => format!("none new since {since}"),
        (created, 0) => format!("{} new since {since}", grouped(created)),
        (created, erased) => format!("{} new and {} erased since {since}", grouped(created), grouped(erased)),
    };
    // With today's figure beside the first one of the days that are recorded.
    let grown = trend.first().map(|first| {
        let more = protected - first.protected;
        let day = first.day.format("%-d %b");
        match more {
            0 => format!("as many users as on {day}"),
            more if more > 0 => format!("{} more than on {day}", plural(more, "user", "users")),
            less => format!("{} fewer than on {day}", plural(-less, "user", "users")),
        }
    });
    let course = trend.clone();
    let shortage = match short {
        0 => "nobody is short of seats".to_owned(),
        n => format!("{} short of seats; backups go on", plural(n, "organization is", "organizations are")),
    };
    let states = organizations
        .into_iter()
        .map(|share| {
            let state = State::from_slug(&share.slug).unwrap_or(State::Active);
            let query = if state == State::Active { "" } else { state.slug() };
            (with_query(paths::ORGANIZATIONS, &[("state", query)]), words::state(state), share)
        })
        .collect::<Vec<_>>();
    let health = health.map(|health| {
        let shares = health
            .shares
            .into_iter()
            .map(|share| {
                let tone = Health::from_slug(&share.slug).map(words::health).unwrap_or_default();
                (with_query(paths::ORGANIZATIONS, &[("health", &share.slug)]), tone, share)
            })
            .collect();
        let credentials = health
            .credentials
            .into_iter()
            .map(|share| {
                let tone = domain::partner::CredentialStatus::from_slug(&share.slug).map(words::credential);
                let href = with_query(paths::ORGANIZATIONS, &[("credential", &share.slug)]);
                (href, tone.unwrap_or_default(), share)
            })
            .collect();
        (shares, credentials, health.late)
    });
    let (left, right) = match health {
        Some((shares, credentials, late)) => (
            view! { <Late late/><SeatTrend trend/><CustomerTrend trend=course/> }.into_any(),
            view! { <Shares title="Backups" shares/><Shares title="Connections" shares=credentials/> }
                .into_any(),
        ),
        None => (view! { <SeatTrend trend/><CustomerTrend trend=course/> }.into_any(), ().into_any()),
    };
    let new = partner_may(PartnerAction::ManageOrganizations) && total == 0;
    view! {
        <Page title="Overview" lead trail=trail([Crumb::here("Overview")]) actions>
            <Kpis>
                <Kpi name="Active organizations" value=move || view! { <a href=paths::ORGANIZATIONS>{grouped(active)}</a> }>
                    {format!("of {}", plural(total, "organization", "organizations"))}
                    <span class="faint block">{moved}</span>
                    {new.then(|| view! { " · " <a class="link" href=paths::NEW_ORGANIZATION>"Create the first"</a> })}
                </Kpi>
                {covered}
                <Kpi name="Seats in use" value=move || format!("{} of {}", grouped(protected), grouped(seats))>
                    <Meter label="Seats in use" used=protected of=seats.max(1) high_from=970/>
                    {shortage}
                    <span class="faint block">{grown}</span>
                </Kpi>
                {money}
            </Kpis>
            <div class="two">
                <div class="stack">{left}</div>
                <div class="stack">
                    {right}
                    <Shares title="Organizations" shares=states/>
                    <Accounts partners=partner_accounts customers=customer_accounts since/>
                </div>
            </div>
        </Page>
    }
}
