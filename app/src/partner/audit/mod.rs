//! Who did what, and when.

mod filters;
pub mod server;
mod view;

pub use filters::Filter;
pub use view::AuditView;

use crate::{
    frame::load,
    wire::{answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn AuditLogPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|q| {
            let part = |name: &str| q.get(name).unwrap_or_default();
            Filter {
                partner: part("partner"),
                event: part("event"),
                actor: part("actor"),
                object: part("object"),
                organization: part("organization"),
                from: part("from"),
                to: part("to"),
                before: q.get("before").and_then(|before| before.parse().ok()),
            }
        })
    });
    let data = answers(move || {
        let Filter { partner, event, actor, object, organization, from, to, before } = filter.get();
        ask(server::AuditLog { partner, event, actor, object, organization, from, to, before })
    });
    load(data, move |page| {
        let filter = filter.get_untracked();
        view! { <AuditView page filter/> }.into_any()
    })
}
