//! What the partner sells.

mod delete;
mod filters;
mod form;
mod list;
pub mod server;

pub use filters::PlanFilter;
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
    let filter = Memo::new(move |_| {
        query.with(|q| {
            let part = |name: &str| q.get(name).unwrap_or_default();
            PlanFilter {
                archived: q.get("archived").is_some(),
                product: part("product"),
                currency: part("currency"),
                partner: part("partner"),
            }
        })
    });
    let asked = Memo::new(move |_| query.with(|q| q.get("ask").unwrap_or_default()));
    let data = answers(|| ask(server::Plans {}));
    load(data, move |page| {
        let again = Callback::new(move |()| data.refetch());
        view! { <PlansView page filter asked again/> }.into_any()
    })
}

#[component]
pub fn NewPlanPage() -> impl IntoView {
    load(answers(|| ask(server::Plans {})), |page| view! { <NewPlanView page/> }.into_any())
}
