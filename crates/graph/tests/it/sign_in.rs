//! Tokens: one for all, renewed when refused, and errors that say what to do.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use futures::future::join_all;
use graph::{Budgets, Meaning, Proof};
use ring::signature::{KeyPair, RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::stub::{Reply, Stub, token};

const KEY: &str = include_str!("key.pem");
const CERTIFICATE: &str = include_str!("cert.pem");

/// Lets seconds pass on the runtime's clock while nothing is under way.
async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

fn nothing() -> Reply {
    Reply::ok(&json!({"value": []}))
}

#[tokio::test]
async fn concurrent_callers_share_one_token() {
    let stub = Stub::start(|_, _| nothing()).await;
    let client = stub.client();
    for answer in join_all((0..50).map(|_| client.get::<Value>("/users"))).await {
        answer.unwrap();
    }
    assert_eq!(stub.sign_ins().len(), 1);
    let form = stub.sign_ins()[0].form();
    assert_eq!(stub.sign_ins()[0].target, "/contoso/oauth2/v2.0/token");
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["client_id"], "app");
    assert_eq!(form["client_secret"], "s3cret");
    assert_eq!(form["scope"], "https://graph.microsoft.com/.default");
    assert_eq!(client.meter().sign_ins, 1);
}

#[tokio::test]
async fn a_failed_sign_in_is_shared_too_and_says_what_to_do() {
    let stub = Stub::with_login(
        |_, _| nothing(),
        |_, _| {
            Reply::json(
                401,
                &json!({"error": "invalid_client", "error_description": "AADSTS7000222: expired. Trace ID: x",
                    "error_codes": [7000222], "trace_id": "x", "correlation_id": "y"}),
            )
        },
    )
    .await;
    let client = stub.client();
    for answer in join_all((0..20).map(|_| client.get::<Value>("/users"))).await {
        let error = answer.unwrap_err();
        assert_eq!(error.meaning(), &Meaning::SecretExpired);
        assert_eq!(error.aadsts(), Some(7_000_222));
        assert!(error.is_sign_in() && !error.outcome_unknown());
    }
    assert_eq!(stub.sign_ins().len(), 1);
    assert!(stub.requests().is_empty());
}

#[tokio::test]
async fn a_sign_in_survives_the_authority_s_faults() {
    let stub = Stub::with_login(
        |_, _| nothing(),
        |_, number| match number {
            0 => Reply::html(503),
            1 => Reply::Drop,
            2 => Reply::json(429, &json!({"error": "temporarily_unavailable"})).header("Retry-After", "0.01"),
            3 => Reply::json(400, &json!({"error": "temporarily_unavailable", "error_codes": [90033]})),
            4 => Reply::ok(&json!({"token_type": "Bearer"})),
            _ => token("late", 3599),
        },
    )
    .await;
    stub.client().get::<Value>("/users").await.unwrap();
    assert_eq!(stub.sign_ins().len(), 6);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let stub = Stub::start(|seen, _| {
        if seen.headers["authorization"].ends_with(".t0") {
            Reply::error(401, "InvalidAuthenticationToken").header("WWW-Authenticate", "Bearer claims=\"x\"")
        } else {
            nothing()
        }
    })
    .await;
    let client = stub.client();
    // All of them are refused at first, and still only one new token is acquired.
    for answer in join_all((0..10).map(|_| client.get::<Value>("/users"))).await {
        answer.unwrap();
    }
    assert_eq!(stub.sign_ins().len(), 2);

    let stub = Stub::start(|_, _| Reply::error(401, "InvalidAuthenticationToken")).await;
    let error = stub.client().get::<Value>("/users").await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::TokenRefused);
    assert_eq!((stub.requests().len(), stub.sign_ins().len()), (2, 2));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let stub = Stub::start(|_, _| nothing()).await;
    let client = stub.client();
    client.get::<Value>("/users").await.unwrap();
    pass(2_800).await;
    client.get::<Value>("/users").await.unwrap();
    assert_eq!(stub.sign_ins().len(), 1);
    pass(100).await;
    client.get::<Value>("/users").await.unwrap();
    assert_eq!(stub.sign_ins().len(), 2);
}

#[tokio::test]
async fn an_old_token_that_holds_bridges_an_outage() {
    let stub = Stub::with_login(
        |_, _| nothing(),
        |_, number| if number == 0 { token("t", 3600) } else { Reply::html(503) },
    )
    .await;
    let client = stub.client();
    client.get::<Value>("/users").await.unwrap();
    pass(3_000).await;
    client.get::<Value>("/users").await.unwrap();
    client.get::<Value>("/users").await.unwrap();
    assert_eq!(stub.sign_ins().len(), 2, "one attempt, and then none for a while");
    pass(700).await;
    let error = client.get::<Value>("/users").await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::ServiceUnavailable, "past its end it holds no longer");
    assert_eq!(stub.sign_ins().len(), 10);
}

#[tokio::test]
async fn roles_come_from_a_token_acquired_now() {
    let stub = Stub::start(|_, _| nothing()).await;
    let client = stub.client();
    client.get::<Value>("/users").await.unwrap();
    assert_eq!(client.roles().await.unwrap(), ["User.Read.All", "Group.Read.All"]);
    assert_eq!(stub.sign_ins().len(), 2);
    // And the requests after it use that one.
    client.get::<Value>("/users").await.unwrap();
    assert!(stub.requests()[1].headers["authorization"].ends_with(".t1"));
}

#[tokio::test]
async fn a_certificate_signs_what_the_authority_can_check() {
    let stub = Stub::start(|_, _| nothing()).await;
    let proof = Proof::certificate(SecretString::from(KEY), CERTIFICATE).unwrap();
    let client = stub.client_of(proof, Budgets::default());
    client.get::<Value>("/users").await.unwrap();

    let form = stub.sign_ins()[0].form();
    assert!(!form.contains_key("client_secret"));
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let parts: Vec<&str> = form["client_assertion"].split('.').collect();
    let json = |part: &str| serde_json::from_slice::<Value>(&BASE64.decode(part).unwrap()).unwrap();
    let (header, claims) = (json(parts[0]), json(parts[1]));
    assert_eq!((&header["alg"], &header["typ"]), (&json!("PS256"), &json!("JWT")));
    let der = rustls::pki_types::CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
    let sum = ring::digest::digest(&ring::digest::SHA256, &der);
    assert_eq!(header["x5t#S256"], BASE64.encode(sum));
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!("app"), &json!("app")));
    assert_eq!(claims["aud"], format!("{}contoso/oauth2/v2.0/token", stub.base));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["nbf"].as_u64().unwrap(), 600);

    let PrivateKeyDer::Pkcs8(key) = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap() else {
        panic!("another kind of key")
    };
    let key = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public_key().as_ref())
        .verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &BASE64.decode(parts[2]).unwrap())
        .unwrap();
}

#[tokio::test]
async fn what_is_secret_does_not_show() {
    let stub = Stub::start(|_, _| nothing()).await;
    let client = stub.client();
    client.get::<Value>("/users").await.unwrap();
    assert!(!format!("{client:?}").contains("s3cret"));
    let proof = Proof::certificate(SecretString::from(KEY), CERTIFICATE).unwrap();
    assert_eq!(format!("{proof:?}"), "Certificate(redacted)");
}

#[test]
fn a_key_that_cannot_be_used_is_refused_when_it_is_entered() {
    let wrong =
        |key: &str, certificate: &str| Proof::certificate(key.into(), certificate).unwrap_err().to_string();
    assert!(wrong("nonsense", CERTIFICATE).contains("private key"));
    assert!(wrong(KEY, "nonsense").contains("certificate"));
}
