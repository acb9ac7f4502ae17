//! What the partner sells.

mod form;
mod list;
pub mod server;

pub use form::{NewPlanView, no_entra};
pub use list::PlansView;

use crate::{
    frame::load,
    wire::{answers, ask},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn PlansPage() -> impl IntoView {
    let query = use_query_map();
    let archived = Memo::new(move |_| query.with(|q| q.get("archived").is_some()));
    let data = answers(|| ask(server::Plans {}));
    load(data, move |page| {
        let again = Callback::new(move |()| data.refetch());
        view! { <PlansView page archived again/> }.into_any()
    })
}

#[component]
pub fn NewPlanPage() -> impl IntoView {
    load(answers(|| ask(server::Plans {})), |page| view! { <NewPlanView page/> }.into_any())
}
