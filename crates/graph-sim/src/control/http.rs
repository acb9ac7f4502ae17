//! The control API over HTTP: JSON in, JSON out, no sign-in.

use axum::response::Response;
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::{
    apply, certificate, clear_faults, directory_role, incidents, random, reset_delta, revoke_all, sign_in,
};
use crate::auth::permissions;
use crate::counters::Counters;
use crate::server::json_response;
use crate::shared::{Shared, SignIn};
use crate::state::audit::Actor;
use crate::text::{iso, percent_decode};
use crate::{FaultRule, Manners, lock};

/// Serves a control request.
pub(crate) async fn serve(
    shared: &Shared,
    method: &Method,
    path: &str,
    query: &str,
    body: &Bytes,
) -> Response {
    let body: Value = if body.is_empty() {
        named(query)
    } else {
        match serde_json::from_slice(body) {
            Ok(body) => body,
            Err(e) => return json_response(400, &json!({"error": e.to_string()})),
        }
    };
    match answer(shared, method, path.trim_end_matches('/'), &body) {
        Ok(answer) => json_response(200, &answer),
        Err((status, message)) => json_response(status, &json!({"error": message})),
    }
}

/// What a query names, all of it as text.
fn named(query: &str) -> Value {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), Value::from(percent_decode(value, true)))).collect()
}

pub(super) type Answer = Result<Value, (u16, String)>;

pub(super) fn bad(message: impl Into<String>) -> (u16, String) {
    (400, message.into())
}

