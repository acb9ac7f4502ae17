//! The record of what was done to the tenant: the oracle of changes.

use std::collections::BTreeMap;

use graph_sim::Options;
use serde_json::{Value, json};

use crate::support::World;

#[tokio::test]
async fn the_record_says_who_did_what_and_what_was_before() {
    let w = World::new().await;
    let users = w.plain_users();
    let start = w.sim.position();
    let path = format!("/users/{}", users[0]);
    let before = w.get(&format!("{path}?$select=city")).await.body["city"].clone();
    w.patch(&path, json!({"city": "Bod\u{f8}"})).await.expect(204);
    let body = json!({"method": "DELETE", "path": path, "actor": "eve.marchetti@contoso.example"});
    w.control("POST", "apply", Some(body)).await;
    let told = w.sim.record(start, w.sim.position());
    let entries = told["entries"].as_array().unwrap();
    assert_eq!((&entries[0]["what"], &entries[0]["property"]), (&json!("set"), &json!("city")));
    assert_eq!((&entries[0]["before"], &entries[0]["after"]), (&before, &json!("Bod\u{f8}")));
    assert_eq!((&entries[0]["by"]["type"], &entries[0]["id"]), (&json!("application"), &json!(users[0])));
    let deleted = entries.iter().find(|e| e["what"] == "deleted").unwrap();
    assert_eq!(deleted["by"]["displayName"], "Eve Marchetti");
    let over_http = w.control("GET", &format!("record?from={start}"), None).await;
    assert_eq!(over_http["entries"], told["entries"]);
}

#[tokio::test]
async fn what_was_done_and_undone_is_no_change() {
    let w = World::new().await;
    let user = w.plain_users().remove(0);
    let group = w.plain_groups().remove(0);
    let start = w.sim.position();
    let path = format!("/users/{user}");
    let city = w.get(&format!("{path}?$select=city")).await.body["city"].clone();
    let link = format!("/groups/{group}/members/$ref");
    let there = w.sim.export()["members"][&group].to_string().contains(&user);
    w.patch(&path, json!({"city": "Nowhere"})).await.expect(204);
    if !there {
        w.post(&link, w.reference(&user)).await.expect(204);
    }
    w.delete(&path).await.expect(204);
    w.post(&format!("/directory/deletedItems/{user}/restore"), json!({})).await.expect(200);
    w.delete(&format!("/groups/{group}/members/{user}/$ref")).await.expect(204);
    if there {
        w.post(&link, w.reference(&user)).await.expect(204);
    }
    let middle = w.sim.position();
    w.patch(&path, json!({ "city": city })).await.expect(204);
    let end = w.sim.position();
    let nothing = w.sim.changes(start, end);
    for list in ["objects", "links", "roleAssignments", "roleEligibilities"] {
        assert_eq!(nothing[list], json!([]), "{list}");
    }
    let one = w.sim.changes(start, middle);
    let change =
        json!({"id": user, "kind": "user", "properties": {"city": {"before": city, "after": "Nowhere"}}});
    assert_eq!(one["objects"], json!([change]));
}

#[tokio::test]
async fn time_does_things_at_their_time() {
    let w = World::new().await;
    let users = w.plain_users();
    w.delete(&format!("/users/{}", users[0])).await.expect(204);
    let gone = w.sim.now() + 30 * 86_400;
    w.sim.assign_role(&users[1], "Security Reader", "/", None, Some(w.sim.now() + 600)).unwrap();
    let (start, before) = (w.sim.position(), w.sim.now());
    w.sim.advance(40 * 86_400);
    let told = w.sim.record(start, w.sim.position());
    let find = |id: &str, what: &str| {
        let entries = told["entries"].as_array().unwrap();
        entries.iter().find(|e| e["id"] == *id && e["what"] == what).unwrap().clone()
    };
    let purged = find(&users[0], "purged");
    assert_eq!((&purged["seconds"], &purged["by"]["type"]), (&json!(gone), &json!("directory")));
    let ended = find(&users[1], "roleAssignment");
    assert_eq!((&ended["seconds"], &ended["after"]), (&json!(before + 600), &Value::Null));
    // Between two times.
    let early = w.control("GET", &format!("changes?after={before}&until={}", before + 600), None).await;
    let ends = |told: &Value, id: &str| {
        told["roleAssignments"].as_array().unwrap().iter().any(|a| a["principalId"] == *id)
    };
    assert!(ends(&early, &users[1]) && !early["objects"].to_string().contains(&users[0]));
    let late = w.sim.changes(w.sim.position_at(before + 600), w.sim.position());
    assert!(!ends(&late, &users[1]) && late["objects"].to_string().contains(&users[0]));
}

