//! The start: leads to the first tenant, or to connecting one.

use super::paths;
use crate::frame::{Elsewhere, signed};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    signed(|| {
        let first = crate::frame::session_view().and_then(|session| session.tenants.into_iter().next());
        let to = first.map_or("/connect".to_owned(), |tenant| paths::overview(&tenant.id.to_string()));
        view! { <Elsewhere to/> }.into_any()
    })
}
