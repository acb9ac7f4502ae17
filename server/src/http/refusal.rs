//! Answers for those who may not pass, in the form that they can read.

use app::account::server::is_ours;
use app::error::AppError;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::server_fn::error::FromServerFnError;
use uuid::Uuid;

/// Nobody is signed in: a page leads to the sign-in and back, everything else says so.
pub(super) fn sign_in_first(request: &Request) -> Response {
    if !wants_html(request.headers()) {
        return say(&AppError::signed_out());
    }
    let from = match *request.method() {
        Method::GET | Method::HEAD => request.uri().path_and_query().map(|p| p.as_str().to_owned()),
        // A form was sent: back to the page that it is on.
        _ => page_before(request.headers()),
    };
    match from.filter(|path| path != "/" && is_ours(path)) {
        Some(path) => Redirect::to(&format!("/signin?next={}", app::reply::escape(&path))).into_response(),
        None => Redirect::to("/signin").into_response(),
    }
}

/// A visit is over, by its hour or by the customer's wish: a page leads back to the customer's page, where that is said.
pub(super) fn visit_ended(request: &Request, organization: Uuid) -> Response {
    if wants_html(request.headers()) {
        let path = app::partner::paths::organization(organization);
        return Redirect::to(&format!("{path}?visit=ended")).into_response();
    }
    say(&AppError::Forbidden(
        "The visit is over: its hour has passed, or the customer has forbidden visits. Nothing was changed. Reload the \
         page to go on in the Partner Portal."
            .to_owned(),
    ))
}

/// The error as our own scripts read it, with its status.
pub(super) fn say(error: &AppError) -> Response {
    let mut response = Response::new(Body::from(error.ser()));
    *response.status_mut() =
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Whether a person looks at the answer.
pub(super) fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|kinds| kinds.contains("text/html"))
}

fn page_before(headers: &HeaderMap) -> Option<String> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    referer.path_and_query().map(|p| p.as_str().to_owned())
}
