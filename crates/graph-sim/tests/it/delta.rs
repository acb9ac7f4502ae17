//! Delta: the first round, changes, links, deletions, tokens.

use std::collections::{BTreeMap, BTreeSet};

use graph_sim::Options;
use serde_json::{Value, json};

use crate::support::{World, refused};

/// Members by group as a client that merges slices and repeats sees them.
fn merge(items: &[Value], state: &mut BTreeMap<String, BTreeSet<String>>) {
    for item in items {
        let id = item["id"].as_str().unwrap().to_owned();
        if !item["@removed"].is_null() {
            state.remove(&id);
            continue;
        }
        let members = state.entry(id).or_default();
        for m in item["members@delta"].as_array().into_iter().flatten() {
            let target = m["id"].as_str().unwrap().to_owned();
            if m["@removed"].is_null() {
                members.insert(target);
            } else {
                members.remove(&target);
            }
        }
    }
}

/// Members of live groups whose ends are live, out of the ground truth.
fn truth(w: &World) -> BTreeMap<String, BTreeSet<String>> {
    let all = w.sim.export();
    let mut live: BTreeSet<&str> = BTreeSet::new();
    for list in ["users", "groups", "servicePrincipals", "devices", "contacts"] {
        live.extend(all[list].as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap()));
    }
    all["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| {
            let id = g["id"].as_str().unwrap();
            let members = all["members"][id].as_array().unwrap().iter().map(|m| m.as_str().unwrap());
            (id.to_owned(), members.filter(|m| live.contains(m)).map(str::to_owned).collect())
        })
        .collect()
}

#[tokio::test]
async fn the_first_round_gives_all_groups_and_members() {
    for repeats in [0, 3] {
        let w =
            World::with(Options { users: 900, groups: 400, delta_repeats: repeats, ..Options::default() })
                .await;
        let (items, _) = w.round("/groups/delta?$select=displayName,members,owners").await;
        let mut state = BTreeMap::new();
        merge(&items, &mut state);
        assert_eq!(state, truth(&w));
        let ids: BTreeSet<_> = items.iter().map(|i| i["id"].to_string()).collect();
        assert!(items.len() > ids.len(), "objects repeat");
        assert!(items.iter().any(|i| i["@removed"]["reason"] == "changed"), "the bin shows");
        let first = w.get("/groups/delta?$select=displayName").await;
        assert_eq!(first.values().len(), 150);
        assert!(first.values().iter().all(|g| g["members@delta"].is_null()));
        assert!(first.header("x-ms-resource-unit").is_none());
        let plain = w.get("/groups/delta").await;
        assert!(plain.values().iter().any(|g| g["members@delta"].is_array()));
    }
}

#[tokio::test]
async fn users_come_in_pages_of_two_hundred_without_unset_properties() {
    let w = World::with(Options { users: 450, groups: 20, ..Options::default() }).await;
    let page = w.get("/users/delta?$select=displayName,faxNumber,manager,otherMails").await.expect(200);
    assert_eq!(page.values().len(), 200);
    assert!(
        page.values().iter().all(|u| !u.as_object().unwrap().get("faxNumber").is_some_and(Value::is_null))
    );
    let (items, link) = w.round("/users/delta?$select=displayName,faxNumber,manager").await;
    assert!(link.contains("$deltatoken="));
    let live: Vec<_> = items.iter().filter(|u| u["@removed"].is_null()).collect();
    assert_eq!(live.len(), w.users(|_| true).len());
    let managers = w.sim.export()["manager"].as_object().unwrap().len();
    assert!(live.iter().filter(|u| u["manager@delta"].is_array()).count() > managers * 9 / 10);
}

