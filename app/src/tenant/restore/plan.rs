//! What to know before a plan runs: what it takes, what it lacks, what it cannot do.

use crate::{
    tenant::{paths, words},
    ui::{Badge, Callout, Card, Kpi, Kpis, LinkButton, Num, Table, Tone, plural},
};
use domain::plan::RestoreView;
use leptos::prelude::*;

#[component]
pub fn PlanNotes(tenant: String, restore: RestoreView) -> impl IntoView {
    let connection = paths::connection(&tenant);
    let (steps, writes) = (restore.tally.total(), restore.writes);
    let estimate = words::about(restore.estimate_s);
    let stays = restore.unrestorable.len() as i64;
    let lacking = restore.missing_permissions.clone();
    let confirm = restore.needs_confirmation;
    view! {
        <Kpis>
            <Kpi name="Changes put back" value=move || view! { <Num of=steps/> }>"each is read back afterwards"</Kpi>
            <Kpi name="Writes to Entra" value=move || view! { <Num of=writes/> }>"as few as Graph allows"</Kpi>
            <Kpi name="Time" value=move || estimate>"at best, by the write quota"</Kpi>
            <Kpi name="Stay as they are" value=move || view! { <Num of=stays/> }>
                {if stays == 0 { "nothing stands in the way" } else { "with the reason below" }}
            </Kpi>
        </Kpis>
        {(!lacking.is_empty())
            .then(|| {
                let title = format!("The connection lacks {}", plural(lacking.len() as i64, "permission", "permissions"));
                view! {
                    <Callout
                        tone=Tone::Warn
                        title
                        actions=move || view! { <LinkButton href=connection small=true>"To the connection"</LinkButton> }
                    >
                        <span class="mono">{lacking.join(", ")}</span>
                        ". Steps that need it are marked and would fail; the others run. Grant it in Entra, test the connection, and the marks go away."
                    </Callout>
                }
            })}
        {(confirm > 0)
            .then(|| {
                let verb = if confirm == 1 { "step waits" } else { "steps wait" };
                view! {
                    <Callout tone=Tone::Warn title=format!("{confirm} {verb} for your word")>
                        "What such a step undoes may have been meant to end by itself. It runs only if you confirm it."
                    </Callout>
                }
            })}
        <Stays restore/>
    }
}

/// Chosen, but not possible: what, and why.
#[component]
fn Stays(restore: RestoreView) -> impl IntoView {
    if restore.unrestorable.is_empty() {
        return ().into_any();
    }
    let rows = restore
        .unrestorable
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <td class="strong">{one.object_name}</td>
                    <td class="muted">{one.what}</td>
                    <td>{one.obstacle.sentence()}</td>
                    <td class="right fit wide"><Badge tone=Tone::Warn>"stays"</Badge></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="Cannot be put back">
            <Table label="What stays as it is">
                <thead>
                    <tr>
                        <th scope="col">"Object"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Why, and where to go instead"</th>
                        <th scope="col" class="wide"><span class="aloud">"State"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}
