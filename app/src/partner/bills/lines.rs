//! Pieces of bills: lines, sums, the way from month to month, and what a change costs.

use crate::{
    address::with_query,
    ui::{Fact, Facts, Icon, Size, Table, grouped},
};
use domain::{
    bill::{BillRow, ChangeCost, Month},
    billing::{InvoiceLine, LineKind},
    money::Money,
};
use leptos::prelude::*;

/// Sums, one for each currency.
#[component]
pub fn Totals(of: Vec<Money>) -> impl IntoView {
    if of.is_empty() {
        return view! { <span class="num">"–"</span> }.into_any();
    }
    of.into_iter()
        .map(|money| view! { <span class="num block nowrap">{money.to_string()}</span> })
        .collect_view()
        .into_any()
}

/// The way to the months before and after.
#[component]
pub fn Months(
    #[prop(into)] base: String,
    /// What else the address says.
    keep: Vec<(&'static str, String)>,
    month: Month,
    since: Month,
    is_running: bool,
) -> impl IntoView {
    let href = |to: Month| {
        let slug = to.slug();
        let mut query: Vec<(&str, &str)> = keep.iter().map(|(key, value)| (*key, value.as_str())).collect();
        query.push(("month", &slug));
        with_query(&base, &query)
    };
    let step = |there: bool, to: Month, icon: &'static str, words: &'static str| {
        if there {
            let said = format!("{words}: {}", to.label());
            view! { <a class="btn small square" href=href(to) aria-label=said.clone() title=said><Icon name=icon size=Size::Small/></a> }
                .into_any()
        } else {
            view! { <span class="btn small square off" aria-hidden="true"><Icon name=icon size=Size::Small/></span> }
                .into_any()
        }
    };
    view! {
        <nav class="months" aria-label="Months">
            {step(month > since, month.before(), "chevron-left", "The month before")}
            <b class="num">{month.label()}</b>
            {step(!is_running, month.next(), "chevron-right", "The month after")}
        </nav>
    }
}

/// The days `[from, to)` of a line, both ends said.
fn days(line: &InvoiceLine) -> String {
    let last = line.to.pred_opt().unwrap_or(line.to);
    let from = line.from.format("%-d %b");
    if last == line.from { from.to_string() } else { format!("{from} – {}", last.format("%-d %b")) }
}

/// Every line of one customer or several.
#[component]
pub fn Lines(rows: Vec<BillRow>) -> impl IntoView {
    let body = rows
        .into_iter()
        .flat_map(|row| row.lines)
        .map(|line| {
            let free = (!line.terms.kind.is_billed()).then(|| format!("{}, free", line.terms.kind.label()));
            let over = line.kind == LineKind::Overage;
            view! {
                <tr>
                    <td class="num nowrap">{days(&line)}</td>
                    <td>
                        {line.plan_name.clone()}
                        {free.map(|text| view! { <small class="faint block">{text}</small> })}
                        {over.then(|| view! { <small class="warn-ink block">"used beyond the seats bought"</small> })}
                    </td>
                    <td class="num right">{grouped(i64::from(line.seats))}</td>
                    <td class="num right wide nowrap">
                        {line.terms.billed_price().to_string()}
                        <span class="faint">{format!(" a {}", line.terms.periodicity.noun())}</span>
                    </td>
                    <td class="num right wide nowrap">{format!("{} of {}", line.days, line.of_days)}</td>
                    <td class="num right nowrap">{line.amount.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Lines">
            <thead>
                <tr>
                    <th scope="col">"Days"</th>
                    <th scope="col">"Plan"</th>
                    <th scope="col" class="right">"Seats"</th>
                    <th scope="col" class="right wide">"Price a seat"</th>
                    <th scope="col" class="right wide">"Days of period"</th>
                    <th scope="col" class="right">"Amount"</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
}

/// What a change costs now and from the next period on.
#[component]
pub fn Cost(cost: ChangeCost) -> impl IntoView {
    let ChangeCost { preview: p, period } = cost;
    let until = p.until.pred_opt().unwrap_or(p.until).format("%-d %B %Y").to_string();
    let waits = p.net.is_zero() && p.charge.is_zero() && p.from == p.until;
    let now = if waits {
        format!("Nothing. The change waits for the renewal on {}.", p.until.format("%-d %B %Y"))
    } else {
        format!("{} from today to {until}, less {} for what was paid for those days", p.charge, p.credit)
    };
    view! {
        <div class="said">
            <Facts>
                <Fact name="Now">{now}</Fact>
                {(!waits).then(|| view! { <Fact name="Comes to"><b class="num">{p.net.to_string()}</b></Fact> })}
                <Fact name="From the next period">
                    <span class="num">{format!("{} a {period}", p.at_renewal)}</span>
                </Fact>
            </Facts>
        </div>
    }
}
