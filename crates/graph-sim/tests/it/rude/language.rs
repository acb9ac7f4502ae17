//! The language of rules: which requests, which of them, and actions that no field case needs.

use serde_json::{Value, json};

use super::{ids, link, of};
use crate::support::{World, refused};

#[tokio::test]
async fn rules_choose_their_requests() {
    let w = World::new().await;
    let users = w.plain_users();
    let (one, other) = (format!("/users/{}", users[0]), format!("/users/{}", users[1]));
    for (rule, path, struck, spared) in [
        (json!({"pathGlob": "/users/*"}), &one, vec![&one, &other], vec!["/users", "/groups"]),
        (json!({"id": users[0]}), &one, vec![&one], vec![other.as_str(), "/users/delta?$select=city"]),
        (json!({"reads": ["byId", "list"]}), &one, vec![&one], vec!["/users/delta?$select=city"]),
        (json!({"method": "PATCH"}), &one, vec![], vec![one.as_str()]),
        (json!({"inBatch": true}), &one, vec![], vec![one.as_str()]),
    ] {
        let text = format!("{rule} {path}");
        w.rules(json!({"match": rule, "action": {"type": "status", "status": 503}})).await;
        for path in struck {
            assert_eq!(w.get(path).await.status, 503, "{text}: {path}");
        }
        for path in spared {
            assert_eq!(w.get(path).await.status, 200, "{text}: {path}");
        }
    }
    w.rules(json!({"match": {"queryGlob": "*$select=*city*"}, "action": {"type": "status", "status": 503}}))
        .await;
    assert_eq!(w.get("/users?%24select=id%2Ccity").await.status, 503);
    assert_eq!(w.get("/users?$select=id").await.status, 200);
    // The whole of a batch is not struck for what a part asks.
    w.rules(json!({"match": {"id": users[0]}, "action": {"type": "status", "status": 404}})).await;
    let parts = w.batch(&[one.clone(), other.clone()]).await;
    assert_eq!((&parts[0]["status"], &parts[1]["status"]), (&json!(404), &json!(200)));
}

#[tokio::test]
async fn rules_choose_among_their_requests() {
    let w = World::new().await;
    for (when, struck) in [
        (json!({}), "111111"),
        (json!({"limit": 2}), "110000"),
        (json!({"until": 2}), "110000"),
        (json!({"after": 2}), "001111"),
        (json!({"after": 2, "limit": 1}), "001000"),
        (json!({"every": 3}), "001001"),
        (json!({"occurrences": [2, 5]}), "010010"),
        (json!({"forSeconds": 30}), "111000"),
    ] {
        w.rules(json!({"when": when, "action": {"type": "status", "status": 503}})).await;
        let mut met = String::new();
        for _ in 0..6 {
            met.push(if w.get("/organization").await.status == 503 { '1' } else { '0' });
            w.advance(10).await;
        }
        assert_eq!(met, struck, "{when}");
    }
}

#[tokio::test]
async fn what_is_no_rule_is_refused_and_says_why() {
    let w = World::new().await;
    for (rule, why) in [
        (json!({"action": {"type": "explode"}}), "explode"),
        (json!({"match": {"paht": "/users"}, "action": {"type": "truncate"}}), "paht"),
        (json!({"when": {"evry": 2}, "action": [{"type": "truncate"}]}), "evry"),
        (json!({"action": {"type": "status", "status": "many"}}), "u16"),
    ] {
        let (status, said) = w.steer("POST", "faults", rule).await;
        assert!(status == 400 && said["error"].as_str().unwrap().contains(why), "{said}");
    }
    assert_eq!(w.steer("GET", "faults", Value::Null).await.1, json!([]));
}