#[tokio::test]
async fn changes_come_once_and_cleared_ones_as_null() {
    let w = World::new().await;
    let (_, link) = w.round("/users/delta?$select=displayName,jobTitle,department").await;
    let users = w.plain_users();
    w.patch(&format!("/users/{}", users[0]), json!({"jobTitle": null, "department": "Moved"}))
        .await
        .expect(204);
    // Not selected, so not told.
    w.patch(&format!("/users/{}", users[1]), json!({"city": "Elsewhere"})).await.expect(204);
    let (items, next) = w.round(&link).await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["id"], *users[0]);
    assert!(items[0].as_object().unwrap().contains_key("jobTitle") && items[0]["jobTitle"].is_null());
    assert_eq!(items[0]["department"], "Moved");
    assert!(items[0]["displayName"].is_string(), "all set properties come along");
    assert!(w.round(&next).await.0.is_empty());
    let minimal = w.call("GET", &link, &[("Prefer", "return=minimal")], None).await.expect(200);
    assert!(minimal.values()[0]["displayName"].is_null() && minimal.values()[0]["department"] == "Moved");
}

#[tokio::test]
async fn latest_starts_from_now() {
    let w = World::new().await;
    let page = w.get("/users/delta?$select=displayName&$deltatoken=latest").await.expect(200);
    assert!(page.values().is_empty());
    let link = page.body["@odata.deltaLink"].as_str().unwrap().to_owned();
    let user = w.plain_users().remove(0);
    w.patch(&format!("/users/{user}"), json!({"displayName": "New name"})).await.expect(204);
    let (items, _) = w.round(&link).await;
    assert_eq!(items.len(), 1);
}

#[tokio::test]
async fn links_and_deletions_follow_the_rules() {
    let w = World::new().await;
    let (_, link) = w.round("/groups/delta?$select=displayName,members").await;
    let (_, user_link) = w.round("/users/delta?$select=displayName").await;
    let group = w.plain_groups().remove(0);
    let users = w.plain_users();
    let member = w.sim.export()["members"][&group][0].as_str().unwrap().to_owned();
    w.delete(&format!("/groups/{group}/members/{member}/$ref")).await.expect(204);
    let new = users
        .iter()
        .find(|u| !w.sim.export()["members"][&group].as_array().unwrap().contains(&json!(u)))
        .unwrap();
    w.post(&format!("/groups/{group}/members/$ref"), w.reference(new)).await.expect(204);
    let (items, link) = w.round(&link).await;
    assert_eq!(items.len(), 1);
    let links = items[0]["members@delta"].as_array().unwrap();
    assert!(links.contains(&json!({"@odata.type": "#microsoft.graph.user", "id": new})));
    assert!(links.iter().any(|l| l["id"] == *member && l["@removed"]["reason"] == "deleted"));

    // Deleting a member is the user's news, not the group's, until the purge.
    w.delete(&format!("/users/{new}")).await.expect(204);
    let (items, link) = w.round(&link).await;
    assert!(items.iter().all(|g| g["id"] != *group), "{items:?}");
    let (items, user_link) = w.round(&user_link).await;
    assert_eq!(items, [json!({"id": new, "@removed": {"reason": "changed"}})]);
    let listed = w.all(&format!("/groups/{group}/members?$select=id")).await;
    assert!(listed.iter().all(|m| m["id"] != **new), "bin members are hidden");
    assert!(w.sim.export()["members"][&group].as_array().unwrap().contains(&json!(new)), "and kept");
    w.delete(&format!("/directory/deletedItems/{new}")).await.expect(204);
    let (items, _) = w.round(&user_link).await;
    assert_eq!(items, [json!({"id": new, "@removed": {"reason": "deleted"}})]);
    let (items, _) = w.round(&link).await;
    let news = items.iter().find(|g| g["id"] == *group).unwrap();
    assert_eq!(news["members@delta"][0]["@removed"]["reason"], "deleted");
}

/// A group and a member of it that goes into the bin and comes back, and what delta says of both then.
async fn out_and_back(w: &World) -> (String, String, Vec<Value>, Vec<Value>) {
    let group = w.plain_groups().remove(0);
    let members = w.sim.export()["members"][&group].clone();
    let inside = |u: &&String| members.as_array().unwrap().contains(&json!(u));
    let member = w.users(|u| u["userType"] == "Member").iter().find(inside).unwrap().clone();
    w.sim.apply("DELETE", &format!("/users/{member}"), None);
    let (_, groups) = w.round("/groups/delta?$select=members,owners").await;
    let (_, users) = w.round("/users/delta?$select=displayName,manager").await;
    w.sim.apply("POST", &format!("/directory/deletedItems/{member}/restore"), None);
    let (of_groups, _) = w.round(&groups).await;
    let (of_users, _) = w.round(&users).await;
    (group, member, of_groups, of_users)
}

