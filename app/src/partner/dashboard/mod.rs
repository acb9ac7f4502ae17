//! The partner's first page: is everybody protected, and what does it come to.

mod cards;
pub mod server;
mod view;

pub use view::DashboardView;

use crate::{
    frame::load,
    wire::{answers, ask},
};
use leptos::prelude::*;

#[component]
pub fn DashboardPage() -> impl IntoView {
    let data = answers(|| ask(server::Dashboard {}));
    load(data, move |dashboard| {
        let again = Callback::new(move |()| data.refetch());
        view! { <DashboardView dashboard again/> }.into_any()
    })
}
