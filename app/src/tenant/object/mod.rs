//! One object as it was at a snapshot: every attribute, every link, and when it changed.

pub mod server;
mod view;

pub use view::ObjectDetail;

use crate::frame::{Load, use_tenant};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ObjectPage() -> impl IntoView {
    let tenant = use_tenant();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let part = |name: &str| params.with(|params| params.get(name).unwrap_or_default());
        let at = query.with(|q| q.get("at").and_then(|at| at.parse::<i64>().ok()));
        (tenant.get(), part("kind"), part("id"), at)
    });
    let data = Resource::new(
        move || asked.get(),
        |(tenant, kind, id, at)| async move { Ok((server::object(tenant, kind, id, at).await?, at)) },
    );
    view! {
        <Load
            from=data
            view=move |(object, at)| view! { <ObjectDetail tenant=tenant.get_untracked() object at/> }.into_any()
        />
    }
}
