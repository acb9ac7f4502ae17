//! Signed client assertions: a JWT over the application's own certificate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;

use super::token::{Refusal, Request, refuse};

/// Checks an assertion against the registered certificates.
pub(super) fn check(jwt: &str, client: &str, r: &Request<'_>) -> Result<(), Refusal> {
    let malformed = || refuse(401, "invalid_client", 50_027, "JWT token is invalid or malformed.");
    let parts: Vec<&str> = jwt.split('.').collect();
    let [header_text, claims_text, signature] = parts[..] else { return Err(malformed()) };
    let part =
        |text: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok() };
    let (header, claims) =
        (part(header_text).ok_or_else(malformed)?, part(claims_text).ok_or_else(malformed)?);
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
    let certificate = r.certificates.iter().find(|der| {
        let print = |alg| URL_SAFE_NO_PAD.encode(digest(alg, der));
        header["x5t#S256"] == print(&SHA256).as_str()
            || header["x5t"] == print(&SHA1_FOR_LEGACY_USE_ONLY).as_str()
    });
    let unknown = || {
        refuse(
            401,
            "invalid_client",
            700_027,
            "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]",
        )
    };
    let key = certificate.and_then(|der| public_key(der)).ok_or_else(unknown)?;
    let signed = &jwt[..header_text.len() + 1 + claims_text.len()];
    let valid = match header["alg"].as_str() {
        Some("PS256") => {
            UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key).verify(signed.as_bytes(), &signature)
        }
        Some("RS256") => {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(signed.as_bytes(), &signature)
        }
        _ => return Err(malformed()),
    };
    valid.map_err(|_| {
        refuse(401, "invalid_client", 700_027, "Client assertion failed signature validation.")
    })?;
    if claims["iss"] != client || claims["sub"] != client {
        return Err(refuse(
            401,
            "invalid_client",
            700_021,
            "Client assertion application identifier doesn't match 'client_id' parameter.",
        ));
    }
    let audience = claims["aud"].as_str().unwrap_or_default();
    if !audience.ends_with("/oauth2/v2.0/token")
        && !audience.ends_with("/oauth2/token")
        && !audience.ends_with("/v2.0")
    {
        return Err(refuse(
            401,
            "invalid_client",
            700_023,
            "Client assertion audience claim does not match Realm issuer.",
        ));
    }
    let at = |name: &str| claims[name].as_i64();
    if at("exp").is_none_or(|exp| exp < r.now) || at("nbf").is_some_and(|nbf| nbf > r.now + 300) {
        return Err(refuse(
            401,
            "invalid_client",
            700_024,
            "Client assertion is not within its valid time range.",
        ));
    }
    Ok(())
}

/// One DER element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (len, rest) = if first < 0x80 {
        (first as usize, rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(first as usize & 0x7f)?;
        (bytes.iter().try_fold(0usize, |n, b| n.checked_mul(256)?.checked_add(*b as usize))?, rest)
    };
    let (content, after) = rest.split_at_checked(len)?;
    Some((tag, content, after))
}

/// The RSA public key of an X.509 certificate, in the form that `ring` takes.
fn public_key(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut tbs, _) = element(certificate)?;
    if let (0xa0, _, rest) = element(tbs)? {
        tbs = rest;
    }
    // Serial number, signature algorithm, issuer, validity, subject.
    for _ in 0..5 {
        tbs = element(tbs)?.2;
    }
    let (_, info, _) = element(tbs)?;
    let (_, _, rest) = element(info)?;
    let (tag, bits, _) = element(rest)?;
    (tag == 3 && bits.first() == Some(&0)).then(|| bits[1..].to_vec())
}