/// Everything of an export that the record tells: by path, what is set.
fn flat(truth: &Value) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let kinds = ["users", "groups", "administrativeUnits", "roleDefinitions", "servicePrincipals"];
    let computed = [
        "id",
        "deletedDateTime",
        "assignedLicenses",
        "licenseAssignmentStates",
        "assignedPlans",
        "isManagementRestricted",
        "securityIdentifier",
        "licenseProcessingState",
        "identities",
        "legalAgeGroupClassification",
        "hasMembersWithLicenseErrors",
    ];
    for (life, list) in [("live", truth), ("deleted", &truth["deleted"])] {
        for kind in kinds {
            for object in list[kind].as_array().into_iter().flatten() {
                let id = object["id"].as_str().unwrap();
                out.insert(id.to_owned(), life.to_owned());
                for (name, value) in object.as_object().unwrap() {
                    if !computed.contains(&name.as_str()) && !value.is_null() && *value != json!([]) {
                        out.insert(format!("{id} {name}"), value.to_string());
                    }
                }
            }
        }
    }
    for (list, relation) in [("members", "members"), ("owners", "owners"), ("auMembers", "members")] {
        for (id, targets) in truth[list].as_object().unwrap() {
            for target in targets.as_array().unwrap() {
                out.insert(format!("{id} {relation} {}", target.as_str().unwrap()), String::new());
            }
        }
    }
    for (id, manager) in truth["manager"].as_object().unwrap() {
        out.insert(format!("{id} manager {}", manager.as_str().unwrap()), String::new());
    }
    for list in ["licences", "groupLicences"] {
        for (id, held) in truth[list].as_object().unwrap() {
            out.insert(format!("{id} licences"), held.to_string());
        }
    }
    for a in truth["roleAssignments"].as_array().unwrap() {
        let key = format!("{} {} {}", a["principalId"], a["roleDefinitionId"], a["directoryScopeId"]);
        out.insert(key, a["id"].to_string());
    }
    out
}

/// What an export would be after the changes that the record tells.
fn applied(mut flat: BTreeMap<String, String>, changes: &Value) -> BTreeMap<String, String> {
    let array = |list: &str| changes[list].as_array().unwrap().clone();
    // The export has roles by their definitions only.
    let known = |kind: &Value| *kind != "directoryRole";
    for object in array("objects").iter().filter(|o| known(&o["kind"])) {
        let id = object["id"].as_str().unwrap();
        for (name, change) in object["properties"].as_object().into_iter().flatten() {
            let key = format!("{id} {name}");
            match &change["after"] {
                Value::Null => drop(flat.remove(&key)),
                value if *value == json!([]) => drop(flat.remove(&key)),
                value => drop(flat.insert(key, value.to_string())),
            }
        }
        if let Some(after) = object["licences"].get("after") {
            flat.insert(format!("{id} licences"), after.to_string());
            if *after == json!([]) {
                flat.remove(&format!("{id} licences"));
            }
        }
        match object["life"]["after"].as_str() {
            Some("purged") => flat.retain(|key, _| !key.starts_with(id)),
            Some(life) => drop(flat.insert(id.to_owned(), life.to_owned())),
            None => {}
        }
    }
    for link in array("links").iter().filter(|l| known(&l["sourceKind"])) {
        let part = |name: &str| link[name].as_str().unwrap();
        let key = format!("{} {} {}", part("source"), part("relation"), part("target"));
        if link["added"] == true {
            flat.insert(key, String::new());
        } else {
            flat.remove(&key);
        }
    }
    for a in array("roleAssignments") {
        let key = format!("{} {} {}", a["principalId"], a["roleDefinitionId"], a["directoryScopeId"]);
        match &a["after"] {
            Value::Null => drop(flat.remove(&key)),
            after => drop(flat.insert(key, after["id"].to_string())),
        }
    }
    flat
}

#[tokio::test]
async fn the_truth_before_and_the_changes_give_the_truth_after() {
    let w = World::with(Options { users: 300, groups: 60, ..Options::default() }).await;
    let (mut truth, mut at) = (flat(&w.sim.export()), w.sim.position());
    for seed in 0..8 {
        w.sim.random_changes(seed, 150, seed % 2 == 1);
        if seed % 3 == 2 {
            w.sim.advance(3 * 86_400);
        }
        let (now, end) = (flat(&w.sim.export()), w.sim.position());
        let told = applied(truth.clone(), &w.sim.changes(at, end));
        let wrong: Vec<_> = now.iter().filter(|(k, v)| told.get(*k) != Some(v)).take(5).collect();
        let extra: Vec<_> = told.iter().filter(|(k, _)| !now.contains_key(*k)).take(5).collect();
        assert!(wrong.is_empty() && extra.is_empty(), "seed {seed}: {wrong:?} {extra:?}");
        (truth, at) = (now, end);
    }
}
