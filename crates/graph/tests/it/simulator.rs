//! The same client against the simulated Graph: the pieces fit together, and the client's own count
//! of what it spent is the service's.

use std::collections::HashSet;

use graph::{BatchItem, Budgets, Client, Cloud, Credential, Hosts, Http, Meaning, Proof, path};
use graph_sim::{Options, Sim};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Named {
    id: String,
}

fn client(sim: &Sim, secret: &str) -> Client {
    let base: url::Url = sim.base().parse().unwrap();
    let hosts = Hosts::of(Cloud::Global).with_overrides(Some(base.clone()), Some(base));
    let credential = Credential {
        tenant: sim.tenant_id().into(),
        client_id: sim.client_id().into(),
        proof: Proof::secret(secret),
    };
    Client::new(Http::new().unwrap(), hosts, credential, Budgets::default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_with_a_tenant() {
    let sim =
        Sim::start(Options { users: 1_200, groups: 30, members: 5, ..Options::default() }).await.unwrap();
    let client = client(&sim, sim.client_secret());

    assert!(client.roles().await.unwrap().iter().any(|role| role.starts_with("User.")));
    let organization: Value = client.get("/organization").await.unwrap();
    assert_eq!(organization["value"][0]["id"], sim.tenant_id());

    let users: Vec<Named> = client.pages("/users?$top=999&$select=id").read_ahead().all().await.unwrap();
    let ids: HashSet<&str> = users.iter().map(|user| user.id.as_str()).collect();
    assert_eq!(ids.len(), users.len());
    assert_eq!(client.count("/users/$count").await.unwrap(), users.len() as u64);

    let groups: Vec<Named> = client.pages("/groups?$top=999&$select=id").all().await.unwrap();
    let items = groups.iter().map(|group| BatchItem::get(format!("{}?$select=id", path::members(&group.id))));
    let answers = client.batch(items.collect()).await.unwrap();
    assert_eq!(answers.len(), groups.len());
    for answer in answers {
        assert!(answer.into_result::<Value>().unwrap()["value"].is_array());
    }

    // A cursor from now on, and nothing has changed since.
    let mut cursor = None;
    let mut pages = client.pages::<Value>("/users/delta?$select=id,department&$deltatoken=latest");
    while let Some(page) = pages.next().await.unwrap() {
        assert!(page.items.is_empty());
        cursor = page.delta_link;
    }
    assert!(client.pages::<Value>(&cursor.unwrap()).all().await.unwrap().is_empty());

    assert_eq!(client.meter().resource_units, sim.counters().resource_units);

    let error = client.get::<Value>(&path::user("00000000-0000-4000-8000-000000000000")).await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::NotFound);
    assert!(error.request_id().is_some());

    let (meter, counters) = (client.meter(), sim.counters());
    assert_eq!((meter.writes, counters.writes), (0, 0));
    assert_eq!((meter.retries, meter.throttled), (0, 0));
    assert_eq!(meter.sign_ins, counters.tokens);
}

#[tokio::test]
async fn a_wrong_secret_says_so() {
    let sim = Sim::start(Options { users: 5, groups: 1, ..Options::default() }).await.unwrap();
    let error = client(&sim, "not-it").get::<Value>("/organization").await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::SecretWrong);
    assert_eq!(error.aadsts(), Some(7_000_215));
}
