//! The paths of the login authority.

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::auth::browser::{self, Place, Visit};
use crate::auth::discovery;
use crate::auth::token::{self, Answer, form, refuse};
use crate::lock;
use crate::server::json_response;
use crate::shared::Shared;

/// A request that may be for the authority.
pub(crate) struct Knock<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    pub(crate) root: &'a str,
}

/// Answers, when the path is one of the authority's.
pub(crate) fn serve(k: &Knock<'_>) -> Option<Response> {
    let (shared, root) = (k.shared, k.root);
    let segments: Vec<&str> = k.path.split('/').filter(|s| !s.is_empty()).collect();
    let get = k.method == Method::GET;
    match &segments[..] {
        [_, "discovery", "instance"] if get => {
            Some(json_response(200, &discovery::instance(root, shared.home_id())))
        }
        [tenant, "v2.0", ".well-known", "openid-configuration"]
        | [tenant, ".well-known", "openid-configuration"]
            if get =>
        {
            Some(described(k, tenant, |id| discovery::configuration(root, tenant, id)))
        }
        [tenant, "discovery", "v2.0", "keys"] | [tenant, "discovery", "keys"] if get => {
            Some(described(k, tenant, |id| shared.auth.keys.jwks(&discovery::issuer(root, id))))
        }
        [tenant, "oauth2", "v2.0", "token"] | [tenant, "oauth2", "token"] if k.method == Method::POST => {
            let Answer { status, body } = token(k, tenant);
            Some(json_response(status, &body))
        }
        [tenant, rest @ ..] if get || k.method == Method::POST => {
            let place = match rest {
                ["oauth2", "v2.0", "authorize"] => Place::Authorize,
                ["v2.0", "adminconsent"] => Place::Consent,
                ["adminconsent"] => Place::OldConsent,
                ["oauth2", "v2.0", "logout"] => Place::SignOut,
                _ => return None,
            };
            Some(browser::serve(&visit(k, tenant), place))
        }
        _ => None,
    }
}

/// A document about a directory, or about all of them.
fn described(k: &Knock<'_>, tenant: &str, write: impl FnOnce(&str) -> serde_json::Value) -> Response {
    if ["common", "organizations", "consumers"].contains(&tenant) {
        return json_response(200, &write("{tenantid}"));
    }
    match k.shared.directory(tenant) {
        Some(directory) => json_response(200, &write(directory.id())),
        None => {
            let mut refusal = token::unknown_tenant(tenant);
            refusal.error = "invalid_tenant";
            let Answer { status, body } = refusal.answer(k.shared.clock.now(), k.root);
            json_response(status, &body)
        }
    }
}

/// What a browser brings. A link alone signs nobody in and decides nothing.
fn visit<'a>(k: &Knock<'a>, tenant: &'a str) -> Visit<'a> {
    let mut params = form(k.query.as_bytes());
    params.retain(|name, _| !browser::ANSWERS.contains(&name.as_str()));
    if k.method == Method::POST {
        params.extend(form(k.body));
    }
    let cookies = k.headers.get("cookie").and_then(|v| v.to_str().ok()).unwrap_or_default();
    Visit { shared: k.shared, root: k.root, tenant, path: k.path, params, cookies }
}

fn token(k: &Knock<'_>, tenant: &str) -> Answer {
    let (shared, root) = (k.shared, k.root);
    let now = shared.clock.now();
    lock(&shared.counters).tokens += 1;
    let path = format!("/{tenant}/oauth2/v2.0/token");
    if let Some(crate::FaultAction::Status { status, .. }) = lock(&shared.faults).decide("POST", &path) {
        lock(&shared.counters).faulted += 1;
        return refuse(
            status,
            "temporarily_unavailable",
            90_033,
            "A transient error has occurred. Please try again.",
        )
        .answer(now, root);
    }
    let basic = k
        .headers
        .get("authorization")
        .and_then(|v| v.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|v| String::from_utf8(STANDARD.decode(v).ok()?).ok())
        .and_then(|v| v.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned())));
    let sign_in = *lock(&shared.sign_in);
    let request = token::Request {
        root,
        tenant,
        form: form(k.body),
        basic,
        now,
        enabled: sign_in.enabled,
        secret_expired: sign_in.secret_expired,
        certificates: lock(&shared.auth.certificates).clone(),
    };
    match token::answer(shared, &request, sign_in.lifetime) {
        Ok(body) => Answer { status: 200, body },
        Err(refusal) => refusal.answer(now, root),
    }
}
