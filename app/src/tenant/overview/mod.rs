//! The tenant's first page: is it safe, since when, and what happened lately.

mod cards;
mod headline;
pub mod job;
pub mod server;
mod view;

pub use view::OverviewView;

use super::paths;
use crate::frame::{Load, use_tenant};
use leptos::prelude::*;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let tenant = use_tenant();
    let data = Resource::new(move || tenant.get(), server::read_overview);
    view! {
        <Load
            from=data
            view=move |overview| {
                let again = Callback::new(move |()| data.refetch());
                view! { <OverviewView overview again/> }.into_any()
            }
        />
    }
}
