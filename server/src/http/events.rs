//! Streams of events: a job or a restore, as it changes, to its end.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use app::context::Services;
use app::error::AppError;
use axum::extract::{Extension, Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use futures::stream::{self, Stream};
use portal::{Portal, Who};
use serde::Serialize;
use store::scope::Actor;
use store::token::TokenHash;
use tokio_util::sync::CancellationToken;
use tower_sessions::Session;
use uuid::Uuid;

use super::{refusal, session};

/// How often the state is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// After so many looks, whether the person is still signed in and may still see it.
const LOOKS_PER_CHECK: u32 = 8;

#[derive(Clone)]
struct Streams {
    services: Services,
    stop: CancellationToken,
}

pub(super) fn router(services: Services, stop: CancellationToken) -> Router {
    Router::new()
        .route("/t/{tenant}/jobs/{job}/events", get(job))
        .route("/t/{tenant}/restores/{restore}/events", get(restore))
        .with_state(Streams { services, stop })
}

async fn job(
    State(streams): State<Streams>,
    Extension(actor): Extension<Actor>,
    Extension(session): Extension<Session>,
    Path((tenant, job)): Path<(String, String)>,
) -> Response {
    let (Ok(tenant), Ok(job)) = (tenant.parse::<Uuid>(), job.parse::<Uuid>()) else {
        return refusal::say(&AppError::from(backup::Error::NotFound));
    };
    let backup = streams.services.backup.clone();
    let look = move |actor: Actor| {
        let backup = backup.clone();
        async move { backup.job(&actor, tenant, job).await.map(|view| (view.state.is_over(), view)) }
    };
    follow(streams, actor, &session, look).await
}

async fn restore(
    State(streams): State<Streams>,
    Extension(actor): Extension<Actor>,
    Extension(session): Extension<Session>,
    Path((tenant, number)): Path<(String, String)>,
) -> Response {
    let (Ok(tenant), Ok(number)) = (tenant.parse::<Uuid>(), number.parse::<i64>()) else {
        return refusal::say(&AppError::from(backup::Error::NotFound));
    };
    let backup = streams.services.backup.clone();
    let look = move |actor: Actor| {
        let backup = backup.clone();
        async move { backup.restore(&actor, tenant, number).await.map(|view| (view.state.is_over(), view)) }
    };
    follow(streams, actor, &session, look).await
}

/// What a look found: whether it is over, and what to show.
type Seen<T> = Result<(bool, T), backup::Error>;

/// The state now, then whenever it has changed, until it is over, the person is signed out, or the server
/// stops. Whoever may not see it gets an answer instead of a stream.
async fn follow<T, F, L>(streams: Streams, actor: Actor, session: &Session, look: L) -> Response
where
    T: Serialize + PartialEq + Send + 'static,
    F: Future<Output = Seen<T>> + Send + 'static,
    L: Fn(Actor) -> F + Send + 'static,
{
    let first = match look(actor.clone()).await {
        Ok(first) => first,
        Err(error) => return refusal::say(&AppError::from(error)),
    };
    let watch = Watch { token: session::token(session), portal: streams.services.portal, actor, looks: 0 };
    let events = events(first, watch, look);
    let until = streams.stop.cancelled_owned();
    Sse::new(stream::StreamExt::take_until(events, until))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

fn events<T, F, L>(
    first: (bool, T),
    watch: Watch,
    look: L,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static
where
    T: Serialize + PartialEq + Send + 'static,
    F: Future<Output = Seen<T>> + Send + 'static,
    L: Fn(Actor) -> F + Send + 'static,
{
    // What is to be sent next, and what was sent last.
    let state = (Some(first), None::<T>, watch, look);
    stream::unfold(state, |(mut due, mut sent, mut watch, look)| async move {
        loop {
            if let Some((over, view)) = due.take().filter(|(_, view)| sent.as_ref() != Some(view)) {
                let event = Event::default().json_data(&view).ok()?;
                sent = Some(view);
                if over {
                    watch.looks = u32::MAX;
                }
                return Some((Ok(event), (None, sent, watch, look)));
            }
            if watch.looks == u32::MAX {
                return None;
            }
            tokio::time::sleep(LOOK).await;
            watch.looks += 1;
            if watch.looks.is_multiple_of(LOOKS_PER_CHECK) && !watch.is_still_allowed().await {
                return None;
            }
            due = match look(watch.actor.clone()).await {
                Ok(seen) => Some(seen),
                // The database may be back at the next look.
                Err(backup::Error::Store(_)) => None,
                Err(_) => return None,
            };
        }
    })
}

/// Who watches.
struct Watch {
    token: Option<TokenHash>,
    portal: Portal,
    actor: Actor,
    looks: u32,
}

impl Watch {
    /// Reads the session and the role anew; a database that does not answer is asked again later.
    async fn is_still_allowed(&mut self) -> bool {
        let Some(token) = self.token else { return false };
        let session = self.portal.store().load_session(token, self.portal.alive()).await;
        if matches!(session, Ok(None)) {
            return false;
        }
        let address = self.actor.address.clone();
        let identity = Who::Organization(self.actor.clone()).identity();
        match self.portal.who(identity, &address).await {
            Ok(Some(Who::Organization(actor))) => {
                self.actor = actor;
                true
            }
            Ok(_) => false,
            Err(_) => true,
        }
    }
}
