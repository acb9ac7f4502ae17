//! `$batch`, as json-batching documents it.

use serde_json::{Value, json};

use crate::support::{World, refused};

fn of<'a>(answer: &'a Value, id: &str) -> &'a Value {
    answer["responses"].as_array().unwrap().iter().find(|r| r["id"] == id).unwrap()
}

#[tokio::test]
async fn items_are_answered_for_themselves() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let answer = w
        .post("/$batch", json!({"requests": [
            {"id": "1", "method": "GET", "url": format!("/users/{user}?$select=id")},
            {"id": "2", "method": "GET", "url": "groups?$top=1"},
            {"id": "3", "method": "PATCH", "url": format!("/users/{user}"), "body": {"city": "Here"}, "headers": {"Content-Type": "application/json"}},
            {"id": "4", "method": "GET", "url": "/users/00000000-0000-0000-0000-000000000001"},
            {"id": "5", "method": "GET", "url": "/users/$count", "headers": {"ConsistencyLevel": "eventual"}},
            {"id": "6", "method": "PATCH", "url": format!("/users/{user}"), "body": {"city": "Here"}},
        ]}))
        .await
        .expect(200);
    let body = &answer.body;
    assert_eq!(of(body, "1")["body"]["id"], *user);
    assert_eq!(of(body, "2")["body"]["value"].as_array().unwrap().len(), 1);
    assert_eq!(of(body, "3")["status"], 204);
    assert!(of(body, "3")["body"].is_null());
    assert_eq!(of(body, "4")["body"]["error"]["code"], "Request_ResourceNotFound");
    assert_eq!(of(body, "5")["body"], w.users(|_| true).len().to_string());
    assert_eq!(of(body, "6")["status"], 400);
}

#[tokio::test]
async fn dependents_of_a_failure_fail() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let answer = w
        .post(
            "/$batch",
            json!({"requests": [
                {"id": "a", "method": "GET", "url": "/users/00000000-0000-0000-0000-000000000001"},
                {"id": "b", "method": "DELETE", "url": format!("/users/{user}"), "dependsOn": ["a"]},
                {"id": "c", "method": "GET", "url": "/organization", "dependsOn": ["b"]},
            ]}),
        )
        .await
        .expect(200);
    assert_eq!(of(&answer.body, "b")["status"], 424);
    assert_eq!(of(&answer.body, "c")["status"], 424);
    w.get(&format!("/users/{user}")).await.expect(200);
}

#[tokio::test]
async fn malformed_batches_are_refused_whole() {
    let w = World::new().await;
    let get = |id: String| json!({"id": id, "method": "GET", "url": "/organization"});
    let many: Vec<Value> = (0..21).map(|i| get(i.to_string())).collect();
    refused(&w.post("/$batch", json!({"requests": many})).await, 400, "BadRequest");
    refused(
        &w.post("/$batch", json!({"requests": [get("1".into()), get("1".into())]})).await,
        400,
        "BadRequest",
    );
    refused(&w.post("/$batch", json!({})).await, 400, "BadRequest");
    // Each item costs what it costs alone.
    w.sim.reset_counters();
    w.post("/$batch", json!({"requests": many[..20]})).await.expect(200);
    let counters = w.sim.counters();
    assert_eq!((counters.requests, counters.resource_units), (21, 20));
}