#[tokio::test]
async fn who_comes_back_has_links_that_no_delta_tells() {
    let w = World::new().await;
    let (group, member, of_groups, of_users) = out_and_back(&w).await;
    assert!(of_groups.is_empty(), "{of_groups:?}");
    assert_eq!(of_users.len(), 1);
    assert_eq!(of_users[0]["id"], *member);
    assert!(of_users[0]["displayName"].is_string() && of_users[0]["manager@delta"].is_null());
    // They are there all the same.
    assert!(w.all(&format!("/groups/{group}/members?$select=id")).await.iter().any(|m| m["id"] == *member));
    assert!(w.all(&format!("/users/{member}/memberOf?$select=id")).await.iter().any(|g| g["id"] == *group));
    // A group that comes back is told without members, too.
    let (_, link) = w.round("/groups/delta?$select=displayName,members").await;
    w.sim.apply("DELETE", &format!("/groups/{group}"), None);
    w.sim.apply("POST", &format!("/directory/deletedItems/{group}/restore"), None);
    let (items, _) = w.round(&link).await;
    assert!(items.len() == 1 && items[0]["id"] == *group && items[0]["members@delta"].is_null());
}

#[tokio::test]
async fn a_cloud_that_tells_the_links_can_be_had() {
    let w = World::with(Options { undelete_tells_links: true, ..Options::default() }).await;
    let (group, member, of_groups, of_users) = out_and_back(&w).await;
    let told = of_groups.iter().find(|g| g["id"] == *group).unwrap();
    assert_eq!(told["members@delta"][0]["id"], *member);
    assert!(of_users[0]["manager@delta"].is_array());
}

#[tokio::test]
async fn tokens_end_after_a_week_or_at_the_services_wish() {
    let w = World::new().await;
    let (_, link) = w.round("/groups/delta?$select=displayName").await;
    w.sim.advance(6 * 86_400);
    w.sign_in().await;
    w.get(&link).await.expect(200);
    w.sim.advance(2 * 86_400);
    w.sign_in().await;
    refused(&w.get(&link).await, 400, "syncStateNotFound");
    let (_, link) = w.round("/groups/delta?$select=displayName").await;
    w.sim.reset_delta(true);
    let gone = w.get(&link).await;
    refused(&gone, 410, "resyncRequired");
    let location = gone.header("location").unwrap().to_owned();
    assert!(location.starts_with(w.sim.base()) && location.ends_with("$deltatoken="));
    assert!(!w.round(&location).await.0.is_empty());
    refused(&w.get("/users/delta?$top=5").await, 400, "Request_UnsupportedQuery");
    refused(&w.get("/users/delta?$deltatoken=nonsense").await, 400, "syncStateNotFound");
}

#[tokio::test]
async fn a_client_that_follows_random_changes_ends_with_the_truth() {
    let w = World::with(Options { users: 400, groups: 80, ..Options::default() }).await;
    let (items, mut link) = w.round("/groups/delta?$select=displayName,members").await;
    let mut state = BTreeMap::new();
    merge(&items, &mut state);
    for seed in 0..6 {
        let done = w.sim.random_changes(seed, 150, seed % 2 == 1);
        assert_eq!(done["count"], 150);
        let (items, next) = w.round(&link).await;
        merge(&items, &mut state);
        // A full reader of the state in between agrees.
        let live = truth(&w);
        let mut fresh = BTreeMap::new();
        merge(&w.round("/groups/delta?$select=members").await.0, &mut fresh);
        assert_eq!(fresh, live, "seed {seed}");
        // Links to members in the bin are hidden from new readers, and kept by old ones.
        for (group, members) in &live {
            assert!(state[group].is_superset(members), "seed {seed}");
        }
        assert_eq!(state.len(), live.len());
        link = next;
    }
}

