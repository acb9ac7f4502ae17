//! The login authority: discovery, keys, tokens, and what tokens are worth.

pub(crate) mod assertion;
pub(crate) mod browser;
pub(crate) mod discovery;
mod id_token;
pub(crate) mod keys;
pub(crate) mod permissions;
pub(crate) mod redeem;
pub(crate) mod registration;
pub(crate) mod sensitive;
pub(crate) mod token;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

use crate::reply::{GraphError, Result};
use browser::codes::Codes;
use browser::people::People;
use keys::Keys;
use registration::Registration;

/// Names of application permissions: the `roles` claim of a token.
pub(crate) type Roles = Arc<BTreeSet<String>>;

/// A token that was handed out.
struct Issued {
    until: i64,
    bearer: Bearer,
}

/// What a valid token stands for.
#[derive(Clone)]
pub(crate) struct Bearer {
    /// The directory that the token opens.
    pub(crate) tenant: String,
    /// What was granted when the token was issued; later grants need a new token
    /// (<https://learn.microsoft.com/graph/auth-v2-service>).
    pub(crate) roles: Roles,
}

/// Sixteen bytes that nobody can guess.
fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    // Where this runs, the system's generator does not fail; and it protects a simulation only.
    let _ = SystemRandom::new().fill(&mut bytes);
    bytes
}

/// Text that nobody can guess, for codes and sessions.
fn secret() -> String {
    URL_SAFE_NO_PAD.encode([random(), random()].concat())
}

/// Keys, certificates that sign the application in, and tokens that were handed out.
pub(crate) struct Auth {
    pub(crate) keys: Keys,
    /// Certificates (DER) of the application.
    pub(crate) certificates: Mutex<Vec<Vec<u8>>>,
    /// Each token, so that checking one is a look-up.
    issued: Mutex<HashMap<String, Issued>>,
    pub(crate) registration: Registration,
    pub(crate) people: People,
    pub(crate) codes: Codes,
}

impl Auth {
    pub(crate) fn new(redirect_uris: &[String]) -> std::result::Result<Self, crate::Error> {
        Ok(Self {
            keys: Keys::load()?,
            certificates: Mutex::default(),
            issued: Mutex::default(),
            registration: Registration::new(redirect_uris),
            people: People::default(),
            codes: Codes::default(),
        })
    }

    pub(crate) fn remember(&self, token: String, bearer: Bearer, until: i64, now: i64) {
        let mut issued = crate::lock(&self.issued);
        issued.retain(|_, token| token.until > now);
        issued.insert(token, Issued { until, bearer });
    }

    /// Forgets the tokens of one directory.
    pub(crate) fn revoke(&self, tenant: &str) {
        crate::lock(&self.issued).retain(|_, issued| issued.bearer.tenant != tenant);
    }

    /// Forgets every token: the next request with one is answered 401.
    pub(crate) fn revoke_all(&self) {
        crate::lock(&self.issued).clear();
    }

    /// Checks an `Authorization` header and returns what its token stands for.
    pub(crate) fn check(&self, header: Option<&str>, now: i64, tenant_id: &str) -> Result<Bearer> {
        let refuse = |message: &str| {
            let mut e = GraphError::new(401, "InvalidAuthenticationToken", message);
            e.headers.push((
                "www-authenticate".into(),
                format!(
                    "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/{tenant_id}/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\""
                ),
            ));
            e
        };
        let header = header.filter(|h| !h.is_empty()).ok_or_else(|| refuse("Access token is empty."))?;
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| refuse("Access token is empty."))?;
        match crate::lock(&self.issued).get(token) {
            Some(issued) if issued.until > now => Ok(issued.bearer.clone()),
            Some(_) => Err(refuse("Lifetime validation failed, the token is expired.")),
            None if token.split('.').count() != 3 => {
                Err(refuse("IDX14100: JWT is not well formed, there are no dots (.)."))
            }
            None => Err(refuse("Access token validation failure. Invalid signature or token expired.")),
        }
    }
}
