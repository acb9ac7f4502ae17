//! How an app proves to a tenant's login authority that it is itself.

use std::{fmt, time::SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{RSA_PSS_SHA256, RsaKeyPair},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use x509_parser::prelude::{FromDer, X509Certificate};

/// How long an assertion is valid. Short, since it is used at once; long enough for clocks that
/// differ by a few minutes.
const ASSERTION_SECONDS: u64 = 600;

/// One app in one tenant.
#[derive(Clone)]
pub struct Credential {
    /// The tenant's id, or one of its verified domains. Budgets are kept by this name, so use one
    /// and the same for a tenant.
    pub tenant: String,
    /// The app's (client) id.
    pub client_id: String,
    /// What the app proves itself with.
    pub proof: Proof,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .field("proof", &self.proof)
            .finish()
    }
}

/// What an app proves itself with.
#[derive(Clone)]
pub enum Proof {
    /// A client secret's value.
    Secret(SecretString),
    /// A certificate registered on the app.
    Certificate {
        /// The RSA private key as PEM, PKCS#8 or PKCS#1.
        private_key_pem: SecretString,
        /// SHA-256 of the certificate in DER form.
        certificate_der_sha256: [u8; 32],
    },
}

impl Proof {
    /// A client secret.
    pub fn secret(value: impl Into<String>) -> Proof {
        Proof::Secret(SecretString::from(value.into()))
    }

    /// A certificate and its private key, both as PEM. Fails when either cannot be read, with a
    /// sentence for the person who pasted it.
    pub fn certificate(private_key_pem: SecretString, certificate_pem: &str) -> Result<Proof, BadKey> {
        let certificate = CertificateDer::from_pem_slice(certificate_pem.as_bytes())
            .map_err(|_| BadKey("The certificate is not in PEM form (-----BEGIN CERTIFICATE-----)."))?;
        let key = key_pair(&private_key_pem)?;
        if read(&certificate)?.public_key().subject_public_key.data.as_ref() != key.public().as_ref() {
            return Err(BadKey("The certificate and the private key do not belong together."));
        }
        let sum = digest::digest(&digest::SHA256, &certificate);
        let mut certificate_der_sha256 = [0; 32];
        certificate_der_sha256.copy_from_slice(sum.as_ref());
        Ok(Proof::Certificate { private_key_pem, certificate_der_sha256 })
    }

    /// When a certificate ends, in seconds since 1970. Fails when it cannot be read.
    pub fn certificate_ends(certificate_pem: &str) -> Result<i64, BadKey> {
        let certificate = CertificateDer::from_pem_slice(certificate_pem.as_bytes())
            .map_err(|_| BadKey("The certificate is not in PEM form (-----BEGIN CERTIFICATE-----)."))?;
        Ok(read(&certificate)?.validity().not_after.timestamp())
    }

    /// What a form to the token endpoint `audience` carries to prove the app.
    pub(crate) fn fields(
        &self,
        client_id: &str,
        audience: &str,
        now: SystemTime,
    ) -> Result<Vec<(&'static str, SecretString)>, BadKey> {
        match self {
            Proof::Secret(secret) => Ok(vec![("client_secret", secret.clone())]),
            Proof::Certificate { private_key_pem, certificate_der_sha256 } => {
                let signed = assertion(client_id, audience, private_key_pem, certificate_der_sha256, now)?;
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                Ok(vec![
                    ("client_assertion_type", SecretString::from(kind)),
                    ("client_assertion", SecretString::from(signed)),
                ])
            }
        }
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Proof::Secret(_) => "Secret(redacted)",
            Proof::Certificate { .. } => "Certificate(redacted)",
        })
    }
}

/// A certificate or private key that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadKey(&'static str);

/// A signed client assertion (RFC 7523) for the token endpoint `audience`.
fn assertion(
    client_id: &str,
    audience: &str,
    private_key_pem: &SecretString,
    thumbprint: &[u8; 32],
    now: SystemTime,
) -> Result<String, BadKey> {
    let now = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_err(|_| BadKey("The server's clock stands before 1970."))?
        .as_secs();
    let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": BASE64.encode(thumbprint) });
    let claims = json!({
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": uuid::Uuid::new_v4().to_string(),
        "iat": now,
        "nbf": now,
        "exp": now + ASSERTION_SECONDS,
    });
    let mut token = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));

    let key = key_pair(private_key_pem)?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
        .map_err(|_| BadKey("The private key could not sign."))?;
    token.push('.');
    BASE64.encode_string(&signature, &mut token);
    Ok(token)
}

fn read<'a>(certificate: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, BadKey> {
    X509Certificate::from_der(certificate)
        .map(|(_, certificate)| certificate)
        .map_err(|_| BadKey("The certificate cannot be read; export it again as PEM."))
}

fn key_pair(pem: &SecretString) -> Result<RsaKeyPair, BadKey> {
    const NOT_RSA: BadKey = BadKey("The private key is not an RSA key of 2048 to 4096 bits.");
    let key = PrivateKeyDer::from_pem_slice(pem.expose_secret().as_bytes())
        .map_err(|_| BadKey("The private key is not in PEM form (-----BEGIN PRIVATE KEY-----)."))?;
    match &key {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(NOT_RSA),
    }
    .map_err(|_| NOT_RSA)
}
