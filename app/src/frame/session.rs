//! Who is signed in, and which tenant the page speaks of.

use crate::error::AppError;
use domain::{access::Action, view::SessionView};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

/// Loaded once for the frame and its pages.
#[derive(Clone, Copy)]
pub struct SessionResource(pub Resource<Result<SessionView, AppError>>);

/// The signed-in person, below a `Load` or in the gallery.
pub fn session_view() -> Option<SessionView> {
    use_context::<SessionView>()
}

/// Whether the signed-in person may do it. Pages hide what they may not; services refuse it all the same.
pub fn may(what: Action) -> bool {
    session_view().is_some_and(|session| session.may.contains(&what))
}

/// The tenant in the address, as text; a server function checks it.
pub fn use_tenant() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("tenant").unwrap_or_default()))
}

/// Path and query of the page, for coming back to it.
pub fn now_here() -> String {
    let location = use_location();
    let search = location.search.get_untracked();
    let path = location.pathname.get_untracked();
    if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) }
}
