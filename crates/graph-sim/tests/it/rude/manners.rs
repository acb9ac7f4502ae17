//! Rough manners: everything at random, and the truth within reach.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use graph_sim::{Manners, Options};
use serde_json::{Value, json};

use super::{ids, link};
use crate::support::World;

/// How often a patient client tries before it gives up.
const PATIENCE: usize = 400;

async fn rough(seed: u64, rate: f64) -> World {
    let w = World::with(Options { users: 120, groups: 40, start: Some(1_780_000_000), ..Options::default() })
        .await;
    let (status, said) =
        w.steer("POST", "manners", json!({"profile": "rough", "seed": seed, "rate": rate})).await;
    assert_eq!((status, &said["profile"], &said["seed"]), (200, &json!("rough"), &json!(seed)));
    w
}

/// One try: nothing where the connection or the answer broke.
async fn attempt(w: &World, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
    let url = if path.starts_with("http") { path.to_owned() } else { format!("{}/v1.0{path}", w.sim.base()) };
    let mut request = w.http.request(method.parse().unwrap(), url).bearer_auth(w.token());
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let text = response.text().await.ok()?;
    Some((status, serde_json::from_str(&text).unwrap_or_default()))
}

/// Asks again until the answer is what it should be.
async fn until(
    w: &mut World,
    method: &str,
    path: &str,
    body: Option<Value>,
    good: impl Fn(u16, &Value) -> bool,
) {
    for _ in 0..PATIENCE {
        match attempt(w, method, path, body.as_ref()).await {
            Some((status, answer)) if good(status, &answer) => return,
            Some((401, _)) => w.sign_in().await,
            _ => {}
        }
    }
    panic!("{method} {path} never came right");
}

/// A round of a delta, begun anew at any trouble; objects and their members, merged.
async fn merged(w: &mut World) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let mut state: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut next = Some("/groups/delta?$select=displayName,members".to_owned());
    while let Some(url) = next {
        let (status, page) = attempt(w, "GET", &url, None).await?;
        if status == 401 {
            w.sign_in().await;
        }
        for item in page["value"].as_array()? {
            let id = item["id"].as_str()?.to_owned();
            if item.get("@removed").is_some() {
                state.remove(&id);
                continue;
            }
            let links = item["members@delta"].as_array().map(|links| ids(links)).unwrap_or_default();
            state.entry(id).or_default().extend(links);
        }
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    Some(state)
}

#[tokio::test]
async fn the_truth_is_always_within_reach() {
    for seed in 1..=3 {
        let mut w = rough(seed, 0.05).await;
        let users = w.plain_users();
        let (group, _) = w.group_of_three();
        for (n, user) in users[..4].iter().enumerate() {
            let path = format!("/users/{user}");
            let change = json!({"city": format!("  City {n} "), "jobTitle": null});
            until(&mut w, "PATCH", &path, Some(change), |status, _| status == 204).await;
            let kept = format!("City {n}");
            until(&mut w, "GET", &format!("{path}?$select=id,city"), None, |_, body| body["city"] == kept)
                .await;
        }
        let gone = users[4].clone();
        until(&mut w, "DELETE", &format!("/users/{gone}"), None, |status, _| matches!(status, 204 | 404))
            .await;
        until(&mut w, "GET", "/directory/deletedItems/microsoft.graph.user", None, |_, body| {
            body["value"].as_array().is_some_and(|bin| ids(bin).contains(&gone))
        })
        .await;
        let back = format!("/directory/deletedItems/{gone}/restore");
        until(&mut w, "POST", &back, Some(json!({})), |status, _| matches!(status, 200 | 404)).await;
        until(&mut w, "GET", &format!("/users/{gone}"), None, |status, _| status == 200).await;
        let reference = w.reference(&users[5]);
        let members = format!("/groups/{group}/members");
        until(&mut w, "POST", &format!("{members}/$ref"), Some(reference), |status, _| {
            matches!(status, 204 | 400)
        })
        .await;
        until(&mut w, "GET", &format!("{members}?$select=id&$top=999"), None, |_, body| {
            body["value"].as_array().is_some_and(|list| ids(list).contains(&users[5]))
        })
        .await;
        // What the delta tells in the end is what a polite service tells.
        w.steer("POST", "manners", json!({"profile": "polite"})).await;
        w.sign_in().await;
        let truth = merged(&mut w).await.unwrap();
        w.steer("POST", "manners", json!({"profile": "rough", "seed": seed, "rate": 0.05})).await;
        let mut tries = 0;
        while merged(&mut w).await.as_ref() != Some(&truth) {
            tries += 1;
            assert!(tries < PATIENCE, "the delta never came right");
        }
    }
}

