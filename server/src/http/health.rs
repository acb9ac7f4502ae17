//! For whoever watches over the process: `/healthz` says that it lives, `/readyz` that it can work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Router, routing::get};
use store::Store;

pub(super) fn router(store: Store) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(store)
}

async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    match store.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
