//! The authority's signing key. It is published with the source and protects nothing: the tokens it
//! signs open a simulated directory only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::Error;

/// The key pair and its public description.
pub(crate) struct Keys {
    pair: RsaKeyPair,
    random: SystemRandom,
}

const KEY_ID: &str = "simulated-authority-1";

impl Keys {
    pub(super) fn load() -> Result<Self, Error> {
        let pair = RsaKeyPair::from_pkcs8(include_bytes!("signing_key.p8"))
            .map_err(|e| Error::Key(e.to_string()))?;
        Ok(Self { pair, random: SystemRandom::new() })
    }

    /// A compact JWT over `claims`.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String, Error> {
        let header = json!({"alg": "RS256", "kid": KEY_ID, "typ": "JWT", "x5t": KEY_ID});
        let encode = |v: &Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &self.random, signed.as_bytes(), &mut signature)
            .map_err(|_| Error::Key("signing failed".to_owned()))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The key set of the authority.
    pub(crate) fn jwks(&self, issuer: &str) -> Value {
        let public: ring::rsa::PublicKeyComponents<Vec<u8>> = self.pair.public().into();
        json!({"keys": [{
            "kty": "RSA",
            "use": "sig",
            "kid": KEY_ID,
            "x5t": KEY_ID,
            "alg": "RS256",
            "n": URL_SAFE_NO_PAD.encode(public.n),
            "e": URL_SAFE_NO_PAD.encode(public.e),
            "issuer": issuer,
        }]})
    }
}
