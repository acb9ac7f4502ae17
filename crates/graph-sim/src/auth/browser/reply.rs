//! The way back to the application: a redirect, or a form that a browser posts.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::page;

/// How the application wants its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Query,
    Fragment,
    FormPost,
}

impl Mode {
    pub(super) fn read(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("query") => Some(Self::Query),
            Some("fragment") => Some(Self::Fragment),
            Some("form_post") => Some(Self::FormPost),
            Some(_) => None,
        }
    }
}

/// Percent-encodes a query value.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (b as char).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// Sends the browser somewhere.
pub(super) fn redirect(location: &str) -> Response {
    (StatusCode::FOUND, [("location", location), ("cache-control", "no-store")]).into_response()
}

/// Sends fields to a registered address.
pub(super) fn back(mode: Mode, uri: &str, fields: &[(&str, String)]) -> Response {
    if mode == Mode::FormPost {
        let content = format!(
            "<form method=\"post\" action=\"{}\">{}<p>You are being sent back to the application.</p><button class=\"first\" type=\"submit\">Continue</button></form><script>document.forms[0].submit()</script>",
            page::escape(uri),
            page::hidden(fields.iter().map(|(name, value)| (*name, value.as_str()))),
        );
        return page::page(200, "Continue", &content, true);
    }
    let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let join = match mode {
        Mode::Fragment => '#',
        _ if uri.contains('?') => '&',
        _ => '?',
    };
    redirect(&format!("{uri}{join}{}", query.join("&")))
}
