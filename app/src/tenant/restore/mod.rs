//! One restore: its plan, its running, and what became of it.

mod actions;
mod plan;
mod run;
pub mod server;
mod steps;
mod view;

pub use view::RestoreDetail;

use super::paths;
use crate::{
    frame::{load_two, use_tenant},
    live,
    wire::{answers, ask, read},
};
use domain::plan::{RestoreView, StepView};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn RestorePage() -> impl IntoView {
    let tenant = use_tenant();
    let (params, query) = (use_params_map(), use_query_map());
    let number =
        Memo::new(move |_| params.with(|p| p.get("number").and_then(|n| n.parse::<i64>().ok()).unwrap_or(0)));
    let after =
        Memo::new(move |_| query.with(|q| q.get("after").and_then(|a| a.parse::<i32>().ok()).unwrap_or(0)));
    let restore = answers(move || ask(server::Restore { tenant: tenant.get(), number: number.get() }));
    let of_it = answers(move || {
        ask(server::Steps { tenant: tenant.get(), number: number.get(), after: after.get() })
    });
    load_two((restore, of_it), move |first, steps| {
        let (tenant, after) = (tenant.get_untracked(), after.get_untracked());
        let again = Callback::new(move |()| {
            restore.refetch();
            of_it.refetch();
        });
        view! { <Followed tenant restore=first steps after again/> }.into_any()
    })
}

/// Follows a restore while it runs, and reads the page again when it turns to something else.
#[component]
fn Followed(
    tenant: String,
    restore: RestoreView,
    steps: Vec<StepView>,
    after: i32,
    again: Callback<()>,
) -> impl IntoView {
    let (number, state) = (restore.number, restore.state);
    let now = RwSignal::new(restore);
    let moving = Memo::new(move |_| now.with(moves));
    let url = {
        let url = paths::restore_events(&tenant, number);
        Signal::derive(move || moving.get().then(|| url.clone()))
    };
    let on = Callback::new(move |json: String| {
        let Ok(next) = read::<RestoreView>(&json) else { return };
        let turned = next.state != state;
        now.set(next);
        if turned {
            again.run(());
        }
    });
    live::follow(url, on, ask(server::Restore { tenant: tenant.clone(), number }));
    view! { <RestoreDetail tenant restore=now.into() state steps after again/> }
}

/// Whether its figures may change without anyone pressing anything.
fn moves(restore: &RestoreView) -> bool {
    use domain::plan::RestoreState::{Paused, Running, Waiting};
    matches!(restore.state, Running | Waiting | Paused)
}
