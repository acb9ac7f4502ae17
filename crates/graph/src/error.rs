//! The one error of this crate: what was answered, what it means, and whether it is known that a
//! write did not happen.

use std::{
    borrow::Cow,
    error::Error as _,
    fmt::{self, Write as _},
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::{
    Hosts,
    meaning::{self, Meaning},
    retry,
};

/// Why a request to Microsoft Graph, or the sign-in before it, did not give an answer.
#[derive(Clone, thiserror::Error)]
#[error("{}", .0.line())]
pub struct Error(Arc<Facts>);

/// One entry of Graph's `details`, which names the attribute that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Graph's code, for instance `ObjectConflict`.
    pub code: String,
    /// Graph's own words.
    pub message: String,
    /// The attribute, where named.
    pub target: Option<String>,
}

/// What kind of failure it was, for deciding on another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Refused for want of quota, before it was carried out.
    Throttled,
    /// The service failed; a write may have happened.
    Unavailable,
    /// The connection failed, before or after the request was sent.
    Network { sent: bool },
    /// An answer came and cannot be read.
    Garbled,
    /// Asking again gives the same.
    Final,
}

#[derive(Clone, Copy, Debug)]
enum Origin {
    Graph,
    SignIn,
    Local,
}

#[derive(Clone, Debug)]
struct Facts {
    origin: Origin,
    status: Option<u16>,
    codes: Vec<String>,
    message: String,
    details: Vec<Detail>,
    request_id: Option<String>,
    client_request_id: Option<String>,
    aadsts: Option<u32>,
    meaning: Meaning,
    fault: Fault,
    retry_after: Option<Duration>,
    throttle_scope: Option<String>,
    outcome_unknown: bool,
}

impl Error {
    /// The HTTP status, where an answer came.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The most specific code: Graph's innermost that says anything, or the OAuth error.
    pub fn code(&self) -> Option<&str> {
        self.0.codes.last().map(String::as_str)
    }

    /// Microsoft's own words, or ours where there are none. Not to be branched on.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Which attributes were refused, where Graph says so.
    pub fn details(&self) -> &[Detail] {
        &self.0.details
    }

