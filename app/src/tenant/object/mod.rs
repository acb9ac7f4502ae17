//! One object as it was at a snapshot: every attribute, every link, and when it changed.

pub mod server;
mod view;

pub use view::ObjectDetail;

use crate::{
    frame::{load, use_tenant},
    wire::{answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ObjectPage() -> impl IntoView {
    let tenant = use_tenant();
    let (params, query) = (use_params_map(), use_query_map());
    let at = Memo::new(move |_| query.with(|q| q.get("at").and_then(|at| at.parse::<i64>().ok())));
    let data = answers(move || {
        let part = |name: &str| params.with(|params| params.get(name).unwrap_or_default());
        ask(server::Object { tenant: tenant.get(), kind: part("kind"), object: part("id"), at: at.get() })
    });
    load(data, move |object| {
        let (tenant, at) = (tenant.get_untracked(), at.get_untracked());
        view! { <ObjectDetail tenant object at/> }.into_any()
    })
}
