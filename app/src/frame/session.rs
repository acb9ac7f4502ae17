//! Who is signed in, and which tenant the page speaks of.

use crate::{
    account::own_path,
    error::AppError,
    wire::{Answers, read},
};
use domain::{
    access::{Action, PartnerAction},
    feature::Feature,
    partner::PartnerSessionView,
    view::SessionView,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::de::DeserializeOwned;

/// Loaded once for the frame and its pages.
#[derive(Clone, Copy)]
pub struct SessionAnswers {
    pub(super) answers: Answers,
    /// Gives what was answered to everything below.
    pub(super) provide: fn(&str) -> Result<(), AppError>,
}

impl SessionAnswers {
    /// Of somebody in an organization's portal.
    pub(super) fn tenant(answers: Answers) -> Self {
        Self { answers, provide: provide::<SessionView> }
    }

    /// Of somebody in the Partner Portal.
    pub(super) fn partner(answers: Answers) -> Self {
        Self { answers, provide: provide::<PartnerSessionView> }
    }
}

fn provide<T: DeserializeOwned + Send + Sync + 'static>(json: &str) -> Result<(), AppError> {
    provide_context(read::<T>(json)?);
    Ok(())
}

/// The signed-in person, below a `Load` or in the gallery.
pub fn session_view() -> Option<SessionView> {
    use_context::<SessionView>()
}

/// The same for a partner's person.
pub fn partner_session() -> Option<PartnerSessionView> {
    use_context::<PartnerSessionView>()
}

/// Whether the signed-in person may do it. Pages hide what they may not; services refuse it all the same.
pub fn may(what: Action) -> bool {
    session_view().is_some_and(|session| session.may.contains(&what))
}

/// Whether a feature of the portal is on. What is off is hidden; services refuse it all the same.
pub fn is_on(feature: Feature) -> bool {
    session_view().is_some_and(|session| !session.off.contains(&feature))
}

/// The same for a partner's person.
pub fn partner_may(what: PartnerAction) -> bool {
    partner_session().is_some_and(|session| session.may.contains(&what))
}

/// What the account menu says, in either portal.
pub(super) struct Me {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: String,
    /// The partner or organization.
    pub(super) at: String,
    pub(super) has_others: bool,
    /// Where the page about oneself is.
    pub(super) account: &'static str,
}

pub(super) fn me() -> Option<Me> {
    if let Some(PartnerSessionView { name, email, partner, role, has_others, .. }) = partner_session() {
        return Some(Me { name, email, role, at: partner, has_others, account: own_path(true) });
    }
    let SessionView { name, email, organization, role, has_others, .. } = session_view()?;
    Some(Me { name, email, role, at: organization, has_others, account: own_path(false) })
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
