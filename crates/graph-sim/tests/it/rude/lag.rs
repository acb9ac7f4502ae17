//! Reads that a replica answers which lags, each sort with its own delay.

use serde_json::json;

use super::{ids, of};
use crate::support::World;

#[tokio::test]
async fn lists_deltas_and_the_bin_lag_by_their_own_times() {
    let w = World::new().await;
    let users = w.plain_users();
    let (_, cursor) = w.round("/users/delta?$select=city").await;
    w.rules(json!([
        {"match": {"reads": "list"}, "action": {"type": "stale", "seconds": 20}},
        {"match": {"reads": "delta"}, "action": {"type": "stale", "seconds": 40}},
        {"match": {"reads": "bin"}, "action": {"type": "stale", "seconds": 60}},
    ]))
    .await;
    w.delete(&format!("/users/{}", users[0])).await.expect(204);
    w.patch(&format!("/users/{}", users[1]), json!({"city": "Here"})).await.expect(204);
    assert_eq!(w.get(&format!("/users/{}?$select=city", users[1])).await.body["city"], "Here");
    let mut cursor = cursor;
    let mut told = 0;
    for (seconds, list, delta, bin) in [
        (0, false, false, false),
        (19, false, false, false),
        (1, true, false, false),
        (20, true, true, false),
        (20, true, true, true),
    ] {
        w.advance(seconds).await;
        let listed = w.all("/users?$select=id,city&$top=999").await;
        assert_eq!(of(&listed, &users[0]).is_empty(), list);
        assert_eq!(of(&listed, &users[1])[0]["city"] == "Here", list);
        let (changes, next) = w.round(&cursor).await;
        cursor = next;
        told += changes.len();
        assert_eq!(told, if delta { 2 } else { 0 }, "{changes:?}");
        let binned = w.all("/directory/deletedItems/microsoft.graph.user").await;
        assert_eq!(ids(&binned).contains(&users[0]), bin);
    }
}

#[tokio::test]
async fn a_cursor_never_goes_back() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let (_, cursor) = w.round("/users/delta?$select=city").await;
    w.rules(json!({"match": {"reads": "delta"}, "when": {"after": 1}, "action": {"type": "stale", "seconds": 60}}))
        .await;
    w.patch(&format!("/users/{user}"), json!({"city": "Here"})).await.expect(204);
    let (changes, cursor) = w.round(&cursor).await;
    assert_eq!(ids(&changes), vec![user]);
    // Now another replica answers, which does not know of it.
    let (changes, cursor) = w.round(&cursor).await;
    assert!(changes.is_empty());
    w.advance(60).await;
    assert!(w.round(&cursor).await.0.is_empty(), "it was told already");
}

#[tokio::test]
async fn a_refused_write_is_no_write_and_permissions_do_not_lag() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    w.rules(json!({"match": {"reads": "list"}, "action": {"type": "stale", "writes": 1}})).await;
    let city =
        async |w: &World| of(&w.all("/users?$select=id,city&$top=999").await, &user)[0]["city"].clone();
    let before = city(&w).await;
    w.patch(&format!("/users/{user}"), json!({"city": "Here"})).await.expect(204);
    w.patch(&format!("/users/{user}"), json!({"nothing": "There"})).await.expect(400);
    assert_eq!(city(&w).await, before);
    let permissions = json!({"set": ["Group.Read.All"]});
    w.steer("POST", "permissions", permissions).await;
    w.sign_in().await;
    w.get("/users?$select=city").await.expect(403);
}
