//! What to know before a plan runs: what it takes, what it lacks, what it cannot do.

use crate::{
    tenant::{paths, words},
    ui::{Badge, Callout, Card, Kpi, Kpis, LinkButton, Num, Tone, plural},
};
use domain::{
    descriptor::Obstacle,
    plan::{RestoreView, Unrestorable},
};
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

/// Chosen, but not possible: why, and for what. One reason often holds for many.
#[component]
fn Stays(restore: RestoreView) -> impl IntoView {
    if restore.unrestorable.is_empty() {
        return ().into_any();
    }
    let mut reasons: Vec<(Obstacle, Vec<Unrestorable>)> = Vec::new();
    for one in restore.unrestorable {
        match reasons.iter_mut().find(|(why, _)| *why == one.obstacle) {
            Some((_, of)) => of.push(one),
            None => reasons.push((one.obstacle, vec![one])),
        }
    }
    let groups = reasons
        .into_iter()
        .map(|(why, of)| {
            let few = of.len() < 4;
            let count = plural(of.len() as i64, "change", "changes");
            let rows = of
                .into_iter()
                .map(|one| view! { <li><b>{one.object_name}</b> <span class="muted">{one.what}</span></li> })
                .collect_view();
            view! {
                <details class="fold" open=few>
                    <summary>
                        {why.sentence()}
                        <Badge tone=Tone::Warn>{count}</Badge>
                    </summary>
                    <ul class="stays">{rows}</ul>
                </details>
            }
        })
        .collect_view();
    view! { <Card title="Stays as it is, and why">{groups}</Card> }.into_any()
}
