//! Refusals whose words matter.

use serde_json::{Value, json};

use crate::support::{World, refused};

async fn sign_in(w: &World) -> (u16, String) {
    let url = format!("{}/{}/oauth2/v2.0/token", w.sim.base(), w.sim.tenant_id());
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", w.sim.client_id()),
        ("client_secret", w.sim.client_secret()),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let response = w.http.post(url).form(&form).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Field case 37: the authority refuses with the codes that people meet.
#[tokio::test]
async fn a_sign_in_is_refused_with_any_code() {
    let w = World::new().await;
    for (status, error, codes) in [
        (400, "invalid_request", json!(900_023)),
        (400, "invalid_grant", json!([50_076, 53_003])),
        (401, "invalid_client", json!([7_000_222])),
        (400, "unauthorized_client", json!(1)),
    ] {
        w.rules(json!({"when": {"limit": 1}, "action": {"type": "signInError", "status": status,
            "error": error, "aadsts": codes, "description": "Words of the authority.", "suberror": "basic_action"}}))
            .await;
        w.get("/users?$top=1").await.expect(200);
        let (answered, text) = sign_in(&w).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((answered, &body["error"]), (status, &json!(error)));
        let all = if codes.is_array() { codes } else { json!([codes]) };
        assert_eq!(body["error_codes"], all);
        let start = format!("AADSTS{}: Words of the authority.", all[0]);
        assert!(body["error_description"].as_str().unwrap().starts_with(&start), "{body}");
        assert_eq!(body["suberror"], "basic_action");
        assert!(body["trace_id"].is_string());
        assert_eq!(sign_in(&w).await.0, 200);
    }
    w.rules(json!({"action": {"type": "signInError", "status": 503, "error": "", "aadsts": 0, "html": "<p>Down"}}))
        .await;
    assert_eq!(sign_in(&w).await, (503, "<p>Down".to_owned()));
    w.rules(json!({"match": {"pathContains": "/oauth2/"}, "action": {"type": "status", "status": 503}}))
        .await;
    let (status, text) = sign_in(&w).await;
    assert!(status == 503 && text.contains("AADSTS90033"), "{text}");
}

/// Field case 62: the domain of a principal name is not verified any more.
#[tokio::test]
async fn a_domain_is_not_verified_any_more() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let upn =
        w.get(&format!("/users/{user}?$select=userPrincipalName")).await.body["userPrincipalName"].clone();
    let domain = upn.as_str().unwrap().split('@').nth(1).unwrap();
    w.rules(json!({"action": {"type": "unverifiedDomain", "domain": domain}})).await;
    let path = format!("/users/{user}");
    let both = json!({"userPrincipalName": format!("kim@{domain}"), "city": "New"});
    let refusal = w.patch(&path, both.clone()).await;
    refused(&refusal, 400, "Request_BadRequest");
    let detail = &refusal.body["error"]["details"][0];
    assert_eq!(detail["target"], "userPrincipalName");
    assert!(detail["message"].as_str().unwrap().contains("verified domain names"));
    w.patch(&path, json!({"city": "New"})).await.expect(204);
    w.rules(json!({"action": {"type": "unverifiedDomain", "domain": "elsewhere.example"}})).await;
    w.patch(&path, both).await.expect(204);
}

/// Field case 65: Entra keeps a text without the spaces at its ends.
#[tokio::test]
async fn what_is_written_is_kept_trimmed() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    w.rules(json!([
        {"action": {"type": "normalize", "properties": ["displayName"]}},
        {"action": {"type": "normalize", "properties": ["city"], "how": "lowerCase"}},
    ]))
    .await;
    let path = format!("/users/{user}");
    let body = json!({"displayName": "Lamp Room ", "city": "PRAHA", "department": " Kept "});
    w.patch(&path, body.clone()).await.expect(204);
    let kept = json!({"displayName": "Lamp Room", "city": "praha", "department": " Kept "});
    let shown = async || {
        let mut shown = w.get(&format!("{path}?$select=displayName,city,department")).await.body;
        shown.as_object_mut().unwrap().retain(|name, _| kept.get(name).is_some());
        shown
    };
    assert_eq!(shown().await, kept);
    w.patch(&path, json!({"displayName": "X", "city": "X"})).await.expect(204);
    let part = json!({"id": "1", "method": "PATCH", "url": path, "body": body,
                      "headers": {"Content-Type": "application/json"}});
    w.post("/$batch", json!({"requests": [part]})).await.expect(200);
    assert_eq!(shown().await, kept);
}
