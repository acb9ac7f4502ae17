//! What a restore meets right behind its own writes.

use futures_util::future::join_all;
use serde_json::json;

use super::{ids, of, parts};
use crate::support::{World, refused};

async fn deleted_and_back(w: &World, user: &str) {
    w.delete(&format!("/users/{user}")).await.expect(204);
    w.post(&format!("/directory/deletedItems/{user}/restore"), json!({})).await.expect(200);
}

/// Field case 52: who was just brought back is not found by the next writes.
#[tokio::test]
async fn a_user_just_restored_is_not_found() {
    let w = World::new().await;
    let users = w.plain_users();
    let user = &users[0];
    w.rules(json!({"match": {"method": "PATCH"}, "action": {"type": "notFoundFor", "requests": 4}})).await;
    let path = format!("/users/{user}");
    w.patch(&path, json!({"city": "Before"})).await.expect(204);
    deleted_and_back(&w, user).await;
    for _ in 0..4 {
        let refusal = w.patch(&path, json!({"city": "After"})).await;
        refused(&refusal, 404, "Request_ResourceNotFound");
        assert!(refusal.text.contains(user));
        w.patch(&format!("/users/{}", users[1]), json!({"city": "Other"})).await.expect(204);
    }
    w.patch(&path, json!({"city": "After"})).await.expect(204);
    // And for a time, reads as well; getByIds leaves it out.
    w.rules(json!({"action": {"type": "notFoundFor", "seconds": 60}})).await;
    deleted_and_back(&w, user).await;
    refused(&w.get(&path).await, 404, "Request_ResourceNotFound");
    let asked = json!({"ids": [user, users[1]], "types": ["user"]});
    let found = w.post("/directoryObjects/getByIds", asked.clone()).await.expect(200);
    assert_eq!(ids(found.values()), [users[1].clone()]);
    w.advance(60).await;
    w.get(&path).await.expect(200);
    assert_eq!(w.post("/directoryObjects/getByIds", asked).await.expect(200).values().len(), 2);
}

/// Field case 54: who was just brought back cannot be made a member at once.
#[tokio::test]
async fn a_member_just_restored_is_not_found() {
    let w = World::new().await;
    let (group, members) = w.group_of_three();
    let user = w.plain_users().into_iter().find(|id| !members.contains(id)).unwrap();
    w.rules(json!({
        "match": {"method": "POST", "pathGlob": "/groups/*/members/$ref"},
        "action": {"type": "notFoundFor", "requests": 4},
    }))
    .await;
    deleted_and_back(&w, &user).await;
    let path = format!("/groups/{group}/members/$ref");
    for _ in 0..4 {
        let refusal = w.post(&path, w.reference(&user)).await;
        refused(&refusal, 404, "Request_ResourceNotFound");
        assert!(refusal.text.contains(&user), "it names the member");
    }
    w.post(&path, w.reference(&user)).await.expect(204);
}

/// Field case 60: of several writes to one object at once, one is let through.
#[tokio::test]
async fn simultaneous_writes_to_one_object_conflict() {
    let w = World::new().await;
    let (group, _) = w.group_of_three();
    let other = w.plain_groups().into_iter().find(|id| *id != group).unwrap();
    w.rules(json!({
        "match": {"method": "PATCH", "pathGlob": "/groups/*"},
        "action": {"type": "conflict", "holdMs": 400},
    }))
    .await;
    let path = format!("/groups/{group}");
    let write = |n: usize| {
        let path = if n == 8 { format!("/groups/{other}") } else { path.clone() };
        let w = &w;
        async move { w.patch(&path, json!({"description": format!("Version {n}")})).await }
    };
    let answers = join_all((0..9).map(write)).await;
    let (done, conflicts): (Vec<_>, Vec<_>) = answers[..8].iter().partition(|a| a.status == 204);
    assert!(!done.is_empty() && conflicts.len() > done.len(), "{} done", done.len());
    for conflict in conflicts {
        refused(conflict, 409, "Directory_ConcurrencyViolation");
    }
    assert_eq!(answers[8].status, 204, "nobody else writes to the other group");
    assert_eq!(write(0).await.status, 204, "one by one they go through");
    assert_eq!(write(1).await.status, 204);
    // Parts of one batch are at once, too, unless one waits for the other.
    for (depends, expected) in [(json!([]), 409), (json!(["1"]), 204)] {
        let part = |id: &str, depends| {
            json!({"id": id, "method": "PATCH", "url": path, "body": {"description": id},
                   "headers": {"Content-Type": "application/json"}, "dependsOn": depends})
        };
        let body = json!({"requests": [part("1", json!([])), part("2", depends)]});
        let answers = parts(&w.post("/$batch", body).await.expect(200));
        assert_eq!((&answers[0]["status"], &answers[1]["status"]), (&json!(204), &json!(expected)));
    }
}

/// Field case 79: what was brought back still looks deleted to the next read, once.
#[tokio::test]
async fn a_group_just_restored_still_looks_deleted() {
    let w = World::new().await;
    let group = w.plain_groups().remove(0);
    w.delete(&format!("/groups/{group}")).await.expect(204);
    let (_, cursor) = w.round("/groups/delta?$select=displayName").await;
    w.rules(json!([
        {"match": {"reads": "delta"}, "when": {"limit": 1}, "action": {"type": "stale", "writes": 1}},
        {"match": {"reads": "bin"}, "when": {"limit": 1}, "action": {"type": "stale", "writes": 1}},
    ]))
    .await;
    w.post(&format!("/directory/deletedItems/{group}/restore"), json!({})).await.expect(200);
    w.get(&format!("/groups/{group}")).await.expect(200);
    let bin = "/directory/deletedItems/microsoft.graph.group";
    let (changes, cursor) = w.round(&cursor).await;
    assert!(of(&changes, &group).is_empty());
    assert!(ids(&w.all(bin).await).contains(&group));
    assert_eq!((w.struck(0).await, w.struck(1).await), (1, 1));
    let (changes, _) = w.round(&cursor).await;
    assert!(of(&changes, &group)[0]["displayName"].is_string());
    assert!(!ids(&w.all(bin).await).contains(&group));
}
