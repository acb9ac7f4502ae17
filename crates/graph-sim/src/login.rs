//! The paths of the login authority.

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::auth::browser::{self, Place, Visit};
use crate::auth::discovery;
use crate::auth::token::{self, Answer, form, refuse};
use crate::faults::{Asked, SignInRefusal};
use crate::lock;
use crate::reply::Content;
use crate::server::json_response;
use crate::shared::Shared;
use crate::struck;

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
pub(crate) async fn serve(k: &Knock<'_>) -> Option<Response> {
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
            Some(token(k, tenant).await)
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

/// The token endpoint, as far as the rules let it answer.
async fn token(k: &Knock<'_>, tenant: &str) -> Response {
    let (shared, root) = (k.shared, k.root);
    lock(&shared.counters).tokens += 1;
    let path = format!("/{tenant}/oauth2/v2.0/token");
    let body = String::from_utf8_lossy(k.body);
    let asked = Asked {
        method: "POST",
        path: &path,
        query: "",
        body: &body,
        base: root,
        in_batch: false,
        request: lock(&shared.faults).enter(),
        part: "",
        after: &[],
    };
    let mut verdict = lock(&shared.faults).before(&asked, shared.clock.now());
    let struck = verdict.reply.is_some() || verdict.sign_in.is_some() || !verdict.delay.is_zero();
    if struck {
        struck::tally(shared, &mut verdict);
    }
    struck::wait(&mut verdict.delay).await;
    let now = shared.clock.now();
    if let Some(refusal) = verdict.sign_in {
        return refused(refusal, now, root);
    }
    let Some(reply) = verdict.reply else {
        let Answer { status, body } = issue(k, tenant);
        return json_response(status, &body);
    };
    // Whatever the body for Graph would be, unless the rule gives one.
    let body = match &reply.content {
        Content::Json(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
        _ => transient(reply.status).answer(now, root).body,
    };
    let mut response = json_response(reply.status, &body);
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn transient(status: u16) -> token::Refusal {
    refuse(status, "temporarily_unavailable", 90_033, "A transient error has occurred. Please try again.")
}

/// A refusal that a rule words.
fn refused(refusal: SignInRefusal, now: i64, root: &str) -> Response {
    let first = refusal.codes.first().copied().unwrap_or_default();
    let Answer { status, mut body } =
        refuse(refusal.status, "", first, refusal.description).answer(now, root);
    if let Some(html) = refusal.html {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        return (status, [("content-type", "text/html")], html).into_response();
    }
    body["error"] = refusal.error.into();
    body["error_codes"] = refusal.codes.into();
    if let Some(suberror) = refusal.suberror {
        body["suberror"] = suberror.into();
    }
    json_response(status, &body)
}

fn issue(k: &Knock<'_>, tenant: &str) -> Answer {
    let (shared, root) = (k.shared, k.root);
    let now = shared.clock.now();
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
