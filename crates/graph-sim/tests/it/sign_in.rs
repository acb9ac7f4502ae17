//! The login authority.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{World, refused};

async fn token(w: &World, tenant: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/{tenant}/oauth2/v2.0/token", w.sim.base());
    let response = w.http.post(url).form(form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn refusals_speak_aadsts() {
    let w = World::new().await;
    let (tenant, client, secret) = (w.sim.tenant_id(), w.sim.client_id(), w.sim.client_secret());
    let scope = "https://graph.microsoft.com/.default";
    let cases = vec![
        (
            tenant,
            vec![("client_id", client), ("client_secret", "wrong"), ("scope", scope)],
            401,
            "invalid_client",
            7_000_215,
        ),
        (tenant, vec![("client_id", client), ("scope", scope)], 401, "invalid_client", 7_000_218),
        (
            "nowhere.example",
            vec![("client_id", client), ("client_secret", secret), ("scope", scope)],
            400,
            "invalid_request",
            90_002,
        ),
        (
            tenant,
            vec![
                ("client_id", "00000000-0000-0000-0000-000000000001"),
                ("client_secret", secret),
                ("scope", scope),
            ],
            400,
            "unauthorized_client",
            700_016,
        ),
        (
            tenant,
            vec![("client_id", client), ("client_secret", secret), ("scope", "User.Read.All")],
            400,
            "invalid_scope",
            1_002_012,
        ),
        (
            "common",
            vec![("client_id", client), ("client_secret", secret), ("scope", scope)],
            400,
            "invalid_request",
            9_001_023,
        ),
        (
            tenant,
            vec![
                ("client_id", client),
                ("client_assertion", "a.b.c"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("scope", scope),
            ],
            401,
            "invalid_client",
            50_027,
        ),
    ];
    for (tenant, mut form, status, error, code) in cases {
        form.push(("grant_type", "client_credentials"));
        let (got, body) = token(&w, tenant, &form).await;
        assert_eq!((got, body["error"].as_str().unwrap()), (status, error), "{body}");
        assert_eq!(body["error_codes"], json!([code]));
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{code}: ")));
        assert!(
            body["trace_id"].is_string()
                && body["correlation_id"].is_string()
                && body["timestamp"].is_string()
        );
    }
    w.sim.sign_in(true, true, 3599);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("client_secret", secret),
        ("scope", scope),
    ];
    assert_eq!(token(&w, tenant, &form).await.1["error_codes"], json!([7_000_222]));
    w.sim.sign_in(false, false, 3599);
    assert_eq!(token(&w, tenant, &form).await.1["error_codes"], json!([7_000_112]));
}

#[tokio::test]
async fn tokens_name_the_granted_permissions_and_end() {
    let w = World::new().await;
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(w.token().split('.').nth(1).unwrap()).unwrap())
            .unwrap();
    assert_eq!(claims["tid"], w.sim.tenant_id());
    assert_eq!(claims["appid"], w.sim.client_id());
    assert!(claims["roles"].as_array().unwrap().contains(&json!("User.Read.All")));
    w.get("/users?$top=1").await.expect(200);
    w.sim.advance(3600);
    let late = w.get("/users?$top=1").await;
    refused(&late, 401, "InvalidAuthenticationToken");
    assert!(late.header("www-authenticate").unwrap().starts_with("Bearer "));
}

#[tokio::test]
async fn discovery_names_every_endpoint() {
    let w = World::new().await;
    let url = format!("{}/{}/v2.0/.well-known/openid-configuration", w.sim.base(), w.sim.tenant_id());
    let config: Value = w.http.get(url).send().await.unwrap().json().await.unwrap();
    for name in ["token_endpoint", "authorization_endpoint", "jwks_uri", "issuer", "end_session_endpoint"] {
        assert!(config[name].as_str().unwrap().starts_with(w.sim.base()), "{name}");
    }
    for (name, supported) in [
        ("response_types_supported", json!(["code"])),
        ("response_modes_supported", json!(["query", "fragment", "form_post"])),
        ("code_challenge_methods_supported", json!(["S256"])),
    ] {
        assert_eq!(config[name], supported);
    }
    for name in ["device_authorization_endpoint", "userinfo_endpoint", "kerberos_endpoint"] {
        assert!(config[name].is_null(), "{name} is not served");
    }
    let keys: Value =
        w.http.get(config["jwks_uri"].as_str().unwrap()).send().await.unwrap().json().await.unwrap();
    let key = &keys["keys"][0];
    let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = ring::signature::RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let token = w.token();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).unwrap();
    let about = async |tenant: &str| {
        let url = format!("{}/{tenant}/v2.0/.well-known/openid-configuration", w.sim.base());
        let response = w.http.get(url).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let anybody = about("organizations").await.1;
    assert_eq!(anybody["issuer"], format!("{}/{{tenantid}}/v2.0", w.sim.base()));
    let (status, nobody) = about("nowhere.example").await;
    assert_eq!(
        (status, &nobody["error"], &nobody["error_codes"]),
        (400, &json!("invalid_tenant"), &json!([90_002]))
    );
    let instance = format!("{}/common/discovery/instance?api-version=1.1", w.sim.base());
    let instance: Value = w.http.get(instance).send().await.unwrap().json().await.unwrap();
    assert!(instance["tenant_discovery_endpoint"].is_string());
}

/// A throw-away certificate and its key, made with OpenSSL; good until 2126.
const CERTIFICATE: &str = include_str!("certificate.pem");
const KEY: &[u8] = include_bytes!("certificate.p8");

#[tokio::test]
async fn a_certificate_signs_in() {
    let w = World::new().await;
    let der: String = CERTIFICATE.lines().filter(|l| !l.starts_with("---")).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(der).unwrap();
    let print = URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, &der));
    let assertion = |alg: &str, padding: &'static dyn ring::signature::RsaEncoding, exp: i64| {
        let encode = |v: Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let header = encode(json!({"alg": alg, "typ": "JWT", "x5t#S256": print}));
        let claims = encode(json!({
            "aud": format!("{}/{}/oauth2/v2.0/token", w.sim.base(), w.sim.tenant_id()),
            "iss": w.sim.client_id(), "sub": w.sim.client_id(), "jti": "1", "nbf": w.sim.now(), "exp": exp,
        }));
        let text = format!("{header}.{claims}");
        let pair = ring::rsa::KeyPair::from_pkcs8(KEY).unwrap();
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(padding, &ring::rand::SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let ask = async |assertion: &str| {
        token(
            &w,
            w.sim.tenant_id(),
            &[
                ("grant_type", "client_credentials"),
                ("client_id", w.sim.client_id()),
                ("scope", "https://graph.microsoft.com/.default"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ],
        )
        .await
    };
    let soon = w.sim.now() + 300;
    let good = assertion("PS256", &ring::signature::RSA_PSS_SHA256, soon);
    assert_eq!(ask(&good).await.1["error_codes"], json!([700_027]));
    w.sim.register_certificate(CERTIFICATE).unwrap();
    assert_eq!(ask(&good).await.0, 200);
    assert_eq!(ask(&assertion("RS256", &ring::signature::RSA_PKCS1_SHA256, soon)).await.0, 200);
    let old = assertion("PS256", &ring::signature::RSA_PSS_SHA256, w.sim.now() - 1);
    assert_eq!(ask(&old).await.1["error_codes"], json!([700_024]));
    assert_eq!(
        ask(&assertion("PS256", &ring::signature::RSA_PKCS1_SHA256, soon)).await.1["error_codes"],
        json!([700_027])
    );
}
