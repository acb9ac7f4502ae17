//! The cards of the first page. Each figure leads to the list that it counts.

use crate::{
    address::with_query,
    partner::paths,
    ui::{Card, Dot, Empty, Fact, Facts, Line, Table, Time, TimeStyle, Tone, Trend, grouped},
};
use domain::{
    bill::{LateRow, Share, TrendDay},
    partner::Health,
};
use leptos::prelude::*;

/// How many stand in which way, each a link to those.
#[component]
pub fn Shares(title: &'static str, shares: Vec<(String, Tone, Share)>) -> impl IntoView {
    let rows = shares
        .into_iter()
        .map(|(href, tone, share)| {
            view! {
                <li>
                    <a href=href>
                        <Dot tone>{share.label}</Dot>
                        <span class="num">{grouped(share.count)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <Card title><ul class="shares">{rows}</ul></Card> }
}

#[component]
pub fn Accounts(partner_accounts: i64, customer_accounts: i64) -> impl IntoView {
    view! {
        <Card title="Accounts">
            <Facts>
                <Fact name="At partners"><span class="num">{grouped(partner_accounts)}</span></Fact>
                <Fact name="At organizations"><span class="num">{grouped(customer_accounts)}</span></Fact>
            </Facts>
        </Card>
    }
}

/// Those whose backup failed or is late.
#[component]
pub fn Late(late: Vec<LateRow>) -> impl IntoView {
    let href = with_query(paths::ORGANIZATIONS, &[("health", Health::Late.slug())]);
    if late.is_empty() {
        return view! {
            <Card title="Failing and late backups">
                <Empty icon="shield-check" title="None" text="Every backup that was due has been made. Those that fail or come late are named here."/>
            </Card>
        }
        .into_any();
    }
    let rows = late
        .into_iter()
        .map(|row| {
            let why = if row.failed { "The last one failed" } else { "It is late" };
            let last = match row.last_backup {
                Some(at) => view! { "last one " <Time at style=TimeStyle::Relative/> }.into_any(),
                None => "none yet".into_any(),
            };
            view! {
                <tr>
                    <td>
                        <a class="row-link" href=paths::organization(row.id)>{row.name}</a>
                        <small class="faint num block">{row.number}</small>
                    </td>
                    <td><Dot tone=Tone::Bad>{why}</Dot></td>
                    <td class="muted num right wide">{last}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="Failing and late backups" end=move || view! { <a class="link" href=href>"All of them"</a> }>
            <Table label="Failing and late backups">
                <thead class="aloud">
                    <tr>
                        <th scope="col">"Organization"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Last backup"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

/// Seats bought and used over the last days.
#[component]
pub fn SeatTrend(trend: Vec<TrendDay>) -> impl IntoView {
    let (Some(first), Some(last)) = (trend.first().copied(), trend.last().copied()) else {
        return view! {
            <Card title="Seats, day by day">
                <Empty icon="activity" title="The first day is not over yet" text="What is used is recorded once a day (UTC). From tomorrow on, its course is drawn here."/>
            </Card>
        }
        .into_any();
    };
    let most = trend.iter().map(|d| d.seats.max(d.protected)).max().unwrap_or(0);
    let line = |class, of: fn(&TrendDay) -> i64| Line { class, values: trend.iter().map(of).collect() };
    let lines = vec![line("c2", |d| d.seats), line("c1", |d| d.protected)];
    let day = |d: TrendDay| d.day.format("%-d %b").to_string();
    let label = format!(
        "From {} to {}: seats bought from {} to {}, protected users from {} to {}",
        day(first),
        day(last),
        grouped(first.seats),
        grouped(last.seats),
        grouped(first.protected),
        grouped(last.protected)
    );
    let legend = || {
        view! {
            <span class="legend">
                <span><i class="c1 line"></i>"Protected users"</span>
                <span><i class="c2 line"></i>"Seats bought"</span>
            </span>
        }
    };
    view! {
        <Card title="Seats, day by day" end=legend>
            <div class="body">
                <Trend label lines most=grouped(most) from=day(first) to=day(last)/>
            </div>
            <footer>"Recorded once a day (UTC), for customers whose backups run."</footer>
        </Card>
    }
    .into_any()
}
