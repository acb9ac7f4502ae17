//! The steps of a restore: what each writes, what it needs, and what became of it.

use super::server::ConfirmStep;
use crate::{
    frame::may,
    tenant::{paths, words},
    ui::{Badge, Card, Chip, Chips, Icon, Pager, Size, Table, Tone, Value, grouped},
    wire::{SendForm, Sending},
};
use domain::{
    access::Action,
    plan::{Outcome, RestoreState, RestoreView, StepView, Tally},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// How many the service gives at once.
const PAGE: usize = 200;

#[component]
pub fn StepTable(
    tenant: String,
    restore: RestoreView,
    steps: Vec<StepView>,
    after: i32,
    again: Callback<()>,
) -> impl IntoView {
    let planned = restore.state == RestoreState::Planned;
    let number = restore.number;
    let base = paths::restore(&tenant, number);
    // The filter works on the steps that are shown; it stands in the address like every other.
    let wanted = use_query_map().with_untracked(|q| q.get("outcome").and_then(|o| Outcome::from_slug(&o)));
    let next = (steps.len() == PAGE)
        .then(|| steps.last().map(|step| paths::with_query(&base, &[("after", &step.number.to_string())])))
        .flatten();
    let first = (after > 0).then(|| base.clone());
    let total = restore.tally.total();
    let shown = format!("{} of {}", grouped(steps.len() as i64), grouped(total));
    let confirm = planned && may(Action::Restore);
    let mut stage = None;
    let rows = steps
        .into_iter()
        .filter(|step| wanted.is_none_or(|wanted| step.outcome == wanted))
        .map(|step| {
            let head = (stage.replace(step.stage) != Some(step.stage)).then(|| {
                let title = step.stage.title();
                view! { <tr class="of"><th colspan="4" scope="colgroup">{title}</th></tr> }
            });
            view! { {head} <Row tenant=tenant.clone() number step planned confirm again/> }
        })
        .collect_view();
    let chips = (!planned).then(|| view! { <OutcomeChips base tally=restore.tally wanted/> });
    view! {
        {chips}
        <Card title=if planned { "Steps, in the order in which they run" } else { "Results" }>
            <Table label="Steps" class="top-aligned steps-table">
                <thead>
                    <tr>
                        <th scope="col">"Object"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">{if planned { "Now, and after" } else { "Value" }}</th>
                        <th scope="col" class="right">{if planned { "Needs" } else { "Result" }}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            <Pager shown first next/>
        </Card>
    }
}

#[component]
fn OutcomeChips(base: String, tally: Tally, wanted: Option<Outcome>) -> impl IntoView {
    let counts = [
        (Outcome::Restored, tally.restored),
        (Outcome::AlreadySo, tally.already_so),
        (Outcome::Conflict, tally.conflict),
        (Outcome::Failed, tally.failed),
        (Outcome::Skipped, tally.skipped),
        (Outcome::Written, tally.written),
        (Outcome::Pending, tally.pending),
    ];
    let chips = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| {
            let on = wanted == Some(outcome);
            let slug = if on { "" } else { outcome.slug() };
            let href = paths::with_query(&base, &[("outcome", slug)]);
            view! { <Chip href on count removable=on><span class="capital">{outcome.label()}</span></Chip> }
        })
        .collect_view();
    view! { <Chips label="Results">{chips}</Chips> }
}

#[component]
fn Row(
    tenant: String,
    number: i64,
    step: StepView,
    planned: bool,
    confirm: bool,
    again: Callback<()>,
) -> impl IntoView {
    let href = paths::object(&tenant, step.object, None);
    let (now, value) = (step.now.clone(), step.value.clone());
    let values = if planned {
        view! {
            <span class="change">
                <span class="was"><Value lines=now/></span>
                <Icon name="arrow-right" size=Size::Small/>
                <span class="now"><Value lines=value/></span>
            </span>
        }
        .into_any()
    } else {
        view! { <Value lines=value/> }.into_any()
    };
    let note = if planned { step.warning.clone() } else { step.note.clone() };
    let end = if planned {
        view! { <Needs tenant number step=step.clone() confirm again/> }.into_any()
    } else {
        let tone = words::outcome(step.outcome);
        view! { <Badge tone>{step.outcome.label()}</Badge> }.into_any()
    };
    view! {
        <tr>
            <td><a class="strong" href=href>{step.object_name}</a></td>
            <td class="muted">{step.what}</td>
            <td>
                {values}
                {note.map(|text| view! { <p class="small muted">{text}</p> })}
            </td>
            <td class="right">{end}</td>
        </tr>
    }
}

/// The permission, whether it is there, and the box of a step that waits for a word.
#[component]
fn Needs(tenant: String, number: i64, step: StepView, confirm: bool, again: Callback<()>) -> impl IntoView {
    let action = Sending::to::<ConfirmStep>();
    Effect::new(move || {
        if action.done() {
            again.run(());
        }
    });
    let confirmed = step.confirmed;
    view! {
        <span class="needs">
            <span class="mono small faint">{step.permission}</span>
            {(!step.granted).then(|| view! { <Badge tone=Tone::Warn>"not granted"</Badge> })}
            {(step.needs_confirmation && confirm)
                .then(|| {
                    view! {
                        <SendForm to=action>
                            <input type="hidden" name="tenant" value=tenant/>
                            <input type="hidden" name="number" value=number.to_string()/>
                            <input type="hidden" name="step" value=step.number.to_string()/>
                            <input type="hidden" name="yes" value=(!confirmed).to_string()/>
                            <button class=if confirmed { "btn small" } else { "btn small primary" } aria-busy=move || action.pending().get().then_some("true")>
                                {if confirmed { "Take back" } else { "Confirm" }}
                            </button>
                        </SendForm>
                    }
                })}
            {(step.needs_confirmation && confirmed).then(|| view! { <Badge tone=Tone::Good>"confirmed"</Badge> })}
        </span>
    }
}
