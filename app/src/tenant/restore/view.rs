//! A restore's page as one sees it.

use super::{
    actions::{OverActions, PlanActions, RunActions},
    plan::PlanNotes,
    run::RunCard,
    steps::StepTable,
};
use crate::{
    frame::Page,
    tenant::{paths, snapshots::tenant_name, words},
    ui::{Banner, Crumb, Time, Tone, plural},
};
use domain::plan::{RestoreState, RestoreView, StepView};
use leptos::prelude::*;

#[component]
pub fn RestoreDetail(
    tenant: String,
    /// Moves while it runs.
    restore: Signal<RestoreView>,
    /// The state for which the page was made.
    state: RestoreState,
    steps: Vec<StepView>,
    /// The steps shown come after this one.
    after: i32,
    again: Callback<()>,
) -> impl IntoView {
    let first = restore.get_untracked();
    let number = first.number;
    let trail = vec![
        Crumb::link(tenant_name(&tenant), paths::overview(&tenant)),
        Crumb::link("Restores", paths::restores(&tenant)),
        Crumb::here(words::number(number)),
    ];
    let title = title(&first);
    let lead = {
        let first = first.clone();
        move || view! { <Lead restore=first/> }
    };
    let actions = {
        let (tenant, first) = (tenant.clone(), first.clone());
        move || match state {
            RestoreState::Planned => view! { <PlanActions tenant restore=first again/> }.into_any(),
            state if state.is_over() => view! { <OverActions tenant restore=first/> }.into_any(),
            _ => view! { <RunActions tenant number state again/> }.into_any(),
        }
    };
    let moving = !state.is_over() && state != RestoreState::Planned;
    view! {
        <Page title lead trail actions>
            {first.problem.clone().map(|text| view! { <Banner tone=Tone::Bad title="What stopped it">{text}</Banner> })}
            <div class="stack">
                {(state == RestoreState::Planned).then(|| view! { <PlanNotes tenant=tenant.clone() restore=first.clone()/> })}
                {(moving || state.is_over()).then(|| view! { <RunCard restore/> })}
                <StepTable tenant restore=first steps after again/>
            </div>
        </Page>
    }
}

fn title(restore: &RestoreView) -> String {
    let steps = plural(restore.tally.total(), "change", "changes");
    match restore.state {
        RestoreState::Planned => format!("Plan: put {steps} back"),
        RestoreState::Waiting => format!("Waiting to restore {steps}"),
        RestoreState::Running => format!("Restoring {steps}"),
        RestoreState::Paused => format!("Paused: {steps}"),
        RestoreState::Done if restore.tally.failed + restore.tally.conflict == 0 => "Restored".to_owned(),
        RestoreState::Done => "Restored, with exceptions".to_owned(),
        RestoreState::Cancelled => "Cancelled".to_owned(),
        RestoreState::Failed => "Stopped".to_owned(),
    }
}

#[component]
fn Lead(restore: RestoreView) -> impl IntoView {
    let RestoreView { to, asked_by, planned_at, ended_at, .. } = restore;
    view! {
        "Back to snapshot " {words::number(to)} ", asked by " {asked_by} ", planned " <Time at=planned_at/>
        {ended_at.map(|at| view! { ", ended " <Time at=at/> })}
        "."
    }
}
