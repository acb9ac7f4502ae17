//! The one pipe between the browser and the server functions.
//!
//! Leptos can call each server function with its own types all the way; every call, form and resource then brings a
//! copy of the machinery with it, which made half of the WASM. Here what travels is text, through one copy of the
//! machinery, and only its end is typed: [`ask`] takes a server function's arguments, [`read`] makes a value of the
//! answer.

mod errors;
mod form;
#[cfg(feature = "ssr")]
mod once;
#[cfg(feature = "hydrate")]
mod send;

pub use errors::Errors;
pub use form::{GetForm, SendForm, Sending};
#[cfg(feature = "ssr")]
pub use once::ask_once;

use crate::error::AppError;
use leptos::server::codee::string::FromToStringCodec;
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Serialize, de::DeserializeOwned};
use std::{convert::Infallible, fmt, pin::Pin, str::FromStr};

/// What a server function said: its value as JSON, or its error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer(pub Result<String, AppError>);

/// As it is written into the page: `+` and the value, or `-` and the error.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(json) => write!(f, "+{json}"),
            Err(error) => write!(f, "-{}", serde_json::to_string(error).map_err(|_| fmt::Error)?),
        }
    }
}

impl FromStr for Answer {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Answer(match text.strip_prefix('+') {
            Some(json) => Ok(json.to_owned()),
            None => Err(error_of(text.get(1..).unwrap_or_default())),
        }))
    }
}

/// The error that a text says.
fn error_of(json: &str) -> AppError {
    serde_json::from_str(json).unwrap_or_else(|_| AppError::not_understood())
}

/// The value of an answer.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, AppError> {
    serde_json::from_str(json).map_err(|_| AppError::not_understood())
}

/// Answers that a page waits for.
pub type Answers = Resource<Answer, FromToStringCodec>;

type Running = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A call of a server function, not made yet.
#[derive(Clone)]
pub struct Ask {
    path: &'static str,
    body: String,
    /// On the server it is called where it is, not over HTTP.
    #[cfg(feature = "ssr")]
    run: std::sync::Arc<dyn Fn() -> Running + Send + Sync>,
}

impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.body == other.body
    }
}

/// Asks a server function, given as its arguments.
pub fn ask<F>(arguments: F) -> Ask
where
    F: ServerFn<Error = AppError> + Serialize + Clone + Send + Sync + 'static,
    F::Output: Serialize,
{
    Ask {
        path: F::PATH,
        body: serde_qs::to_string(&arguments).unwrap_or_default(),
        #[cfg(feature = "ssr")]
        run: std::sync::Arc::new(move || {
            let called = arguments.clone().run_body();
            Box::pin(async move {
                let json = |value| serde_json::to_string(&value).map_err(|_| AppError::internal());
                Answer(called.await.and_then(json))
            })
        }),
    }
}

impl Ask {
    /// What a form says, as it is; in the browser only.
    fn text(path: &'static str, body: String) -> Self {
        Self {
            path,
            body,
            #[cfg(feature = "ssr")]
            run: std::sync::Arc::new(|| Box::pin(async { Answer(Err(AppError::internal())) })),
        }
    }

    /// Makes the call.
    pub fn send(self) -> Running {
        #[cfg(feature = "ssr")]
        return match once::Once::of_page() {
            Some(page) => page.ask((self.path, self.body), || (self.run)()),
            None => (self.run)(),
        };
        #[cfg(feature = "hydrate")]
        return Box::pin(send_wrapper::SendWrapper::new(send::post(self.path, self.body)));
        #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
        return Box::pin(async { Answer(Err(AppError::internal())) });
    }
}

/// Answers for as long as the page is there: asks anew when the question changes.
pub fn answers(question: impl Fn() -> Ask + Send + Sync + 'static) -> Answers {
    let question: Box<dyn Fn() -> Ask + Send + Sync> = Box::new(question);
    Resource::new_str(question, Ask::send)
}

#[cfg(test)]
mod tests {
    use super::Answer;
    use crate::error::AppError;

    #[test]
    fn an_answer_survives_the_page() {
        for answer in [Answer(Ok("{\"a\":\"+-\"}".into())), Answer(Err(AppError::Refused("No.".into())))] {
            assert_eq!(answer.to_string().parse(), Ok(answer));
        }
    }
}
