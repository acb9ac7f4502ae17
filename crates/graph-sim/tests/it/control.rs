//! The control API, faults, incidents, random changes, and that a seed is a seed.

use std::collections::BTreeMap;

use graph_sim::{FaultRule, Options, Sim, TlsOptions};
use serde_json::{Value, json};

use crate::support::{World, client, refused};

fn options(seed: u64) -> Options {
    Options { users: 150, groups: 40, seed, start: Some(1_780_000_000), ..Options::default() }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tenant() {
    let (a, b, c) =
        (World::with(options(7)).await, World::with(options(7)).await, World::with(options(8)).await);
    assert_eq!(a.sim.export(), b.sim.export());
    assert_eq!((a.sim.tenant_id(), a.sim.client_secret()), (b.sim.tenant_id(), b.sim.client_secret()));
    assert_ne!(a.sim.export(), c.sim.export());
    a.sim.random_changes(3, 100, false);
    b.sim.random_changes(3, 100, false);
    assert_eq!(a.sim.export(), b.sim.export());
}

#[tokio::test]
async fn the_tenant_feels_real() {
    let w = World::with(Options { users: 1000, groups: 200, ..Options::default() }).await;
    let truth = w.sim.export();
    let users = truth["users"].as_array().unwrap();
    let share = |keep: fn(&Value) -> bool| users.iter().filter(|u| keep(u)).count() * 100 / users.len();
    assert!((6..15).contains(&share(|u| u["onPremisesSyncEnabled"] == true)));
    assert!((3..10).contains(&share(
        |u| u["userType"] == "Guest" && u["userPrincipalName"].as_str().unwrap().contains("#EXT#")
    )));
    assert!((2..9).contains(&share(|u| u["accountEnabled"] == false)));
    assert!(users.iter().any(|u| !u["displayName"].as_str().unwrap().is_ascii()));
    let groups = truth["groups"].as_array().unwrap();
    for keep in [
        |g: &Value| g["isAssignableToRole"] == true,
        |g: &Value| g["groupTypes"] == json!(["DynamicMembership"]),
        |g: &Value| g["groupTypes"] == json!(["Unified"]),
        |g: &Value| g["mailEnabled"] == true && g["securityEnabled"] == true && g["groupTypes"] == json!([]),
        |g: &Value| g["mailEnabled"] == true && g["securityEnabled"] == false && g["groupTypes"] == json!([]),
        |g: &Value| g["onPremisesSyncEnabled"] == true,
    ] {
        assert!(groups.iter().any(keep));
    }
    let ids: std::collections::BTreeSet<&str> = groups.iter().map(|g| g["id"].as_str().unwrap()).collect();
    assert!(
        truth["members"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|m| m.as_array().unwrap())
            .any(|m| ids.contains(m.as_str().unwrap())),
        "groups nest"
    );
    assert!((5..=20).contains(&truth["administrativeUnits"].as_array().unwrap().len()));
    // Managers form a tree: every way up ends at the chief.
    let managers = truth["manager"].as_object().unwrap();
    for start in managers.keys() {
        let (mut at, mut steps) = (start.as_str(), 0);
        while let Some(next) = managers.get(at) {
            (at, steps) = (next.as_str().unwrap(), steps + 1);
            assert!(steps < 20);
        }
    }
    let sizes =
        World::with(Options { users: 300, groups: 50, members: 20, ..Options::default() }).await.sim.export();
    let exact =
        sizes["members"].as_object().unwrap().values().filter(|m| m.as_array().unwrap().len() == 20).count();
    assert!(exact >= 40, "{exact}");
}

#[tokio::test]
async fn incidents_tell_what_they_did_and_who_did_it() {
    let w = World::with(Options { users: 400, groups: 100, ..Options::default() }).await;
    for (name, least) in
        [("mass-offboarding", 40), ("privilege-grab", 3), ("group-strip", 40), ("hr-sync-gone-wrong", 150)]
    {
        let before = w.sim.export();
        let told = w.sim.incident(name).unwrap();
        assert!(told["changes"].as_array().unwrap().len() >= least, "{name}: {}", told["counts"]);
        assert_ne!(before, w.sim.export());
    }
    assert!(w.sim.incident("nothing").is_err());
    let entries = w.all("/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Delete user'").await;
    assert_eq!(entries.len(), 25);
    assert_eq!(entries[0]["initiatedBy"]["user"]["displayName"], "Eve Marchetti");
    assert_eq!(entries[0]["initiatedBy"]["user"]["userPrincipalName"], "eve.marchetti@contoso.example");
    assert_eq!(entries[0]["targetResources"][0]["type"], "User");
    let user = w.plain_users().pop().unwrap();
    w.patch(&format!("/users/{user}"), json!({"city": "Bodø"})).await.expect(204);
    let newest = w.get("/auditLogs/directoryAudits?$top=1").await.expect(200);
    assert_eq!(newest.values()[0]["initiatedBy"]["app"]["appId"], w.sim.client_id());
    assert_eq!(newest.values()[0]["targetResources"][0]["modifiedProperties"][0]["displayName"], "city");
}

#[tokio::test]
async fn random_changes_reach_everything_that_can_be_restored() {
    let w = World::with(Options { users: 500, groups: 100, ..Options::default() }).await;
    let mut hits: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..5 {
        for change in w.sim.random_changes(seed, 400, false)["changes"].as_array().unwrap() {
            *hits.entry(change["event"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert!(hits.len() >= 60, "{}", hits.len());
    for (event, n) in &hits {
        // There are only so many units to delete; and where people were deleted, few whose members
        // could all be given back.
        let scarce = event == "unitDeleted" || event.starts_with("administrativeUnit.membership");
        let least = if scarce { 1 } else { 20 };
        assert!(*n >= least, "{event} came up {n} times: {hits:?}");
    }
}

#[tokio::test]
async fn membership_changes_hands_about_as_often_as_anything_else() {
    const WORLDS: usize = 30;
    let mut hits: BTreeMap<String, usize> = BTreeMap::new();
    let mut ways: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 1..=WORLDS as u64 {
        let options = Options { users: 460, groups: 40, members: 8, seed, ..Options::default() };
        let sim = Sim::start(options).await.unwrap();
        let before = sim.export();
        for change in sim.random_changes(seed, 60, false)["changes"].as_array().unwrap() {
            let event = change["event"].as_str().unwrap();
            *hits.entry(event.to_owned()).or_default() += 1;
            if matches!(event, "group.groupTypes" | "administrativeUnit.membershipType") {
                let dynamic = change["body"]["membershipRule"].is_string();
                *ways.entry(format!("{event} {}", if dynamic { "on" } else { "off" })).or_default() += 1;
                let id = change["path"].as_str().unwrap().rsplit('/').next().unwrap();
                let group = before["groups"].as_array().unwrap().iter().find(|g| g["id"] == *id);
                assert!(group.is_none_or(|g| g["isAssignableToRole"].is_null()
                    && g["onPremisesSyncEnabled"].is_null()
                    && (g["mailEnabled"] == false || g["groupTypes"].to_string().contains("Unified"))));
            }
        }
    }
    for event in [
        "group.groupTypes",
        "administrativeUnit.membershipType",
        "administrativeUnit.membershipRule",
        "administrativeUnit.membershipRuleProcessingState",
        "user.employeeLeaveDateTime",
    ] {
        let n = hits.get(event).copied().unwrap_or_default();
        assert!((WORLDS * 3 / 10..=WORLDS).contains(&n), "{event} came up {n} times");
    }
    assert_eq!(ways.len(), 4, "both ways: {ways:?}");
}

/// What was, out of an export: the value of an attribute, null when unset.
fn attribute(truth: &Value, id: &str, name: &str) -> Value {
    ["users", "groups", "administrativeUnits", "roleDefinitions"]
        .iter()
        .flat_map(|list| truth[*list].as_array().unwrap())
        .find(|o| o["id"] == *id)
        .unwrap()[name]
        .clone()
}

/// Gives an object that is assigned again the members it had; a dynamic one has them by its rule.
async fn put_members_back(w: &World, path: &str, id: &str, before: &Value) {
    let list = if path.starts_with("/groups") { "members" } else { "auMembers" };
    let ids = |truth: &Value| truth[list][id].as_array().unwrap().clone();
    let (old, now) = (ids(before), ids(&w.sim.export()));
    for gone in old.iter().filter(|m| !now.contains(m)) {
        w.post(&format!("{path}/members/$ref"), w.reference(gone.as_str().unwrap())).await.expect(204);
    }
    for new in now.iter().filter(|m| !old.contains(m)) {
        w.delete(&format!("{path}/members/{}/$ref", new.as_str().unwrap())).await.expect(204);
    }
}

#[tokio::test]
async fn every_random_attribute_can_be_put_back_with_permissions_alone() {
    let w = World::new().await;
    for seed in 0..100 {
        let before = w.sim.export();
        let told = w.sim.random_changes(seed, 1, false);
        let change = &told["changes"][0];
        let event = change["event"].as_str().unwrap();
        if change["method"] != "PATCH" {
            continue;
        }
        let path = change["path"].as_str().unwrap();
        let id = path.rsplit('/').next().unwrap();
        let mut old = json!({});
        // Going dynamic takes a rule along, so that some changes name three attributes.
        for name in change["body"].as_object().unwrap().keys() {
            old[name] = attribute(&before, id, name);
        }
        if event == "user.onPremisesExtensionAttributes" {
            // Complex values merge, so that what was added must be named to go.
            let mut merged: Value =
                (1..=15).map(|n| (format!("extensionAttribute{n}"), Value::Null)).collect();
            for (k, v) in old["onPremisesExtensionAttributes"].as_object().into_iter().flatten() {
                merged[k] = v.clone();
            }
            old = json!({ "onPremisesExtensionAttributes": merged });
        }
        w.patch(path, old).await.expect(204);
        if matches!(event, "group.groupTypes" | "administrativeUnit.membershipType") {
            put_members_back(&w, path, id, &before).await;
        }
        let mut after = w.sim.export();
        if event == "user.mail" {
            // The address meanwhile stays as a secondary one.
            for user in after["users"].as_array_mut().unwrap().iter_mut().filter(|u| u["id"] == *id) {
                user["proxyAddresses"] = attribute(&before, id, "proxyAddresses");
            }
        }
        assert!(after == before, "{event}: {change}");
    }
}

#[tokio::test]
async fn faults_strike_by_rule() {
    let w = World::new().await;
    let rule = |v: Value| serde_json::from_value::<FaultRule>(v).unwrap();
    w.sim.fault(rule(json!({"match": {"method": "GET", "pathContains": "/groups"}, "when": {"every": 2}, "action": {"type": "status", "status": 503, "retryAfter": "fractional", "retrySeconds": 2}})));
    w.get("/groups?$top=1").await.expect(200);
    let struck = w.get("/groups?$top=1").await;
    assert_eq!((struck.status, struck.header("retry-after")), (503, Some("2.128")));
    w.get("/users?$top=1").await.expect(200);
    w.sim.clear_faults();

    let url = format!("{}/v1.0/users", w.sim.base());
    w.sim.fault(rule(json!({"action": {"type": "truncate"}, "when": {"limit": 1}})));
    let response = w.http.get(&url).bearer_auth(w.token()).send().await.unwrap();
    assert!(response.status().is_success() && response.bytes().await.is_err(), "the body is cut");
    w.get("/users?$top=1").await.expect(200);

    let user = w.plain_users().remove(0);
    let city = |name: &str| {
        w.http.patch(format!("{url}/{user}")).bearer_auth(w.token()).json(&json!({"city": name})).send()
    };
    w.sim.fault(rule(
        json!({"match": {"method": "PATCH"}, "when": {"occurrences": [1]}, "action": {"type": "dropBefore"}}),
    ));
    w.sim.fault(rule(
        json!({"match": {"method": "PATCH"}, "when": {"occurrences": [2]}, "action": {"type": "dropAfter"}}),
    ));
    assert!(city("Never").await.is_err());
    assert_ne!(w.get(&format!("/users/{user}?$select=city")).await.body["city"], "Never");
    assert!(city("Done").await.is_err());
    assert_eq!(w.get(&format!("/users/{user}?$select=city")).await.body["city"], "Done");
    w.sim.clear_faults();

    let (_, link) = w.round("/users/delta?$select=id").await;
    w.sim.fault(rule(json!({"match": {"pathContains": "delta"}, "when": {"limit": 1}, "action": {"type": "expireDeltaTokens"}})));
    refused(&w.get(&link).await, 410, "resyncRequired");
    w.sim.fault(rule(json!({"when": {"limit": 1}, "action": {"type": "unauthorized"}})));
    refused(&w.get("/users?$top=1").await, 401, "InvalidAuthenticationToken");
    assert_eq!(w.sim.counters().faulted, 6);
}

#[tokio::test]
async fn control_over_http() {
    let w = World::new().await;
    let sim = async |method: &str, path: &str, body: Value| -> (u16, Value) {
        let url = format!("{}/sim/{path}", w.sim.base());
        let mut request = w.http.request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    };
    assert_eq!(sim("GET", "export", Value::Null).await.1, w.sim.export());
    let before = sim("GET", "clock", Value::Null).await.1["seconds"].as_i64().unwrap();
    assert_eq!(
        sim("POST", "clock", json!({"advanceSeconds": 60})).await.1["seconds"].as_i64().unwrap(),
        before + 60
    );
    let granted =
        sim("POST", "permissions", json!({"grant": ["Policy.Read.All"], "revoke": ["Group.Create"]})).await.1;
    let roles = sim("GET", "app-roles", Value::Null).await.1;
    let device = roles.as_array().unwrap().iter().find(|r| r["value"] == "Device.Read.All").unwrap().clone();
    assert_eq!(device["id"], "7438b122-aefc-4978-80ed-43db9fcc7715");
    let more = sim("POST", "permissions", json!({"grant": [device["id"]]})).await.1;
    assert!(more.as_array().unwrap().contains(&json!("Device.Read.All")), "a permission by its id");
    assert!(
        granted.as_array().unwrap().contains(&json!("Policy.Read.All"))
            && !granted.as_array().unwrap().contains(&json!("Group.Create"))
    );
    w.sign_in().await;
    let held =
        sim("POST", "directory-roles", json!({"clear": true, "grant": ["User Administrator"]})).await.1;
    assert_eq!(held.as_array().unwrap().len(), 1);
    let user = w.plain_users().remove(0);
    let done = sim("POST", "apply", json!({"method": "PATCH", "path": format!("/users/{user}"), "body": {"city": "X"}, "actor": "eve.marchetti@contoso.example"})).await.1;
    assert_eq!(done["status"], 204);
    let newest = w.get("/auditLogs/directoryAudits?$top=1").await;
    assert_eq!(newest.values()[0]["initiatedBy"]["user"]["displayName"], "Eve Marchetti");
    // The directory itself is not bound by where an object is mastered.
    let synced = w.users(|u| u["onPremisesSyncEnabled"] == true).remove(0);
    assert_eq!(
        sim(
            "POST",
            "apply",
            json!({"method": "PATCH", "path": format!("/users/{synced}"), "body": {"department": "X"}})
        )
        .await
        .1["status"],
        204
    );
    assert_eq!(sim("POST", "incidents/privilege-grab", json!({})).await.0, 200);
    assert_eq!(sim("POST", "random-changes", json!({"seed": 1, "count": 5})).await.1["count"], 5);
    assert_eq!(
        sim("POST", "faults", json!([{"action": {"type": "delay", "delayMs": 1}}]))
            .await
            .1
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(sim("DELETE", "faults", Value::Null).await.1, json!([]));
    assert!(sim("GET", "counters", Value::Null).await.1["requests"].as_u64().unwrap() > 0);
    sim("DELETE", "counters", Value::Null).await;
    assert_eq!(w.sim.counters().requests, 0);
    assert_eq!(sim("POST", "nothing", json!({})).await.0, 404);
    assert_eq!(sim("POST", "clock", json!({})).await.0, 400);
}

#[tokio::test]
async fn https_with_its_own_authority() {
    let sim = Sim::start(Options { tls: Some(TlsOptions::default()), ..Options::default() }).await.unwrap();
    let _ = client();
    let ca = reqwest::Certificate::from_pem(sim.ca_pem().unwrap().as_bytes()).unwrap();
    let http = reqwest::Client::builder().tls_certs_only([ca]).build().unwrap();
    let url = format!("{}/{}/v2.0/.well-known/openid-configuration", sim.base(), sim.tenant_id());
    let body: Value = http.get(&url).send().await.unwrap().json().await.unwrap();
    assert!(body["token_endpoint"].as_str().unwrap().starts_with("https://localhost:"));
    assert!(client().get(&url).send().await.is_err(), "nobody else's authority signed it");
    let base = sim.base().to_owned();
    drop(sim);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(http.get(base).send().await.is_err(), "dropping stops it");
}
