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
    let span = tracing::info_span!("request", id, method = %request.method(), path = path.as_str());
    let start = Instant::now();
    async move {
        let mut response = next.run(request).await;
        let (status, ms) = (response.status().as_u16(), start.elapsed().as_millis());
        let is_watch = matches!(path.as_str(), "/healthz" | "/readyz");
        match status {
            500.. => tracing::warn!(status, ms, "answered"),
            _ if is_watch || response.headers().contains_key(header::LAST_MODIFIED) => {
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

/// A path without the secret that some have in them. Queries hold names, and are not logged at all.
fn shown(path: &str) -> String {
    for secret in super::LINKS {
        if path.starts_with(secret) {
            return format!("{secret}…");
        }
    }
    path.to_owned()
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
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::{Request, catch_panic, shown};

    #[tokio::test]
    async fn a_panic_is_answered_calmly() {
        async fn bad() -> &'static str {
            panic!("a secret of ours")
        }
        let router = Router::new().route("/", get(bad)).layer(from_fn(catch_panic));
        for accept in ["text/html", "application/json"] {
            let request = Request::builder().uri("/").header("accept", accept).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains("failed on our side") && !text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn no_secret_is_logged() {
        assert_eq!(shown("/setup/abc"), "/setup/…");
        assert_eq!(shown("/invite/abc"), "/invite/…");
        assert_eq!(shown("/password/abc"), "/password/…");
        assert_eq!(shown("/email/abc"), "/email/…");
        assert_eq!(shown("/consent/abc/go"), "/consent/…");
        assert_eq!(shown("/t/1/browse"), "/t/1/browse");
    }
}
