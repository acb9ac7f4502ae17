//! The smaller cards of the overview.

use crate::{
    tenant::{connection::cloud_name, paths, words},
    ui::{Badge, Card, Dot, Fact, Facts, Num, Table, Time, TimeStyle, Tone, grouped},
};
use domain::{
    Kind,
    capture::Coverage as Seen,
    view::{Overview, SnapshotRow},
};
use leptos::prelude::*;

/// Kind by kind: how many, and whether all of it was read.
#[component]
pub fn Coverage(overview: Overview) -> impl IntoView {
    let href = paths::connection(&overview.tenant.id.to_string());
    let rows = overview
        .counts
        .iter()
        .map(|(kind, count)| {
            let (tone, said) = covered(&overview, *kind);
            view! {
                <tr>
                    <td>{kind.plural()}</td>
                    <td class="right"><Num of=*count/></td>
                    <td class="right fit"><Badge tone>{said}</Badge></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="Coverage" end=move || view! { <a class="link" href=href>"Permissions"</a> }>
            <Table label="Coverage">
                <thead class="aloud">
                    <tr>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Objects"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr>
                        <td>"Links between them"</td>
                        <td class="right"><Num of=overview.links/></td>
                        <td class="right fit"></td>
                    </tr>
                </tbody>
            </Table>
        </Card>
    }
}

/// How much of a kind the newest snapshot saw.
fn covered(overview: &Overview, kind: Kind) -> (Tone, &'static str) {
    match overview.coverage.iter().find(|(of, _)| *of == kind) {
        None => (Tone::Plain, "not read yet"),
        Some((_, Seen::Complete)) => (Tone::Good, "complete"),
        Some((_, Seen::Partial)) => (Tone::Warn, "partial"),
        Some((_, Seen::PermissionMissing)) => (Tone::Warn, "permission missing"),
    }
}

#[component]
pub fn ConnectionCard(overview: Overview) -> impl IntoView {
    let href = paths::connection(&overview.tenant.id.to_string());
    let connection = overview.connection;
    let state = connection.state();
    let lacking = connection.permissions.iter().filter(|p| p.restore && p.granted_by.is_none()).count();
    let restores = match lacking {
        0 => "Everything a restore may need is granted",
        _ => "Backs up and compares; some restores need more",
    };
    view! {
        <Card title="Connection" end=move || view! { <a class="link" href=href>"Look after it"</a> }>
            <Facts>
                <Fact name="State"><Dot tone=words::connection(state)>{state.label()}</Dot></Fact>
                <Fact name="Restores">{restores}</Fact>
                <Fact name="Cloud">{cloud_name(&connection.cloud).to_owned()}</Fact>
                {connection
                    .tested_at
                    .map(|at| view! { <Fact name="Tested"><Time at=at style=TimeStyle::Relative/></Fact> })}
            </Facts>
        </Card>
    }
}

/// Changes in each of the recent snapshots, oldest first, as bars.
#[component]
pub fn ChangesChart(rows: Vec<SnapshotRow>) -> impl IntoView {
    const HEIGHT: i64 = 120;
    let most = rows.iter().map(|r| r.created + r.updated + r.deleted).max().unwrap_or(0).max(1);
    let wide = 1000 / rows.len().max(1) as i64;
    let bars = rows
        .iter()
        .rev()
        .enumerate()
        .map(|(at, row)| {
            let mut top = HEIGHT;
            let x = at as i64 * wide + wide / 8;
            let parts = [("c1", row.updated), ("c2", row.created), ("c3", row.deleted)]
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .map(|(class, count)| {
                    let height = (count * HEIGHT / most).max(2);
                    top -= height;
                    view! { <rect class=class x=x.to_string() y=top.max(0).to_string() width=(wide * 3 / 4).to_string() height=height.to_string()></rect> }
                })
                .collect_view();
            let said = format!(
                "{}: {} added, {} changed, {} removed",
                words::number(row.seq),
                grouped(row.created),
                grouped(row.updated),
                grouped(row.deleted)
            );
            view! { <g><title>{said}</title>{parts}</g> }
        })
        .collect_view();
    let label = format!("Changes in the last {} snapshots; at most {} in one", rows.len(), grouped(most));
    view! {
        <Card
            title="Changes, snapshot by snapshot"
            end=|| {
                view! {
                    <span class="legend">
                        <span><i class="c2"></i>"Added"</span>
                        <span><i class="c1"></i>"Changed"</span>
                        <span><i class="c3"></i>"Removed"</span>
                    </span>
                }
            }
        >
            <div class="body">
                <div class="chart">
                    <svg viewBox="0 0 1000 120" preserveAspectRatio="none" role="img" aria-label=label>{bars}</svg>
                    <span class="scale num" aria-hidden="true"><i>{grouped(most)}</i><i>{(most > 9).then(|| grouped(most / 2))}</i><i>"0"</i></span>
                </div>
            </div>
        </Card>
    }
}
