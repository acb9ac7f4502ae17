//! What is known of every request afterwards, and what becomes of a panic.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use app::error::AppError;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::refusal;

/// A number for the request, and a line in the log when it has been answered.
pub(super) async fn trace(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let path = shown(request.uri().path());
    let span = tracing::info_span!("request", id, method = %request.method(), path);
    let start = Instant::now();
    async move {
        let mut response = next.run(request).await;
        let (status, ms) = (response.status().as_u16(), start.elapsed().as_millis());
        match status {
            500.. => tracing::warn!(status, ms, "answered"),
            _ if response.headers().contains_key(header::LAST_MODIFIED) => {
                tracing::debug!(status, ms, "answered");
            }
            _ => tracing::info!(status, ms, "answered"),
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
    .instrument(span)
    .await
}

/// A path without the secret that one of them has in it. Queries hold names, and are not logged at all.
fn shown(path: &str) -> String {
    match path.strip_prefix("/setup/") {
        Some(_) => "/setup/…".to_owned(),
        None => path.to_owned(),
    }
}

/// Our own mistake is not the reader's: they get a calm answer, the log the rest.
pub(super) async fn catch_panic(request: Request, next: Next) -> Response {
    let html = refusal::wants_html(request.headers());
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("a request panicked");
            if html { page() } else { refusal::say(&AppError::internal()) }
        }
    }
}

fn page() -> Response {
    let page = "<!DOCTYPE html><html lang=\"en\"><title>Something failed · Holdfast</title><h1>Something failed on \
                our side</h1><p>Nothing was lost. Try again in a moment, or <a href=\"/\">go to the start</a>.</p></html>";
    (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_secret_is_logged() {
        assert_eq!(shown("/setup/abc"), "/setup/…");
        assert_eq!(shown("/t/1/browse"), "/t/1/browse");
    }
}
