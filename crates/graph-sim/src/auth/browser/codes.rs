//! Authorization codes: good once, soon, and for whom they were made.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use super::people::Person;
use crate::auth::secret;
use crate::auth::token::{Refusal, refuse};
use crate::lock;

/// How long a code can be redeemed.
const LIFE_SECS: i64 = 600;

/// What a code stands for.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) person: Person,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    /// The S256 challenge of the request.
    pub(crate) challenge: Option<String>,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) at: i64,
}

struct Slot {
    grant: Grant,
    redeemed: bool,
}

/// Every code that was made.
#[derive(Default)]
pub(crate) struct Codes(Mutex<HashMap<String, Slot>>);

/// What comes with a code to the token endpoint.
pub(crate) struct Redemption<'a> {
    pub(crate) code: &'a str,
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
    pub(crate) now: i64,
}

impl Codes {
    pub(super) fn issue(&self, grant: Grant) -> String {
        let code = format!("1.{}", secret());
        lock(&self.0).insert(code.clone(), Slot { grant, redeemed: false });
        code
    }

    /// Redeems a code, once.
    pub(crate) fn redeem(&self, r: &Redemption<'_>) -> Result<Grant, Refusal> {
        let invalid = |code, text: &str| Err(refuse(400, "invalid_grant", code, text));
        let mut codes = lock(&self.0);
        let Some(slot) = codes.get_mut(r.code) else {
            return invalid(70_000, "Provided grant is invalid or malformed.");
        };
        let grant = &slot.grant;
        if slot.redeemed {
            return invalid(
                54_005,
                "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
            );
        }
        if grant.at + LIFE_SECS <= r.now {
            return invalid(
                70_008,
                "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
            );
        }
        if !grant.client.eq_ignore_ascii_case(r.client) {
            return invalid(70_000, "The provided grant was issued to another client.");
        }
        if r.redirect_uri != Some(&grant.redirect_uri) {
            return invalid(
                500_112,
                &format!(
                    "The reply address '{}' does not match the reply address '{}' provided when requesting Authorization code.",
                    r.redirect_uri.unwrap_or_default(),
                    grant.redirect_uri
                ),
            );
        }
        // A verifier without a challenge is refused, too: somebody may have stripped the challenge.
        if r.verifier.map(challenge_of) != grant.challenge {
            return invalid(
                501_481,
                "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
            );
        }
        slot.redeemed = true;
        Ok(slot.grant.clone())
    }
}

/// The S256 challenge of a verifier.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}
