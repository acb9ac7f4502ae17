//! Signing people in at the simulated authority, and everything that is not a sign-in.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use graph::oidc::{Flaw, NotSignedIn, Oidc, Pending, Person, Prompt};
use graph::{Cloud, Hosts, Http, Proof};
use graph_sim::{Options, Sim};
use serde_json::{Value, json};
use url::Url;

const RETURN: &str = "http://127.0.0.1:9/return";
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

struct World {
    sim: Sim,
    oidc: Oidc,
    browser: reqwest::Client,
}

impl World {
    async fn new() -> World {
        let sim = Sim::start(Options { users: 60, groups: 6, ..Options::default() }).await.unwrap();
        sim.register_redirect_uri(RETURN);
        let oidc = oidc(sim.base(), sim.client_id(), sim.client_secret());
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        World { sim, oidc, browser }
    }

    fn somebody(&self) -> (String, String) {
        let truth = self.sim.export();
        let user = &truth["users"][3];
        (user["userPrincipalName"].as_str().unwrap().to_owned(), user["id"].as_str().unwrap().to_owned())
    }

    /// Fills in the sign-in page as a browser would, and gives what the address is called with afterwards.
    async fn sign_in(&self, url: &Url, login: &str) -> HashMap<String, String> {
        let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        form.push(("login".into(), login.into()));
        form.push(("password".into(), "any".into()));
        let mut page = url.clone();
        page.set_query(None);
        let answer = self.browser.post(page).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 302, "{}", answer.text().await.unwrap());
        let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        assert!(back.as_str().starts_with(RETURN));
        back.query_pairs().into_owned().collect()
    }

    async fn person(&self, login: &str) -> Person {
        let (url, pending) = self.oidc.begin(RETURN, Prompt::SelectAccount).unwrap();
        let back = self.sign_in(&url, login).await;
        assert!(pending.is_answered_by(&back["state"]));
        self.oidc.finish(&pending, &back["code"], SystemTime::now()).await.unwrap()
    }

    /// An id token straight from the authority, and the nonce in it.
    async fn token(&self) -> (String, String) {
        let url = Url::parse(&format!(
            "{}/organizations/oauth2/v2.0/authorize?client_id={}&response_type=code&redirect_uri={RETURN}&scope=openid&nonce=n-1",
            self.sim.base(),
            self.sim.client_id()
        ))
        .unwrap();
        let back = self.sign_in(&url, &self.somebody().0).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", self.sim.client_id()),
            ("client_secret", self.sim.client_secret()),
            ("redirect_uri", RETURN),
            ("code", &back["code"]),
        ];
        let url = format!("{}/organizations/oauth2/v2.0/token", self.sim.base());
        let answer: Value = self.browser.post(url).form(&form).send().await.unwrap().json().await.unwrap();
        (answer["id_token"].as_str().unwrap().to_owned(), "n-1".to_owned())
    }

    async fn flaw(&self, oidc: &Oidc, token: &str, nonce: &str, now: SystemTime) -> Flaw {
        match oidc.person(token, nonce, now).await {
            Err(NotSignedIn::Token(flaw)) => flaw,
            other => panic!("{other:?}"),
        }
    }
}

fn oidc(login: &str, client_id: &str, secret: &str) -> Oidc {
    let login: Url = login.parse().unwrap();
    let hosts = Hosts::of(Cloud::Global).with_overrides(Some(login.clone()), Some(login));
    Oidc::new(Http::new().unwrap(), hosts, client_id, Proof::secret(secret))
}

/// A token whose part number `at` is another one.
fn with_part(token: &str, at: usize, part: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[at] = part;
    parts.join(".")
}

