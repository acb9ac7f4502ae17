//! What an id token has to be before it is believed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use super::keys::Key;
use crate::Hosts;

/// How far two clocks may differ.
const SKEW: Duration = Duration::from_secs(300);
/// An id token is a few kilobytes; what is far beyond is not one.
const LONGEST: usize = 64 * 1024;

/// Why an id token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is no signed token, or lacks what every one has.
    #[error("it cannot be read")]
    Malformed,
    /// It is signed in a way that the authority does not use, or not at all.
    #[error("it is not signed as Microsoft signs")]
    Algorithm,
    /// The authority publishes no such key.
    #[error("its key is not one of Microsoft's")]
    UnknownKey,
    /// It was altered, or signed by somebody else.
    #[error("its signature does not fit")]
    Signature,
    /// It was made for another app.
    #[error("it is for another app")]
    Audience,
    /// Another authority made it, or it names a directory that its issuer does not speak for.
    #[error("it comes from another issuer")]
    Issuer,
    /// It answers another request.
    #[error("it answers another request")]
    Nonce,
    /// Its time is over, or the server's clock is wrong.
    #[error("its time is over")]
    Expired,
    /// Its time has not come, or the server's clock is wrong.
    #[error("its time has not begun")]
    NotYetValid,
}

/// Somebody whom Microsoft signed in. Directory and object together are the identity; the names are for people to
/// read and may change or be reused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The directory (`tid`).
    pub directory: Uuid,
    /// The account in it (`oid`).
    pub object: Uuid,
    /// The display name.
    pub name: String,
    /// What they sign in as.
    pub username: String,
    /// Template ids of the directory roles that they hold in the whole directory (`wids`).
    pub roles: Vec<Uuid>,
    /// Whether Microsoft says that a second factor was used. It need not say so where one was.
    pub has_mfa: bool,
}

/// What a token is held against.
pub(super) struct Expected<'a> {
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) hosts: &'a Hosts,
    pub(super) now: SystemTime,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: u64,
    #[serde(default)]
    nbf: u64,
    nonce: Option<String>,
    tid: Uuid,
    oid: Uuid,
    #[serde(default)]
    name: String,
    #[serde(default)]
    preferred_username: String,
    #[serde(default)]
    wids: Vec<Uuid>,
    #[serde(default)]
    amr: Vec<String>,
}

/// A token that was taken apart and is not believed yet.
pub(super) struct Unproved<'a> {
    key_id: String,
    signed: &'a str,
    signature: Vec<u8>,
    claims: &'a str,
}

/// Takes a token apart.
pub(super) fn read(token: &str) -> Result<Unproved<'_>, Flaw> {
    if token.len() > LONGEST {
        return Err(Flaw::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Flaw::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(Flaw::Malformed)?;
    let header: Header = part(header)?;
    // The algorithm is ours to choose, not the token's: one, and never `none`.
    if header.alg != "RS256" {
        return Err(Flaw::Algorithm);
    }
    Ok(Unproved {
        key_id: header.kid.ok_or(Flaw::Malformed)?,
        signed,
        signature: BASE64.decode(signature).map_err(|_| Flaw::Malformed)?,
        claims,
    })
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, Flaw> {
    let bytes = BASE64.decode(text).map_err(|_| Flaw::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| Flaw::Malformed)
}

impl Unproved<'_> {
    pub(super) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The signature first: what is not signed is not even read.
    pub(super) fn prove(&self, key: &Key, expected: &Expected<'_>) -> Result<Person, Flaw> {
        RsaPublicKeyComponents { n: &key.modulus, e: &key.exponent }
            .verify(&RSA_PKCS1_2048_8192_SHA256, self.signed.as_bytes(), &self.signature)
            .map_err(|_| Flaw::Signature)?;
        let claims: Claims = part(self.claims)?;
        if claims.aud != expected.client_id {
            return Err(Flaw::Audience);
        }
        // `organizations` has no issuer of its own: each directory has one, and the key may be for some of them only.
        let issuer = expected.hosts.issuer(&claims.tid.to_string());
        let for_this = |name: &String| name.replace("{tenantid}", &claims.tid.to_string()) == issuer;
        if claims.iss != issuer || !key.issuer.as_ref().is_none_or(for_this) {
            return Err(Flaw::Issuer);
        }
        if claims.nonce.as_deref() != Some(expected.nonce) {
            return Err(Flaw::Nonce);
        }
        let now = expected.now.duration_since(UNIX_EPOCH).map_err(|_| Flaw::NotYetValid)?.as_secs();
        if claims.exp.saturating_add(SKEW.as_secs()) <= now {
            return Err(Flaw::Expired);
        }
        if claims.nbf > now + SKEW.as_secs() {
            return Err(Flaw::NotYetValid);
        }
        Ok(Person {
            directory: claims.tid,
            object: claims.oid,
            name: claims.name,
            username: claims.preferred_username,
            roles: claims.wids,
            has_mfa: claims.amr.iter().any(|method| method == "mfa"),
        })
    }
}
