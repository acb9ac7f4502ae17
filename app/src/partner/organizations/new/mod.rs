//! A new customer.

pub(super) mod created;
pub(super) mod form;
mod plan;

pub use created::CreatedView;
pub use form::NewOrganizationView;

use super::server::{Created, OrganizationOptions};
use crate::{
    frame::{load, load_two},
    wire::{answers, ask},
};
use domain::partner::OrganizationCreated;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    let options = answers(|| ask(OrganizationOptions {}));
    // A form that was sent without a script leads back here, and the answer is told once.
    let sent = use_query_map().with_untracked(|query| query.get("created").is_some());
    if !sent {
        return load(options, |options| view! { <NewOrganizationView options/> }.into_any());
    }
    let created = answers(|| ask(Created {}));
    load_two((options, created), |options, created: Option<OrganizationCreated>| match created {
        Some(created) => view! { <CreatedView created/> }.into_any(),
        None => view! { <NewOrganizationView options/> }.into_any(),
    })
}
