//! What cannot be seen looks like a change.

use serde_json::{Value, json};

use super::{ids, members, of};
use crate::support::World;

const GROUPS: &str = "/groups/delta?$select=displayName,members";

fn hidden(w: &World) -> String {
    w.groups(|g| g["visibility"] == "HiddenMembership").remove(0)
}

async fn seen(w: &World, group: &str) -> usize {
    of(&w.round(GROUPS).await.0, group).iter().map(|item| members(item).len()).sum()
}

/// Field cases 18, 50 and 93: whether hidden members come is a matter of a permission alone.
#[tokio::test]
async fn hidden_members_come_and_go_with_a_permission() {
    let w = World::new().await;
    let group = hidden(&w);
    w.steer("POST", "permissions", json!({"grant": ["Member.Read.Hidden"]})).await;
    w.sign_in().await;
    let all = seen(&w, &group).await;
    assert!(all > 0);
    w.steer("POST", "permissions", json!({"revoke": ["Member.Read.Hidden"]})).await;
    w.sign_in().await;
    assert_eq!(seen(&w, &group).await, 0);
    w.steer("POST", "permissions", json!({"grant": ["Member.Read.Hidden"]})).await;
    w.sign_in().await;
    assert_eq!(seen(&w, &group).await, all);
    // And by a rule, with the permission in place.
    w.rules(json!({
        "match": {"reads": "delta", "id": group},
        "action": {"type": "editItems", "id": group, "dropLinks": {"relation": "members"}},
    }))
    .await;
    assert_eq!(seen(&w, &group).await, 0);
}

/// Field cases 19 and 74: all but the basic profile is null, and links are gone.
#[tokio::test]
async fn a_shrunken_permission_leaves_the_basic_profile() {
    let w = World::new().await;
    let manager_of = w.plain_users().remove(0);
    let boss = w.plain_users().remove(1);
    w.call("PUT", &format!("/users/{manager_of}/manager/$ref"), &[], Some(w.reference(&boss))).await;
    w.patch(&format!("/users/{manager_of}"), json!({"jobTitle": "Clerk"})).await.expect(204);
    w.rules(json!({
        "match": {"pathGlob": "/users**"},
        "action": {"type": "editItems",
            "nullExcept": ["displayName", "givenName", "surname", "mail", "userPrincipalName"],
            "dropLinks": {"relation": "manager"}},
    }))
    .await;
    let select = "$select=id,displayName,jobTitle,department,userPrincipalName";
    let (delta, _) = w.round(&format!("/users/delta?{select},manager")).await;
    let listed = w.all(&format!("/users?{select}&$top=999")).await;
    let one = w.get(&format!("/users/{manager_of}?{select}")).await.expect(200).body;
    for (items, count) in [(delta, 1), (listed, 1), (vec![one], 1)] {
        let users = of(&items, &manager_of);
        assert_eq!(users.len(), count);
        assert!(users[0]["displayName"].is_string() && users[0]["userPrincipalName"].is_string());
        assert!(users[0]["jobTitle"].is_null() && users[0].get("manager@delta").is_none(), "{}", users[0]);
    }
}

/// Field case 80: the bin answers 200 without an item, though each is there by id.
#[tokio::test]
async fn the_bin_looks_empty() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    w.delete(&format!("/users/{user}")).await.expect(204);
    let bin = "/directory/deletedItems/microsoft.graph.user";
    assert!(ids(&w.all(bin).await).contains(&user));
    w.rules(json!({"match": {"method": "GET", "pathGlob": bin}, "action": {"type": "emptyList"}})).await;
    let answer = w.get(bin).await.expect(200);
    assert_eq!(answer.body["value"], json!([]));
    w.get(&format!("/directory/deletedItems/{user}")).await.expect(200);
    w.sim.clear_faults();
    assert!(ids(&w.all(bin).await).contains(&user));
}

/// Field case 82: delta tells the deletion, and the bin does not hold the user yet.
#[tokio::test]
async fn the_bin_comes_behind_the_delta() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let (_, cursor) = w.round("/users/delta?$select=displayName").await;
    w.rules(json!({"match": {"reads": "bin"}, "action": {"type": "stale", "seconds": 90}})).await;
    w.delete(&format!("/users/{user}")).await.expect(204);
    let bin = "/directory/deletedItems/microsoft.graph.user";
    for (wait, there) in [(0, false), (60, false), (31, true)] {
        w.advance(wait).await;
        let (changes, _) = w.round(&cursor).await;
        assert_eq!(of(&changes, &user)[0]["@removed"]["reason"], "changed");
        assert_eq!(ids(&w.all(bin).await).contains(&user), there, "after {wait} s more");
        let status = w.get(&format!("/directory/deletedItems/{user}")).await.status;
        assert_eq!(status == 200, there);
    }
}

/// Field case 92: a member who came after the snapshot is told as any other.
#[tokio::test]
async fn a_member_is_added_later() {
    let w = World::new().await;
    let (group, before) = w.group_of_three();
    let (_, cursor) = w.round(GROUPS).await;
    let stowaway = w.plain_users().into_iter().find(|id| !before.contains(id)).unwrap();
    let path = format!("/groups/{group}/members/$ref");
    let body = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{stowaway}")});
    let done = w.steer("POST", "apply", json!({"method": "POST", "path": path, "body": body})).await.1;
    assert_eq!(done["status"], 204);
    assert_eq!(members(of(&w.round(&cursor).await.0, &group)[0]), [stowaway]);
}

/// Field case 94: a full read holds no members at all.
#[tokio::test]
async fn a_full_read_of_groups_has_no_members() {
    let w = World::new().await;
    let held = |items: &[Value]| items.iter().filter(|item| item.get("members@delta").is_some()).count();
    assert!(held(&w.round(GROUPS).await.0) > 10);
    for action in [
        json!({"type": "dropProperty", "names": ["members@delta"]}),
        json!({"type": "editItems", "dropLinks": {"relation": "members"}}),
    ] {
        w.rules(json!({"match": {"reads": "delta", "pathContains": "/groups/"}, "action": action})).await;
        let (items, _) = w.round(GROUPS).await;
        assert_eq!(held(&items), 0);
        assert!(items.len() >= 40 && items[0]["displayName"].is_string());
    }
}
