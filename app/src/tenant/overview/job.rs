//! A backup under way, as its page follows it.

use super::server;
use crate::{
    live,
    tenant::paths,
    ui::{Callout, Card, Linked, Progress, Tone, grouped},
    wire::{ask, read},
};
use domain::view::{JobState, JobView};
use leptos::prelude::*;
use uuid::Uuid;

/// Follows a job to its end, then tells `over`.
#[component]
pub fn JobCard(
    #[prop(into)] tenant: String,
    /// The job, and how it stood when the page came.
    job: Uuid,
    #[prop(optional_no_strip)] first: Option<JobView>,
    /// Told how it ended.
    over: Callback<JobView>,
) -> impl IntoView {
    let state = RwSignal::new(first.clone());
    let ended = Memo::new(move |_| state.with(|s| s.as_ref().is_some_and(|s| s.state.is_over())));
    let url = {
        let url = paths::job_events(&tenant, &job.to_string());
        Signal::derive(move || (!ended.get()).then(|| url.clone()))
    };
    let on = Callback::new(move |json: String| {
        let Ok(now) = read::<JobView>(&json) else { return };
        let end = now.state.is_over().then(|| now.clone());
        state.set(Some(now));
        if let Some(end) = end {
            over.run(end);
        }
    });
    live::follow(url, on, ask(server::Job { tenant, job: job.to_string() }));

    let phase = move || {
        state.with(|state| match state {
            Some(job) if job.state == JobState::Queued => "Waiting for its turn".to_owned(),
            Some(job) if !job.phase.is_empty() => job.phase.clone(),
            _ => "Starting".to_owned(),
        })
    };
    let count = move || {
        state.with(|state| match state {
            Some(job) if job.total > 0 => format!("{} of {}", grouped(job.done), grouped(job.total)),
            Some(job) if job.done > 0 => grouped(job.done),
            _ => String::new(),
        })
    };
    let done = Signal::derive(move || state.with(|s| s.as_ref().map_or(0, |s| s.done)));
    let total = Signal::derive(move || state.with(|s| s.as_ref().map_or(0, |s| s.total)));
    view! {
        <Card class="job">
            <div class="body">
                <div class="row">
                    <b role="status">{phase}</b>
                    <span class="muted num end">{count}</span>
                </div>
                <Progress label="Backup" done total tall=true/>
                <p class="small muted">"Reading changes nothing in the tenant. You can leave this page."</p>
                <p class="scriptless small"><a class="link" href="">"See how far it is"</a></p>
            </div>
        </Card>
        {move || {
            state
                .get()
                .filter(|job| job.state == JobState::Failed)
                .map(|job| {
                    let text = job.problem.unwrap_or_default();
                    view! { <Callout tone=Tone::Bad title="That backup failed"><Linked text/></Callout> }
                })
        }}
    }
}
