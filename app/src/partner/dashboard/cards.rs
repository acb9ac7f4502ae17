//! The cards of the first page. Each figure leads to the list that it counts.

use crate::{
    address::with_query,
    frame::partner_may,
    partner::paths,
    ui::{Card, Dot, Empty, Line, Table, Time, TimeStyle, Tone, Trend, grouped, plural},
};
use domain::{
    access::PartnerAction,
    bill::{AccountsNow, LateRow, Share, TrendDay},
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

/// People, by how they stand, at the partners and at their customers.
#[component]
pub fn Accounts(
    partners: AccountsNow,
    customers: AccountsNow,
    /// Since when those who joined are counted, as it is read.
    since: String,
) -> impl IntoView {
    let row = |name: &'static str, of: fn(&AccountsNow) -> i64| {
        let (ours, theirs) = (grouped(of(&partners)), grouped(of(&customers)));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="num right">{ours}</td>
                <td class="num right">{theirs}</td>
            </tr>
        }
    };
    let joined = partners.joined + customers.joined;
    let manage = partner_may(PartnerAction::ManageUsers);
    let links = move || {
        view! {
            <span class="row">
                {manage.then(|| view! { <a class="link" href=paths::USERS>"Users"</a> })}
                <a class="link" href=paths::ORGANIZATIONS>"Organizations"</a>
            </span>
        }
    };
    let rows = [
        row("Active", |of| of.active),
        row("Switched off", |of| of.off),
        row("Invited, not yet here", |of| of.invited),
    ]
    .collect_view();
    view! {
        <Card title="Accounts" end=links>
            <Table label="Accounts">
                <thead>
                    <tr>
                        <th scope="col"><span class="aloud">"How they stand"</span></th>
                        <th scope="col" class="right">"Partners"</th>
                        <th scope="col" class="right">"Customers"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            <footer>{format!("{} since {since}.", plural(joined, "account is new", "accounts are new"))}</footer>
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

/// Customers billed over the last days, and how many of the seats that they bought are taken.
#[component]
pub fn CustomerTrend(trend: Vec<TrendDay>) -> impl IntoView {
    // Before there are two days there is no course, and the seats' card says so.
    let (Some(first), Some(last)) = (trend.first().copied(), trend.last().copied()) else {
        return ().into_any();
    };
    let most = trend.iter().map(|d| d.organizations).max().unwrap_or(0);
    let lines = vec![Line { class: "c1", values: trend.iter().map(|d| d.organizations).collect() }];
    let day = |d: TrendDay| d.day.format("%-d %b").to_string();
    let label = format!(
        "From {} to {}: organizations whose backups run from {} to {}",
        day(first),
        day(last),
        grouped(first.organizations),
        grouped(last.organizations)
    );
    let taken = |d: TrendDay| match d.seats {
        0 => "none".to_owned(),
        seats => format!("{} %", d.protected * 100 / seats),
    };
    let said = format!(
        "Seats taken by protected users: {} on {}, {} on {}.",
        taken(first),
        day(first),
        taken(last),
        day(last)
    );
    view! {
        <Card title="Organizations, day by day">
            <div class="body">
                <Trend label lines most=grouped(most) from=day(first) to=day(last)/>
            </div>
            <footer>{said}</footer>
        </Card>
    }
    .into_any()
}
