//! The pages' HTML: plain forms, readable by everybody.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::people::Problem;
use super::{ANSWERS, Realm, Visit};
use crate::schema::user;
use crate::state::app::APP_NAME;
use crate::state::{Kind, Tenant};

const STYLE: &str = "\
*{box-sizing:border-box}\
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#f3f2f1}\
main{max-width:28rem;margin:10vh auto;padding:2rem;background:#fff;border:1px solid #d2d0ce}\
h1{margin:0 0 1rem;font-size:1.5rem;font-weight:600}\
.who{color:#4a4a4a}\
.problem{color:#a4262c}\
label{display:block;margin:1rem 0 .25rem;font-weight:600}\
input{width:100%;padding:.5rem;font:inherit;border:1px solid #666}\
button{margin:1.5rem .5rem 0 0;padding:.5rem 1.25rem;font:inherit;border:1px solid #0b57b0;color:#0b57b0;background:#fff}\
button.first{color:#fff;background:#0b57b0}\
:focus-visible{outline:3px solid #0b57b0;outline-offset:2px}\
li{margin:.5rem 0}code{overflow-wrap:anywhere}";

/// Text as HTML, also within attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A whole page.
pub(super) fn page(status: u16, title: &str, content: &str, script: bool) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"
    );
    let policy = if script {
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    };
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("content-security-policy", policy),
    ];
    (StatusCode::from_u16(status).unwrap_or_default(), headers, html).into_response()
}

/// The page that says why a request goes no further; nothing is sent back to the application.
pub(super) fn refusal(code: u32, text: &str) -> Response {
    let content = format!(
        "<p>Sorry, but we\u{2019}re having trouble signing you in.</p><p class=\"problem\">AADSTS{code}: {}</p>",
        escape(text)
    );
    page(400, "Sign in", &content, false)
}

/// Hidden fields for what a form must carry on.
pub(super) fn hidden<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    fields
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
        })
        .collect()
}

/// What the request asked for, without what a form of these pages added.
pub(super) fn carried(visit: &Visit<'_>) -> String {
    let mut fields: Vec<(&str, &str)> = visit
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !ANSWERS.contains(name))
        .collect();
    fields.sort_unstable();
    hidden(fields.into_iter())
}

/// Accounts that the sign-in page offers of each directory.
const OFFERED: usize = 12;

fn offered(t: &Tenant) -> String {
    t.sets[Kind::User as usize]
        .iter()
        .filter(|oid| t.is_live(**oid) && super::people::enabled(t, **oid))
        .take(OFFERED)
        .map(|oid| {
            let upn = t.object(*oid).rec.str(user::UPN).unwrap_or_default();
            format!("<option value=\"{}\">{}</option>", escape(&upn), escape(&t.name(*oid)))
        })
        .collect()
}

/// The sign-in page, with what was wrong with the last attempt.
pub(super) fn sign_in(visit: &Visit<'_>, realm: &Realm, problem: Option<&Problem>) -> Response {
    let now = visit.shared.clock.now();
    let accounts: String =
        visit.directories(realm).iter().map(|directory| offered(&directory.read(now))).collect();
    let login = visit.get("login").or_else(|| visit.get("login_hint")).unwrap_or_default();
    let (alert, described) = match problem {
        Some(p) => (
            format!(
                "<p class=\"problem\" id=\"problem\" role=\"alert\">AADSTS{}: {}</p>",
                p.code,
                escape(&p.text)
            ),
            " aria-describedby=\"problem\" aria-invalid=\"true\"",
        ),
        None => (String::new(), ""),
    };
    let content = format!(
        "<p class=\"who\">to continue to {APP_NAME}</p>{alert}<form method=\"post\" action=\"{}\">{}\
         <label for=\"login\">User principal name</label>\
         <input id=\"login\" name=\"login\" list=\"accounts\" value=\"{}\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required{described}>\
         <datalist id=\"accounts\">{accounts}</datalist>\
         <label for=\"password\">Password</label>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required>\
         <button class=\"first\" type=\"submit\">Sign in</button></form>",
        escape(visit.path),
        carried(visit),
        escape(login),
    );
    page(200, "Sign in", &content, false)
}
