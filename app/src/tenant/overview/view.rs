//! The overview as one sees it.

use super::{
    cards::{ChangesChart, ConnectionCard, Coverage},
    headline::headline,
    job::JobCard,
    paths,
    server::{BackUpInFull, BackUpNow, CompareLive},
};
use crate::{
    frame::{Page, is_on, may},
    tenant::{
        parts::{Missing, SnapshotTable},
        words,
    },
    ui::{
        Banner, Button, Card, Crumb, Dot, Empty, Kpi, Kpis, LinkButton, Linked, Look, Num, Time, TimeStyle,
        Toasts, Tone, plural,
    },
    wire::{SendForm, Sending},
};
use domain::{
    access::Action,
    connection::ConnectionState,
    feature::Feature,
    view::{JobState, JobView, Overview, Trigger},
};
use leptos::prelude::*;

#[component]
pub fn OverviewView(
    overview: Overview,
    /// Reads the page's data again.
    again: Callback<()>,
) -> impl IntoView {
    let tenant = overview.tenant.id.to_string();
    let said = headline(&overview);
    let asked = Asked { now: Sending::to::<BackUpNow>(), full: Sending::to::<BackUpInFull>() };
    // The job that runs: the one of the page, or the one that a press just started.
    let running = overview.running.clone();
    let job = {
        let running = running.as_ref().map(|job| job.id);
        Memo::new(move |_| asked.job().or(running))
    };
    let toasts = use_context::<Toasts>();
    let over = Callback::new(move |end: JobView| {
        if let Some(toasts) = toasts {
            match (end.state, end.snapshot) {
                (JobState::Done, Some(seq)) => {
                    toasts.say(Tone::Good, "Backed up", format!("Snapshot {} is there.", words::number(seq)))
                }
                (JobState::Failed, _) => {
                    toasts.say(Tone::Bad, "The backup failed", end.problem.unwrap_or_default())
                }
                _ => {}
            }
        }
        again.run(());
    });
    let refused = move || asked.now.error().or_else(|| asked.full.error());

    let actions = {
        let (tenant, last) = (tenant.clone(), overview.last.as_ref().map(|l| l.seq));
        move || view! { <Actions tenant last asked busy=Signal::derive(move || job.get().is_some())/> }
    };
    let name = overview.tenant.name.clone();
    // The first backup adds everything: beside it, no later change would show.
    let rows: Vec<_> = overview.recent.iter().filter(|row| row.trigger != Trigger::First).cloned().collect();
    let chart = rows.len() > 2;
    let (sick, connection) =
        (overview.connection.state() != ConnectionState::Healthy, paths::connection(&tenant));
    view! {
        <Page title=said.title lead=move || said.lead trail=vec![Crumb::here(name)] actions>
            {said
                .trouble
                .map(|(tone, title, text)| {
                    let missing = said.missing;
                    let mend = move || sick.then(|| view! { <LinkButton href=connection small=true>"Connection"</LinkButton> });
                    view! { <Banner tone title actions=mend><Linked text/>{(!missing.is_empty()).then(|| view! { <Missing parts=missing/> })}</Banner> }
                })}
            {move || {
                refused()
                    .map(|error| {
                        let text = error.message().to_owned();
                        view! { <Banner tone=Tone::Bad title="No backup was started"><Linked text/></Banner> }
                    })
            }}
            <div class="stack">
                {
                    let tenant = tenant.clone();
                    move || {
                        let first = running.clone();
                        job.get().map(|job| view! { <JobCard tenant=tenant.clone() job first over/> })
                    }
                }
                <Figures overview=overview.clone()/>
                <div class="two">
                    <div class="stack">
                        {chart.then(|| view! { <ChangesChart rows/> })}
                        <Recent overview=overview.clone()/>
                    </div>
                    <div class="stack">
                        {overview.last.is_some().then(|| view! { <Coverage overview=overview.clone()/> })}
                        <ConnectionCard overview/>
                    </div>
                </div>
            </div>
        </Page>
    }
}

