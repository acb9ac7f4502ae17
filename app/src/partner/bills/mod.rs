//! What customers cost, month by month.

mod lines;
pub mod server;
mod view;

pub use lines::{Cost, Lines, Months, Totals};
pub use view::BillsView;

use crate::{
    frame::load,
    wire::{answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn BillsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let part = |name: &str| q.get(name).unwrap_or_default();
            (part("month"), part("partner"), part("page").parse::<u32>().unwrap_or(0))
        })
    });
    let data = answers(move || {
        let (month, partner, page) = asked.get();
        ask(server::Bill { month, partner, page })
    });
    load(data, move |bill| {
        let (_, partner, page) = asked.get_untracked();
        view! { <BillsView bill partner page/> }.into_any()
    })
}
