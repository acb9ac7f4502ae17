//! The control API under `/sim/`.

use axum::response::Response;
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::counters::Counters;
use crate::lock;
use crate::server::json_response;
use crate::shared::Shared;

/// Serves a control request.
pub(crate) async fn serve(shared: &Shared, method: &Method, path: &str, query: &str, body: &Bytes) -> Response {
    let _ = query;
    let _: Value = serde_json::from_slice(body).unwrap_or_default();
    match (method, path) {
        (&Method::GET, "export") => json_response(200, &shared.read().export()),
        (&Method::GET, "counters") => json_response(200, &json!(lock(&shared.counters).clone())),
        (&Method::DELETE, "counters") => {
            *lock(&shared.counters) = Counters::default();
            json_response(200, &json!({}))
        }
        _ => json_response(404, &json!({"error": "no such control"})),
    }
}
