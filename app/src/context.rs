//! What a server function takes from the server that runs it. The server puts it there: [`Services`] into the
//! Leptos context, and who asks into the request's extensions. Taken before the first wait for anything else.

use crate::error::AppError;
use backup::Backup;
use domain::access::Action;
use http::request::Parts;
use leptos::prelude::*;
pub use portal::Event;
use portal::{Identity, Portal};
use store::scope::{Actor, PartnerActor};
use tower_sessions::Session;
use uuid::Uuid;

/// The services behind the pages.
#[derive(Clone, Debug)]
pub struct Services {
    pub portal: Portal,
    pub backup: Backup,
}

/// Where a request came from; a request's extension.
#[derive(Clone, Debug, Default)]
pub struct ClientAddress(pub String);

/// When a session was last known to be in use, in milliseconds since 1970, under this name in the session.
pub const TOUCHED: &str = "touched";

/// The service for people: sign-in, set-up, audit.
pub fn portal() -> Result<Portal, AppError> {
    Ok(services()?.portal)
}

/// The service for backups, comparisons and restores.
pub fn backup() -> Result<Backup, AppError> {
    Ok(services()?.backup)
}

fn services() -> Result<Services, AppError> {
    use_context::<Services>().ok_or_else(|| AppError::internal().reply())
}

/// Who asks in an organization's portal, with the role that they have now.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody is signed in, [`AppError::Forbidden`] for somebody of a partner.
pub async fn actor() -> Result<Actor, AppError> {
    extension::<Actor>().ok_or_else(|| {
        elsewhere(
            "This page belongs to a customer's portal. Enter it from the organization's page.",
            is_at_partner(),
        )
    })
}

/// Who asks in the Partner Portal.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody is signed in, [`AppError::Forbidden`] for somebody of an organization.
pub async fn partner_actor() -> Result<PartnerActor, AppError> {
    extension::<PartnerActor>().ok_or_else(|| {
        elsewhere(
            "This page belongs to the Partner Portal. If you have a role at a partner, change to it in the menu \
             under your initials; if you are visiting a customer, leave first.",
            extension::<Actor>().is_some(),
        )
    })
}

/// Whether whoever asks is signed in at a partner.
pub fn is_at_partner() -> bool {
    extension::<PartnerActor>().is_some()
}

fn elsewhere(text: &str, is_signed_in: bool) -> AppError {
    if is_signed_in { AppError::Forbidden(text.to_owned()) } else { AppError::signed_out() }.reply()
}

/// What the session says of the person, in whichever portal.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody is signed in.
pub async fn identity() -> Result<Identity, AppError> {
    extension::<Identity>().ok_or_else(|| AppError::signed_out().reply())
}

/// Whose session it is.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody is signed in.
pub async fn account() -> Result<Uuid, AppError> {
    Ok(identity().await?.account)
}

/// Who asks, if their role allows it.
///
/// # Errors
/// [`AppError::Unauthenticated`], [`AppError::Forbidden`].
pub async fn require(what: Action) -> Result<Actor, AppError> {
    let actor = actor().await?;
    if actor.may(what) { Ok(actor) } else { Err(backup::Error::Forbidden(what).into()) }
}

/// The browser's session, signed in or not.
pub async fn session() -> Result<Session, AppError> {
    extension::<Session>().ok_or_else(|| AppError::internal().reply())
}

/// Where the request came from.
pub fn address() -> String {
    extension::<ClientAddress>().unwrap_or_default().0
}

/// Writes into the audit log what the actor has just done to `object`.
///
/// # Errors
/// When it cannot be written: what nobody could account for is not called done.
pub async fn record(actor: &Actor, event: Event, object: &str, detail: &str) -> Result<(), AppError> {
    Ok(portal()?.audit(actor, event, object, detail).await?)
}

/// The id of a tenant or a job, as it stands in an address.
///
/// # Errors
/// [`AppError::NotFound`] for what is no id: nothing is there.
pub fn tenant_id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| backup::Error::NotFound.into())
}

/// The id of something of a partner's, as it stands in an address or a form.
///
/// # Errors
/// [`AppError::NotFound`] for what is no id: nothing is there.
pub fn partner_id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| portal::Error::NotFound.into())
}

/// Makes the session that person's in that role, under a new name: whoever knew the old one is left outside.
pub(crate) async fn become_(session: &Session, identity: Identity) -> Result<(), AppError> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(Identity::KEY, identity).await?;
    Ok(())
}

fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<Parts>()?.extensions.get::<T>().cloned()
}
