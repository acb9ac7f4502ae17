//! Access tokens: acquired once for all who wait, kept until four fifths of their life are over.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    Credential, Hosts, Http, Patience,
    error::{Error, Fault},
    meter::Meter,
    retry::Attempts,
};

/// When a renewal failed but the old token still holds, the next one is tried after this.
const RENEW_AGAIN: Duration = Duration::from_secs(30);

pub(crate) struct Token {
    /// `Bearer …`, marked sensitive, so that no Debug prints it.
    header: HeaderValue,
    /// What `roles` says, or why it could not be read.
    roles: Result<Vec<String>, Error>,
    /// The app's own service principal, where the token says it.
    principal: Option<Uuid>,
    acquired_at: Instant,
    ends_at: Instant,
}

impl Token {
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    pub(crate) fn roles(&self) -> Result<Vec<String>, Error> {
        self.roles.clone()
    }

    pub(crate) fn principal(&self) -> Option<Uuid> {
        self.principal
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

#[derive(Clone)]
struct Kept {
    token: Arc<Token>,
    renew_at: Instant,
}

pub(crate) struct Tokens {
    http: Http,
    hosts: Hosts,
    credential: Credential,
    patience: Patience,
    kept: RwLock<Option<Kept>>,
    /// Held while a token is acquired; inside, how the last attempt failed and when.
    flight: tokio::sync::Mutex<Option<(Instant, Error)>>,
}

impl Tokens {
    pub(crate) fn new(http: Http, hosts: Hosts, credential: Credential, patience: Patience) -> Tokens {
        Tokens { http, hosts, credential, patience, kept: RwLock::default(), flight: Default::default() }
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// A token that is good for some minutes at least.
    pub(crate) async fn current(&self, meter: &Meter) -> Result<Arc<Token>, Error> {
        match self.kept() {
            Some(kept) if Instant::now() < kept.renew_at => Ok(kept.token),
            _ => self.acquire_once(meter, false).await,
        }
    }

    /// A token acquired after this call began: only a new one knows of consent given since.
    pub(crate) async fn fresh(&self, meter: &Meter) -> Result<Arc<Token>, Error> {
        self.acquire_once(meter, true).await
    }

    /// Graph refused this token. Another that was acquired meanwhile stays.
    pub(crate) fn forget(&self, refused: &Arc<Token>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|kept| Arc::ptr_eq(&kept.token, refused)) {
            *kept = None;
        }
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, token: &Arc<Token>, renew_at: Instant) {
        let kept = Kept { token: token.clone(), renew_at };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    async fn acquire_once(&self, meter: &Meter, fresh: bool) -> Result<Arc<Token>, Error> {
        let asked_at = Instant::now();
        let mut flight = self.flight.lock().await;

        // Whoever waited here shares what the one before it got, a token or an error.
        let now = Instant::now();
        let old = self.kept();
        if let Some(kept) = &old
            && now < kept.renew_at
            && (!fresh || kept.token.acquired_at > asked_at)
        {
            return Ok(kept.token.clone());
        }
        let holds = old.map(|kept| kept.token).filter(|token| !fresh && now < token.ends_at);
        if let Some((failed_at, error)) = flight.as_ref()
            && *failed_at > asked_at
        {
            return holds.ok_or_else(|| error.clone());
        }

        // The login authority has said when to come again.
        if holds.is_none()
            && let Some((failed_at, error)) = flight.as_ref()
            && let Some(wait) = error.retry_after().filter(|wait| *wait > self.patience.stay)
            && let Some(left) = wait.checked_sub(now.saturating_duration_since(*failed_at))
        {
            return Err(error.clone().with_wait(left));
        }

        // While the old token holds, nobody needs to wait for more than one attempt.
        let patience = match &holds {
            Some(_) => Patience { attempts: 1, throttled_attempts: 1, ..self.patience },
            None => self.patience,
        };
        match self.acquire(meter, patience).await {
            Ok((token, life)) => {
                let token = Arc::new(token);
                self.keep(&token, token.acquired_at + life.mul_f64(0.8));
                *flight = None;
                Ok(token)
            }
            Err(error) => {
                *flight = Some((Instant::now(), error.clone()));
                match holds {
                    Some(token) if error.is_transient() => {
                        self.keep(&token, Instant::now() + RENEW_AGAIN);
                        Ok(token)
                    }
                    _ => Err(error),
                }
            }
        }
    }

    async fn acquire(&self, meter: &Meter, patience: Patience) -> Result<(Token, Duration), Error> {
        let mut attempts = Attempts::new(patience);
        loop {
            let error = match self.ask(meter).await {
                Ok(token) => return Ok(token),
                Err(error) => error.for_sign_in(),
            };
            let wait = match error.fault() {
                Fault::Final => None,
                Fault::Throttled => attempts.after_throttling(error.retry_after()),
                _ => attempts.after_fault(error.retry_after()),
            };
            let Some(wait) = wait else { return Err(error) };
            tracing::debug!(error = error.brief(), ?wait, "sign-in failed and is tried again");
            meter.waited(wait);
            sleep(wait).await;
        }
    }

    async fn ask(&self, meter: &Meter) -> Result<(Token, Duration), Error> {
        let tenant = &self.credential.tenant;
        let url = self
            .hosts
            .token_url(tenant)
            .map_err(|_| Error::misconfigured("the login address or the tenant cannot be used"))?;
        let scope = self.hosts.scope();
        let client_id = self.credential.client_id.as_str();

        let proof = self
            .credential
            .proof
            .fields(client_id, url.as_str(), SystemTime::now())
            .map_err(|error| Error::misconfigured(error.to_string()))?;
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", client_id), ("scope", scope)];
        form.extend(proof.iter().map(|(name, value)| (*name, value.expose_secret())));
        let request = self
            .http
            .request(reqwest::Method::POST, url.clone())
            .header(http::header::ACCEPT, "application/json")
            .form(&form);

        let acquired_at = Instant::now();
        let answer = self.http.exchange(request).await?;
        if !answer.is_success() {
            return Err(Error::sign_in(answer.status, &answer.headers, &answer.body));
        }
        let body: TokenBody = serde_json::from_slice(&answer.body)
            .map_err(|_| answer.bad(Error::bad_answer("the answer holds no access token", true)))?;
        let text = SecretString::from(body.access_token);
        let mut header = HeaderValue::from_str(&format!("Bearer {}", text.expose_secret()))
            .map_err(|_| answer.bad(Error::bad_answer("the access token is not a header's text", true)))?;
        header.set_sensitive(true);
        let life = Duration::from_secs(body.expires_in);
        meter.signed_in();
        tracing::debug!(lives_s = body.expires_in, "access token acquired");
        let (roles, principal) = match claims_of(text.expose_secret()) {
            Ok(claims) => (Ok(claims.roles), claims.oid.and_then(|id| id.parse().ok())),
            Err(error) => (Err(error), None),
        };
        Ok((Token { header, roles, principal, acquired_at, ends_at: acquired_at + life }, life))
    }
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: String,
    #[serde(default = "an_hour", deserialize_with = "seconds")]
    expires_in: u64,
}

fn an_hour() -> u64 {
    3600
}

/// The v1 endpoint, and some stand-ins for it, send the number as text.
fn seconds<'de, D: serde::Deserializer<'de>>(input: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    let seconds = match Either::deserialize(input)? {
        Either::Number(number) => number,
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom)?,
    };
    // Longer than a day is not issued, and would overflow the clock one day.
    Ok(seconds.min(100_000))
}

/// What is read of a token's claims.
#[derive(Deserialize)]
struct Claims {
    /// The permissions granted to the app. An app without any gets a token without the claim.
    #[serde(default)]
    roles: Vec<String>,
    /// In an app's own token, the object id of its service principal. Source: "Access token claims reference".
    #[serde(default)]
    oid: Option<String>,
}

/// The claims of a token. Decoded, not validated: the token is Graph's to judge, ours only to show.
fn claims_of(token: &str) -> Result<Claims, Error> {
    let unreadable = || Error::bad_answer("the access token cannot be read", false).for_sign_in();
    let claims = token.split('.').nth(1).ok_or_else(unreadable)?;
    let claims = BASE64.decode(claims.trim_end_matches('=')).map_err(|_| unreadable())?;
    serde_json::from_slice(&claims).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_decoded() {
        let token = |claims: &str| format!("e30.{}.sig", BASE64.encode(claims));
        let claims = claims_of(&token(r#"{"roles":["User.Read.All"],"oid":"x"}"#)).unwrap();
        assert_eq!((claims.roles, claims.oid.as_deref()), (vec!["User.Read.All".to_owned()], Some("x")));
        assert!(claims_of(&token("{}")).unwrap().roles.is_empty());
        assert!(claims_of("opaque").is_err());
    }

    #[test]
    fn expires_in_reads_as_number_and_text() {
        let read = |body: &str| serde_json::from_str::<TokenBody>(body).unwrap().expires_in;
        assert_eq!(read(r#"{"access_token":"a","expires_in":3599}"#), 3599);
        assert_eq!(read(r#"{"access_token":"a","expires_in":"3599"}"#), 3599);
        assert_eq!(read(r#"{"access_token":"a"}"#), 3600);
    }
}
