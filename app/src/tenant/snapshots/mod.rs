//! Every snapshot, newest first; choose two to compare them.

pub mod server;

use super::{parts::SnapshotTable, paths};
use crate::{
    frame::{Page, load, session_view, use_tenant},
    ui::{Bar, Button, Card, Crumb, Empty, LinkButton, Look, Pager, plural},
    wire::{GetForm, answers, ask},
};
use domain::view::SnapshotRow;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// How many the service gives at once.
const PAGE: usize = 50;

#[component]
pub fn SnapshotsPage() -> impl IntoView {
    let tenant = use_tenant();
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|q| q.get("before").and_then(|b| b.parse::<i64>().ok())));
    let rows = answers(move || ask(server::Snapshots { tenant: tenant.get(), before: before.get() }));
    load(rows, move |rows| {
        let first = before.get_untracked().is_none();
        view! { <SnapshotsView tenant=tenant.get_untracked() rows first/> }.into_any()
    })
}

#[component]
pub fn SnapshotsView(tenant: String, rows: Vec<SnapshotRow>, first: bool) -> impl IntoView {
    let name = tenant_name(&tenant);
    let base = paths::snapshots(&tenant);
    let shown = plural(rows.len() as i64, "snapshot", "snapshots");
    let next = (rows.len() == PAGE)
        .then(|| rows.last().map(|row| paths::with_query(&base, &[("before", &row.seq.to_string())])))
        .flatten();
    let back = (!first).then_some(base);
    let trail = vec![Crumb::link(name, paths::overview(&tenant)), Crumb::here("Snapshots")];
    let lead = || "Each is the whole tenant at one moment, complete and unchangeable.";
    let body = if rows.is_empty() {
        let href = paths::overview(&tenant);
        view! {
            <Card>
                <Empty
                    icon="clock"
                    title="No snapshot yet"
                    text="The first one appears when its backup ends. After that, every backup that runs adds one, even when nothing changed: it then costs a single row."
                >
                    <LinkButton href>"To the overview"</LinkButton>
                </Empty>
            </Card>
        }
            .into_any()
    } else {
        let two = rows.len() > 1;
        let action = format!("/t/{tenant}/compare");
        view! {
            <GetForm action>
                <Card>
                    <SnapshotTable tenant=tenant rows choose=two/>
                    <Pager shown first=back next/>
                </Card>
                {two
                    .then(|| {
                        view! {
                            <Bar
                                label="Compare two snapshots"
                                actions=|| view! { <Button look=Look::Primary icon="git-compare">"Compare"</Button> }
                            >
                                <span class="muted">"Choose where to start and where to end, then compare."</span>
                            </Bar>
                        }
                    })}
            </GetForm>
        }
            .into_any()
    };
    view! { <Page title="Snapshots" lead trail>{body}</Page> }
}

/// The tenant's name, for the trail above a page.
pub fn tenant_name(tenant: &str) -> String {
    session_view()
        .and_then(|session| session.tenants.into_iter().find(|t| t.id.to_string() == tenant))
        .map_or_else(|| "Tenant".to_owned(), |tenant| tenant.name)
}
