//! Whole pages with made-up data, in the states that are hard to come by.

use super::sample;
use crate::{
    frame::{Side, VisitBar},
    tenant::{
        browse::{self, BrowseView},
        compare::{Asked, Choices, CompareView, Compared},
        connect::ConnectView,
        connection::ConnectionDetail,
        object::ObjectDetail,
        overview::OverviewView,
        restore::RestoreDetail,
        restores::RestoresView,
        snapshots::SnapshotsView,
    },
};
use domain::{
    plan::{RestoreRow, RestoreState},
    view::{JobView, SessionView},
};
use leptos::prelude::*;

pub const NAMES: [&str; 17] = [
    "overview",
    "visit",
    "first-backup",
    "failed",
    "snapshots",
    "browse",
    "browse-nothing",
    "object",
    "compare",
    "compare-same",
    "restores",
    "restores-none",
    "restore-planned",
    "restore-running",
    "restore-done",
    "connection",
    "connect",
];

/// A page inside the frame.
#[component]
pub fn SamplePage(#[prop(into)] name: String) -> impl IntoView {
    let session = sample::session();
    provide_context::<SessionView>(session.clone());
    provide_context(Choices::default());
    view! {
        <div class="app">
            <Side session tenant=sample::TENANT/>
            <div>
                {(name == "visit").then(|| view! { <VisitBar visit=sample::visit() organization="Contoso Ltd".to_owned()/> })}
                {page(&name)}
            </div>
        </div>
    }
}

fn page(name: &str) -> AnyView {
    let tenant = sample::TENANT.to_owned();
    let again = Callback::new(|()| ());
    match name {
        "first-backup" => {
            let mut overview = sample::overview();
            overview.recent.clear();
            overview.counts.clear();
            (overview.last, overview.running) = (None, Some(sample::job()));
            view! { <OverviewView overview again/> }.into_any()
        }
        "failed" => {
            let mut overview = sample::overview();
            let problem = "Entra refused the client secret: it ended on 20 November (AADSTS7000222). Snapshot 2,914 is untouched. Renew the secret under Connection; the next backup then catches up.";
            overview.failed = Some(JobView { problem: Some(problem.into()), ..sample::job() });
            (overview.connection.signs_in, overview.next_at) = (false, None);
            view! { <OverviewView overview again/> }.into_any()
        }
        "snapshots" => view! { <SnapshotsView tenant rows=sample::snapshots() first=true/> }.into_any(),
        "browse" => {
            view! { <BrowseView tenant page=sample::browse() points=sample::snapshots() asked=browse::Asked::default()/> }.into_any()
        }
        "browse-nothing" => {
            let mut page = sample::browse();
            page.rows.clear();
            let asked = browse::Asked { words: "Okapi".into(), ..browse::Asked::default() };
            view! { <BrowseView tenant page points=sample::snapshots() asked/> }.into_any()
        }
        "object" => view! { <ObjectDetail tenant object=sample::object()/> }.into_any(),
        "compare" => compare(tenant, false),
        "compare-same" => compare(tenant, true),
        "restores" | "restores-none" => {
            let states = [RestoreState::Planned, RestoreState::Running, RestoreState::Done, RestoreState::Cancelled];
            let mut rows: Vec<RestoreRow> = states.map(row).into();
            if name == "restores-none" {
                rows.clear();
            }
            view! { <RestoresView tenant rows/> }.into_any()
        }
        "restore-planned" => restore(tenant, RestoreState::Planned, again),
        "restore-running" => restore(tenant, RestoreState::Running, again),
        "restore-done" => restore(tenant, RestoreState::Done, again),
        "connection" => view! { <ConnectionDetail tenant connection=sample::connection(false) again/> }.into_any(),
        "connect" => view! { <ConnectView/> }.into_any(),
        _ => view! { <OverviewView overview=sample::overview() again/> }.into_any(),
    }
}

fn compare(tenant: String, same: bool) -> AnyView {
    let mut page = sample::changes();
    if same {
        page.rows.clear();
        page.tallies.clear();
        (page.shown, page.next) = (0, None);
    }
    let compared = Compared::Changes(Box::new(page), (!same).then(|| Box::new(sample::change())));
    view! {
        <CompareView tenant points=sample::snapshots() compared asked=Asked::default() opened=Signal::stored(None)/>
    }
    .into_any()
}

fn row(state: RestoreState) -> RestoreRow {
    let restore = sample::restore(state);
    RestoreRow {
        number: restore.number,
        state,
        to: restore.to,
        asked_by: restore.asked_by,
        planned_at: restore.planned_at,
        tally: restore.tally,
    }
}

fn restore(tenant: String, state: RestoreState, again: Callback<()>) -> AnyView {
    let restore = Signal::stored(sample::restore(state));
    view! { <RestoreDetail tenant restore state steps=sample::steps(state) after=0 again/> }.into_any()
}
