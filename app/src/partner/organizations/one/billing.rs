//! The customer's own bill.

use super::view::Here;
use crate::{
    partner::{
        bills::{Lines, Months, Totals},
        paths,
    },
    ui::{Card, Empty, Kpi, Kpis, grouped},
};
use domain::bill::OrganizationBill;
use leptos::prelude::*;

#[component]
pub fn Billing(here: Here, bill: OrganizationBill) -> impl IntoView {
    let OrganizationBill { month, since, is_running, rows, totals, expected } = bill;
    let (base, rule) = here.organization.with_value(|o| (paths::organization(o.row.id), o.rule));
    let keep = vec![("tab", "billing".to_owned())];
    let peak = rows.iter().map(|row| row.peak).max().unwrap_or(0);
    let days: i64 = rows.iter().map(|row| row.user_days).sum();
    let sum = if is_running { "So far, today included" } else { "Total" };
    let list = if rows.is_empty() {
        view! {
            <Empty
                icon="credit-card"
                title="Nothing is billed in this month"
                text="Days are billed while there is a plan and backups run. Each costs its share of the period that it lies in."
            />
        }
        .into_any()
    } else {
        view! { <Lines rows/> }.into_any()
    };
    view! {
        <div class="filters"><Months base keep month since is_running/></div>
        <Kpis>
            <Kpi name=sum value=move || view! { <Totals of=totals/> }>""</Kpi>
            {is_running
                .then(|| {
                    view! { <Kpi name="Expected for the month" value=move || view! { <Totals of=expected/> }>"when nothing changes any more"</Kpi> }
                })}
            <Kpi name="Most protected users of a day" value=move || grouped(peak)>{rule.label()}</Kpi>
            <Kpi name="User days" value=move || grouped(days)>"protected users, day by day, added up"</Kpi>
        </Kpis>
        <Card title="Lines">{list}</Card>
    }
}
