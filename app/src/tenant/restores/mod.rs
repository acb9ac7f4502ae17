//! Every restore that was planned or run.

pub mod server;

use super::{paths, snapshots::tenant_name, words};
use crate::{
    frame::{Page, load, use_tenant},
    ui::{Badge, Card, Crumb, Empty, LinkButton, Look, RowLink, Table, Time, grouped, plural},
    wire::{answers, ask},
};
use domain::plan::{RestoreRow, Tally};
use leptos::prelude::*;

#[component]
pub fn RestoresPage() -> impl IntoView {
    let tenant = use_tenant();
    let rows = answers(move || ask(server::Restores { tenant: tenant.get() }));
    load(rows, move |rows| view! { <RestoresView tenant=tenant.get_untracked() rows/> }.into_any())
}

#[component]
pub fn RestoresView(tenant: String, rows: Vec<RestoreRow>) -> impl IntoView {
    let trail = vec![Crumb::link(tenant_name(&tenant), paths::overview(&tenant)), Crumb::here("Restores")];
    let lead = || "Plans, what runs, and what was put back. Each can be undone.";
    let compare = format!("/t/{tenant}/compare");
    if rows.is_empty() {
        return view! {
            <Page title="Restores" lead trail>
                <Card>
                    <Empty
                        icon="undo-2"
                        title="Nothing was restored yet"
                        text="A restore starts with a comparison: choose what should return to how it was, read the plan, and start it. Everything it touches is recorded first, so that one press undoes it."
                    >
                        <LinkButton look=Look::Primary href=compare>"Compare"</LinkButton>
                    </Empty>
                </Card>
            </Page>
        }
            .into_any();
    }
    let body = rows
        .into_iter()
        .map(|row| {
            let (tone, said) = words::restore_state(row.state);
            let href = paths::restore(&tenant, row.number);
            view! {
                <tr>
                    <td class="num"><RowLink href>{words::number(row.number)}</RowLink></td>
                    <td><Badge tone>{said}</Badge></td>
                    <td>{summary(&row.tally)}</td>
                    <td class="num wide">"to " {words::number(row.to)}</td>
                    <td class="muted wide">{row.asked_by}</td>
                    <td class="right"><Time at=row.planned_at/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Page title="Restores" lead trail>
            <Card>
                <Table label="Restores">
                    <thead>
                        <tr>
                            <th scope="col">"Restore"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"Steps"</th>
                            <th scope="col" class="wide">"Snapshot"</th>
                            <th scope="col" class="wide">"Asked by"</th>
                            <th scope="col" class="right">"Planned"</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </Table>
            </Card>
        </Page>
    }
    .into_any()
}

/// `55 of 57 restored, 2 conflicts`.
pub fn summary(tally: &Tally) -> String {
    let total = tally.total();
    if tally.pending == total {
        return plural(total, "step", "steps");
    }
    let mut said = format!("{} of {} restored", grouped(tally.restored + tally.already_so), grouped(total));
    for (count, one, many) in [
        (tally.conflict, "conflict", "conflicts"),
        (tally.failed, "failed", "failed"),
        (tally.skipped, "skipped", "skipped"),
    ] {
        if count > 0 {
            said.push_str(", ");
            said.push_str(&plural(count, one, many));
        }
    }
    said
}
