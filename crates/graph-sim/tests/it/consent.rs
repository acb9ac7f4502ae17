//! An administrator lets the application into a directory.

use serde_json::{Value, json};

use crate::browser::{Browser, RETURN, administrator};
use crate::support::{World, refused};

const DEFAULT: &str = "https://graph.microsoft.com/.default";

async fn world() -> World {
    let w = World::new().await;
    w.sim.register_redirect_uri(RETURN);
    w.hold(&[]).await;
    w
}

fn ask(w: &World) -> Vec<(&str, &str)> {
    vec![("client_id", w.sim.client_id()), ("redirect_uri", RETURN), ("state", "s 1"), ("scope", DEFAULT)]
}

#[tokio::test]
async fn an_administrator_accepts_and_the_permissions_are_granted() {
    let w = world().await;
    let mut browser = Browser::new(&w.sim);
    let page = browser.open("/organizations/v2.0/adminconsent", &ask(&w)).await;
    let page = browser.sign_in(&page, &administrator(&w.sim)).await;
    page.stays(200).says("Permissions requested").says("Contoso Industries");
    page.says("Read all users' full profiles <code>User.Read.All</code>");
    page.says(">Accept</button>").says(">Cancel</button>");
    assert!(w.sim.granted().is_empty(), "nothing before somebody decides");

    let back = browser.submit(&page, &[("decision", "accept")]).await.returned();
    assert_eq!((back["admin_consent"].as_str(), back["tenant"].as_str()), ("True", w.sim.tenant_id()));
    assert_eq!((back["state"].as_str(), back["scope"].as_str()), ("s 1", DEFAULT));
    assert!(!back.contains_key("error"));
    assert!(w.sim.granted().contains(&"User.Read.All".to_owned()));
    refused(&w.get("/users?$top=1").await, 403, "Authorization_RequestDenied");
    w.sign_in().await;
    w.get("/users?$top=1").await.expect(200);
    let log = w.get("/auditLogs/directoryAudits?$top=1").await.expect(200);
    assert_eq!(log.values()[0]["activityDisplayName"], "Consent to application");
    assert_eq!(log.values()[0]["initiatedBy"]["user"]["userPrincipalName"], administrator(&w.sim));
}

#[tokio::test]
async fn the_registration_says_what_is_asked_for() {
    let w = world().await;
    let url = format!("{}/sim/required-permissions", w.sim.base());
    // By name, and by the id of its app role.
    let body = json!({"set": ["User.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"]});
    let set: Value = w.http.post(&url).json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(set, json!(["User.Read.All", "Group.Read.All"]));
    let mut browser = Browser::new(&w.sim);
    let page = browser.open("/organizations/v2.0/adminconsent", &ask(&w)).await;
    let page = browser.sign_in(&page, &administrator(&w.sim)).await;
    browser.submit(&page, &[("decision", "accept")]).await;
    assert_eq!(w.sim.granted(), ["Group.Read.All", "User.Read.All"]);

    // Consent once more adds to what was granted.
    w.sim.require_permissions(&["Domain.Read.All"]);
    let page = browser.open("/organizations/v2.0/adminconsent", &ask(&w)).await;
    browser.submit(&page, &[("decision", "accept")]).await;
    assert_eq!(w.sim.granted(), ["Domain.Read.All", "Group.Read.All", "User.Read.All"]);
}

#[tokio::test]
async fn the_older_endpoint_asks_for_all_and_says_less() {
    let w = world().await;
    let mut browser = Browser::new(&w.sim);
    let mut query = ask(&w);
    query.retain(|(name, _)| *name != "scope");
    let page = browser.open("/common/adminconsent", &query).await;
    let page = browser.sign_in(&page, &administrator(&w.sim)).await;
    let back = browser.submit(&page, &[("decision", "accept")]).await.returned();
    assert_eq!((back["admin_consent"].as_str(), back["tenant"].as_str()), ("True", w.sim.tenant_id()));
    assert!(!back.contains_key("scope"));
    assert!(!w.sim.granted().is_empty());
    let page = browser.open("/common/adminconsent", &query).await;
    let back = browser.submit(&page, &[("decision", "cancel")]).await.returned();
    assert_eq!(back["error"], "access_denied");
    assert!(!back.contains_key("admin_consent"));
}

