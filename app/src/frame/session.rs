//! Who is signed in, and which tenant the page speaks of.

use crate::wire::Answers;
use domain::{access::Action, view::SessionView};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Loaded once for the frame and its pages.
#[derive(Clone, Copy)]
pub struct SessionAnswers(pub Answers);

/// The signed-in person, below a `Load` or in the gallery.
pub fn session_view() -> Option<SessionView> {
    use_context::<SessionView>()
}

/// Whether the signed-in person may do it. Pages hide what they may not; services refuse it all the same.
pub fn may(what: Action) -> bool {
    session_view().is_some_and(|session| session.may.contains(&what))
}

/// The tenant in the address, as text; a server function checks it. Read from the path, because the frame lies above
/// the routes that name it.
pub fn use_tenant() -> Memo<String> {
    let path = use_location().pathname;
    Memo::new(move |_| {
        path.with(|path| {
            path.strip_prefix("/t/").and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned()
        })
    })
}

/// Path and query of the page, for coming back to it.
pub fn now_here() -> String {
    let location = use_location();
    let search = location.search.get_untracked();
    let path = location.pathname.get_untracked();
    if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) }
}
