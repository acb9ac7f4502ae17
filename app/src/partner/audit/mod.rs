//! Who did what, and when.

pub mod server;

use super::{parts::trail, paths, words};
use crate::{
    address::with_query,
    frame::{Page, load},
    ui::{Card, Crumb, Empty, Pager, Table, Time, plural},
    wire::{answers, ask},
};
use domain::partner::{AuditEntryView, AuditPage};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn AuditLogPage() -> impl IntoView {
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|q| q.get("before").and_then(|b| b.parse::<i64>().ok())));
    let data = answers(move || ask(server::AuditLog { before: before.get() }));
    load(data, move |page| view! { <AuditView page first=before.get_untracked().is_none()/> }.into_any())
}

#[component]
pub fn AuditView(page: AuditPage, first: bool) -> impl IntoView {
    let lead = || "Every action at this partner and in its name. Entries can be added, never changed.";
    let trail = trail([Crumb::here("Audit log")]);
    let shown = plural(page.entries.len() as i64, "entry", "entries");
    let next = page.next.map(|before| with_query(paths::AUDIT, &[("before", &before.to_string())]));
    let back = (!first).then(|| paths::AUDIT.to_owned());
    let list = if page.entries.is_empty() {
        view! {
            <Empty
                icon="scroll-text"
                title="No entry yet"
                text="Sign-ins, new organizations, changes of plans and visits to customers appear here as they happen."
            />
        }
        .into_any()
    } else {
        view! { <Entries entries=page.entries/> }.into_any()
    };
    view! {
        <Page title="Audit log" lead trail>
            <Card>
                {list}
                <Pager shown first=back next/>
            </Card>
        </Page>
    }
}

#[component]
fn Entries(entries: Vec<AuditEntryView>) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td class="when muted"><Time at=entry.at/></td>
                    <td>{entry.actor}</td>
                    <td>
                        <b>{words::event(&entry.event)}</b>
                        <small class="muted block">{entry.detail}</small>
                    </td>
                    <td class="wide"><span class="mono faint">{entry.object}</span></td>
                    <td class="wide muted num">{entry.address}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Audit log" class="top-aligned">
            <thead>
                <tr>
                    <th scope="col">"Time"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What"</th>
                    <th scope="col" class="wide">"Object"</th>
                    <th scope="col" class="wide">"Address"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}
