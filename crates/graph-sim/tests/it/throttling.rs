//! Costs, quota, and the four ways of saying when to come back.

use std::time::Instant;

use graph_sim::{Options, Profile};
use serde_json::json;

use crate::support::{World, refused};

#[tokio::test]
async fn requests_cost_what_is_documented() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    let user = w.plain_users().remove(0);
    for (path, cost) in [
        ("/users?$top=999&$select=id".to_owned(), 1),
        ("/users?$top=999".to_owned(), 2),
        ("/users?$expand=manager".to_owned(), 3),
        ("/users?$top=5&$select=id".to_owned(), 1),
        (format!("/groups/{group}/members"), 3),
        (format!("/groups/{group}/members?$select=id"), 2),
        (format!("/groups/{group}/owners"), 1),
        (format!("/groups/{group}/transitiveMembers"), 5),
        (format!("/users/{user}/memberOf"), 2),
        ("/subscribedSkus".to_owned(), 3),
        ("/groups".to_owned(), 1),
    ] {
        assert_eq!(
            w.get(&path).await.expect(200).header("x-ms-resource-unit"),
            Some(cost.to_string().as_str()),
            "{path}"
        );
    }
    for (path, cost) in [("/directoryObjects/getByIds", 5), ("/directoryObjects/getByIds?$select=id", 2)] {
        let answer = w.post(path, json!({"ids": [user]})).await.expect(200);
        assert_eq!(answer.header("x-ms-resource-unit"), Some(cost.to_string().as_str()));
    }
    w.sim.reset_counters();
    w.patch(&format!("/users/{user}"), json!({"city": "x"})).await.expect(204);
    w.get("/users/delta").await.expect(200);
    let counters = w.sim.counters();
    assert_eq!((counters.requests, counters.resource_units, counters.writes), (2, 2, 1));
    assert_eq!(counters.by_shape["PATCH /users/{id}"], 1);
}

#[tokio::test]
async fn an_empty_bucket_answers_429_in_every_form() {
    let w = World::with(Options { users: 60, groups: 10, profile: Profile::Realistic, ..Options::default() })
        .await;
    w.sim.quota(2.0, 0.01, 3000);
    w.get("/groups?$top=1").await.expect(200);
    w.get("/groups?$top=1").await.expect(200);
    let mut forms = Vec::new();
    for _ in 0..4 {
        let refusal = w.get("/groups?$top=1").await;
        refused(&refusal, 429, "TooManyRequests");
        forms.push(refusal.header("retry-after").map(str::to_owned));
    }
    let given: Vec<&String> = forms.iter().flatten().collect();
    assert_eq!(given.len(), 3, "one is absent: {forms:?}");
    assert!(given.iter().any(|f| f.parse::<u64>().is_ok()));
    assert!(given.iter().any(|f| f.contains('.') && f.parse::<f64>().is_ok()));
    assert!(given.iter().any(|f| f.ends_with("GMT")));
    assert_eq!(w.sim.counters().throttled, 4);
}

#[tokio::test]
async fn writes_have_a_quota_of_their_own_and_pages_take_time() {
    let w = World::with(Options { users: 60, groups: 10, profile: Profile::Realistic, ..Options::default() })
        .await;
    let user = w.plain_users().remove(0);
    w.sim.quota(20_000.0, 730.0, 1);
    let start = Instant::now();
    w.patch(&format!("/users/{user}"), json!({"city": "x"})).await.expect(204);
    assert!(start.elapsed().as_millis() >= 110);
    refused(&w.patch(&format!("/users/{user}"), json!({"city": "y"})).await, 429, "TooManyRequests");
    let start = Instant::now();
    w.get("/users?$top=999&$select=id").await.expect(200);
    assert!(start.elapsed().as_millis() >= 465);
}