pub(super) fn names(body: &Value, key: &str) -> Vec<String> {
    body[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Permissions by name, also where the body has the ids of their app roles.
pub(super) fn permission_names(body: &Value, key: &str) -> impl Iterator<Item = String> {
    names(body, key).into_iter().map(|p| permissions::find(&p).map_or(p, |r| r.name.to_owned()))
}

fn clock(shared: &Shared) -> Value {
    let now = shared.clock.now();
    json!({"now": iso(now), "seconds": now})
}

fn answer(shared: &Shared, method: &Method, path: &str, body: &Value) -> Answer {
    match (method.as_str(), path) {
        ("GET", "export") => Ok(shared.read().export()),
        ("GET", "record") => super::history::entries(shared, body),
        ("GET", "changes") => super::history::changes(shared, body),
        ("GET", "counters") => Ok(json!(lock(&shared.counters).clone())),
        ("DELETE", "counters") => {
            *lock(&shared.counters) = Counters::default();
            Ok(json!({}))
        }
        ("GET", "clock") => Ok(clock(shared)),
        ("POST", "clock") => {
            let secs = body["advanceSeconds"].as_i64().ok_or_else(|| bad("advanceSeconds is missing"))?;
            shared.clock.advance(secs.max(0));
            drop(shared.write());
            Ok(clock(shared))
        }
        ("GET", "app-roles") => Ok(permissions::APP_ROLES
            .iter()
            .map(|r| json!({"value": r.name, "id": r.id, "displayName": r.says}))
            .collect()),
        ("GET", "permissions") => Ok(json!(shared.read().permissions)),
        ("POST", "permissions") => Ok(super::permissions::answer(shared, body)),
        ("POST", "role-assignments") => super::roles::answer(shared, body),
        ("POST", "license-errors") => super::licences::answer(shared, body),
        ("GET" | "POST", "cloud") => Ok(super::settings::answer(shared, body)),
        ("POST", "directory-roles") => directory_roles(shared, body),
        ("GET", "faults") => Ok(json!(lock(&shared.faults).list())),
        ("POST", "faults") => faults(shared, body),
        ("DELETE", "faults") => {
            clear_faults(shared);
            Ok(json!([]))
        }
        ("GET", "manners") => Ok(lock(&shared.faults).manners()),
        ("POST", "manners") => manners(shared, body),
        ("GET", "incidents") => Ok(json!(incidents::NAMES)),
        ("POST", name) if name.starts_with("incidents/") => {
            incidents::play(shared, &name["incidents/".len()..]).map_err(|e| (404, e))
        }
        ("POST", "random-changes") => Ok(random::apply(
            shared,
            body["seed"].as_u64().unwrap_or(1),
            body["count"].as_u64().unwrap_or(10) as usize,
            body["purge"].as_bool() == Some(true),
        )),
        ("POST", "apply") => perform(shared, body),
        ("POST", "delta-reset") => {
            reset_delta(&mut shared.write(), body["badRequest"].as_bool() != Some(true));
            Ok(json!({}))
        }
        ("POST", "tokens-revoke") => {
            shared.auth.revoke_all();
            Ok(json!({}))
        }
        ("POST", "certificates") => {
            let text = body["certificate"].as_str().unwrap_or_default();
            let der = certificate(text).ok_or_else(|| bad("certificate is neither PEM nor base64 DER"))?;
            lock(&shared.auth.certificates).push(der);
            Ok(json!({}))
        }
        ("POST", "sign-in") => {
            let mut s = lock(&shared.sign_in);
            *s = SignIn {
                enabled: body["enabled"].as_bool().unwrap_or(s.enabled),
                secret_expired: body["secretExpired"].as_bool().unwrap_or(s.secret_expired),
                lifetime: body["tokenLifetime"].as_i64().unwrap_or(s.lifetime),
            };
            Ok(json!({"enabled": s.enabled, "secretExpired": s.secret_expired, "tokenLifetime": s.lifetime}))
        }
        ("GET", "tenants") => Ok(sign_in::tenants(shared)),
        ("POST", "tenants") => sign_in::add_tenant(shared, body),
        ("GET" | "POST", "redirect-uris") => Ok(sign_in::redirect_uris(shared, body)),
        ("GET" | "POST", "required-permissions") => Ok(sign_in::required(shared, body)),
        ("POST", "passwords") => sign_in::password(shared, body),
        ("POST", "mfa") => sign_in::mfa(shared, body),
        ("POST", "quota") => {
            let mut throttle = lock(&shared.throttle);
            let number = |key: &str, old: f64| body[key].as_f64().unwrap_or(old);
            let (bucket, refill) = (number("bucket", throttle.bucket), number("refill", throttle.refill));
            let writes = body["writes"].as_u64().map_or(throttle.write_limit, |n| n as usize);
            throttle.set(bucket, refill, writes);
            Ok(json!({"bucket": bucket, "refill": refill, "writes": writes}))
        }
        _ => Err((404, format!("there is no control {method} /sim/{path}"))),
    }
}

fn directory_roles(shared: &Shared, body: &Value) -> Answer {
    let mut t = shared.write();
    let scope = body["scope"].as_str().unwrap_or("/");
    if body["clear"].as_bool() == Some(true) {
        revoke_all(&mut t);
    }
    for (key, grant) in [("grant", true), ("revoke", false)] {
        for role in names(body, key) {
            directory_role(&mut t, &role, scope, grant).map_err(bad)?;
        }
    }
    let app = t.app_sp;
    let held: Vec<Value> = t
        .assignments
        .iter()
        .filter(|a| a.principal == app)
        .map(|a| json!({"role": t.name(a.role), "roleDefinitionId": t.id(a.role), "scope": t.scope_text(a.scope)}))
        .collect();
    Ok(held.into())
}

/// `{"profile": "rough", "seed": 1, "rate": 0.02}`.
fn manners(shared: &Shared, body: &Value) -> Answer {
    let profile = body["profile"].as_str().ok_or_else(|| bad("profile is missing"))?;
    let manners: Manners = profile.parse().map_err(bad)?;
    let seed = body["seed"].as_u64().unwrap_or(shared.options.seed);
    let rate = body["rate"].as_f64().unwrap_or(Manners::RATE);
    if !(0.0..=1.0).contains(&rate) {
        return Err(bad("rate is a share between 0 and 1"));
    }
    let mut faults = lock(&shared.faults);
    faults.behave(manners, seed, rate, shared.clock.now());
    Ok(faults.manners())
}

/// One rule or a list of rules.
fn faults(shared: &Shared, body: &Value) -> Answer {
    let rules: Vec<FaultRule> = match body {
        Value::Array(_) => serde_json::from_value(body.clone()),
        one => serde_json::from_value(one.clone()).map(|rule| vec![rule]),
    }
    .map_err(|e| bad(e.to_string()))?;
    let mut faults = lock(&shared.faults);
    for rule in rules {
        faults.add(rule, shared.clock.now());
    }
    Ok(json!(faults.list()))
}

fn perform(shared: &Shared, body: &Value) -> Answer {
    let method = body["method"].as_str().ok_or_else(|| bad("method is missing"))?;
    let path = body["path"].as_str().ok_or_else(|| bad("path is missing"))?;
    let actor = body["actor"].as_str().map(|name| {
        let t = shared.read();
        match t.user(name) {
            Some(oid) => t.person(oid),
            None => Actor::Person { id: String::new(), name: name.to_owned(), upn: String::new() },
        }
    });
    let payload = Some(body["body"].clone()).filter(|b| !b.is_null());
    let (status, answer) = apply(shared, method, path, payload, actor);
    Ok(json!({"status": status, "body": answer}))
}
