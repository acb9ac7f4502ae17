//! Who calls: a token in the header, and nothing else.

use app::context::ClientAddress;
use app::error::AppError;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portal::{BadToken, Bearer};
use secrecy::SecretString;
use store::scope::{Actor, PartnerActor};
use uuid::Uuid;

use super::Api;
use super::limit::{REQUESTS, Wait};
use super::problem::Problem;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The bearer of a good token.
#[derive(Clone)]
pub(super) enum Caller {
    Organization(Actor),
    Partner(PartnerActor),
}

impl Caller {
    fn token(&self) -> Option<Uuid> {
        match self {
            Caller::Organization(actor) => actor.token.as_ref().map(|token| token.id),
            Caller::Partner(actor) => actor.token.as_ref().map(|token| token.id),
        }
    }

    /// The actor in the organization of that id.
    pub(super) async fn in_organization(&self, api: &Api, id: &str) -> Result<Actor, Problem> {
        let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
        match self {
            Caller::Organization(actor) if actor.scope().organization() == id => Ok(actor.clone()),
            Caller::Organization(_) => Err(Problem::not_found()),
            Caller::Partner(actor) => Ok(api.services.portal.in_customer(actor, id).await?),
        }
    }

    /// The actor in the organization of the tenant, and the tenant's id.
    pub(super) async fn at_tenant(&self, api: &Api, id: &str) -> Result<(Actor, Uuid), Problem> {
        let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
        match self {
            // Whether it is one of theirs, the service finds out.
            Caller::Organization(actor) => Ok((actor.clone(), id)),
            Caller::Partner(actor) => Ok((api.services.portal.in_customer_of_tenant(actor, id).await?, id)),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::unauthorized(MISSING))
    }
}

const MISSING: &str = "Show a token: Authorization: Bearer hf_… . Make one on the page API of the portal. Cookies are not taken here.";

/// Puts the caller into the request, or refuses it.
pub(super) async fn authenticate(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ClientAddress>().cloned().unwrap_or_default().0;
    let caller = match caller(&api, request.headers(), &address).await {
        Ok(caller) => caller,
        Err(problem) if problem.status == 401 => {
            return match api.limits.wrong(&address) {
                Ok(_) => problem.into_response(),
                Err(wait) => wait.into_response(),
            };
        }
        Err(problem) => return problem.into_response(),
    };
    let name = caller.token().unwrap_or_default().to_string();
    let left = match api.limits.token(&name) {
        Ok(left) => left,
        Err(wait) => return with_limit(wait.into_response(), 0),
    };
    request.extensions_mut().insert(caller);
    with_limit(next.run(request).await, left)
}

async fn caller(api: &Api, headers: &HeaderMap, address: &str) -> Result<Caller, Problem> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret = shown.and_then(|text| text.split_once(' '));
    let secret =
        secret.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, secret)| secret.trim());
    let secret = secret.ok_or_else(|| Problem::unauthorized(MISSING))?;
    let bearer = api.services.portal.bearer(&SecretString::from(secret), address).await;
    match bearer.map_err(|error| Problem::from(AppError::from(error)))? {
        Ok(Bearer::Organization(actor)) => Ok(Caller::Organization(actor)),
        Ok(Bearer::Partner(actor)) => Ok(Caller::Partner(actor)),
        Err(BadToken::Malformed) => Err(Problem::unauthorized(
            "This is no token of Holdfast: it is cut short or mistyped. Copy it whole, from hf_ on.",
        )),
        Err(BadToken::Dead) => Err(Problem::unauthorized(
            "This token opens nothing: it was revoked, it expired, or its maker's access ended. Make a new one.",
        )),
    }
}

impl IntoResponse for Wait {
    fn into_response(self) -> Response {
        let seconds = self.0.as_secs() + 1;
        let mut response = Problem::too_many(seconds).into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}

fn with_limit(mut response: Response, left: u32) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("\"token\";r={left}")) {
        headers.insert(LIMIT, value);
    }
    if let Ok(value) = HeaderValue::from_str(&format!("\"token\";q={REQUESTS};w=60")) {
        headers.insert(POLICY, value);
    }
    response
}
