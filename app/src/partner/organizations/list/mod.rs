//! Every customer, and how they are.

mod filters;
mod rows;
mod view;

pub use filters::Filter;
pub use view::OrganizationsView;

use super::server::Organizations;
use crate::{
    frame::load,
    wire::{answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|q| {
            let part = |name: &str| q.get(name).unwrap_or_default();
            Filter {
                state: part("state"),
                words: part("words"),
                plan: part("plan"),
                partner: part("partner"),
                credential: part("credential"),
                health: part("health"),
                after: q.get("after").filter(|after| !after.is_empty()),
            }
        })
    });
    let data = answers(move || {
        let Filter { state, words, plan, partner, credential, health, after } = filter.get();
        ask(Organizations { state, words, plan, partner, credential, health, after })
    });
    load(data, move |page| {
        let filter = filter.get_untracked();
        view! { <OrganizationsView page filter/> }.into_any()
    })
}
