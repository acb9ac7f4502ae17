//! The way of a consent link: to Microsoft, back, to Microsoft once more, and back. Plain addresses, because a browser
//! is sent along them; what is decided, is decided in `backup`.

use app::consent::server::{DONE, FLOW, PROBLEM};
use app::context::{ClientAddress, Services};
use axum::extract::{Extension, Path, Query, State};
use axum::response::Redirect;
use axum::{Router, routing::get};
use backup::{ConsentAnswer, ConsentFlow, ConsentNext, Error};
use portal::Onlooker;
use tower_sessions::Session;

use super::Front;

/// The page that says how it stands.
const PAGE: &str = "/consent";
/// What the app's registration has as its redirect address, below the public one.
const RETURN: &str = "consent/return";

#[derive(Clone)]
struct Way {
    services: Services,
    redirect_uri: String,
}

pub(super) fn router(services: Services, front: &Front) -> Router {
    let redirect_uri = format!("{}{RETURN}", front.public_url);
    Router::new()
        .route("/consent/{token}/go", get(begin))
        .route("/consent/go", get(again))
        .route("/consent/return", get(back))
        .with_state(Way { services, redirect_uri })
}

/// Somebody shows a link and goes on.
async fn begin(
    State(way): State<Way>,
    Extension(session): Extension<Session>,
    Path(token): Path<String>,
) -> Redirect {
    match way.services.backup.consent_flow(&token).await {
        Ok(flow) => {
            // It is spent when the browser comes back, and tells no more whose it was.
            if let Ok(brand) = way.services.portal.brand(Onlooker::Asked(&token)).await {
                let _ = keep(&session, super::brand::OF_CONSENT, brand).await;
            }
            way.go(&session, flow).await
        }
        // The link's own page says that it is spent.
        Err(_) => Redirect::to(&format!("{PAGE}/{}", app::reply::escape(&token))),
    }
}

/// The browser that has shown a link goes on with it.
async fn again(State(way): State<Way>, Extension(session): Extension<Session>) -> Redirect {
    match session.get::<ConsentFlow>(FLOW).await {
        Ok(Some(flow)) => way.go(&session, flow).await,
        _ => Redirect::to(PAGE),
    }
}

/// Microsoft sends the browser back.
async fn back(
    State(way): State<Way>,
    Extension(session): Extension<Session>,
    Extension(address): Extension<ClientAddress>,
    Query(answer): Query<ConsentAnswer>,
) -> Redirect {
    let Ok(Some(flow)) = session.get::<ConsentFlow>(FLOW).await else { return Redirect::to(PAGE) };
    // Whatever was under way serves once: the session forgets it before the answer is looked at.
    if keep(&session, FLOW, flow.at_its_start()).await.is_err() || session.save().await.is_err() {
        return Redirect::to(PAGE);
    }
    let next = way.services.backup.consent_answered(&flow, &answer, &way.redirect_uri, &address.0).await;
    let kept = match next {
        Ok(ConsentNext::Ask(url, flow)) => {
            if keep(&session, FLOW, flow).await.is_ok() {
                return Redirect::to(url.as_str());
            }
            Ok(())
        }
        Ok(ConsentNext::Done(done)) => {
            let _ = session.remove_value(FLOW).await;
            keep(&session, DONE, done).await
        }
        Err(error) => tell(&session, &error).await,
    };
    if kept.is_err() {
        tracing::error!("a session could not be written");
    }
    Redirect::to(PAGE)
}

impl Way {
    async fn go(&self, session: &Session, flow: ConsentFlow) -> Redirect {
        for name in [DONE, PROBLEM] {
            let _ = session.remove_value(name).await;
        }
        match self.services.backup.consent_begin(&flow, &self.redirect_uri).await {
            Ok((url, flow)) => match keep(session, FLOW, flow).await {
                Ok(()) => Redirect::to(url.as_str()),
                Err(_) => Redirect::to(PAGE),
            },
            Err(error) => {
                let _ = keep(session, FLOW, flow.at_its_start()).await;
                let _ = tell(session, &error).await;
                Redirect::to(PAGE)
            }
        }
    }
}

type Kept = Result<(), tower_sessions::session::Error>;

async fn keep<T: serde::Serialize + Sync>(session: &Session, name: &str, value: T) -> Kept {
    session.insert(name, value).await
}

/// Why it did not go on, for the page.
async fn tell(session: &Session, error: &Error) -> Kept {
    if let Error::Store(fault) = error {
        tracing::error!(error = %fault, "a consent link could not be followed");
    }
    keep(session, PROBLEM, error.to_string()).await
}
