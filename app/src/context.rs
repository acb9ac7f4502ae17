//! What a server function takes from the server that runs it. The server puts it there: [`Services`] into the
//! Leptos context, and who asks into the request's extensions. Taken before the first wait for anything else.

use crate::error::AppError;
use backup::Backup;
use domain::access::Action;
use http::request::Parts;
use leptos::prelude::*;
pub use portal::Event;
pub use portal::TOUCHED;
use portal::{BEGAN, Device, Half, Identity, Oneself, Passed, Portal, Who};
use store::scope::{Actor, PartnerActor};
use store::token::TokenHash;
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

/// Who asks, in whichever portal.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody is signed in.
pub async fn who() -> Result<Who, AppError> {
    let organization = extension::<Actor>().map(Who::Organization);
    let who = organization.or_else(|| extension::<PartnerActor>().map(Who::Partner));
    who.ok_or_else(|| AppError::signed_out().reply())
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

/// Somebody at their own account, in whichever portal they are.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody is signed in.
pub async fn oneself() -> Result<Oneself, AppError> {
    match (extension::<Actor>(), extension::<PartnerActor>()) {
        (Some(actor), _) => Ok(Oneself::from(&actor)),
        (None, Some(actor)) => Ok(Oneself::from(&actor)),
        (None, None) => Err(AppError::signed_out().reply()),
    }
}

/// By what the database knows the session that asks; none before it was saved.
pub async fn session_token() -> Result<Option<TokenHash>, AppError> {
    Ok(session().await?.id().map(|id| TokenHash::of(&id.to_string())))
}

/// Who has given one proof of two in this session.
///
/// # Errors
/// [`AppError::Unauthenticated`] when nobody has.
pub async fn half() -> Result<Half, AppError> {
    let half = session().await?.get::<Half>(Half::KEY).await?;
    half.ok_or_else(|| AppError::signed_out().reply())
}

/// Makes the session that person's in that role, under a new name: whoever knew the old one is left outside. It lives
/// as long as the old one would have.
pub async fn become_(session: &Session, identity: Identity) -> Result<(), AppError> {
    let began = going_on(session).await?;
    begin(session, &address(), &agent()).await?;
    session.insert(Identity::KEY, identity).await?;
    Ok(session.insert(BEGAN, began).await?)
}

/// Goes on in another role, with which there may be more to prove. It lives as long as the old session would have.
///
/// # Errors
/// As [`become_`].
pub async fn enter_from_within(session: &Session, passed: Passed) -> Result<String, AppError> {
    let began = going_on(session).await?;
    let to = enter(session, passed, Some("/")).await?;
    session.insert(BEGAN, began).await?;
    Ok(to)
}

/// When the session began that another name is about to go on with. Only a new proof begins a new time; and a session
/// that was ended meanwhile is not brought back under another name.
async fn going_on(session: &Session) -> Result<Option<i64>, AppError> {
    let began = session.get::<i64>(BEGAN).await?;
    if let Some(token) = session_token().await?
        && !portal()?.store().delete_session(token).await.map_err(portal::Error::from)?
    {
        return Err(AppError::signed_out().reply());
    }
    Ok(began)
}

/// Does with the session what the first proof came to, and says where to go from there; `next` is where somebody who
/// is in goes.
///
/// # Errors
/// When the session cannot be written.
pub async fn enter(session: &Session, passed: Passed, next: Option<&str>) -> Result<String, AppError> {
    enter_from(session, passed, next, &address(), &agent()).await
}

/// The same outside of a server function.
///
/// # Errors
/// When the session cannot be written.
pub async fn enter_from(
    session: &Session,
    passed: Passed,
    next: Option<&str>,
    address: &str,
    agent: &str,
) -> Result<String, AppError> {
    let next = next.filter(|next| crate::account::server::is_ours(next));
    begin(session, address, agent).await?;
    match passed {
        Passed::In(signed) => {
            session.insert(Identity::KEY, signed.identity).await?;
            Ok(next.unwrap_or(if signed.several { "/choose" } else { "/" }).to_owned())
        }
        Passed::Half(half) => {
            session.insert(Half::KEY, half).await?;
            if let Some(next) = next {
                session.insert(NEXT, next).await?;
            }
            Ok("/signin/code".to_owned())
        }
    }
}

/// Under which name a session that is half signed in keeps where it goes on.
pub(crate) const NEXT: &str = "next";

/// Empties the session and gives it a new name.
async fn begin(session: &Session, address: &str, agent: &str) -> Result<(), AppError> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(Device::KEY, Device::new(agent, address)).await?;
    Ok(())
}

/// What the browser calls itself.
fn agent() -> String {
    let parts = use_context::<Parts>();
    let agent = parts.as_ref().and_then(|parts| parts.headers.get(http::header::USER_AGENT)?.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<Parts>()?.extensions.get::<T>().cloned()
}
