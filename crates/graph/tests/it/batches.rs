//! Batches: any number, answered in order, and each item judged by itself.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use graph::{BatchItem, Meaning, Write};
use serde_json::{Value, json};

use crate::stub::{Reply, Seen, Stub};

/// Answers each item by its address, in reverse order, as Graph is free to.
fn answer(seen: &Seen, each: impl Fn(&str, &Value) -> Value) -> Reply {
    assert_eq!(seen.target, "/v1.0/$batch");
    let requests = seen.json()["requests"].as_array().unwrap().clone();
    assert!(requests.len() <= 20);
    let mut responses: Vec<Value> = requests
        .iter()
        .map(|request| {
            let mut response = each(request["url"].as_str().unwrap(), request);
            response["id"] = request["id"].clone();
            response
        })
        .collect();
    responses.reverse();
    Reply::ok(&json!({"responses": responses}))
}

fn reads(count: usize) -> Vec<BatchItem> {
    (0..count).map(|number| BatchItem::get(format!("/groups/{number}/members"))).collect()
}

#[tokio::test]
async fn any_number_comes_back_in_order() {
    let stub = Stub::start(|seen, _| {
        answer(seen, |url, _| json!({"status": 200, "body": {"url": url}, "headers": null}))
    })
    .await;
    let client = stub.client();
    let answers = client.batch(reads(45)).await.unwrap();
    let urls: Vec<String> = answers
        .into_iter()
        .map(|a| a.into_result::<HashMap<String, String>>().unwrap()["url"].clone())
        .collect();
    assert_eq!(urls, (0..45).map(|number| format!("/groups/{number}/members")).collect::<Vec<_>>());
    assert_eq!(stub.requests().len(), 3);
    assert_eq!(client.meter().resource_units, 45 * 3);
    assert!(client.batch(Vec::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn throttled_items_go_again_alone_after_the_longest_wait() {
    let sizes = std::sync::Arc::new(Mutex::new(Vec::new()));
    let log = sizes.clone();
    let stub = Stub::start(move |seen, number| {
        log.lock().unwrap().push(seen.json()["requests"].as_array().unwrap().len());
        answer(seen, |url, _| match (number, url) {
            (0, "/groups/3/members") => json!({"status": 429, "headers": {"Retry-After": "0.05"},
                "body": {"error": {"code": "TooManyRequests", "message": ""}}}),
            (0, "/groups/5/members") => {
                json!({"status": 429, "headers": {"Retry-After": "0.2"}, "body": null})
            }
            _ => json!({"status": 200, "body": {"value": []}}),
        })
    })
    .await;
    let client = stub.client();
    let began = Instant::now();
    let answers = client.batch(reads(10)).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(200));
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(*sizes.lock().unwrap(), [10, 2]);
    assert_eq!(client.meter().throttled, 2);
}

#[tokio::test]
async fn items_fail_each_by_themselves() {
    let stub = Stub::start(|seen, number| {
        answer(seen, |url, request| match url {
            "/broken" if number < 2 => json!({"status": 503, "body": "<html>"}),
            "/gone" => json!({"status": 404, "body": {"error": {"code": "Request_ResourceNotFound", "message": "m"}}}),
            "/write" => {
                assert_eq!(request["headers"]["Content-Type"], "application/json");
                json!({"status": 500, "body": {"error": {"code": "UnknownError", "message": ""}}})
            }
            "/done" => json!({"status": 204}),
            "/token" if number == 0 => json!({"status": 401, "body": {"error": {"code": "InvalidAuthenticationToken"}}}),
            _ => json!({"status": 200, "body": {"id": 1}}),
        })
    })
    .await;
    let client = stub.client();
    let answers = client
        .batch(vec![
            BatchItem::get("/broken"),
            BatchItem::get("/gone"),
            Write::patch("/write", json!({})).into(),
            Write::delete("/done").into(),
            BatchItem::get("/token"),
        ])
        .await
        .unwrap();
    let [broken, gone, write, done, token]: [graph::BatchAnswer; 5] = answers.try_into().unwrap();
    assert_eq!(broken.into_result::<Value>().unwrap(), json!({"id": 1}));
    assert_eq!(gone.error().unwrap().meaning(), &Meaning::NotFound);
    let write = write.into_result::<Value>().unwrap_err();
    assert!(write.outcome_unknown());
    done.into_result::<()>().unwrap();
    assert_eq!(token.status, 200);
    // The write went out once, though reads beside it went again.
    let sent = stub.requests();
    let writes = sent.iter().flat_map(|seen| seen.json()["requests"].as_array().unwrap().clone());
    assert_eq!(writes.filter(|request| request["url"] == "/write").count(), 1);
    assert_eq!(stub.sign_ins().len(), 2);
}

#[tokio::test]
async fn a_batch_of_reads_that_gets_no_answer_is_tried_again_and_then_an_error() {
    let stub = Stub::start(|_, _| Reply::Drop).await;
    assert_eq!(stub.client().batch(reads(3)).await.unwrap_err().meaning(), &Meaning::NetworkDown);
    assert_eq!(stub.requests().len(), 8);
}

#[tokio::test]
async fn a_batch_with_writes_that_gets_no_answer_leaves_each_unknown() {
    for cut in [false, true] {
        let stub = Stub::start(move |_, _| if cut { Reply::Cut(vec![b' '; 100]) } else { Reply::Drop }).await;
        let items = (0..3).map(|n| Write::patch(format!("/users/{n}"), json!({})).into()).collect();
        let answers = stub.client().batch(items).await.unwrap();
        assert_eq!(stub.requests().len(), 1);
        for answer in answers {
            assert!(answer.error().unwrap().outcome_unknown());
        }
    }
}

#[tokio::test]
async fn an_item_without_an_answer_is_not_taken_for_done() {
    let stub = Stub::start(|_, number| {
        let responses = if number == 0 { json!([]) } else { json!([{"id": "0", "status": 200, "body": {}}]) };
        Reply::ok(&json!({"responses": responses}))
    })
    .await;
    let client = stub.client();
    assert_eq!(client.batch(reads(1)).await.unwrap()[0].status, 200);
    let stub = Stub::start(|_, _| Reply::ok(&json!({"responses": []}))).await;
    let answers = stub.client().batch(vec![Write::delete("/users/1").into()]).await.unwrap();
    assert!(answers[0].error().unwrap().outcome_unknown());
    assert_eq!(stub.requests().len(), 1);
}
