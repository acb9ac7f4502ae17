//! How what the services say becomes what a page says. Faults of our own are logged here, and only here.

use crate::error::AppError;

impl From<portal::Error> for AppError {
    fn from(error: portal::Error) -> Self {
        use portal::Error;
        let message = error.to_string();
        match error {
            Error::WrongCredentials => AppError::Unauthenticated(message),
            Error::Closed { .. }
            | Error::LinkSpent
            | Error::InvitationSpent
            | Error::MailLinkSpent
            | Error::Stale
            | Error::Microsoft(_)
            | Error::Refused(_) => AppError::Refused(message),
            Error::NoRole | Error::Forbidden | Error::Off(_) => AppError::Forbidden(message),
            Error::NotFound => AppError::NotFound(message),
            Error::Invalid { field, message } => AppError::Invalid { field: field.to_owned(), message },
            Error::Hashing | Error::Store(_) => fault(&error, message),
        }
        .reply()
    }
}

impl From<backup::Error> for AppError {
    fn from(error: backup::Error) -> Self {
        use backup::Error;
        let message = error.to_string();
        match error {
            Error::NotFound => AppError::NotFound(message),
            Error::NotAtPartner | Error::TokenReads | Error::Forbidden(_) | Error::Off(_) => {
                AppError::Forbidden(message)
            }
            Error::Invalid { field, message } => AppError::Invalid { field: field.to_owned(), message },
            Error::Refused(_) | Error::Cancelled | Error::LinkSpent => AppError::Refused(message),
            Error::Graph(_) => AppError::Upstream(message),
            Error::Store(_) => fault(&error, message),
        }
        .reply()
    }
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        fault(&error, AppError::internal().message().to_owned()).reply()
    }
}

fn fault(error: &dyn std::error::Error, message: String) -> AppError {
    tracing::error!(error = %chain(error), "a request failed");
    AppError::Internal(message)
}

/// The error with what is behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