#[tokio::test]
async fn who_cancels_or_is_no_administrator_grants_nothing() {
    let w = world().await;
    let path = format!("/{}/v2.0/adminconsent", w.sim.tenant_id());
    let mut browser = Browser::new(&w.sim);
    let page = browser.open(&path, &ask(&w)).await;
    let page = browser.sign_in(&page, &administrator(&w.sim)).await;
    let back = browser.submit(&page, &[("decision", "cancel")]).await.returned();
    assert_eq!((back["admin_consent"].as_str(), back["error"].as_str()), ("True", "consent_required"));
    assert!(back["error_description"].starts_with("AADSTS65004"));
    assert_eq!(back["state"], "s 1");
    assert!(!back.contains_key("tenant"));

    // Another account, with a role that is not enough.
    let page = browser.open(&path, &ask(&w)).await;
    let page = browser.submit(&page, &[("decision", "switch")]).await;
    page.stays(200).says("Sign in");
    let back = browser.sign_in(&page, "eve.marchetti@contoso.example").await.returned();
    assert_eq!((back["admin_consent"].as_str(), back["error"].as_str()), ("True", "consent_required"));
    assert!(back["error_description"].starts_with("AADSTS90094"));

    let mut fresh = Browser::new(&w.sim);
    let page = fresh.open(&path, &ask(&w)).await;
    fresh.submit(&page, &[("decision", "accept")]).await.stays(200).says("Sign in");
    assert!(w.sim.granted().is_empty());
}

/// Losing the role between the page and the button is enough.
#[tokio::test]
async fn the_role_counts_when_the_button_is_pressed() {
    let w = world().await;
    let upn = administrator(&w.sim);
    let id = w.users(|u| u["userPrincipalName"] == *upn).remove(0);
    let mut browser = Browser::new(&w.sim);
    let page = browser.open("/organizations/v2.0/adminconsent", &ask(&w)).await;
    let page = browser.sign_in(&page, &upn).await;
    let truth = w.sim.export();
    for a in truth["roleAssignments"].as_array().unwrap().iter().filter(|a| a["principalId"] == *id) {
        let path = format!("/roleManagement/directory/roleAssignments/{}", a["id"].as_str().unwrap());
        assert_eq!(w.sim.apply("DELETE", &path, None).0, 204);
    }
    let back = browser.submit(&page, &[("decision", "accept")]).await.returned();
    assert!(back.contains_key("error") && w.sim.granted().is_empty());
}

#[tokio::test]
async fn a_request_for_consent_that_cannot_be_trusted_ends_on_a_page() {
    let w = world().await;
    let mut browser = Browser::new(&w.sim);
    let mut open = async |path: &str, name: &str, value: &str| {
        let mut query = ask(&w);
        query.retain(|(n, _)| *n != name);
        if !value.is_empty() {
            query.push((name, value));
        }
        browser.open(path, &query).await
    };
    let path = "/organizations/v2.0/adminconsent";
    open(path, "redirect_uri", "https://evil.example/").await.stays(400).says("AADSTS50011");
    open(path, "client_id", "someone-else").await.stays(400).says("AADSTS700016");
    open(path, "scope", "").await.stays(400).says("AADSTS900144");
    open("/common/v2.0/adminconsent", "", "").await.stays(400).says("AADSTS900023");
    open("/nowhere.example/v2.0/adminconsent", "", "").await.stays(400).says("AADSTS90002");
    // A link alone decides nothing, not even in a browser that is signed in.
    let mut browser = Browser::new(&w.sim);
    let page = browser.open(path, &ask(&w)).await;
    browser.sign_in(&page, &administrator(&w.sim)).await.says("Accept");
    let mut query = ask(&w);
    query.push(("decision", "accept"));
    browser.open(path, &query).await.stays(200).says("Accept");
    assert!(w.sim.granted().is_empty());
}
