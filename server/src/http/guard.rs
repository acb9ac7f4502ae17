//! Nobody passes who is not signed in, but to the few things that are for everybody. What is new is closed
//! until it is named here.

use app::account::server::{PUBLIC, is_ours};
use app::consent::server::PUBLIC as OF_CONSENT;
use app::context::{ClientAddress, Services};
use app::error::AppError;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use portal::{Identity, Who};
use store::scope::Actor;
use tower_sessions::Session;
use uuid::Uuid;

use super::{microsoft, refusal, session};
use crate::site::PublicFiles;

#[derive(Clone)]
pub(super) struct Gate {
    pub(super) services: Services,
    pub(super) files: PublicFiles,
}

/// For everybody, signed in or not.
fn is_public(path: &str) -> bool {
    ["/signin", "/signin/code", "/forgot", microsoft::GO, microsoft::RETURN, "/consent"].contains(&path)
        || super::LINKS.iter().any(|link| path.starts_with(link))
        || PUBLIC.contains(&path)
        || OF_CONSENT.contains(&path)
}

/// Puts who asks into the request, or refuses it.
pub(super) async fn guard(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    if gate.files.contains(request.uri().path()) {
        return next.run(request).await;
    }
    let session = request.extensions().get::<Session>().cloned();
    let address = request.extensions().get::<ClientAddress>().cloned().unwrap_or_default();
    let who = match who(&gate, session, &address).await {
        Ok(Found::VisitEnded(organization)) => return refusal::visit_ended(&request, organization),
        Ok(Found::Somebody(who)) => Some(*who),
        Ok(Found::Nobody) => None,
        Err(error) => {
            tracing::error!(%error, "a session could not be read");
            return refusal::say(&AppError::internal());
        }
    };
    let is_page = [Method::GET, Method::HEAD].contains(request.method());
    match who {
        Some(who) if is_page && request.uri().path() == "/" => match who {
            Who::Organization(actor) => home(&gate, &actor).await,
            Who::Partner(_) => Redirect::to("/partner").into_response(),
        },
        Some(_) if is_page && request.uri().path() == "/signin" => {
            Redirect::to(&next_of(&request)).into_response()
        }
        Some(who) => {
            let extensions = request.extensions_mut();
            extensions.insert(who.identity());
            match who {
                Who::Organization(actor) => extensions.insert(actor).map(drop),
                Who::Partner(actor) => extensions.insert(actor).map(drop),
            };
            next.run(request).await
        }
        None if is_public(request.uri().path()) => next.run(request).await,
        None => refusal::sign_in_first(&request),
    }
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Who a session belongs to.
enum Found {
    Somebody(Box<Who>),
    /// A visitor whose visit to that organization is over, and who is back at the partner from now on.
    VisitEnded(Uuid),
    Nobody,
}

/// The person behind the session, as they are now.
async fn who(gate: &Gate, session: Option<Session>, address: &ClientAddress) -> Result<Found, Fault> {
    let Some(session) = session.filter(|session| session.id().is_some()) else { return Ok(Found::Nobody) };
    let Some(identity) = session.get::<Identity>(Identity::KEY).await? else { return Ok(Found::Nobody) };
    let portal = &gate.services.portal;
    if let Some(who) = portal.who(identity, &address.0).await? {
        session::touch(&session, portal, &who).await?;
        return Ok(Found::Somebody(Box::new(who)));
    }
    if let Some((back, organization)) = portal.after_visit(identity, &address.0).await? {
        session.insert(Identity::KEY, back).await?;
        return Ok(Found::VisitEnded(organization));
    }
    // The role is gone, and the session with it.
    session.flush().await?;
    Ok(Found::Nobody)
}

/// To the first tenant, or to where the first one is connected.
async fn home(gate: &Gate, actor: &Actor) -> Response {
    match gate.services.backup.tenants(actor).await {
        Ok(tenants) => match tenants.first() {
            Some(tenant) => Redirect::to(&format!("/t/{}", tenant.id)).into_response(),
            None => Redirect::to("/connect").into_response(),
        },
        Err(error) => {
            tracing::error!(%error, "the tenants could not be read");
            refusal::say(&AppError::internal())
        }
    }
}

/// Where a person goes who is signed in already.
fn next_of(request: &Request) -> String {
    let query = request.uri().query().unwrap_or_default();
    let next = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    next.map(|(_, path)| path.into_owned()).filter(|path| is_ours(path)).unwrap_or_else(|| "/".to_owned())
}
