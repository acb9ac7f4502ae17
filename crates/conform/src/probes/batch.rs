//! `$batch`.

use serde_json::{Value, json};

use crate::needs::*;
use crate::probe::Probe;
use crate::source::*;
use crate::verdict::{Stop, Verdict, agreed, hold};
use crate::world::World;

pub(crate) const PROBES: &[Probe] = &[
    Probe::reads(
        "batch-takes-twenty",
        "A batch takes twenty requests, and answers each under its id",
        BATCH,
        &[READ_TENANT],
        run!(takes_twenty),
    ),
    Probe::reads(
        "batch-of-21-refused",
        "A batch of 21 is refused with 400",
        BATCH,
        &[READ_TENANT],
        run!(refuses_21),
    ),
    Probe::reads(
        "batch-parts-fail-alone",
        "A part that fails does so alone: the batch is answered 200, the part with its own status and error",
        BATCH,
        &[READ_TENANT, READ_USERS],
        run!(fail_alone),
    ),
    Probe::reads(
        "batch-part-throttled",
        "A part that is throttled is answered 429 with a `Retry-After` of its own, the others as ever",
        BATCH,
        &[READ_TENANT, READ_DOMAINS],
        run!(part_throttled),
    ),
    Probe::reads(
        "batch-same-id-refused",
        "Two parts of one id are refused with 400",
        BATCH,
        &[READ_TENANT],
        run!(same_id),
    ),
    Probe::reads(
        "batch-dependents-fail",
        "What depends on a part that failed is answered 424",
        BATCH,
        &[READ_TENANT, READ_USERS],
        run!(dependents),
    ),
    Probe::reads(
        "batch-headers-of-a-part",
        "A part has headers of its own: a count in a batch needs `ConsistencyLevel` on the part",
        BATCH,
        &[READ_USERS],
        run!(part_headers),
    ),
];

fn get(id: &str, url: &str) -> Value {
    json!({"id": id, "method": "GET", "url": url})
}

fn status(batch: &Value, id: &str) -> Option<u64> {
    part(batch, id)?["status"].as_u64()
}

fn part<'a>(batch: &'a Value, id: &str) -> Option<&'a Value> {
    batch["responses"].as_array()?.iter().find(|part| part["id"] == id)
}

fn expect(batch: &Value, id: &str, expected: u64) -> Result<(), Stop> {
    let came = status(batch, id);
    hold(came == Some(expected), || match came {
        Some(came) => format!("part {id} was answered {came}; expected {expected}"),
        None => format!("part {id} was not answered"),
    })
}

async fn takes_twenty(w: &World<'_>) -> Verdict {
    let parts: Vec<Value> = (0..20).map(|n| get(&n.to_string(), "/organization?$select=id")).collect();
    let answer = w.ask("/$batch", json!({ "requests": parts })).await?.expect(200)?;
    for n in 0..20 {
        expect(&answer.body, &n.to_string(), 200)?;
    }
    agreed()
}

async fn refuses_21(w: &World<'_>) -> Verdict {
    let parts: Vec<Value> = (0..21).map(|n| get(&n.to_string(), "/organization?$select=id")).collect();
    w.ask("/$batch", json!({ "requests": parts })).await?.expect(400)?;
    agreed()
}

async fn fail_alone(w: &World<'_>) -> Verdict {
    let unknown = format!("/users/{}", w.nobody());
    let parts = [get("1", "/organization?$select=id"), get("2", &unknown), get("3", "/users?$top=1000")];
    let answer = w.ask("/$batch", json!({ "requests": parts })).await?.expect(200)?;
    expect(&answer.body, "1", 200)?;
    expect(&answer.body, "2", 404)?;
    expect(&answer.body, "3", 400)?;
    let code = part(&answer.body, "2").map(|p| p["body"]["error"]["code"].clone()).unwrap_or_default();
    hold(code == "Request_ResourceNotFound", || format!("the part's code was {code}"))?;
    agreed()
}

async fn part_throttled(w: &World<'_>) -> Verdict {
    w.only_lab()?.throttle("/domains").await?;
    let parts = [get("1", "/organization?$select=id"), get("2", "/domains?$select=id")];
    let answer = w.ask("/$batch", json!({ "requests": parts })).await?.expect(200)?;
    expect(&answer.body, "1", 200)?;
    expect(&answer.body, "2", 429)?;
    let wait = part(&answer.body, "2").is_some_and(|part| part["headers"]["Retry-After"].is_string());
    hold(wait, || "the part has no Retry-After".to_owned())?;
    agreed()
}

async fn same_id(w: &World<'_>) -> Verdict {
    let parts = [get("1", "/organization?$select=id"), get("1", "/organization?$select=id")];
    w.ask("/$batch", json!({ "requests": parts })).await?.expect(400)?;
    agreed()
}

async fn dependents(w: &World<'_>) -> Verdict {
    let mut second = get("2", "/organization?$select=id");
    second["dependsOn"] = json!(["1"]);
    let parts = [get("1", &format!("/users/{}", w.nobody())), second];
    let answer = w.ask("/$batch", json!({ "requests": parts })).await?.expect(200)?;
    expect(&answer.body, "1", 404)?;
    expect(&answer.body, "2", 424)?;
    agreed()
}

async fn part_headers(w: &World<'_>) -> Verdict {
    let mut with = get("1", "/users/$count");
    with["headers"] = json!({"ConsistencyLevel": "eventual"});
    let parts = [with, get("2", "/users/$count")];
    let answer = w.ask("/$batch", json!({ "requests": parts })).await?.expect(200)?;
    expect(&answer.body, "1", 200)?;
    expect(&answer.body, "2", 400)?;
    agreed()
}
