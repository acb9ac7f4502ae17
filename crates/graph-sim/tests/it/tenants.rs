//! Several directories in one simulator.

use serde_json::{Value, json};

use crate::browser::{Browser, RETURN, administrator};
use crate::support::World;

const DEFAULT: &str = "https://graph.microsoft.com/.default";

/// A world with a second directory: its id, and one of its administrators.
async fn world() -> (World, String, String) {
    let w = World::new().await;
    w.sim.register_redirect_uri(RETURN);
    let url = format!("{}/sim/tenants", w.sim.base());
    let spec = json!({"displayName": "Fabrikam", "domain": "fabrikam.example"});
    let added: Value = w.http.post(&url).json(&spec).send().await.unwrap().json().await.unwrap();
    let all: Value = w.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!((all.as_array().unwrap().len(), &all[1]), (2, &added));
    assert_eq!((&all[0]["tenantId"], &all[0]["installed"]), (&json!(w.sim.tenant_id()), &json!(true)));
    assert_eq!(w.http.post(&url).json(&spec).send().await.unwrap().status(), 409);
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let (id, administrator) = (text(&added["tenantId"]), text(&added["globalAdministrators"][0]));
    assert_ne!(id, w.sim.tenant_id());
    (w, id, administrator)
}

async fn token(w: &World, tenant: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", w.sim.client_id()),
        ("client_secret", w.sim.client_secret()),
        ("scope", DEFAULT),
    ];
    let url = format!("{}/{tenant}/oauth2/v2.0/token", w.sim.base());
    let response = w.http.post(url).form(&form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn another_directory_opens_after_its_administrator_consents() {
    let (w, id, administrator) = world().await;
    let (status, body) = token(&w, &id).await;
    assert_eq!((status, &body["error_codes"]), (400, &json!([700_016])), "{body}");
    assert!(body["error_description"].as_str().unwrap().contains("'Fabrikam'"));

    let mut browser = Browser::new(&w.sim);
    let query = [("client_id", w.sim.client_id()), ("redirect_uri", RETURN), ("scope", DEFAULT)];
    let page = browser.open("/organizations/v2.0/adminconsent", &query).await;
    let page = browser.sign_in(&page, &administrator).await;
    page.says("in Fabrikam");
    let back = browser.submit(&page, &[("decision", "accept")]).await.returned();
    assert_eq!(back["tenant"], id);

    // The token opens that directory and no other.
    let home = w.users(|_| true);
    for name in [id.as_str(), "fabrikam.example", "fabrikam.onmicrosoft.com"] {
        assert_eq!(token(&w, name).await.0, 200, "{name}");
    }
    w.use_token(token(&w, &id).await.1["access_token"].as_str().unwrap());
    assert_eq!(w.get("/organization").await.expect(200).values()[0]["id"], *id);
    let users = w.all("/users?$select=id,userPrincipalName").await;
    assert_eq!(users.len(), 20);
    for user in &users {
        assert!(!home.contains(&user["id"].as_str().unwrap().to_owned()));
        assert!(user["userPrincipalName"].as_str().unwrap().contains("fabrikam"));
    }
    let batch = json!({"requests": [{"id": "1", "method": "GET", "url": "/organization"}]});
    let answers = w.post("/$batch", batch).await.expect(200);
    assert_eq!(answers.body["responses"][0]["body"]["value"][0]["id"], *id);
    let before = w.sim.export();
    let path = format!("/users/{}", users[0]["id"].as_str().unwrap());
    w.patch(&path, json!({"city": "Lyngdal"})).await.expect(204);
    assert_eq!(before, w.sim.export(), "the simulator's own directory is untouched");
    w.sign_in().await;
    assert_eq!(w.get(&path).await.status, 404);
}

#[tokio::test]
async fn people_belong_to_their_directory() {
    let (w, id, theirs) = world().await;
    let query = [
        ("client_id", w.sim.client_id()),
        ("response_type", "code"),
        ("redirect_uri", RETURN),
        ("scope", "openid"),
    ];
    let authorize = |tenant: &str| format!("/{tenant}/oauth2/v2.0/authorize");
    let mut browser = Browser::new(&w.sim);
    let page = browser.open(&authorize(w.sim.tenant_id()), &query).await;
    browser.sign_in(&page, &theirs).await.stays(200).says("AADSTS50034");
    let page = browser.open(&authorize("organizations"), &query).await;
    let code = browser.sign_in(&page, &theirs).await.returned()["code"].clone();
    // A session there is none here.
    browser.open(&authorize(w.sim.tenant_id()), &query).await.stays(200);
    assert!(browser.open(&authorize(&id), &query).await.returned().contains_key("code"));

    let redeem = async |tenant: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", w.sim.client_id()),
            ("client_secret", w.sim.client_secret()),
            ("redirect_uri", RETURN),
            ("code", &code),
        ];
        let url = format!("{}/{tenant}/oauth2/v2.0/token", w.sim.base());
        w.http.post(url).form(&form).send().await.unwrap().json::<Value>().await.unwrap()
    };
    let elsewhere = redeem(w.sim.tenant_id()).await;
    assert_eq!(elsewhere["error"], "invalid_grant", "{elsewhere}");
}

/// What a portal must defend against: the return of one directory's consent, named as another's.
#[tokio::test]
async fn consent_in_one_directory_grants_nothing_in_another() {
    let (w, id, _) = world().await;
    w.hold(&[]).await;
    let mut browser = Browser::new(&w.sim);
    let query = [("client_id", w.sim.client_id()), ("redirect_uri", RETURN), ("scope", DEFAULT)];
    let page = browser.open("/organizations/v2.0/adminconsent", &query).await;
    let page = browser.sign_in(&page, &administrator(&w.sim)).await;
    let back = browser.submit(&page, &[("decision", "accept")]).await.returned();
    assert_eq!(back["tenant"], w.sim.tenant_id());
    assert_eq!(w.sim.tenants()[1]["permissions"], json!([]));
    assert_eq!(token(&w, &id).await.1["error_codes"], json!([700_016]));
}

#[tokio::test]
async fn addresses_are_registered_and_forgotten() {
    let w = World::new().await;
    let url = format!("{}/sim/redirect-uris", w.sim.base());
    let send = async |body: Value| -> Value {
        w.http.post(&url).json(&body).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(
        send(json!({"add": ["https://a.example/", "https://b.example/"]})).await.as_array().unwrap().len(),
        2
    );
    assert_eq!(send(json!({"remove": ["https://a.example/"]})).await, json!(["https://b.example/"]));
    assert_eq!(send(json!({"set": ["https://c.example/"]})).await, json!(["https://c.example/"]));
    let all: Value = w.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(all, json!(["https://c.example/"]));
}