#[tokio::test]
async fn a_client_is_told_to_come_back_in_every_form() {
    let w = World::new().await;
    for (form, header) in [
        (json!({"retryAfter": "seconds", "retrySeconds": 7}), Some("7")),
        (json!({"retryAfter": "fractional", "retrySeconds": 7}), Some("7.128")),
        (json!({"retryAfter": "absent"}), None),
        (json!({}), None),
        (json!({"headers": {"Retry-After": "0"}}), Some("0")),
        (json!({"retryAfter": "seconds", "headers": {"Retry-After": "-1"}}), Some("-1")),
        (json!({"headers": {"Retry-After": "soon"}}), Some("soon")),
        (
            json!({"headers": {"Retry-After": "Sunday, 06-Nov-94 08:49:37 GMT"}}),
            Some("Sunday, 06-Nov-94 08:49:37 GMT"),
        ),
    ] {
        let mut action = form.clone();
        action["type"] = "status".into();
        action["status"] = 429.into();
        w.rules(json!({"action": action})).await;
        let refusal = w.get("/organization").await;
        refused(&refusal, 429, "TooManyRequests");
        assert_eq!(refusal.header("retry-after"), header, "{form}");
    }
    w.rules(json!({"action": {"type": "status", "status": 503, "retryAfter": "date", "retrySeconds": 60}}))
        .await;
    assert!(w.get("/organization").await.header("retry-after").unwrap().ends_with(" GMT"));
    w.rules(json!({"match": {"inBatch": true}, "action": {"type": "status", "status": 429, "code": "Own",
        "innerCode": "Inner", "retryAfter": "seconds", "retrySeconds": 9}}))
        .await;
    let part = w.batch(&["/organization".to_owned()]).await.remove(0);
    assert_eq!(part["headers"]["Retry-After"], "9");
    assert_eq!(
        (&part["body"]["error"]["code"], &part["body"]["error"]["innerError"]["code"]),
        (&json!("Own"), &json!("Inner"))
    );
}

#[tokio::test]
async fn an_object_is_hidden_from_one_sort_of_read() {
    let w = World::new().await;
    let users = w.plain_users();
    let (user, gone) = (&users[0], &users[1]);
    w.delete(&format!("/users/{gone}")).await.expect(204);
    let bin = "/directory/deletedItems/microsoft.graph.user";
    for (reads, hidden) in [("list", 0b1000), ("delta", 0b0100), ("byId", 0b0010), ("bin", 0b0001)] {
        w.rules(json!({"match": {"reads": reads}, "action": {"type": "hide", "id": [user, gone]}})).await;
        let listed = !of(&w.all("/users?$select=id&$top=999").await, user).is_empty();
        let told = !of(&w.round("/users/delta?$select=id").await.0, user).is_empty();
        let found = w.get(&format!("/users/{user}?$select=id")).await.status == 200;
        let by_ids = w.post("/directoryObjects/getByIds", json!({"ids": [user]})).await.expect(200);
        assert_eq!(!by_ids.values().is_empty(), found);
        let binned = ids(&w.all(bin).await).contains(gone);
        assert_eq!(w.get(&format!("/directory/deletedItems/{gone}")).await.status == 200, binned);
        for (bit, seen) in [(0b1000, listed), (0b0100, told), (0b0010, found), (0b0001, binned)] {
            assert_eq!(seen, hidden & bit == 0, "{reads}: {bit:b}");
        }
    }
}

#[tokio::test]
async fn collections_are_cut_mixed_added_to_and_split() {
    let w = World::new().await;
    let path = "/users?$select=id&$top=50";
    let all = ids(&w.all(path).await);
    w.rules(json!({"match": {"page": 2}, "action": {"type": "cutList", "keep": 3}})).await;
    assert_eq!(ids(&w.all(path).await), all[..53]);
    w.rules(json!({"when": {"seed": 5}, "action": {"type": "shuffle"}})).await;
    let mut mixed = ids(&w.all(path).await);
    assert_ne!(mixed, all);
    mixed.sort();
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(mixed, sorted);
    w.rules(json!({"when": {"limit": 1}, "action": {"type": "addItems", "items": [{"id": "new"}]}})).await;
    assert_eq!(ids(&w.all(path).await)[50], "new");
    w.rules(json!({"action": {"type": "splitPages", "size": 7}})).await;
    assert_eq!(w.get(path).await.values().len(), 7);
    assert_eq!(ids(&w.all(path).await), all);
    w.rules(json!({"match": {"reads": "list"}, "action": {"type": "emptyList"}})).await;
    let empty = w.get(path).await.expect(200);
    assert!(empty.values().is_empty() && link(&empty, "nextLink").is_none());
    // An empty page in the middle of a delta goes on.
    w.rules(json!([
        {"match": {"reads": "delta"}, "action": {"type": "splitPages", "size": 50}},
        {"match": {"reads": "delta"}, "when": {"limit": 1}, "action": {"type": "loop", "pages": 2}},
    ]))
    .await;
    let (told, _) = w.round("/users/delta?$select=id").await;
    assert!(all.iter().all(|id| of(&told, id).len() == 1));
}

