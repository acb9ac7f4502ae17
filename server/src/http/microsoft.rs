//! The two addresses on the way to Microsoft's sign-in page and back.

use app::account::own_path;
use app::context::{ClientAddress, Services, enter_from};
use app::error::AppError;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::account::MicrosoftProblem;
use portal::{Error, Journey, Oneself, Purpose};
use serde::Deserialize;
use store::scope::{Actor, PartnerActor};
use tower_sessions::Session;

use super::refusal;

/// Goes on to Microsoft's page, for a browser without a script: no form may lead there.
pub(super) const GO: &str = "/signin/microsoft/go";
/// Where Microsoft sends the browser back to.
pub(super) const RETURN: &str = "/signin/microsoft/return";

pub(super) fn router(services: Services) -> Router {
    Router::new().route(GO, get(go)).route(RETURN, get(back)).with_state(services)
}

async fn go(session: Session) -> Response {
    match session.get::<Journey>(Journey::KEY).await {
        Ok(Some(journey)) => {
            let to = attribute(&journey.page);
            Html(format!(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Microsoft</title>\
                 <meta http-equiv=\"refresh\" content=\"0; url={to}\"></head>\
                 <body><main><p><a href=\"{to}\">Go on to Microsoft</a></p></main></body></html>"
            ))
            .into_response()
        }
        Ok(None) => Redirect::to("/signin").into_response(),
        Err(error) => failed(&error),
    }
}

/// What the address is called with.
#[derive(Deserialize)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Whoever has just come back.
struct Visitor {
    session: Session,
    address: String,
    agent: String,
    /// None for somebody who is not signed in.
    me: Option<Oneself>,
    path: &'static str,
}

async fn back(
    State(services): State<Services>,
    session: Session,
    Extension(address): Extension<ClientAddress>,
    actor: Option<Extension<Actor>>,
    partner: Option<Extension<PartnerActor>>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let visitor = Visitor {
        address: address.0,
        agent: agent.to_owned(),
        path: own_path(partner.is_some()),
        me: match (&actor, &partner) {
            (Some(Extension(actor)), _) => Some(Oneself::from(actor)),
            (None, Some(Extension(actor))) => Some(Oneself::from(actor)),
            (None, None) => None,
        },
        session,
    };
    // Taken out, whatever comes of it: an answer serves once.
    let journey = match visitor.session.remove::<Journey>(Journey::KEY).await {
        Ok(journey) => journey,
        Err(error) => return failed(&error),
    };
    let links = matches!(journey.as_ref().map(|j| &j.purpose), Some(Purpose::Link(_)));
    let page = if links && visitor.me.is_some() { visitor.path } else { "/signin" };
    match arrive(&services, &visitor, journey, answer).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(Error::Microsoft(problem)) => {
            Redirect::to(&format!("{page}?microsoft={}", problem.slug())).into_response()
        }
        Err(error) => {
            let error = AppError::from(error);
            tracing::warn!(%error, "a return from Microsoft failed");
            Redirect::to(&format!("{page}?microsoft={}", MicrosoftProblem::Failed.slug())).into_response()
        }
    }
}

/// Where it goes on.
async fn arrive(
    services: &Services,
    visitor: &Visitor,
    journey: Option<Journey>,
    answer: Answer,
) -> Result<String, Error> {
    let problem = |problem| Err::<String, _>(Error::Microsoft(problem));
    let Some(journey) = journey else { return problem(MicrosoftProblem::Stale) };
    let (Some(state), Some(code)) = (answer.state, answer.code) else {
        return problem(match answer.error.as_deref() {
            Some("access_denied") => MicrosoftProblem::Cancelled,
            _ => MicrosoftProblem::Failed,
        });
    };
    let portal = &services.portal;
    let person = portal.back_from_microsoft(&journey, &state, &code).await?;
    match journey.purpose {
        Purpose::SignIn { next } => {
            let passed = portal.sign_in_with_microsoft(&person, &visitor.address).await?;
            let entered =
                enter_from(&visitor.session, passed, next.as_deref(), &visitor.address, &visitor.agent).await;
            entered.or_else(|_| problem(MicrosoftProblem::Failed))
        }
        Purpose::Link(account) => match &visitor.me {
            Some(me) if me.account == account => {
                portal.link_microsoft(me, &person).await?;
                Ok(format!("{}?linked=1", visitor.path))
            }
            // Somebody else is signed in by now, or nobody.
            _ => problem(MicrosoftProblem::Stale),
        },
    }
}

fn failed(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "a session could not be read");
    refusal::say(&AppError::internal())
}

/// Text within an attribute.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
