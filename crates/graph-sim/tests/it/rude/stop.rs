//! What brings a reader to a stop that need not be one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ids, link, of};
use crate::support::{World, refused};

/// Field case 4: every page links to another one, without end.
#[tokio::test]
async fn a_delta_has_a_next_page_for_ever() {
    let w = World::new().await;
    let all: BTreeSet<String> = ids(&w.round("/groups/delta?$select=id").await.0).into_iter().collect();
    for (content, pages) in [("empty", None), ("same", None), ("empty", Some(5))] {
        w.rules(json!({
            "match": {"pathContains": "/groups/delta"},
            "when": {"limit": 1},
            "action": {"type": "loop", "content": content, "pages": pages},
        }))
        .await;
        let mut page = w.get("/groups/delta?$select=id").await.expect(200);
        let first = page.body["value"].clone();
        assert_eq!(first == json!([]), content == "empty");
        let mut links = BTreeSet::new();
        for n in 1..60 {
            let next = link(&page, "nextLink").unwrap_or_default();
            if pages == Some(n - 1) {
                assert_eq!(next, "", "the page that was held up");
                break;
            }
            assert!(links.insert(next.clone()), "a new link each time");
            page = w.get(&next).await.expect(200);
            if pages != Some(n) {
                assert_eq!(page.body["value"], first);
            }
        }
        if pages.is_none() {
            // When it is over, the next page is the one that was held up.
            w.sim.clear_faults();
            page = w.get(&link(&page, "nextLink").unwrap()).await.expect(200);
        }
        assert_eq!(ids(page.values()).into_iter().collect::<BTreeSet<_>>(), all);
        assert!(link(&page, "deltaLink").is_some());
    }
}

/// Field case 7: one cursor is refused for good, and a fresh delta works.
#[tokio::test]
async fn a_cursor_is_refused_for_good() {
    let w = World::new().await;
    let (_, old) = w.round("/users/delta?$select=id").await;
    w.rules(json!({
        "match": {"pathContains": "/users/delta"},
        "when": {"limit": 1},
        "action": {"type": "refuseToken", "token": "cursor", "status": 404, "code": "UnknownError",
                   "message": "", "forGood": true},
    }))
    .await;
    for _ in 0..3 {
        let refusal = w.get(&old).await;
        refused(&refusal, 404, "UnknownError");
        assert_eq!(refusal.body["error"]["message"], "");
    }
    // A token of another second is another token.
    w.advance(1).await;
    let (all, fresh) = w.round("/users/delta?$select=id").await;
    assert!(all.len() >= 120);
    w.get(&fresh).await.expect(200);
    refused(&w.get(&old).await, 404, "UnknownError");
}

/// Field case 12: a page token expires once in the middle of a later delta.
#[tokio::test]
async fn a_page_token_expires_in_the_middle() {
    let w = World::new().await;
    let (_, cursor) = w.round("/users/delta?$select=city").await;
    let users = w.plain_users();
    for user in &users[..6] {
        w.patch(&format!("/users/{user}"), json!({"city": "Elsewhere"})).await.expect(204);
    }
    w.rules(json!([
        {"match": {"reads": "delta"}, "action": {"type": "splitPages", "size": 2}},
        {"match": {"reads": "delta", "page": 2}, "when": {"limit": 1},
         "action": {"type": "refuseToken", "token": "page", "status": 400,
                    "code": "Directory_ExpiredPageToken"}},
    ]))
    .await;
    let first = w.get(&cursor).await.expect(200);
    assert_eq!(first.values().len(), 2);
    refused(&w.get(&link(&first, "nextLink").unwrap()).await, 400, "Directory_ExpiredPageToken");
    let (changes, _) = w.round(&cursor).await;
    assert_eq!(changes.len(), 6);
    assert!(users[..6].iter().all(|user| of(&changes, user).len() == 1));
}

/// Field cases 26, 27 and 47: one collection fails for good, and no other.
#[tokio::test]
async fn one_collection_fails_for_good() {
    let w = World::new().await;
    for path in [
        "/roleManagement/directory/roleAssignmentScheduleInstances",
        "/subscribedSkus",
        "/directory/deletedItems/microsoft.graph.user",
    ] {
        w.rules(json!({"match": {"method": "GET", "pathGlob": path}, "action": {"type": "status", "status": 500}}))
            .await;
        for _ in 0..5 {
            refused(&w.get(path).await, 500, "InternalServerError");
        }
        assert_eq!(w.batch(&[path.to_owned()]).await[0]["status"], 500);
        w.get("/users?$top=1").await.expect(200);
        w.sim.clear_faults();
        w.get(path).await.expect(200);
    }
}

/// Field case 78: half an hour is asked for, and who comes before is refused and counted.
#[tokio::test]
async fn half_an_hour_is_asked_for() {
    let w = World::new().await;
    w.rules(json!({
        "when": {"limit": 1},
        "action": {"type": "status", "status": 429, "retryAfter": "seconds", "retrySeconds": 1800,
                   "throttleScope": "Tenant_Application/ReadWrite",
                   "throttleInformation": "ResourceUnitLimitExceeded"},
    }))
    .await;
    let refusal = w.get("/users?$top=1").await;
    refused(&refusal, 429, "TooManyRequests");
    assert_eq!(refusal.header("retry-after"), Some("1800"));
    assert_eq!(refusal.header("x-ms-throttle-scope"), Some("Tenant_Application/ReadWrite"));
    w.advance(600).await;
    let early = w.get("/groups?$top=1").await;
    assert_eq!((early.status, early.header("retry-after")), (429, Some("1200")));
    w.advance(1200).await;
    w.get("/groups?$top=1").await.expect(200);
    let rule = w.steer("GET", "faults", Value::Null).await.1[0].clone();
    assert_eq!((&rule["struck"], &rule["early"]), (&json!(1), &json!(1)));
}