#[tokio::test]
async fn what_is_put_off_concerns_one_reader() {
    let w = World::new().await;
    let path = "/users?$select=id&$top=50";
    let all = ids(&w.all(path).await);
    w.rules(json!({"when": {"limit": 1},
        "action": {"type": "editItems", "id": all[0], "duplicate": {"place": "laterPage"}}}))
        .await;
    let first = w.get(path).await.expect(200);
    w.sim.clear_faults();
    assert_eq!(ids(&w.all(path).await), all, "another reader");
    let next = link(&first, "nextLink").unwrap();
    for _ in 0..2 {
        assert_eq!(ids(w.get(&next).await.values())[0], all[0], "whoever asks again");
    }
}

#[tokio::test]
async fn items_lose_what_a_rule_says() {
    let w = World::new().await;
    let users = w.plain_users();
    let path = format!("/users/{}?$select=id,displayName,city,jobTitle", users[0]);
    w.patch(&format!("/users/{}", users[0]), json!({"city": "Brno", "jobTitle": "Clerk"})).await.expect(204);
    for (edit, left) in [
        (json!({"removeProperty": ["city"]}), json!({"jobTitle": "Clerk"})),
        (json!({"null": ["city"]}), json!({"city": null, "jobTitle": "Clerk"})),
        (json!({"set": {"city": "Oslo"}}), json!({"city": "Oslo", "jobTitle": "Clerk"})),
        (json!({"where": {"city": "Brno"}, "keepOnly": ["id"]}), json!({})),
        (
            json!({"where": {"city": "Oslo"}, "keepOnly": ["id"]}),
            json!({"city": "Brno", "jobTitle": "Clerk"}),
        ),
        (json!({"nullExcept": ["jobTitle"]}), json!({"city": null, "jobTitle": "Clerk"})),
    ] {
        let mut action = edit.clone();
        action["type"] = "editItems".into();
        w.rules(json!({"match": {"id": users[0]}, "action": action})).await;
        let mut shown = w.get(&path).await.expect(200).body;
        shown.as_object_mut().unwrap().retain(|name, _| matches!(name.as_str(), "city" | "jobTitle"));
        assert_eq!(shown, left, "{edit}");
    }
    // Limited information: members without anything but their ids.
    let (group, _) = w.group_of_three();
    w.rules(json!({"match": {"reads": "links"}, "action": {"type": "editItems", "keepOnly": ["@odata.type", "id"]}}))
        .await;
    for member in w.all(&format!("/groups/{group}/members")).await {
        assert_eq!(member.as_object().unwrap().len(), 2, "{member}");
    }
    w.rules(json!({"match": {"reads": "delta"}, "action": {"type": "editItems", "id": group,
        "dropItem": true}}))
        .await;
    assert!(of(&w.round("/groups/delta?$select=id").await.0, &group).is_empty());
}

#[tokio::test]
async fn several_rules_strike_one_request() {
    let w = World::new().await;
    w.rules(json!([
        {"action": {"type": "delay", "delayMs": 1}},
        {"action": {"type": "status", "status": 503}},
        {"action": {"type": "status", "status": 500}},
    ]))
    .await;
    assert_eq!(w.get("/organization").await.status, 503);
    assert_eq!((w.struck(0).await, w.struck(1).await, w.struck(2).await), (1, 1, 0));
    w.rules(
        json!({"when": {"limit": 1}, "action": [{"type": "splitPages", "size": 10}, {"type": "truncate"}]}),
    )
    .await;
    let url = format!("{}/v1.0/users", w.sim.base());
    let response = w.http.get(&url).bearer_auth(w.token()).send().await.unwrap();
    assert!(response.bytes().await.is_err());
}
