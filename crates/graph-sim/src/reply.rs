//! Answers and errors of the simulated service.

use std::borrow::Cow;

use crate::text::{iso, push_str};

/// What a request is answered with.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content: Content,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    None,
    Json(Vec<u8>),
    Text(String),
    /// An error; its body names the request and is written last.
    Error(GraphError),
}

impl Reply {
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Self {
        Self { status, content: Content::Json(body), headers: Vec::new() }
    }

    pub(crate) fn text(body: String) -> Self {
        Self { status: 200, content: Content::Text(body), headers: Vec::new() }
    }

    pub(crate) fn no_content() -> Self {
        Self { status: 204, content: Content::None, headers: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// An error in Graph's form.
#[derive(Debug, Clone, Default)]
pub(crate) struct GraphError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// Code, message and target of each detail.
    pub(crate) details: Vec<(String, String, String)>,
    /// A more specific code inside `innerError`.
    pub(crate) inner_code: Option<Box<str>>,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
}

pub(crate) type Result<T> = std::result::Result<T, GraphError>;

impl GraphError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), ..Self::default() }
    }

    /// 400 Request_BadRequest.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "Request_BadRequest", message)
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    pub(crate) fn not_found(id: &str) -> Self {
        Self::new(
            404,
            "Request_ResourceNotFound",
            format!(
                "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
            ),
        )
    }

    /// A missing permission and a missing directory role look the same.
    pub(crate) fn denied() -> Self {
        Self::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    }

    pub(crate) fn conflict(properties: &[&str]) -> Self {
        let first = properties.first().copied().unwrap_or("id");
        let mut e =
            Self::bad(format!("Another object with the same value for property {first} already exists."));
        for property in properties {
            e.details.push((
                "ObjectConflict".to_owned(),
                format!("Another object with the same value for property {property} already exists."),
                (*property).to_owned(),
            ));
        }
        e
    }

    pub(crate) fn into_reply(self) -> Reply {
        Reply { status: self.status, headers: self.headers.clone(), content: Content::Error(self) }
    }

    /// The body, with the ids of the request it answers.
    pub(crate) fn body(&self, now: i64, request_id: &str, client_request_id: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(400);
        out.extend_from_slice(b"{\"error\":{\"code\":");
        push_str(&mut out, &self.code);
        out.extend_from_slice(b",\"message\":");
        push_str(&mut out, &self.message);
        if !self.details.is_empty() {
            out.extend_from_slice(b",\"details\":[");
            for (i, (code, message, target)) in self.details.iter().enumerate() {
                out.extend_from_slice(if i > 0 { b",{\"code\":" } else { b"{\"code\":" });
                push_str(&mut out, code);
                out.extend_from_slice(b",\"message\":");
                push_str(&mut out, message);
                out.extend_from_slice(b",\"target\":");
                push_str(&mut out, target);
                out.push(b'}');
            }
            out.push(b']');
        }
        out.extend_from_slice(b",\"innerError\":{");
        if let Some(code) = &self.inner_code {
            out.extend_from_slice(b"\"code\":");
            push_str(&mut out, code);
            out.push(b',');
        }
        out.extend_from_slice(b"\"date\":");
        push_str(&mut out, iso(now).trim_end_matches('Z'));
        out.extend_from_slice(b",\"request-id\":");
        push_str(&mut out, request_id);
        out.extend_from_slice(b",\"client-request-id\":");
        push_str(&mut out, client_request_id);
        out.extend_from_slice(b"}}}");
        out
    }
}