#[tokio::test]
async fn every_kind_of_trouble_comes_up() {
    let mut met: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 1..=3 {
        let w = rough(seed, 0.1).await;
        let users = w.plain_users();
        let (group, _) = w.group_of_three();
        let domain = w.sim.export()["users"][0]["userPrincipalName"]
            .as_str()
            .unwrap()
            .split_once('@')
            .unwrap()
            .1
            .to_owned();
        let headers = json!({"Content-Type": "application/json"});
        let mut renew = false;
        for n in 0..25 {
            if renew {
                w.sign_in().await;
            }
            let user = &users[n % 5];
            let path = format!("/users/{user}");
            let requests: Vec<Value> = (0..20)
                .map(|n| json!({"id": n.to_string(), "method": "GET", "url": format!("/users/{}?$select=id,licenseAssignmentStates", users[n])}))
                .collect();
            let writes: Vec<Value> = (0..2)
                .map(|n| json!({"id": n.to_string(), "method": "PATCH", "url": path, "headers": headers, "body": {"city": n.to_string()}}))
                .collect();
            let w = &w;
            // On to the cursor, and once behind it.
            let read = async |path: &str| {
                let mut next = Some(path.to_owned());
                for _ in 0..8 {
                    let Some(url) = next.take() else { break };
                    let Some((_, page)) = attempt(w, "GET", &url, None).await else { break };
                    next = ["@odata.nextLink", "@odata.deltaLink"]
                        .iter()
                        .find_map(|link| page[*link].as_str().map(str::to_owned))
                        .filter(|_| !url.contains("$deltatoken"));
                }
            };
            let bin = "/directory/deletedItems/microsoft.graph.user";
            let upn = json!({"userPrincipalName": format!("kim{n}@{domain}"), "city": format!(" {n} ")});
            attempt(w, "PATCH", &path, Some(&upn)).await;
            attempt(w, "POST", "/$batch", Some(&json!({"requests": requests}))).await;
            attempt(w, "POST", "/$batch", Some(&json!({"requests": writes}))).await;
            let changes = json!({"seed": n, "count": 1});
            w.steer("POST", "random-changes", changes).await;
            for _ in 0..2 {
                for list in [
                    "/groups/delta?$select=displayName,members",
                    "/users/delta",
                    "/users?$top=50",
                    "/groups",
                    bin,
                ] {
                    read(list).await;
                }
                read(&format!("/groups/{group}/members")).await;
                read(&path).await;
            }
            attempt(w, "DELETE", &path, None).await;
            read(bin).await;
            attempt(w, "POST", &format!("/directory/deletedItems/{user}/restore"), Some(&json!({}))).await;
            attempt(w, "PATCH", &path, Some(&json!({"city": "Back"}))).await;
            join_all((0..3).map(|n| {
                let path = &path;
                async move { attempt(w, "PATCH", path, Some(&json!({"city": n.to_string()}))).await }
            }))
            .await;
            w.advance(1).await;
            // A token that was taken away ends nothing for good.
            renew = attempt(w, "GET", "/organization", None).await.is_some_and(|(status, _)| status == 401);
        }
        w.sign_in().await;
        let said = w.steer("GET", "manners", Value::Null).await.1;
        for (name, count) in said["struck"].as_object().unwrap() {
            *met.entry(name.clone()).or_default() += count.as_u64().unwrap();
        }
    }
    let never: Vec<&String> = met.iter().filter(|(_, count)| **count == 0).map(|(name, _)| name).collect();
    assert!(met.len() > 35 && never.is_empty(), "never met: {never:?} of {met:?}");
}

#[tokio::test]
async fn a_seed_is_a_seed() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let w = rough(seed, 0.1).await;
        let mut statuses = Vec::new();
        for n in 0..60 {
            let path = ["/users?$top=20", "/groups/delta?$select=members", "/organization"][n % 3];
            statuses.push(
                attempt(&w, "GET", path, None).await.map(|(status, page)| (status, page["value"].clone())),
            );
        }
        runs.push((statuses, w.steer("GET", "manners", Value::Null).await.1["struck"].clone()));
    }
    assert!(runs[0] == runs[1]);
    assert!(runs[0] != runs[2]);
}

#[tokio::test]
async fn manners_are_chosen_at_the_start_and_changed_later() {
    let w = World::with(Options { manners: Manners::Rough, ..Options::default() }).await;
    let said = w.steer("GET", "manners", Value::Null).await.1;
    assert_eq!((&said["profile"], &said["seed"]), (&json!("rough"), &json!(7)));
    // Rules of one's own come and go without them.
    w.rules(json!({"action": {"type": "status", "status": 404}})).await;
    assert_eq!(w.get("/organization").await.status, 404);
    assert_eq!(w.steer("DELETE", "faults", Value::Null).await.1, json!([]));
    assert_eq!(w.steer("GET", "manners", Value::Null).await.1["profile"], "rough");
    for wrong in [json!({}), json!({"profile": "kind"}), json!({"profile": "rough", "rate": 2})] {
        assert_eq!(w.steer("POST", "manners", wrong).await.0, 400);
    }
    w.sim.behave(Manners::Polite, 1, 0.0);
    for _ in 0..50 {
        let page = w.get("/users?$top=999").await.expect(200);
        assert!(link(&page, "nextLink").is_none());
    }
    assert_eq!("rough".parse(), Ok(Manners::Rough));
    assert!("coarse".parse::<Manners>().is_err());
}
