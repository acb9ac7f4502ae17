//! What the authority says about a person: the claims of id tokens and of delegated access tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use uuid::Uuid;

use super::browser::codes::Grant;
use super::discovery;
use crate::schema::user;
use crate::state::{Oid, Tenant};

/// How long an id token holds.
const LIFE_SECS: i64 = 3600;
/// The role that every member of a directory has, in tokens only. It makes nobody an administrator.
const EVERY_MEMBER: &str = "b79fbf4d-3ef9-4689-8143-76b194e85509";

fn has_scope(grant: &Grant, name: &str) -> bool {
    grant.scope.split(' ').any(|s| s == name)
}

/// The same person is another subject to another client.
fn subject(grant: &Grant) -> String {
    let text = format!("{}/{}/{}", grant.client, grant.person.tenant, grant.person.id);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

fn wids(t: &Tenant, oid: Oid) -> Vec<String> {
    let mut wids = t.tenant_roles_of(oid);
    if t.object(oid).rec.str(user::USER_TYPE).as_deref() == Some("Member") {
        wids.push(EVERY_MEMBER.to_owned());
    }
    wids
}

/// The claims of an id token.
pub(super) fn claims(t: &Tenant, oid: Oid, grant: &Grant, methods: &[&str], root: &str, now: i64) -> Value {
    let rec = &t.object(oid).rec;
    let mut claims = json!({
        "amr": methods,
        "aud": grant.client,
        "iss": discovery::issuer(root, &grant.person.tenant),
        "iat": now,
        "nbf": now,
        "exp": now + LIFE_SECS,
        "name": t.name(oid),
        "oid": grant.person.id,
        "preferred_username": rec.str(user::UPN),
        "sub": subject(grant),
        "tid": grant.person.tenant,
        "uti": Uuid::from_u128(u128::from_ne_bytes(super::random())).simple().to_string(),
        "ver": "2.0",
        "wids": wids(t, oid),
    });
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    if let Some(mail) = rec.str(user::MAIL).filter(|_| has_scope(grant, "email")) {
        claims["email"] = json!(mail);
    }
    claims
}

/// The claims of the access token beside it. It is signed like any other, but this Graph serves
/// applications only and takes it for nobody's.
pub(super) fn access(t: &Tenant, oid: Oid, grant: &Grant, root: &str, now: i64, lifetime: i64) -> Value {
    json!({
        "aud": "https://graph.microsoft.com",
        "iss": discovery::issuer(root, &grant.person.tenant),
        "iat": now,
        "nbf": now,
        "exp": now + lifetime,
        "appid": grant.client,
        "idtyp": "user",
        "name": t.name(oid),
        "oid": grant.person.id,
        "scp": grant.scope,
        "sub": subject(grant),
        "tid": grant.person.tenant,
        "upn": t.object(oid).rec.str(user::UPN),
        "ver": "1.0",
        "wids": wids(t, oid),
    })
}
