//! How Holdfast signs in to the tenant: whether that works, what is granted, and a new secret.

mod form;
pub mod server;
mod view;

pub use form::{ConnectionFields, cloud_name};
pub use view::ConnectionDetail;

use crate::{
    frame::{load, use_tenant},
    wire::{answers, ask},
};
use leptos::prelude::*;

#[component]
pub fn ConnectionPage() -> impl IntoView {
    let tenant = use_tenant();
    let data = answers(move || ask(server::Connection { tenant: tenant.get() }));
    load(data, move |connection| {
        let again = Callback::new(move |()| data.refetch());
        view! { <ConnectionDetail tenant=tenant.get_untracked() connection again/> }.into_any()
    })
}
