//! Connecting a tenant: what to make in Entra, and what to enter here.

mod guide;
mod view;

pub use view::ConnectView;

use crate::{error::AppError, frame::Load};
use leptos::prelude::*;

#[component]
pub fn ConnectPage() -> impl IntoView {
    let nothing = Resource::new(|| (), |()| async { Ok::<(), AppError>(()) });
    view! { <Load from=nothing view=|()| view! { <ConnectView/> }.into_any()/> }
}
