//! Connecting a tenant: what to make in Entra, and what to enter here.

mod guide;
mod view;

pub use view::ConnectView;

use crate::frame::signed;
use leptos::prelude::*;

#[component]
pub fn ConnectPage() -> impl IntoView {
    signed(|| view! { <ConnectView/> }.into_any())
}
