//! The authorization-code flow: a person signs in at a page, the application gets an id token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::browser::{Browser, CHALLENGE, RETURN, Shown, VERIFIER, account, administrator};
use crate::support::World;

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";

impl World {
    async fn ready() -> Self {
        let w = World::new().await;
        w.sim.register_redirect_uri(RETURN);
        w
    }

    /// What the application asks for.
    fn ask<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut query = vec![
            ("client_id", self.sim.client_id()),
            ("response_type", "code"),
            ("redirect_uri", RETURN),
            ("scope", "openid profile email"),
            ("state", "st&te=1"),
            ("nonce", "n-1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        query.retain(|(name, _)| !more.iter().any(|(m, _)| m == name));
        query.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        query
    }

    async fn redeem(&self, tenant: &str, code: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.sim.client_id()),
            ("client_secret", self.sim.client_secret()),
            ("redirect_uri", RETURN),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        form.retain(|(name, _)| !more.iter().any(|(m, _)| m == name));
        form.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.sim.base());
        let response = self.http.post(url).form(&form).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn code(&self, browser: &mut Browser, login: &str) -> String {
        let page = browser.open(&at(self.sim.tenant_id()), &self.ask(&[("prompt", "login")])).await;
        browser.sign_in(&page, login).await.returned()["code"].clone()
    }
}

fn at(tenant: &str) -> String {
    format!("/{tenant}/oauth2/v2.0/authorize")
}

fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_person_signs_in_and_the_application_learns_who_it_is() {
    let w = World::ready().await;
    let upn = administrator(&w.sim);
    let mut browser = Browser::new(&w.sim);
    let page = browser.open(&at("organizations"), &w.ask(&[])).await;
    page.stays(200).says("<h1>Sign in</h1>").says(&upn);
    let back = browser.sign_in(&page, &upn.to_uppercase()).await;
    assert_eq!(back.status, 302);
    let fields = back.returned();
    assert_eq!(fields["state"], "st&te=1");

    let (status, body) = w.redeem("organizations", &fields["code"], &[]).await;
    assert_eq!((status, &body["token_type"]), (200, &json!("Bearer")), "{body}");
    assert_eq!(body["scope"], "openid profile email");
    let id = claims(&body["id_token"]);
    let truth = w.sim.export();
    let user = truth["users"].as_array().unwrap().iter().find(|u| u["userPrincipalName"] == *upn).unwrap();
    assert_eq!(id["iss"], format!("{}/{}/v2.0", w.sim.base(), w.sim.tenant_id()));
    assert_eq!((&id["aud"], &id["tid"]), (&json!(w.sim.client_id()), &json!(w.sim.tenant_id())));
    assert_eq!((&id["oid"], &id["name"]), (&user["id"], &user["displayName"]));
    assert_eq!((&id["preferred_username"], &id["email"]), (&user["userPrincipalName"], &user["mail"]));
    assert_eq!((&id["nonce"], &id["ver"]), (&json!("n-1"), &json!("2.0")));
    assert!(id["sub"].is_string() && id["sub"] != id["oid"]);
    assert_eq!(id["iat"].as_i64(), Some(w.sim.now()));
    assert!(id["nbf"].as_i64() <= id["iat"].as_i64() && id["exp"].as_i64() > id["iat"].as_i64());
    assert!(id["wids"].as_array().unwrap().contains(&json!(GLOBAL)));

    // The published key signed it.
    let keys = format!("{}/{}/discovery/v2.0/keys", w.sim.base(), w.sim.tenant_id());
    let keys: Value = w.http.get(keys).send().await.unwrap().json().await.unwrap();
    let part = |name: &str| URL_SAFE_NO_PAD.decode(keys["keys"][0][name].as_str().unwrap()).unwrap();
    let public = ring::signature::RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let (signed, signature) = body["id_token"].as_str().unwrap().rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).unwrap();

    // The access token names the person; the application's permissions are not theirs.
    assert_eq!(claims(&body["access_token"])["scp"], "openid profile email");
    let url = format!("{}/v1.0/users", w.sim.base());
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(w.http.get(url).bearer_auth(token).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn roles_in_a_token_are_those_held_now_in_the_whole_directory() {
    let w = World::ready().await;
    let truth = w.sim.export();
    let list = |name: &str| truth[name].as_array().unwrap().clone();
    let upn = |id: &Value| account(&w.sim, |u| u["id"] == *id);
    let mut browser = Browser::new(&w.sim);
    let mut wids = async |login: String| {
        let code = w.code(&mut browser, &login).await;
        claims(&w.redeem(w.sim.tenant_id(), &code, &[]).await.1["id_token"])["wids"].clone()
    };
    let everybody = "b79fbf4d-3ef9-4689-8143-76b194e85509";

    let scoped = list("roleAssignments").into_iter().find(|a| {
        a["directoryScopeId"] != "/"
            && list("roleAssignments").iter().filter(|b| b["principalId"] == a["principalId"]).count() == 1
            && !truth["members"].as_object().unwrap().iter().any(|(group, members)| {
                list("groups").iter().any(|g| g["id"] == **group && g["isAssignableToRole"] == true)
                    && members.as_array().unwrap().contains(&a["principalId"])
            })
    });
    assert_eq!(wids(upn(&scoped.unwrap()["principalId"])).await, json!([everybody]), "a role over one unit");

    let eligible = list("roleEligibilities")
        .into_iter()
        .find(|e| !list("roleAssignments").iter().any(|a| a["principalId"] == e["principalId"]))
        .unwrap();
    let held = wids(upn(&eligible["principalId"])).await;
    assert!(!held.as_array().unwrap().contains(&eligible["roleDefinitionId"]), "eligible is not active");

    let active = list("roleAssignments").into_iter().find(|a| a["activated"] == true).unwrap();
    let held = wids(upn(&active["principalId"])).await;
    assert!(held.as_array().unwrap().contains(&active["roleDefinitionId"]));

    let group = list("groups").into_iter().find(|g| {
        g["isAssignableToRole"] == true && list("roleAssignments").iter().any(|a| a["principalId"] == g["id"])
    });
    let group = group.unwrap()["id"].clone();
    let member = truth["members"][group.as_str().unwrap()][0].clone();
    let role = list("roleAssignments").into_iter().find(|a| a["principalId"] == group).unwrap();
    let held = wids(upn(&member)).await;
    assert!(held.as_array().unwrap().contains(&role["roleDefinitionId"]), "through a group");

    let guest = account(&w.sim, |u| u["userType"] == "Guest");
    assert_eq!(wids(guest).await, json!([]));
}

#[tokio::test]
async fn who_may_not_sign_in_is_told_why_on_the_page() {
    let w = World::ready().await;
    let mut browser = Browser::new(&w.sim);
    let page = browser.open(&at(w.sim.tenant_id()), &w.ask(&[])).await;
    let again = browser.sign_in(&page, "nobody@contoso.example").await;
    again.stays(200).says("AADSTS50034: The user account nobody@contoso.example does not exist in the Contoso Industries directory.");
    let disabled = account(&w.sim, |u| u["accountEnabled"] == false);
    let again = browser.sign_in(&again, &disabled).await;
    again.stays(200).says("AADSTS50057: The user account is disabled.");
    let upn = administrator(&w.sim);
    let empty = browser.submit(&again, &[("login", &upn), ("password", "")]).await;
    empty.stays(200).says("AADSTS50126");

    w.sim.set_password(&upn, Some("Right-1")).unwrap();
    let wrong = browser.sign_in(&empty, &upn).await;
    wrong.stays(200).says("AADSTS50126: Error validating credentials due to invalid username or password.");
    let back = browser.submit(&wrong, &[("login", &upn), ("password", "Right-1")]).await;
    assert!(back.returned().contains_key("code"), "after every mistake the request is the same");
    assert!(w.sim.set_password("nobody", None).is_err());
}

#[tokio::test]
async fn a_request_that_cannot_be_trusted_ends_on_a_page() {
    let w = World::ready().await;
    let mut browser = Browser::new(&w.sim);
    let own = at(w.sim.tenant_id());
    for (path, change, text) in [
        (own.as_str(), ("redirect_uri", "http://127.0.0.1:4000/connect/return/"), "AADSTS50011"),
        (
            &own,
            ("redirect_uri", "https://evil.example/<b>"),
            "AADSTS50011: The redirect URI 'https://evil.example/<b>'",
        ),
        (&own, ("redirect_uri", ""), "AADSTS900144"),
        (&own, ("client_id", "00000000-0000-0000-0000-000000000001"), "AADSTS700016"),
        (&own, ("client_id", ""), "AADSTS900144"),
        (&at("nowhere.example"), ("state", "x"), "AADSTS90002: Tenant 'nowhere.example' not found."),
    ] {
        let page = browser.open(path, &w.ask(&[change])).await;
        page.stays(400).says(text);
        assert!(!page.html.contains("<b>"), "nothing of a request becomes markup");
    }
    w.sim.sign_in(false, false, 3599);
    browser.open(&own, &w.ask(&[])).await.stays(400).says("AADSTS7000112");
    w.sim.sign_in(true, false, 3599);
    for (change, error, code) in [
        (("response_type", "token"), "unsupported_response_type", "AADSTS700054"),
        (("response_type", ""), "invalid_request", "AADSTS900144"),
        (("scope", ""), "invalid_request", "AADSTS900144"),
        (("code_challenge_method", "plain"), "invalid_request", "AADSTS501481"),
        (("code_challenge", "short"), "invalid_request", "AADSTS501491"),
        (("prompt", "maybe"), "invalid_request", "AADSTS90023"),
        (("prompt", "none"), "login_required", "AADSTS50058"),
    ] {
        let fields = browser.open(&own, &w.ask(&[change])).await.returned();
        assert_eq!((fields["error"].as_str(), fields["state"].as_str()), (error, "st&te=1"), "{change:?}");
        assert!(fields["error_description"].starts_with(code), "{}", fields["error_description"]);
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_only_for_whom_it_was_made() {
    let w = World::ready().await;
    w.sim.register_redirect_uri("http://127.0.0.1:4000/elsewhere");
    let upn = administrator(&w.sim);
    let mut browser = Browser::new(&w.sim);
    let code = w.code(&mut browser, &upn).await;
    let own = w.sim.tenant_id().to_owned();
    let refused = |(status, body): (u16, Value), error: &str, code: u32| {
        assert_eq!(
            (status, &body["error"], &body["error_codes"]),
            (400, &json!(error), &json!([code])),
            "{body}"
        );
    };
    let wrong = "x".repeat(43);
    for (change, number) in [
        (("code_verifier", wrong.as_str()), 501_481),
        (("code_verifier", ""), 501_481),
        (("redirect_uri", "http://127.0.0.1:4000/elsewhere"), 500_112),
        (("redirect_uri", ""), 500_112),
        (("code", "1.unheard-of"), 70_000),
    ] {
        refused(w.redeem(&own, &code, &[change]).await, "invalid_grant", number);
    }
    refused(w.redeem(&own, &code, &[("code", "")]).await, "invalid_request", 900_144);
    let (status, body) = w.redeem(&own, &code, &[("client_secret", "wrong")]).await;
    assert_eq!((status, &body["error_codes"]), (401, &json!([7_000_215])));
    refused(w.redeem("nowhere.example", &code, &[]).await, "invalid_request", 90_002);

    assert_eq!(w.redeem(&own, &code, &[]).await.0, 200);
    refused(w.redeem(&own, &code, &[]).await, "invalid_grant", 54_005);

    let late = w.code(&mut browser, &upn).await;
    w.sim.advance(601);
    refused(w.redeem(&own, &late, &[]).await, "invalid_grant", 70_008);

    // A verifier where no challenge was sent: somebody may have stripped it on the way.
    let open = [("prompt", "login"), ("code_challenge", ""), ("code_challenge_method", "")];
    let page = browser.open(&at(&own), &w.ask(&open)).await;
    let code = browser.sign_in(&page, &upn).await.returned()["code"].clone();
    refused(w.redeem(&own, &code, &[]).await, "invalid_grant", 501_481);
    assert_eq!(w.redeem(&own, &code, &[("code_verifier", "")]).await.0, 200);
}

#[tokio::test]
async fn the_answer_comes_as_the_application_wants_it() {
    let w = World::ready().await;
    let upn = administrator(&w.sim);
    let mut browser = Browser::new(&w.sim);
    let own = at(w.sim.tenant_id());
    let page = browser.open(&own, &w.ask(&[("response_mode", "form_post")])).await;
    let posted: Shown = browser.sign_in(&page, &upn).await;
    let (action, fields) = posted.stays(200).form();
    assert_eq!((action.as_str(), fields["state"].as_str()), (RETURN, "st&te=1"));
    posted.says("<button");
    assert_eq!(w.redeem(w.sim.tenant_id(), &fields["code"], &[]).await.0, 200);

    let fragment = browser.open(&own, &w.ask(&[("response_mode", "fragment")])).await;
    assert!(fragment.location.unwrap().starts_with(&format!("{RETURN}#code=")));
}

#[tokio::test]
async fn a_session_lasts_until_the_person_signs_out() {
    let w = World::ready().await;
    let upn = administrator(&w.sim);
    let other = account(&w.sim, |u| u["accountEnabled"] == true && u["userPrincipalName"] != *upn);
    let mut browser = Browser::new(&w.sim);
    let own = at(w.sim.tenant_id());
    w.code(&mut browser, &upn).await;
    for silent in [("prompt", ""), ("prompt", "none"), ("login_hint", upn.as_str())] {
        assert!(browser.open(&own, &w.ask(&[silent])).await.returned().contains_key("code"));
    }
    for asks in [("prompt", "login"), ("prompt", "select_account"), ("login_hint", other.as_str())] {
        let page = browser.open(&own, &w.ask(&[asks])).await;
        page.stays(200).says("Sign in");
        if asks.0 == "login_hint" {
            page.says(&format!("value=\"{other}\" autocomplete"));
        }
    }
    // An account that is disabled meanwhile has no session either.
    let path = format!("/users/{upn}");
    assert_eq!(w.sim.apply("PATCH", &path, Some(json!({"accountEnabled": false}))).0, 204);
    browser.open(&own, &w.ask(&[])).await.stays(200);
    assert_eq!(w.sim.apply("PATCH", &path, Some(json!({"accountEnabled": true}))).0, 204);
    assert!(browser.open(&own, &w.ask(&[])).await.returned().contains_key("code"));

    let logout = format!("/{}/oauth2/v2.0/logout", w.sim.tenant_id());
    let away = browser.open(&logout, &[("post_logout_redirect_uri", RETURN), ("state", "bye")]).await;
    assert_eq!(away.returned()["state"], "bye");
    browser.open(&own, &w.ask(&[])).await.stays(200);
    let evil = browser.open(&logout, &[("post_logout_redirect_uri", "https://evil.example/")]).await;
    evil.stays(200).says("You signed out");
}

/// A link signs nobody in.
#[tokio::test]
async fn a_link_cannot_carry_a_password() {
    let w = World::ready().await;
    let upn = administrator(&w.sim);
    let mut browser = Browser::new(&w.sim);
    let more = [("login", upn.as_str()), ("password", "any")];
    browser.open(&at(w.sim.tenant_id()), &w.ask(&more)).await.stays(200);
}