#[tokio::test]
async fn roles_and_units_have_deltas_too() {
    let w = World::new().await;
    let (items, link) = w.round("/directoryRoles/delta").await;
    assert!(items.iter().any(|r| r["members@delta"].is_array()));
    let user = w.plain_users().remove(0);
    let role = w.sim.export()["roleDefinitions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["displayName"] == "Global Administrator")
        .unwrap()["id"]
        .clone();
    w.post(
        "/roleManagement/directory/roleAssignments",
        json!({"principalId": user, "roleDefinitionId": role, "directoryScopeId": "/"}),
    )
    .await
    .expect(201);
    let (items, _) = w.round(&link).await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["members@delta"][0]["id"], *user);
    let (items, link) = w.round("/directory/administrativeUnits/delta").await;
    let unit = items[0]["id"].as_str().unwrap();
    w.patch(&format!("/directory/administrativeUnits/{unit}"), json!({"description": null}))
        .await
        .expect(204);
    let (items, _) = w.round(&link).await;
    assert!(items[0].as_object().unwrap().contains_key("description") && items[0]["description"].is_null());
}

/// What a client keeps: nulls and empty lists are nothing.
fn canonical(object: &Value) -> BTreeMap<String, Value> {
    let map = object
        .as_object()
        .unwrap()
        .iter()
        .filter(|(k, v)| !k.contains('@') && !v.is_null() && **v != json!([]));
    map.map(|(k, v)| (k.clone(), v.clone())).collect()
}

#[tokio::test]
async fn list_and_delta_tell_the_same_story() {
    let w = World::with(Options { users: 400, groups: 80, ..Options::default() }).await;
    let select = "id,displayName,jobTitle,department,city,mail,proxyAddresses,businessPhones,mobilePhone,otherMails,\
                  ageGroup,accountEnabled,userType,employeeOrgData,employeeHireDate,onPremisesExtensionAttributes,\
                  assignedLicenses,usageLocation,userPrincipalName,identities,legalAgeGroupClassification";
    let (items, mut link) = w.round(&format!("/users/delta?$select={select},manager")).await;
    let mut state: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut managers: BTreeMap<String, String> = BTreeMap::new();
    let mut fold = |items: &[Value]| {
        for item in items {
            let id = item["id"].as_str().unwrap().to_owned();
            if !item["@removed"].is_null() {
                state.remove(&id);
                managers.remove(&id);
                continue;
            }
            let known = state.entry(id.clone()).or_default();
            for (k, v) in item.as_object().unwrap().iter().filter(|(k, _)| !k.contains('@')) {
                if v.is_null() || *v == json!([]) {
                    known.remove(k);
                } else {
                    known.insert(k.clone(), v.clone());
                }
            }
            let links = item["manager@delta"].as_array().cloned().unwrap_or_default();
            let (gone, set): (Vec<_>, Vec<_>) = links.iter().partition(|l| !l["@removed"].is_null());
            for l in gone {
                if managers.get(&id).is_some_and(|m| l["id"] == **m) {
                    managers.remove(&id);
                }
            }
            for l in set {
                managers.insert(id.clone(), l["id"].as_str().unwrap().to_owned());
            }
        }
        (state.clone(), managers.clone())
    };
    fold(&items);
    for seed in 0..4 {
        w.sim.random_changes(seed, 200, seed == 2);
        let (items, next) = w.round(&link).await;
        let (followed, managers) = fold(&items);
        let listed = w.all(&format!("/users?$top=999&$select={select}&$expand=manager($select=id)")).await;
        let fresh: BTreeMap<_, _> = listed
            .iter()
            .map(|u| {
                let mut kept = canonical(u);
                kept.remove("manager");
                (u["id"].as_str().unwrap().to_owned(), kept)
            })
            .collect();
        assert_eq!(followed, fresh, "seed {seed}");
        for user in &listed {
            if let Some(manager) = user["manager"]["id"].as_str() {
                assert_eq!(managers[user["id"].as_str().unwrap()], manager, "seed {seed}");
            }
        }
        link = next;
    }
}