fn decoded(token: &str, at: usize) -> Value {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn somebody_signs_in_and_is_known_by_directory_and_object() {
    let w = World::new().await;
    let (upn, id) = w.somebody();
    let person = w.person(&upn).await;
    assert_eq!(person.directory.to_string(), w.sim.tenant_id());
    assert_eq!(person.object.to_string(), id);
    assert_eq!(person.username, upn);
    assert!(!person.has_mfa);
    w.sim.set_mfa(&upn, true).unwrap();
    assert!(w.person(&upn).await.has_mfa);
}

#[tokio::test]
async fn people_of_several_directories_sign_in_and_roles_are_theirs() {
    let w = World::new().await;
    let other = w.sim.add_tenant(&json!({"displayName": "Fabrikam", "domain": "fabrikam.example"})).unwrap();
    let admin = other["globalAdministrators"][0].as_str().unwrap();
    let person = w.person(admin).await;
    assert_eq!(person.directory.to_string(), other["tenantId"].as_str().unwrap());
    assert!(person.roles.iter().any(|role| role.to_string() == GLOBAL_ADMINISTRATOR));
}

#[tokio::test]
async fn a_code_serves_once_and_only_the_browser_that_asked() {
    let w = World::new().await;
    let (upn, _) = w.somebody();
    let (url, pending) = w.oidc.begin(RETURN, Prompt::Login).unwrap();
    let (_, stranger): (_, Pending) = w.oidc.begin(RETURN, Prompt::Login).unwrap();
    let back = w.sign_in(&url, &upn).await;
    assert!(!stranger.is_answered_by(&back["state"]));
    // Somebody else's verifier does not fit the code.
    let refused = w.oidc.finish(&stranger, &back["code"], SystemTime::now()).await.unwrap_err();
    assert!(matches!(refused, NotSignedIn::Authority(_)), "{refused:?}");
    w.oidc.finish(&pending, &back["code"], SystemTime::now()).await.unwrap();
    let again = w.oidc.finish(&pending, &back["code"], SystemTime::now()).await.unwrap_err();
    assert!(matches!(&again, NotSignedIn::Authority(e) if e.aadsts() == Some(54_005)), "{again:?}");
}

#[tokio::test]
async fn a_token_that_is_not_what_it_should_be_is_refused() {
    let w = World::new().await;
    let (token, nonce) = w.token().await;
    let now = SystemTime::now();
    w.oidc.person(&token, &nonce, now).await.unwrap();

    let refused = async |token: &str| w.flaw(&w.oidc, token, &nonce, now).await;
    // Every claim is under the signature.
    let mut claims = decoded(&token, 1);
    claims["oid"] = json!("00000000-0000-0000-0000-000000000001");
    let altered = with_part(&token, 1, &BASE64.encode(claims.to_string()));
    assert_eq!(refused(&altered).await, Flaw::Signature);
    let mut signature = BASE64.decode(token.rsplit('.').next().unwrap()).unwrap();
    signature[7] ^= 1;
    assert_eq!(refused(&with_part(&token, 2, &BASE64.encode(&signature))).await, Flaw::Signature);
    assert_eq!(refused(&with_part(&token, 2, "")).await, Flaw::Signature);
    // The algorithm is not the token's to choose.
    for algorithm in ["none", "HS256", "RS384", "PS256"] {
        let mut header = decoded(&token, 0);
        header["alg"] = json!(algorithm);
        let other = with_part(&token, 0, &BASE64.encode(header.to_string()));
        assert_eq!(refused(&other).await, Flaw::Algorithm, "{algorithm}");
    }
    let mut header = decoded(&token, 0);
    header["kid"] = json!("made-up");
    assert_eq!(refused(&with_part(&token, 0, &BASE64.encode(header.to_string()))).await, Flaw::UnknownKey);
    for nonsense in ["", "a", "a.b", "a.b.c", "e30.e30.e30", "...."] {
        assert_eq!(refused(nonsense).await, Flaw::Malformed, "{nonsense:?}");
    }

    assert_eq!(w.flaw(&w.oidc, &token, "another", now).await, Flaw::Nonce);
    let another_app = oidc(w.sim.base(), "00000000-0000-0000-0000-00000000000a", "x");
    assert_eq!(w.flaw(&another_app, &token, &nonce, now).await, Flaw::Audience);
    // The same authority under another name: the key fits, the issuer does not.
    let elsewhere = w.sim.base().replace("127.0.0.1", "localhost");
    let elsewhere = oidc(&elsewhere, w.sim.client_id(), w.sim.client_secret());
    assert_eq!(w.flaw(&elsewhere, &token, &nonce, now).await, Flaw::Issuer);

    let hours = |n: u64| Duration::from_secs(n * 3600);
    assert_eq!(w.flaw(&w.oidc, &token, &nonce, now + hours(2)).await, Flaw::Expired);
    assert_eq!(w.flaw(&w.oidc, &token, &nonce, now - hours(1)).await, Flaw::NotYetValid);
}

#[tokio::test]
async fn what_is_secret_does_not_show() {
    let w = World::new().await;
    let (url, pending) = w.oidc.begin(RETURN, Prompt::SelectAccount).unwrap();
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["code_challenge_method"], "S256");
    assert!(!format!("{pending:?} {:?}", w.oidc).contains(w.sim.client_secret()));
    assert_eq!(format!("{pending:?}"), "Pending(redacted)");
}
