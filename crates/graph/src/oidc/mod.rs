//! Signing a person in at Microsoft: the authorization code flow with PKCE, state and nonce.
//!
//! One registration serves every directory, so the sign-in goes to `organizations` and the directory is what the
//! validated id token says. Nothing that comes back in the address is believed but the code, and that only together
//! with what [`Oidc::begin`] gave the browser's session to keep.

mod consent;
mod id_token;
mod keys;

use std::{fmt, time::SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use rand::RngCore;
use ring::digest;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Error, Hosts, Http, Proof};

pub use consent::PendingConsent;
pub use id_token::{Flaw, Person};
use keys::Keys;

/// Where accounts of every directory sign in, and personal accounts do not.
const ANY_DIRECTORY: &str = "organizations";

/// The installation's own app registration, with which people are signed in. Cheap to clone.
#[derive(Clone)]
pub struct Oidc {
    http: Http,
    hosts: Hosts,
    client_id: String,
    proof: Proof,
    keys: Keys,
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc").field("client_id", &self.client_id).field("proof", &self.proof).finish()
    }
}

/// What the browser's session keeps until the person is back: it ties the answer to the one who asked. Good once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    state: String,
    nonce: String,
    verifier: String,
    redirect_uri: String,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending(redacted)")
    }
}

impl Pending {
    /// Whether an answer with this `state` is the answer to it.
    #[must_use]
    pub fn is_answered_by(&self, state: &str) -> bool {
        self.state == state
    }
}

/// Whether somebody who is signed in at Microsoft already is asked once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Which of the browser's accounts it is.
    SelectAccount,
    /// For the password, whoever is signed in.
    Login,
}

/// Why nobody is signed in.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// The login authority refused or could not be reached.
    #[error(transparent)]
    Authority(#[from] Error),
    /// The id token is not one to be believed.
    #[error("the id token is not accepted: {0}")]
    Token(#[from] Flaw),
}

impl Oidc {
    /// The registration `client_id`, proved by `proof`, at the login authority of `hosts`.
    #[must_use]
    pub fn new(http: Http, hosts: Hosts, client_id: impl Into<String>, proof: Proof) -> Oidc {
        let keys = Keys::new(http.clone(), hosts.clone());
        Oidc { http, hosts, client_id: client_id.into(), proof, keys }
    }

    /// The app's (client) id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Where to send the browser, and what to keep until it is back at `redirect_uri`, which has to be one of the
    /// registration's.
    ///
    /// # Errors
    /// When the login address cannot be used.
    pub fn begin(&self, redirect_uri: &str, prompt: Prompt) -> Result<(Url, Pending), Error> {
        let pending = Pending {
            state: random(),
            nonce: random(),
            verifier: random(),
            redirect_uri: redirect_uri.to_owned(),
        };
        let mut url = self
            .hosts
            .login_url(ANY_DIRECTORY, "oauth2/v2.0/authorize")
            .map_err(|_| Error::misconfigured("the login address cannot be used"))?;
        let challenge = BASE64.encode(digest::digest(&digest::SHA256, pending.verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", "openid profile")
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair(
                "prompt",
                match prompt {
                    Prompt::SelectAccount => "select_account",
                    Prompt::Login => "login",
                },
            );
        Ok((url, pending))
    }

    /// Redeems the code that came back, and says who it is.
    ///
    /// The caller has checked [`Pending::is_answered_by`] and has taken `pending` out of the session, so that it
    /// serves once.
    ///
    /// # Errors
    /// [`NotSignedIn`].
    pub async fn finish(
        &self,
        pending: &Pending,
        code: &str,
        now: SystemTime,
    ) -> Result<Person, NotSignedIn> {
        let token = self.redeem(pending, code, now).await?;
        self.person(token.expose_secret(), &pending.nonce, now).await
    }

    /// Who an id token names, once everything about it is checked: form, algorithm, signature by a key that the
    /// authority publishes now, audience, issuer against the directory in it, nonce, and times.
    ///
    /// # Errors
    /// [`NotSignedIn::Token`]; [`NotSignedIn::Authority`] when the keys cannot be had.
    pub async fn person(&self, token: &str, nonce: &str, now: SystemTime) -> Result<Person, NotSignedIn> {
        let unproved = id_token::read(token)?;
        let key = self.keys.find(unproved.key_id()).await?.ok_or(Flaw::UnknownKey)?;
        let expected = id_token::Expected { client_id: &self.client_id, nonce, hosts: &self.hosts, now };
        Ok(unproved.prove(&key, &expected)?)
    }

    async fn redeem(&self, pending: &Pending, code: &str, now: SystemTime) -> Result<SecretString, Error> {
        let url = self
            .hosts
            .token_url(ANY_DIRECTORY)
            .map_err(|_| Error::misconfigured("the login address cannot be used"))?;
        let proof = self
            .proof
            .fields(&self.client_id, url.as_str(), now)
            .map_err(|error| Error::misconfigured(error.to_string()))?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("code", code),
            ("redirect_uri", &pending.redirect_uri),
            ("code_verifier", &pending.verifier),
            ("scope", "openid profile"),
        ];
        form.extend(proof.iter().map(|(name, value)| (*name, value.expose_secret())));
        let request = self
            .http
            .request(reqwest::Method::POST, url.clone())
            .header(http::header::ACCEPT, "application/json")
            .form(&form);
        // Not tried again: a code is good once, and whether the authority took it is not known.
        let answer = self.http.exchange(request).await.map_err(Error::for_sign_in)?;
        if !answer.is_success() {
            return Err(Error::sign_in(answer.status, &answer.headers, &answer.body));
        }
        let body: Redeemed = serde_json::from_slice(&answer.body)
            .map_err(|_| answer.bad(Error::bad_answer("the answer holds no id token", false)))?;
        Ok(SecretString::from(body.id_token))
    }
}

#[derive(Deserialize)]
struct Redeemed {
    id_token: String,
}

/// 256 random bits, in letters that need no escaping.
fn random() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    BASE64.encode(bytes)
}