    /// Microsoft's id of the request (or trace id of the sign-in), which their support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Our id of the request (or correlation id of the sign-in).
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }

    /// The login authority's AADSTS number.
    pub fn aadsts(&self) -> Option<u32> {
        self.0.aadsts
    }

    /// How long Microsoft asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether it was the sign-in that failed, not Graph.
    pub fn is_sign_in(&self) -> bool {
        matches!(self.0.origin, Origin::SignIn)
    }

    /// What it means to the person who has to act.
    pub fn meaning(&self) -> &Meaning {
        &self.0.meaning
    }

    /// What happened and what to do next, for the page that shows it. A number of the login authority that is not
    /// known comes with the address of Microsoft's page about it, as the last word.
    pub fn sentence(&self) -> Cow<'static, str> {
        let sentence = self.0.meaning.sentence();
        match self.0.aadsts {
            Some(code) if meaning::sign_in::of_code(code).is_none() => {
                let page = meaning::sign_in::look_up(code);
                Cow::Owned(match self.0.meaning {
                    Meaning::Other => format!(
                        "Microsoft refused the sign-in with a code that has no known remedy here. Look AADSTS{code} up at {page}"
                    ),
                    _ => format!("{sentence} Microsoft says more about AADSTS{code} at {page}"),
                })
            }
            _ => Cow::Borrowed(sentence),
        }
    }

    /// Whether a write may or may not have been applied. Look at the target before writing again.
    pub fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// Whether the same request may succeed later without anybody doing anything. Says nothing about
    /// a write's outcome: see [`Error::outcome_unknown`].
    pub fn is_transient(&self) -> bool {
        self.0.fault != Fault::Final
            || self.0.codes.iter().any(|code| code.eq_ignore_ascii_case("Directory_ConcurrencyViolation"))
    }

    pub(crate) fn fault(&self) -> Fault {
        self.0.fault
    }

    pub(crate) fn throttle_scope(&self) -> Option<&str> {
        self.0.throttle_scope.as_deref()
    }

    /// Whether Graph has certainly not carried out the request, so that even a write may be sent
    /// again.
    pub(crate) fn certainly_not_applied(&self) -> bool {
        match self.0.fault {
            Fault::Throttled => true,
            Fault::Unavailable => self.0.status == Some(503) && self.0.retry_after.is_some(),
            Fault::Network { sent } => !sent,
            Fault::Garbled => false,
            Fault::Final => true,
        }
    }

    /// The same error, seen from the caller of a write.
    pub(crate) fn of_write(self) -> Error {
        let outcome_unknown = !self.certainly_not_applied();
        self.change(|facts| facts.outcome_unknown = outcome_unknown)
    }

    pub(crate) fn for_sign_in(self) -> Error {
        self.change(|facts| facts.origin = Origin::SignIn)
    }

    /// The error for logs: without Microsoft's words, which quote names and values of the tenant.
    pub(crate) fn brief(&self) -> String {
        match (self.0.status, self.0.codes.last()) {
            (Some(status), Some(code)) => format!("{status} {code}"),
            (Some(status), None) => status.to_string(),
            // Nothing came from Microsoft, so the words are ours or the network's.
            (None, _) => self.0.message.clone(),
        }
    }

    /// Adds the ids under which the request can be found in Microsoft's logs.
    pub(crate) fn with_ids(self, request: Option<&str>, client: Option<&str>) -> Error {
        self.change(|facts| {
            facts.request_id = facts.request_id.take().or_else(|| request.map(str::to_owned));
            facts.client_request_id = facts.client_request_id.take().or_else(|| client.map(str::to_owned));
        })
    }

    /// Drops the place to start a delta query again if it lies on another host.
    pub(crate) fn without_foreign_restart(self, hosts: &Hosts) -> Error {
        match self.meaning() {
            Meaning::DeltaExpired { restart: Some(link) }
                if !Url::parse(link).is_ok_and(|link| hosts.owns(&link)) =>
            {
                self.change(|facts| facts.meaning = Meaning::DeltaExpired { restart: None })
            }
            _ => self,
        }
    }

    fn change(mut self, how: impl FnOnce(&mut Facts)) -> Error {
        how(Arc::make_mut(&mut self.0));
        self
    }

    fn local(meaning: Meaning, fault: Fault, message: impl Into<String>) -> Error {
        Error(Arc::new(Facts {
            origin: Origin::Local,
            status: None,
            codes: Vec::new(),
            message: message.into(),
            details: Vec::new(),
            request_id: None,
            client_request_id: None,
            aadsts: None,
            meaning,
            fault,
            retry_after: None,
            throttle_scope: None,
            outcome_unknown: false,
        }))
    }

    pub(crate) fn misconfigured(message: impl Into<String>) -> Error {
        Error::local(Meaning::Misconfigured, Fault::Final, message)
    }

    /// Not asked, since Graph has said to come again only after `wait`.
    pub(crate) fn closed(wait: Duration) -> Error {
        Error::local(
            Meaning::Throttled,
            Fault::Throttled,
            "Microsoft Graph asked for a wait that is not over",
        )
        .with_wait(wait)
    }

    /// The same error with the wait that is left.
    pub(crate) fn with_wait(self, wait: Duration) -> Error {
        self.change(|facts| facts.retry_after = Some(wait))
    }

    pub(crate) fn foreign_link() -> Error {
        // Without the link: it may hold a token.
        Error::local(
            Meaning::ForeignLink,
            Fault::Final,
            "a link in the answer leaves the connection's own Microsoft Graph",
        )
    }

    /// An answer that cannot be read; `again` when another attempt may give a better one.
    pub(crate) fn bad_answer(message: impl Into<String>, again: bool) -> Error {
        Error::local(Meaning::BadAnswer, if again { Fault::Garbled } else { Fault::Final }, message)
    }

    /// JSON that does not parse. A break in the text is a broken answer; a text that is whole and
    /// has another shape is the same on the next attempt.
    #[must_use]
    pub fn json(error: &serde_json::Error) -> Error {
        // serde's messages quote values; the position is enough.
        let kind = match error.classify() {
            serde_json::error::Category::Data => "has an unexpected shape",
            serde_json::error::Category::Eof => "ends too early",
            _ => "is not JSON",
        };
        let place = format!("the answer {kind} (line {}, column {})", error.line(), error.column());
        Error::bad_answer(place, !error.is_data())
    }

    pub(crate) fn timeout(what: &str) -> Error {
        Error::local(Meaning::NetworkDown, Fault::Network { sent: true }, format!("no {what} in time"))
    }

    pub(crate) fn network(error: reqwest::Error) -> Error {
        // The address may hold ids and paging tokens.
        let error = error.without_url();
        let sent = !error.is_connect();
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            let _ = write!(message, ": {inner}");
            source = inner.source();
        }
        if error.is_builder() {
            return Error::misconfigured(message);
        }
        Error::local(Meaning::NetworkDown, Fault::Network { sent }, message)
    }

    /// The same error with the status of the answer it was found in.
    pub(crate) fn with_status(self, status: u16) -> Error {
        self.change(|facts| {
            facts.origin = Origin::Graph;
            facts.status = Some(status);
        })
    }

    /// An error answer of Graph, or a 200 that holds an error object.
    pub(crate) fn graph(status: u16, headers: &HeaderMap, body: Option<&Value>) -> Error {
        let object = body.and_then(|body| body.get("error")).filter(|error| error.is_object());
        let said = object.map(Said::read).unwrap_or_default();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let restart = text("location");
        let mut meaning = meaning::of_graph(status, &said.codes, &said.message, restart);
        let mut fault = match (status, &meaning) {
            (_, Meaning::Throttled) => Fault::Throttled,
            (408 | 500 | 502..=599, _) => Fault::Unavailable,
            _ => Fault::Final,
        };
        if status < 400 && meaning == Meaning::Other {
            meaning = Meaning::BadAnswer;
            fault = Fault::Garbled;
        } else if object.is_none() && matches!(status, 400 | 402..=407 | 409 | 411..=428 | 430..=499) {
            // Graph always says why. Something in between that does not must never be taken for
            // "the object is gone".
            meaning = Meaning::BadAnswer;
            fault = Fault::Garbled;
        }
        let message = if said.message.is_empty() {
            match object {
                Some(_) => "no message".to_owned(),
                None => "the answer does not say why".to_owned(),
            }
        } else {
            said.message
        };
        Error(Arc::new(Facts {
            origin: Origin::Graph,
            status: Some(status),
            codes: said.codes,
            message,
            details: said.details,
            request_id: text("request-id").or(said.request_id),
            client_request_id: text("client-request-id").or(said.client_request_id),
            aadsts: None,
            meaning,
            fault,
            retry_after: retry::retry_after(headers, SystemTime::now()),
            throttle_scope: text("x-ms-throttle-scope"),
            outcome_unknown: false,
        }))
    }

    /// An error answer of the login authority.
    pub(crate) fn sign_in(status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
        let said: SignInBody = serde_json::from_slice(body).unwrap_or_default();
        let aadsts = said.error_codes.first().copied();
        let meaning = meaning::of_sign_in(status, &said.error, aadsts);
        let fault = match (status, &meaning) {
            (429, _) => Fault::Throttled,
            (_, Meaning::Throttled) => Fault::Throttled,
            (500..=599, _) | (_, Meaning::ServiceUnavailable) => Fault::Unavailable,
            _ if said.error.is_empty() => Fault::Garbled,
            _ => Fault::Final,
        };
        let meaning = if fault == Fault::Garbled { Meaning::BadAnswer } else { meaning };
        // The first line; what follows are the ids that we carry apart.
        let message = said.error_description.lines().next().unwrap_or_default();
        let message = message.split(" Trace ID:").next().unwrap_or_default().trim();
        Error(Arc::new(Facts {
            origin: Origin::SignIn,
            status: Some(status),
            codes: if said.error.is_empty() { Vec::new() } else { vec![said.error] },
            message: if message.is_empty() { "the answer does not say why" } else { message }.to_owned(),
            details: Vec::new(),
            request_id: said.trace_id,
            client_request_id: said.correlation_id,
            aadsts,
            meaning,
            fault,
            retry_after: retry::retry_after(headers, SystemTime::now()),
            throttle_scope: None,
            outcome_unknown: false,
        }))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("status", &self.0.status)
            .field("codes", &self.0.codes)
            .field("message", &self.0.message)
            .field("details", &self.0.details)
            .field("meaning", &self.0.meaning)
            .field("fault", &self.0.fault)
            .field("outcome_unknown", &self.0.outcome_unknown)
            .field("request_id", &self.0.request_id)
            .finish_non_exhaustive()
    }
}