/// The two ways to ask for a backup.
#[derive(Clone, Copy)]
struct Asked {
    now: Sending,
    full: Sending,
}

impl Asked {
    /// The job that a press started.
    fn job(self) -> Option<uuid::Uuid> {
        self.now.value().or_else(|| self.full.value())
    }
}

#[component]
fn Actions(
    #[prop(into)] tenant: String,
    last: Option<i64>,
    asked: Asked,
    busy: Signal<bool>,
) -> impl IntoView {
    let compare = Sending::to::<CompareLive>();
    let looking = compare.pending();
    let of = tenant.clone();
    let live = (may(Action::BackUp) && is_on(Feature::Compare) && last.is_some()).then(|| {
        view! {
            <SendForm to=compare>
                <input type="hidden" name="tenant" value=of/>
                <Button icon="radio" busy=looking>"Compare with live"</Button>
            </SendForm>
        }
    });
    let pending = move |sent: Sending| Signal::derive(move || busy.get() || sent.pending().get());
    let now = may(Action::BackUp).then(|| {
        let of = tenant.clone();
        view! {
            <SendForm to=asked.full>
                <input type="hidden" name="tenant" value=of/>
                <Button busy=pending(asked.full)>"Full backup"</Button>
            </SendForm>
            <SendForm to=asked.now>
                <input type="hidden" name="tenant" value=tenant/>
                <Button look=Look::Primary busy=pending(asked.now)>"Back up now"</Button>
            </SendForm>
        }
    });
    view! { {live} {now} }
}

#[component]
fn Figures(overview: Overview) -> impl IntoView {
    let protected: i64 = overview.counts.iter().map(|(_, count)| count).sum();
    let kinds = overview
        .counts
        .iter()
        .map(|(kind, count)| words::counted(*kind, *count))
        .collect::<Vec<_>>()
        .join(" · ");
    let last = overview.last.clone();
    let state = overview.last.as_ref().map(words::completeness);
    let next = overview.next_at;
    let kept = match (overview.since, overview.last.as_ref()) {
        (Some(since), Some(last)) => plural((last.at - since).num_days().max(0) + 1, "day", "days"),
        _ => "–".to_owned(),
    };
    let snapshots = plural(overview.snapshots, "snapshot", "snapshots");
    view! {
        <Kpis>
            <Kpi name="Protected objects" value=move || view! { <Num of=protected/> }>{kinds}</Kpi>
            <Kpi
                name="Last backup"
                value=move || match last {
                    Some(last) => view! { <Time at=last.at style=TimeStyle::Relative/> }.into_any(),
                    None => "–".into_any(),
                }
            >
                {state.map(|(tone, said)| view! { <Dot tone>{said}</Dot> })}
            </Kpi>
            <Kpi
                name="Next backup"
                value=move || match next {
                    Some(at) => view! { <Time at style=TimeStyle::Relative/> }.into_any(),
                    None => "–".into_any(),
                }
            >
                {words::every(overview.every_min)}
            </Kpi>
            <Kpi name="History kept" value=move || kept>{snapshots}</Kpi>
        </Kpis>
    }
}

#[component]
fn Recent(overview: Overview) -> impl IntoView {
    let tenant = overview.tenant.id.to_string();
    let all = paths::snapshots(&tenant);
    if overview.recent.is_empty() {
        return view! {
            <Card title="Recent snapshots">
                <Empty
                    icon="clock"
                    title="No snapshot yet"
                    text="A snapshot is the whole tenant at one moment. The first appears here as soon as its backup ends; from then on you can compare any two and restore from any of them."
                />
            </Card>
        }
            .into_any();
    }
    let rows = overview.recent.into_iter().take(8).collect::<Vec<_>>();
    view! {
        <Card title="Recent snapshots" end=move || view! { <a class="link" href=all>"All snapshots"</a> }>
            <SnapshotTable tenant rows brief=true/>
        </Card>
    }
    .into_any()
}
