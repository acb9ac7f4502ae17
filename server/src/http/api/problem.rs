//! Errors as RFC 9457 has them.

use app::error::AppError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// What went wrong: of which sort, and in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The sort, for programs: "urn:holdfast:problem:not-found".
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// The sort, for people.
    pub(super) title: String,
    pub(super) status: u16,
    /// What happened, what was kept, and what to do next.
    pub(super) detail: String,
    /// What the request got wrong, where one thing is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<String>,
}

/// What any route may answer instead.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it is read by the document only")]
pub(super) enum Problems {
    /// No token, or one that opens nothing.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(#[to_schema] Problem),
    /// The token, or its maker's role, does not allow it; or it is switched off for the organization.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// It is not there, or not for this token to know of.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] Problem),
    /// It cannot be done as things stand.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// Something in the request cannot be used.
    #[response(status = 422, content_type = "application/problem+json")]
    Unusable(#[to_schema] Problem),
    /// Too many requests. Retry-After says when to go on.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] Problem),
    /// Something failed on our side.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(#[to_schema] Problem),
}

impl Problem {
    fn new(status: u16, slug: &str, title: &str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:holdfast:problem:{slug}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            field: None,
        }
    }

    pub(super) fn unauthorized(detail: &str) -> Problem {
        Problem::new(401, "unauthorized", "No valid token", detail)
    }

    pub(super) fn not_found() -> Problem {
        Problem::from(AppError::from(backup::Error::NotFound))
    }

    pub(super) fn method_not_allowed() -> Problem {
        let detail = "This address does not take that method. The OpenAPI document says which it takes.";
        Problem::new(405, "method-not-allowed", "Method not allowed", detail)
    }

    pub(super) fn too_many(seconds: u64) -> Problem {
        let detail = format!("Too many requests in a short time. Go on in {seconds} seconds.");
        Problem::new(429, "too-many-requests", "Too many requests", detail)
    }

    /// What it sent as the place where a page begins is none.
    pub(super) fn bad_mark() -> Problem {
        Problem::unusable("after", "Send what the page before gave as next, as it is.")
    }

    pub(super) fn unusable(field: &str, detail: &str) -> Problem {
        Problem { field: Some(field.to_owned()), ..Problem::new(422, "unusable", "Not usable", detail) }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        let (slug, title) = match &error {
            AppError::NotFound(_) => ("not-found", "Not found"),
            AppError::Unauthenticated(_) => ("unauthorized", "No valid token"),
            AppError::Forbidden(_) => ("forbidden", "Not allowed"),
            AppError::Invalid { .. } => ("unusable", "Not usable"),
            AppError::Refused(_) => ("refused", "Not possible now"),
            AppError::Upstream(_) => ("upstream", "Microsoft did not answer as hoped"),
            AppError::Unreachable(_) | AppError::Internal(_) => ("internal", "Our own fault"),
        };
        let field = error.field().map(str::to_owned);
        Problem { field, ..Problem::new(error.status(), slug, title, error.message()) }
    }
}

impl From<portal::Error> for Problem {
    fn from(error: portal::Error) -> Problem {
        // What is not there reads alike, whichever service looked for it.
        match error {
            portal::Error::NotFound => Problem::not_found(),
            other => AppError::from(other).into(),
        }
    }
}

impl From<backup::Error> for Problem {
    fn from(error: backup::Error) -> Problem {
        AppError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(serde_json::to_string(&self).unwrap_or_default()));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"holdfast\""));
        }
        response
    }
}
