//! The tenant's first page: is it safe, since when, and what happened lately.

mod cards;
mod headline;
pub mod job;
pub mod server;
mod view;

pub use view::OverviewView;

use super::paths;
use crate::{
    frame::{load, use_tenant},
    wire::{answers, ask},
};
use leptos::prelude::*;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let tenant = use_tenant();
    let data = answers(move || ask(server::ReadOverview { tenant: tenant.get() }));
    load(data, move |overview| {
        let again = Callback::new(move |()| data.refetch());
        view! { <OverviewView overview again/> }.into_any()
    })
}
