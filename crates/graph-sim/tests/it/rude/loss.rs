//! Answers of which a careless reader loses a part without a word.

use serde_json::{Value, json};

use super::{link, members, of};
use crate::support::World;

const USERS: &str = "/users/delta?$select=jobTitle,department,manager";

/// Field case 1: the later appearance does not name the attribute that was cleared.
#[tokio::test]
async fn a_delta_names_a_user_twice_on_one_page() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    for (place, pages) in [("samePage", 1), ("laterPage", 2), ("ownPage", 2)] {
        w.patch(&format!("/users/{user}"), json!({"jobTitle": "Product Analyst"})).await.expect(204);
        let (_, cursor) = w.round(USERS).await;
        w.patch(&format!("/users/{user}"), json!({"jobTitle": null, "department": place})).await.expect(204);
        w.rules(json!({
            "match": {"method": "GET", "pathGlob": "/users/delta", "query": "$deltatoken="},
            "action": {"type": "editItems", "id": user, "duplicate": {
                "place": place, "removeProperty": ["jobTitle"], "set": {"manager@delta": [{"id": "m"}]}}},
        }))
        .await;
        let first = w.get(&cursor).await.expect(200);
        let (all, _) = w.round(&cursor).await;
        let twice = of(&all, &user);
        assert_eq!(twice.len(), 2, "{all:?}");
        assert_eq!(twice[0]["jobTitle"], Value::Null);
        assert!(twice[0].as_object().unwrap().contains_key("jobTitle"), "cleared, not left out");
        assert!(!twice[1].as_object().unwrap().contains_key("jobTitle"));
        assert_eq!((&twice[0]["department"], &twice[1]["department"]), (&json!(place), &json!(place)));
        assert_eq!(twice[1]["manager@delta"], json!([{"id": "m"}]));
        assert_eq!(link(&first, "nextLink").is_some(), pages > 1, "{place}");
        assert_eq!(of(first.values(), &user).len(), 3 - pages, "{place}");
        w.sim.clear_faults();
    }
}

/// Field case 21: one user's part fails, for good; the rest of the batch is well.
#[tokio::test]
async fn the_part_of_a_batch_about_one_user_fails_for_good() {
    let w = World::new().await;
    let users = w.plain_users();
    w.rules(json!({
        "match": {"inBatch": true, "id": users[1], "query": "licenseAssignmentStates"},
        "action": {"type": "status", "status": 500, "message": "UnknownError"},
    }))
    .await;
    let urls: Vec<String> =
        users[..3].iter().map(|id| format!("/users/{id}?$select=id,licenseAssignmentStates")).collect();
    for _ in 0..8 {
        let parts = w.batch(&urls).await;
        let statuses: Vec<&Value> = parts.iter().map(|part| &part["status"]).collect();
        assert_eq!(statuses, [200, 500, 200]);
        assert_eq!(parts[1]["body"]["error"]["message"], "UnknownError");
    }
    w.get(&urls[1]).await.expect(200);
    assert_eq!(w.struck(0).await, 8);
}

/// Field case 41: a name that was cut in the middle of an emoji.
#[tokio::test]
async fn a_name_ends_in_half_an_emoji() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    w.patch(&format!("/users/{user}"), json!({"displayName": "Kim Cut Here"})).await.expect(204);
    w.rules(json!({"action": {"type": "rawReplace", "find": "Kim Cut Here", "with": "Kim \\ud83d"}})).await;
    for path in [format!("/users/{user}?$select=displayName"), "/users/delta?$select=displayName".to_owned()]
    {
        let answer = w.get(&path).await;
        assert!(answer.text.contains("\"displayName\":\"Kim \\ud83d\""), "{}", answer.text);
        assert_eq!(answer.body, Value::Null, "what a strict reader makes of it");
    }
    let answer = w
        .post(
            "/$batch",
            json!({"requests": [{"id": "1", "method": "GET", "url": format!("/users/{user}?$select=displayName")}]}),
        )
        .await;
    assert!(answer.text.contains("\"displayName\":\"Kim \\ud83d\""), "{}", answer.text);
}

/// Field case 43: one link of three has no type.
#[tokio::test]
async fn a_link_has_no_type_beside_two_that_have() {
    let w = World::new().await;
    let (group, three) = w.group_of_three();
    for edit in [json!({"removeProperty": ["@odata.type"]}), json!({"null": ["@odata.type"]})] {
        let mut links = edit.clone();
        links["relation"] = "members".into();
        links["id"] = json!(three[0]);
        w.rules(json!({
            "match": {"reads": "delta"},
            "action": {"type": "editItems", "id": group, "replaceLinks": links},
        }))
        .await;
        let (all, _) = w.round("/groups/delta?$select=displayName,members").await;
        let links: Vec<Value> = of(&all, &group)
            .iter()
            .flat_map(|item| item["members@delta"].as_array().into_iter().flatten().cloned())
            .collect();
        for member in &three {
            let typed = links.iter().filter(|l| l["id"] == **member).any(|l| l["@odata.type"].is_string());
            assert_eq!(typed, *member != three[0], "{links:?}");
        }
    }
}

/// Field case 48: the second slice of a large group has its id and members only.
#[tokio::test]
async fn a_large_group_comes_in_slices() {
    let w = World::new().await;
    let (group, three) = w.group_of_three();
    for place in ["samePage", "laterPage", "ownPage"] {
        w.rules(json!({
            "match": {"reads": "delta", "pathContains": "/groups/delta"},
            "when": {"limit": 1},
            "action": {"type": "editItems", "id": group, "slice": {
                "relation": "members", "first": 1, "slices": 3, "place": place}},
        }))
        .await;
        let first = w.get("/groups/delta?$select=displayName,members").await.expect(200);
        let mut pages = vec![first.values().to_vec()];
        let mut next = link(&first, "nextLink");
        while let Some(url) = next {
            let page = w.get(&url).await.expect(200);
            pages.push(page.values().to_vec());
            next = link(&page, "nextLink");
        }
        let slices: Vec<&Value> = pages.iter().flat_map(|page| of(page, &group)).take(3).collect();
        assert!(slices[0]["displayName"].is_string());
        assert_eq!(members(slices[0]).len(), 1);
        for slice in &slices[1..] {
            let names: Vec<&String> = slice.as_object().unwrap().keys().collect();
            assert_eq!(names, ["id", "members@delta"], "{slice}");
        }
        let mut all: Vec<String> = slices.iter().flat_map(|slice| members(slice)).collect();
        all.sort();
        let mut expected = three.clone();
        expected.sort();
        assert_eq!(all, expected, "{place}");
        let on_first = of(&pages[0], &group).len();
        assert_eq!(on_first >= 3, place == "samePage", "{place}");
        assert_eq!(pages.len() > 2, place == "ownPage", "{place}: {} pages", pages.len());
    }
}
