//! The token endpoint: how an application proves itself, and tokens for its own use.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Bearer, assertion, discovery, redeem};
use crate::shared::Shared;
use crate::state::app::APP_NAME;
use crate::state::{NONE, Tenant};
use crate::text::{iso, percent_decode};

/// What the endpoint says: status and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// A refusal.
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) code: u32,
    pub(crate) message: String,
}

pub(crate) fn refuse(status: u16, error: &'static str, code: u32, message: impl Into<String>) -> Refusal {
    Refusal { status, error, code, message: message.into() }
}

impl Refusal {
    /// The body in the authority's form.
    pub(crate) fn answer(self, now: i64, root: &str) -> Answer {
        let (trace, correlation) =
            (Uuid::from_u128(now as u128 * 0x9e37_79b9), Uuid::from_u128(now as u128 * 0x85eb_ca6b));
        let stamp = iso(now).replace('T', " ");
        Answer {
            status: self.status,
            body: json!({
                "error": self.error,
                "error_description": format!(
                    "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}", self.code, self.message
                ),
                "error_codes": [self.code],
                "timestamp": stamp,
                "trace_id": trace.to_string(),
                "correlation_id": correlation.to_string(),
                "error_uri": format!("{root}/error?code={}", self.code),
            }),
        }
    }
}

/// Reads a form body.
pub(crate) fn form(body: &[u8]) -> HashMap<String, String> {
    String::from_utf8_lossy(body)
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (percent_decode(k, true), percent_decode(v, true)))
        .collect()
}

/// Who asks at which path.
pub(crate) struct Request<'a> {
    pub(crate) root: &'a str,
    pub(crate) tenant: &'a str,
    pub(crate) form: HashMap<String, String>,
    /// Client id and secret of a Basic header.
    pub(crate) basic: Option<(String, String)>,
    pub(crate) now: i64,
    pub(crate) enabled: bool,
    pub(crate) secret_expired: bool,
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Request<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }
}

/// Nobody knows the directory.
pub(crate) fn unknown_tenant(name: &str) -> Refusal {
    refuse(
        400,
        "invalid_request",
        90_002,
        format!(
            "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
        ),
    )
}

/// The answer to a token request.
pub(crate) fn answer(shared: &Shared, r: &Request<'_>, lifetime: i64) -> Result<Value, Refusal> {
    if r.get("grant_type") == Some("authorization_code") {
        return redeem::answer(shared, r, lifetime);
    }
    if ["common", "organizations", "consumers"].contains(&r.tenant) {
        return Err(refuse(
            400,
            "invalid_request",
            9_001_023,
            "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
        ));
    }
    let directory = shared.directory(r.tenant).ok_or_else(|| unknown_tenant(r.tenant))?;
    // Under the directory's lock, so that no change of permissions comes between reading them and
    // handing out the token.
    let t = directory.read(r.now);
    let claims = claims(&t, r, lifetime)?;
    let jwt =
        shared.auth.keys.sign(&claims).map_err(|e| refuse(500, "server_error", 90_033, e.to_string()))?;
    let bearer = Bearer { tenant: directory.id().to_owned(), roles: t.permissions.clone().into() };
    shared.auth.remember(jwt.clone(), bearer, r.now + lifetime, r.now);
    drop(t);
    Ok(json!({
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": jwt,
    }))
}

/// The application behind a request, with its proof.
pub(crate) fn client<'r>(t: &Tenant, r: &'r Request<'_>) -> Result<&'r str, Refusal> {
    let client = r.basic.as_ref().map(|(id, _)| id.as_str()).or(r.get("client_id"));
    let Some(client) = client else {
        return Err(refuse(
            400,
            "invalid_request",
            900_144,
            "The request body must contain the following parameter: 'client_id'.",
        ));
    };
    if !client.eq_ignore_ascii_case(&t.info.client_id.to_string()) {
        return Err(not_installed(t, client));
    }
    if !r.enabled {
        return Err(refuse(
            400,
            "unauthorized_client",
            7_000_112,
            format!("Application '{client}' is disabled."),
        ));
    }
    authenticate(t, r, client)?;
    Ok(client)
}

fn not_installed(t: &Tenant, client: &str) -> Refusal {
    let directory = &t.info.name;
    refuse(
        400,
        "unauthorized_client",
        700_016,
        format!(
            "Application with identifier '{client}' was not found in the directory '{directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
        ),
    )
}

/// The claims of an application's token, or why there is none.
fn claims(t: &Tenant, r: &Request<'_>, lifetime: i64) -> Result<Value, Refusal> {
    match r.get("grant_type") {
        Some("client_credentials") => {}
        None => {
            return Err(refuse(
                400,
                "invalid_request",
                900_144,
                "The request body must contain the following parameter: 'grant_type'.",
            ));
        }
        Some(_) => {
            return Err(refuse(
                400,
                "unsupported_grant_type",
                70_003,
                "The app requested an unsupported grant type.",
            ));
        }
    }
    let client = client(t, r)?;
    // Nobody let it into this directory yet.
    if t.app_sp == NONE {
        return Err(not_installed(t, client));
    }
    match r.get("scope") {
        Some(scope) if scope.split(' ').filter(|s| !s.is_empty()).count() > 1 => {
            return Err(refuse(
                400,
                "invalid_scope",
                70_011,
                format!(
                    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
                ),
            ));
        }
        Some(scope) if scope.ends_with("/.default") => {}
        _ => {
            return Err(refuse(
                400,
                "invalid_scope",
                1_002_012,
                "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
            ));
        }
    }
    let mut claims = json!({
        "aud": "https://graph.microsoft.com",
        "iss": discovery::issuer(r.root, &t.info.tenant_id.to_string()),
        "iat": r.now,
        "nbf": r.now,
        "exp": r.now + lifetime,
        "app_displayname": APP_NAME,
        "appid": client,
        "azp": client,
        "appidacr": if r.get("client_assertion").is_some() { "2" } else { "1" },
        "idtyp": "app",
        "oid": t.id(t.app_sp),
        "sub": t.id(t.app_sp),
        "tid": t.info.tenant_id.to_string(),
        "uti": Uuid::from_u128((r.now as u128) << 64 | t.audit.len() as u128).simple().to_string(),
        "ver": "1.0",
    });
    if !t.permissions.is_empty() {
        claims["roles"] = t.permissions.iter().cloned().collect();
    }
    Ok(claims)
}

fn authenticate(t: &Tenant, r: &Request<'_>, client: &str) -> Result<(), Refusal> {
    if let Some(assertion) = r.get("client_assertion") {
        if r.get("client_assertion_type") != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
            return Err(refuse(
                400,
                "invalid_request",
                70_003,
                "The client assertion type is not supported.",
            ));
        }
        return assertion::check(assertion, client, r);
    }
    let secret = r.basic.as_ref().map(|(_, secret)| secret.as_str()).or(r.get("client_secret"));
    match secret {
        None => Err(refuse(
            401,
            "invalid_client",
            7_000_218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        )),
        Some(_) if r.secret_expired => Err(refuse(
            401,
            "invalid_client",
            7_000_222,
            format!("The provided client secret keys for app '{client}' are expired."),
        )),
        Some(secret) if secret == t.info.client_secret => Ok(()),
        Some(_) => Err(refuse(
            401,
            "invalid_client",
            7_000_215,
            format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'."
            ),
        )),
    }
}
