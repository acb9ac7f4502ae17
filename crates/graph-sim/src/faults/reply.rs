//! What faults answer instead of the service.

use serde_json::Value;

use super::matching::Asked;
use super::rule::StatusAction;
use crate::reply::{Content, GraphError, Reply};
use crate::throttle::{retry_after, too_many};

/// Dates in headers are the wall's: a client compares them with its own clock.
fn real_now() -> i64 {
    crate::graph::real_now()
}

/// The answer of a status action; `wait` seconds are left to be waited.
pub(super) fn status(action: &StatusAction, wait: f64) -> Reply {
    let mut e = if action.status == 429 {
        too_many(None)
    } else {
        let (code, message) = usual(action.status);
        GraphError::new(action.status, code, message)
    };
    if let Some(code) = &action.code {
        e.code.clone_from(code);
    }
    if let Some(message) = &action.message {
        e.message.clone_from(message);
    }
    if let Some(code) = &action.inner_code {
        e.inner_code = Some(code.as_str().into());
    }
    let value = action.retry_after.and_then(|form| retry_after(form, wait, real_now()));
    e.headers.extend(value.map(|v| ("retry-after".into(), v)));
    e.headers.extend(action.throttle_scope.clone().map(|v| ("x-ms-throttle-scope".into(), v)));
    e.headers.extend(action.throttle_information.clone().map(|v| ("x-ms-throttle-information".into(), v)));
    for (name, value) in &action.headers {
        let name = name.to_lowercase();
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        e.headers.retain(|(given, _)| *given != name);
        e.headers.push((name.into(), value));
    }
    let headers = e.headers.clone();
    let content = match (&action.html, &action.body) {
        (Some(html), _) => Content::Text(html.clone()),
        (None, Some(body)) => Content::Json(body.to_string().into_bytes()),
        (None, None) => Content::Error(e),
    };
    Reply { status: action.status, content, headers }
}

/// Code and message that Graph documents for a status (concepts/errors.md).
fn usual(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("Request_BadRequest", "The request is malformed or incorrect."),
        401 => ("InvalidAuthenticationToken", "Access token is empty."),
        403 => ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        404 => (
            "Request_ResourceNotFound",
            "Resource does not exist or one of its queried reference-property objects are not present.",
        ),
        409 => (CONCURRENCY, CONCURRENCY_SAYS),
        500 => ("InternalServerError", "An internal server error occurred. The operation failed."),
        504 => ("GatewayTimeout", "The request timed out."),
        _ => ("ServiceNotAvailable", "The service is temporarily unavailable."),
    }
}

const CONCURRENCY: &str = "Directory_ConcurrencyViolation";
const CONCURRENCY_SAYS: &str = "The directory object was updated by another request. Please try again.";

pub(super) fn expired_page() -> Reply {
    GraphError::new(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    )
    .into_reply()
}

/// Two writes to one object at once.
pub(super) fn concurrency() -> Reply {
    GraphError::new(409, CONCURRENCY, CONCURRENCY_SAYS).into_reply()
}

/// A token is refused, with a place to begin anew where the rule says so.
pub(super) fn token(asked: &Asked<'_>, status: u16, code: &str, message: &str, location: bool) -> Reply {
    let mut e = GraphError::new(status, code, message);
    if location {
        e.headers.push(("location".into(), format!("{}{}?$deltatoken=", asked.base, asked.path)));
    }
    e.into_reply()
}

/// The domain of a principal name is not one of the tenant's.
pub(super) fn unverified_domain() -> Reply {
    let message = "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.";
    let mut e = GraphError::bad("Property userPrincipalName is invalid.");
    e.details.push(("InvalidValue".to_owned(), message.to_owned(), "userPrincipalName".to_owned()));
    e.into_reply()
}

/// A page in JSON.
pub(super) fn json(body: &Value) -> Reply {
    Reply::json(200, body.to_string().into_bytes())
}
