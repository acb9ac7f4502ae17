//! The token endpoint's other grant: an authorization code for an id token.

use serde_json::{Value, json};

use super::browser::codes::Redemption;
use super::id_token;
use super::token::{self, Refusal, Request, refuse};
use crate::shared::Shared;

/// The answer to a code.
pub(super) fn answer(shared: &Shared, r: &Request<'_>, lifetime: i64) -> Result<Value, Refusal> {
    let wanted = match r.tenant {
        "common" | "organizations" => None,
        name => Some(shared.directory(name).ok_or_else(|| token::unknown_tenant(name))?),
    };
    let client = token::client(&shared.read(), r)?;
    let missing = |name: &str| {
        refuse(
            400,
            "invalid_request",
            900_144,
            format!("The request body must contain the following parameter: '{name}'."),
        )
    };
    let code = r.get("code").ok_or_else(|| missing("code"))?;
    let redirect_uri = r.get("redirect_uri");
    let redemption = Redemption { code, client, redirect_uri, verifier: r.get("code_verifier"), now: r.now };
    let grant = shared.auth.codes.redeem(&redemption)?;
    let gone = || refuse(400, "invalid_grant", 50_034, "The user account does not exist in the directory.");
    if wanted.is_some_and(|directory| directory.id() != grant.person.tenant) {
        return Err(refuse(400, "invalid_grant", 70_000, "The grant was issued for another tenant."));
    }
    let directory = shared.directory(&grant.person.tenant).ok_or_else(gone)?;
    let t = directory.read(r.now);
    let oid = grant.person.user(&t).ok_or_else(gone)?;
    let sign = |claims: &Value| {
        shared.auth.keys.sign(claims).map_err(|e| refuse(500, "server_error", 90_033, e.to_string()))
    };
    let methods = shared.auth.people.methods(&grant.person);
    Ok(json!({
        "token_type": "Bearer",
        "scope": grant.scope,
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": sign(&id_token::access(&t, oid, &grant, r.root, r.now, lifetime))?,
        "id_token": sign(&id_token::claims(&t, oid, &grant, methods, r.root, r.now))?,
    }))
}