impl Facts {
    fn line(&self) -> String {
        let mut line = match self.origin {
            Origin::Graph => "Microsoft Graph".to_owned(),
            Origin::SignIn => "sign-in".to_owned(),
            Origin::Local => String::new(),
        };
        if let Some(status) = self.status {
            let _ = write!(line, " answered {status}");
        }
        if let Some(code) = self.codes.last() {
            let _ = write!(line, " {code}");
        }
        if let Some(aadsts) = self.aadsts {
            let _ = write!(line, " AADSTS{aadsts}");
        }
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&self.message);
        if let Some(id) = &self.request_id {
            let _ = write!(line, " (request id {id})");
        }
        line
    }
}

/// Whether a body that came with a good status is an error all the same.
///
/// Some resources have a property named `error` of their own; those have an id.
pub(crate) fn is_error_object(body: &Value) -> bool {
    body.get("id").is_none()
        && body.get("error").is_some_and(|error| error.get("code").is_some_and(Value::is_string))
}

#[derive(Default)]
struct Said {
    codes: Vec<String>,
    message: String,
    details: Vec<Detail>,
    request_id: Option<String>,
    client_request_id: Option<String>,
}

impl Said {
    /// Reads leniently: casing varies, lists may be null, and inner errors nest.
    fn read(error: &Value) -> Said {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let mut said = Said { message: text(error, "message").unwrap_or_default(), ..Said::default() };
        let mut next = Some(error);
        // A bound, since the nesting is the sender's.
        for _ in 0..10 {
            let Some(level) = next else { break };
            if let Some(code) = text(level, "code") {
                // An inner "429" says less than the code around it.
                if !code.is_empty() && !code.bytes().all(|byte| byte.is_ascii_digit()) {
                    said.codes.push(code);
                }
            }
            said.request_id = text(level, "request-id").or(said.request_id);
            said.client_request_id = text(level, "client-request-id").or(said.client_request_id);
            if let Some(details) = level.get("details").and_then(Value::as_array) {
                said.details.extend(details.iter().map(|detail| Detail {
                    code: text(detail, "code").unwrap_or_default(),
                    message: text(detail, "message").unwrap_or_default(),
                    target: text(detail, "target"),
                }));
            }
            next = ["innerError", "innererror", "InnerError"].iter().find_map(|name| level.get(name));
        }
        // A conflict is often named in the details only.
        if said.codes.last().is_none_or(|code| code == "Request_BadRequest") {
            let conflict = said
                .details
                .iter()
                .find(|detail| matches!(detail.code.as_str(), "ObjectConflict" | "ConflictingObjects"));
            said.codes.extend(conflict.map(|detail| detail.code.clone()));
        }
        said
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignInBody {
    error: String,
    error_description: String,
    error_codes: Vec<u32>,
    trace_id: Option<String>,
    correlation_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_innermost_code_that_says_anything_counts() {
        let body = json!({"error": {
            "code": "BadRequest", "message": "m", "details": null,
            "innerError": {"code": "Request_BadRequest", "request-id": "r", "client-request-id": "c",
                "innererror": {"code": "Directory_ExpiredPageToken", "innererror": {"code": "400"}}}}});
        let error = Error::graph(400, &HeaderMap::new(), Some(&body));
        assert_eq!(error.code(), Some("Directory_ExpiredPageToken"));
        assert_eq!(error.meaning(), &Meaning::PageTokenExpired);
        assert_eq!((error.request_id(), error.client_request_id()), (Some("r"), Some("c")));
        assert!(!error.is_transient());
    }

    #[test]
    fn details_name_the_attribute() {
        let body = json!({"error": {"code": "Request_BadRequest", "message": "m", "details":
            [{"code": "ObjectConflict", "message": "taken", "target": "userPrincipalName"}]}});
        let error = Error::graph(400, &HeaderMap::new(), Some(&body));
        assert_eq!(error.meaning(), &Meaning::Conflict);
        assert_eq!(error.details()[0].target.as_deref(), Some("userPrincipalName"));
    }

    #[test]
    fn a_404_that_graph_did_not_explain_is_not_a_deletion() {
        let error = Error::graph(404, &HeaderMap::new(), None);
        assert_eq!(error.meaning(), &Meaning::BadAnswer);
        assert!(error.is_transient());
    }

    #[test]
    fn outcomes_of_writes() {
        let unknown = |status, headers: &HeaderMap| {
            Error::graph(status, headers, Some(&json!({"error": {"code": "x", "message": ""}})))
                .of_write()
                .outcome_unknown()
        };
        let none = HeaderMap::new();
        let mut later = HeaderMap::new();
        later.insert("retry-after", "1".parse().unwrap());
        assert!(unknown(500, &none) && unknown(502, &none) && unknown(504, &later) && unknown(503, &none));
        assert!(
            !unknown(503, &later) && !unknown(429, &none) && !unknown(400, &none) && !unknown(409, &none)
        );
        assert!(Error::timeout("answer").of_write().outcome_unknown());
        assert!(Error::bad_answer("cut", true).of_write().outcome_unknown());
    }

    #[test]
    fn sign_in_errors_carry_their_number_and_no_tail() {
        let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: t Correlation ID: c","error_codes":[7000215],"trace_id":"t","correlation_id":"c"}"#;
        let error = Error::sign_in(401, &HeaderMap::new(), body);
        assert_eq!(error.aadsts(), Some(7_000_215));
        assert_eq!(error.meaning(), &Meaning::SecretWrong);
        assert_eq!(error.message(), "AADSTS7000215: Invalid client secret provided.");
        assert!(error.is_sign_in() && !error.is_transient());
        assert!(error.to_string().contains("AADSTS7000215"));
    }

    #[test]
    fn an_unknown_number_is_shown_with_the_page_that_explains_it() {
        let sentence = |error: &str, code: u32| {
            let body = json!({"error": error, "error_codes": [code], "error_description": "AADSTS90002: not looked at"});
            Error::sign_in(400, &HeaderMap::new(), &serde_json::to_vec(&body).unwrap())
                .sentence()
                .into_owned()
        };
        let unknown = sentence("invalid_request", 987_654);
        assert!(
            unknown.contains("AADSTS987654")
                && unknown.ends_with("https://login.microsoftonline.com/error?code=987654"),
            "{unknown}"
        );
        let half_known = sentence("unauthorized_client", 987_654);
        assert!(half_known.starts_with(Meaning::ConsentMissing.sentence()), "{half_known}");
        assert!(half_known.ends_with("error?code=987654"), "{half_known}");
        assert_eq!(sentence("invalid_request", 900_023), Meaning::TenantUnknown.sentence());
    }

    #[test]
    fn an_error_object_is_told_from_a_property() {
        assert!(is_error_object(&json!({"error": {"code": "x", "message": "m"}})));
        assert!(!is_error_object(&json!({"id": "1", "error": {"code": "x"}})));
        assert!(!is_error_object(&json!({"error": null, "value": []})));
    }
}
