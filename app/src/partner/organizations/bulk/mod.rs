//! One thing done to several organizations: what happens to each is said first, and what came of it afterwards.

mod view;

pub use view::BulkView;

use super::server::BulkAsked;
use crate::{
    frame::load,
    wire::{answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn BulkPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| (q.get("what").unwrap_or_default(), q.get_all("id").unwrap_or_default().join(" ")))
    });
    let data = answers(move || {
        let (what, ids) = asked.get();
        ask(BulkAsked { what, ids })
    });
    load(data, move |(question, done)| {
        let ids = asked.with_untracked(|(_, ids)| ids.clone());
        view! { <BulkView question done ids/> }.into_any()
    })
}
