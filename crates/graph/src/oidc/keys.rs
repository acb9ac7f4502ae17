//! The keys with which the login authority signs, kept for a while.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};

use super::ANY_DIRECTORY;
use crate::{Error, Hosts, Http};

/// Microsoft's own advice: look again once a day.
const FRESH_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// An unknown key may be a new one, so the authority is asked; but a stranger who makes up key ids does not make us
/// ask more often than this.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(60);

/// An RSA key of the authority's.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) modulus: Vec<u8>,
    pub(super) exponent: Vec<u8>,
    /// Whose tokens it signs, where the authority says so; `{tenantid}` stands for every directory.
    pub(super) issuer: Option<String>,
}

/// Shared by the clones of a client.
#[derive(Clone)]
pub(super) struct Keys {
    http: Http,
    hosts: Hosts,
    kept: Arc<Mutex<Option<Kept>>>,
}

struct Kept {
    keys: Vec<(String, Key)>,
    at: Instant,
}

impl Kept {
    fn find(&self, id: &str) -> Option<Key> {
        self.keys.iter().find(|(own, _)| own == id).map(|(_, key)| key.clone())
    }
}

impl Keys {
    pub(super) fn new(http: Http, hosts: Hosts) -> Keys {
        Keys { http, hosts, kept: Arc::default() }
    }

    /// The key of that id, if the authority publishes it.
    pub(super) async fn find(&self, id: &str) -> Result<Option<Key>, Error> {
        let mut kept = self.kept.lock().await;
        if let Some(known) = kept.as_ref() {
            let age = known.at.elapsed();
            match known.find(id) {
                Some(key) if age < FRESH_FOR => return Ok(Some(key)),
                None if age < ASK_AGAIN_AFTER => return Ok(None),
                _ => {}
            }
        }
        let keys = self.ask().await?;
        let fresh = kept.insert(Kept { keys, at: Instant::now() });
        Ok(fresh.find(id))
    }

    async fn ask(&self) -> Result<Vec<(String, Key)>, Error> {
        let url = self
            .hosts
            .login_url(ANY_DIRECTORY, "discovery/v2.0/keys")
            .map_err(|_| Error::misconfigured("the login address cannot be used"))?;
        let answer = self.http.exchange(self.http.request(reqwest::Method::GET, url)).await;
        let answer = answer.map_err(Error::for_sign_in)?;
        if !answer.is_success() {
            return Err(Error::sign_in(answer.status, &answer.headers, &answer.body));
        }
        let set: Set = serde_json::from_slice(&answer.body)
            .map_err(|_| answer.bad(Error::bad_answer("the authority's keys cannot be read", true)))?;
        Ok(set.keys.into_iter().filter_map(Published::key).collect())
    }
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Published>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Published {
    kid: String,
    kty: String,
    r#use: Option<String>,
    n: String,
    e: String,
    issuer: Option<String>,
}

impl Published {
    /// None for a key of another kind or for another use.
    fn key(self) -> Option<(String, Key)> {
        let signs = self.kty == "RSA" && self.r#use.as_deref().is_none_or(|r#use| r#use == "sig");
        if !signs || self.kid.is_empty() {
            return None;
        }
        let number = |text: &str| BASE64.decode(text.trim_end_matches('=')).ok();
        let key = Key { modulus: number(&self.n)?, exponent: number(&self.e)?, issuer: self.issuer };
        Some((self.kid, key))
    }
}
