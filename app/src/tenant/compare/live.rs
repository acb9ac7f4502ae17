//! The tenant as it is now: reads it, then leads to the comparison with what was read.

use crate::{
    frame::Elsewhere,
    tenant::{
        overview::{job::JobCard, server::CompareLive},
        paths,
    },
    ui::{Button, Callout, Linked, Look, Tone},
    wire::{SendForm, Sending, ask},
};
use domain::view::{JobState, JobView};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn ReadLive(tenant: String, from: i64, job: Option<JobView>) -> impl IntoView {
    match job {
        Some(job) if job.state == JobState::Done => {
            let to = paths::compare(&tenant, from, job.snapshot.unwrap_or(from));
            view! { <Elsewhere to/> }.into_any()
        }
        Some(job) if !job.state.is_over() => {
            let navigate = use_navigate();
            let base = tenant.clone();
            let over = Callback::new(move |end: JobView| {
                if let Some(seq) = end.snapshot {
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    navigate(&paths::compare(&base, from, seq), options);
                }
            });
            view! { <JobCard tenant job=job.id first=Some(job.clone()) over/> }.into_any()
        }
        job => {
            let problem = job.map(|job| job.problem.unwrap_or_else(|| "It was cancelled.".to_owned()));
            view! { <Start tenant from problem/> }.into_any()
        }
    }
}

/// Asks for the reading: by itself where a script runs, by a press where none does or where it failed.
#[component]
fn Start(tenant: String, from: i64, problem: Option<String>) -> impl IntoView {
    let read = Sending::to::<CompareLive>();
    if problem.is_none() {
        let tenant = tenant.clone();
        Effect::new(move |asked: Option<bool>| {
            if asked.is_none() {
                read.send(ask(CompareLive { tenant: tenant.clone(), from: Some(from) }));
            }
            true
        });
    }
    let refused = move || read.error();
    view! {
        {problem.map(|text| view! { <Callout tone=Tone::Bad title="The tenant could not be read"><Linked text/></Callout> })}
        {move || {
            refused()
                .map(|error| {
                    let text = error.message().to_owned();
                    view! { <Callout tone=Tone::Bad title="The tenant could not be read"><Linked text/></Callout> }
                })
        }}
        <Callout
            tone=Tone::Info
            title="Reading the tenant as it is now"
            actions=move || {
                view! {
                    <SendForm to=read>
                        <input type="hidden" name="tenant" value=tenant/>
                        <input type="hidden" name="from" value=from.to_string()/>
                        <Button look=Look::Primary busy=read.pending()>"Read it now"</Button>
                    </SendForm>
                }
            }
        >
            "Only what changed since the last backup is read, so this takes seconds. It changes nothing."
        </Callout>
    }
}
