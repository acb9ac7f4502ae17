//! What went wrong, in words for the person who asked.

use crate::reply;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a server function did not do what was asked. Every kind carries its sentence: what happened, what was kept,
/// what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppError {
    /// Not there, or not for this person to know of.
    NotFound(String),
    /// Nobody is signed in, or not any more.
    Unauthenticated(String),
    /// The person's role does not allow it.
    Forbidden(String),
    /// What was entered cannot be used; `field` names where, and is empty where no single field is to blame.
    Invalid { field: String, message: String },
    /// It cannot be done as things stand; nothing was changed.
    Refused(String),
    /// Microsoft Graph or its sign-in refused or failed.
    Upstream(String),
    /// The server could not be reached. Made in the browser only.
    Unreachable(String),
    /// Our own fault.
    Internal(String),
}

impl AppError {
    /// The sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            AppError::NotFound(message)
            | AppError::Unauthenticated(message)
            | AppError::Forbidden(message)
            | AppError::Invalid { message, .. }
            | AppError::Refused(message)
            | AppError::Upstream(message)
            | AppError::Unreachable(message)
            | AppError::Internal(message) => message,
        }
    }

    /// Which field of the form it is about, if it is about one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            AppError::Invalid { field, .. } if !field.is_empty() => Some(field),
            _ => None,
        }
    }

    /// The status of the response.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            AppError::NotFound(_) => 404,
            AppError::Unauthenticated(_) => 401,
            AppError::Forbidden(_) => 403,
            AppError::Invalid { .. } => 422,
            AppError::Refused(_) => 409,
            AppError::Upstream(_) => 502,
            AppError::Unreachable(_) => 503,
            AppError::Internal(_) => 500,
        }
    }

    /// Nobody is signed in, or not any more.
    #[must_use]
    pub fn signed_out() -> AppError {
        AppError::Unauthenticated("You are not signed in, or not any more. Sign in to go on.".to_owned())
    }

    /// Something of ours failed; the log says what.
    #[must_use]
    pub fn internal() -> AppError {
        AppError::Internal(
            "Something failed on our side. Nothing was lost; try again in a moment.".to_owned(),
        )
    }

    /// What the browser asked for cannot be read.
    #[must_use]
    pub fn unreadable() -> AppError {
        AppError::Invalid {
            field: String::new(),
            message: "The request could not be read. Reload the page and try again.".to_owned(),
        }
    }

    /// What the server said cannot be read: the page is older than the server.
    #[must_use]
    pub fn not_understood() -> AppError {
        AppError::Internal(
            "This page and the server do not understand each other; the server was probably updated. Reload the page."
                .to_owned(),
        )
    }

    /// The same error, said by the HTTP response as well.
    #[must_use]
    pub fn reply(self) -> AppError {
        reply::failure(self.status());
        self
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => AppError::unreadable().reply(),
            ServerFnErrorErr::Request(_) => AppError::Unreachable(
                "The server cannot be reached. Check your connection and try again.".to_owned(),
            ),
            // Of a request's body on the server, of an answer in the browser.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => AppError::unreadable().reply(),
            ServerFnErrorErr::Deserialization(_) => AppError::not_understood(),
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => AppError::internal().reply(),
        }
    }
}
