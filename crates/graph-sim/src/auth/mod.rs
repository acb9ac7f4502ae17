//! The login authority: discovery, keys, tokens, and what tokens are worth.

pub(crate) mod assertion;
pub(crate) mod discovery;
pub(crate) mod keys;
pub(crate) mod permissions;
pub(crate) mod sensitive;
pub(crate) mod token;

use std::collections::HashMap;
use std::sync::Mutex;

use crate::reply::{GraphError, Result};
use keys::Keys;

/// Keys, certificates that sign the application in, and tokens that were handed out.
pub(crate) struct Auth {
    pub(crate) keys: Keys,
    /// Certificates (DER) of the application.
    pub(crate) certificates: Mutex<Vec<Vec<u8>>>,
    /// Each token with its end, so that checking one is a look-up.
    issued: Mutex<HashMap<String, i64>>,
}

impl Auth {
    pub(crate) fn new() -> std::result::Result<Self, crate::Error> {
        Ok(Self { keys: Keys::load()?, certificates: Mutex::default(), issued: Mutex::default() })
    }

    pub(crate) fn remember(&self, token: String, until: i64, now: i64) {
        let mut issued = crate::lock(&self.issued);
        issued.retain(|_, end| *end > now);
        issued.insert(token, until);
    }

    /// Forgets every token: the next request with one is answered 401.
    pub(crate) fn revoke_all(&self) {
        crate::lock(&self.issued).clear();
    }

    /// Checks an `Authorization` header.
    pub(crate) fn check(&self, header: Option<&str>, now: i64, tenant_id: &str) -> Result<()> {
        let refuse = |message: &str| {
            let mut e = GraphError::new(401, "InvalidAuthenticationToken", message);
            e.headers.push((
                "www-authenticate",
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
            Some(end) if *end > now => Ok(()),
            Some(_) => Err(refuse("Lifetime validation failed, the token is expired.")),
            None if token.split('.').count() != 3 => {
                Err(refuse("IDX14100: JWT is not well formed, there are no dots (.)."))
            }
            None => Err(refuse("Access token validation failure. Invalid signature or token expired.")),
        }
    }
}
