//! A month's bill as one sees it: a line a customer, with every line of the bill below it.

use super::lines::{Lines, Months, Totals};
use crate::{
    address::with_query,
    frame::Page,
    partner::{parts::trail, paths},
    ui::{Card, Crumb, Empty, FilterSelect, Icon, Kpi, Kpis, Pager, grouped, plural},
    wire::GetForm,
};
use domain::bill::{BillPage, BillRow};
use leptos::prelude::*;

#[component]
pub fn BillsView(bill: BillPage, partner: String, page: u32) -> impl IntoView {
    let slug = bill.month.slug();
    let csv = with_query(paths::BILLS_CSV, &[("month", &slug), ("partner", &partner)]);
    // A file, not a page: the router leaves it to the browser.
    let actions = move || {
        view! { <a class="btn" href=csv rel="external" download=""><Icon name="download"/>"Export CSV"</a> }
    };
    let lead = || "What your customers cost, from what happened to their subscriptions. Each UTC day costs its share of the period that it lies in.";
    let several = bill.partners.len() > 1;
    let options: Vec<_> = bill.partners.iter().map(|p| (p.id.to_string(), p.name.clone())).collect();
    let keep = vec![("partner", partner.clone())];
    let (month, since, is_running) = (bill.month, bill.since, bill.is_running);
    let to = |number: u32| {
        let number = number.to_string();
        let number = if number == "0" { "" } else { number.as_str() };
        with_query(paths::BILLS, &[("month", &slug), ("partner", &partner), ("page", number)])
    };
    let (first, next) = ((page > 0).then(|| to(0)), bill.next.map(to));
    let shown =
        format!("{} of {}", plural(bill.rows.len() as i64, "customer", "customers"), grouped(bill.customers));
    let sum = if is_running { "So far, today included" } else { "Total" };
    let expected = bill.expected.clone();
    let list = if bill.rows.is_empty() {
        view! {
            <Empty
                icon="credit-card"
                title="Nothing is billed in this month"
                text="Once an organization has a plan and its backups run, its days appear here."
            />
        }
        .into_any()
    } else {
        view! { <Rows rows=bill.rows several/> }.into_any()
    };
    view! {
        <Page title="Bills" lead trail=trail([Crumb::here("Bills")]) actions>
            <div class="filters">
                <Months base=paths::BILLS keep month since is_running/>
                {several
                    .then(|| {
                        view! {
                            <GetForm class="row" search="Bills" action=paths::BILLS>
                                <input type="hidden" name="month" value=slug.clone()/>
                                <FilterSelect label="Partner" name="partner" any="Every partner" options value=partner.clone()/>
                                <noscript><button class="btn">"Show"</button></noscript>
                            </GetForm>
                        }
                    })}
            </div>
            <Kpis>
                <Kpi name=sum value=move || view! { <Totals of=bill.totals/> }>""</Kpi>
                {is_running
                    .then(|| {
                        view! { <Kpi name="Expected for the month" value=move || view! { <Totals of=expected/> }>"when nothing changes any more"</Kpi> }
                    })}
                <Kpi name="Customers billed" value=move || grouped(bill.customers)>"with a plan, and backups that ran"</Kpi>
            </Kpis>
            <Card>
                {list}
                <Pager shown first next/>
            </Card>
        </Page>
    }
}

#[component]
fn Rows(rows: Vec<BillRow>, several: bool) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <Customer row several/> }).collect_view();
    view! { <div class="billed">{rows}</div> }
}

/// One customer; a press shows the lines.
#[component]
fn Customer(row: BillRow, several: bool) -> impl IntoView {
    let gone = "Gone: erased, or another partner’s now";
    let name = row.name.clone().unwrap_or_else(|| gone.to_owned());
    let below = if several { format!("{} · {}", row.number, row.partner) } else { row.number.clone() };
    let totals = row.totals.clone();
    let seats = row.lines.last().map_or(0, |line| i64::from(line.seats));
    let peak = row.peak;
    let open = row.organization.map(|id| {
        let href = format!("{}?tab=billing", paths::organization(id));
        view! { <p class="body small"><a class="link" href=href>"The organization’s page"</a></p> }
    });
    let used = (peak > 0).then(|| {
        view! { <span class="muted small num wide">{format!("at most {} protected", grouped(peak))}</span> }
    });
    view! {
        <details>
            <summary>
                <Icon name="chevron-right"/>
                <span class="cut"><b class="cut">{name}</b><small class="muted num block">{below}</small></span>
                {used}
                <span class="muted small num wide">{plural(seats, "seat", "seats")}</span>
                <span class="right"><Totals of=totals/></span>
            </summary>
            <Lines rows=vec![row]/>
            {open}
        </details>
    }
}
