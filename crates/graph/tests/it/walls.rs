//! Being throttled: in every form, together, and without end.

use std::time::{Duration, Instant};

use graph::{BatchItem, Budgets, Meaning, Proof, Write};
use serde_json::{Value, json};

use crate::stub::{Reply, Seen, Stub};

#[tokio::test]
async fn every_form_of_retry_after_is_waited_out() {
    let forms = [
        (Some("1"), Duration::from_secs(1)),
        (Some("0.05"), Duration::from_millis(50)),
        (Some("Sun, 06 Nov 1994 08:49:38 GMT"), Duration::from_secs(1)),
        (Some(""), Duration::ZERO),
        (Some("soon"), Duration::ZERO),
        (Some("0"), Duration::ZERO),
        (None, Duration::ZERO),
    ];
    for (form, least) in forms {
        let stub = Stub::start(move |_, number| match (number, form) {
            (0, Some(form)) => Reply::error(429, "")
                .header("Retry-After", form)
                .header("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, None) => Reply::error(429, "TooManyRequests"),
            _ => Reply::ok(&json!({"value": []})),
        })
        .await;
        let client = stub.client();
        let began = Instant::now();
        client.get::<Value>("/users").await.unwrap();
        let took = began.elapsed();
        assert!(took >= least && took < least + Duration::from_secs(5), "{form:?} took {took:?}");
        let meter = client.meter();
        assert_eq!((meter.requests, meter.retries, meter.throttled), (2, 1, 1), "{form:?}");
        assert!(meter.waited >= least);
    }
}

#[tokio::test]
async fn all_callers_of_the_pair_wait_together() {
    let stub = Stub::start(|_, number| match number {
        0 => Reply::error(429, "").header("Retry-After", "0.3"),
        _ => Reply::ok(&json!({"value": []})),
    })
    .await;
    let budgets = Budgets::default();
    let (one, two) =
        (stub.client_of(Proof::secret("s"), budgets.clone()), stub.client_of(Proof::secret("s"), budgets));
    let began = Instant::now();
    let (watched, first) = (one.clone(), tokio::spawn(async move { one.get::<Value>("/users").await }));
    while watched.meter().throttled == 0 {
        tokio::task::yield_now().await;
    }
    // Another client of the same app and tenant, asking for the first time.
    two.get::<Value>("/groups").await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(300));
    first.await.unwrap().unwrap();
    assert_eq!(stub.requests().len(), 3);
    assert_eq!(two.meter().throttled, 0);
}

#[tokio::test]
async fn a_wait_beyond_patience_is_handed_up() {
    let stub = Stub::start(|_, _| Reply::error(429, "").header("Retry-After", "3600")).await;
    let error = stub.client().get::<Value>("/users").await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(error.is_transient());
    assert_eq!(stub.requests().len(), 1);
}

#[tokio::test]
async fn after_half_an_hour_was_named_nobody_of_the_scope_asks_again() {
    let stub = Stub::start(|seen, _| match seen.target.as_str() {
        "/v1.0/$batch" => Reply::ok(&json!({"responses": [
            {"id": "0", "status": 200, "headers": {}, "body": {}},
            {"id": "1", "status": 429, "headers": {"Retry-After": "1800"}, "body": null},
        ]})),
        _ => Reply::error(429, "")
            .header("Retry-After", "1800")
            .header("x-ms-throttle-scope", "Tenant_Application/ReadWrite/app/contoso"),
    })
    .await;
    let half_an_hour = Duration::from_secs(1800);
    let told = |error: graph::Error| {
        assert_eq!(error.meaning(), &Meaning::Throttled);
        assert!(error.is_transient() && !error.outcome_unknown());
        let left = error.retry_after().unwrap();
        assert!(left <= half_an_hour && left > half_an_hour - Duration::from_secs(60), "{left:?}");
    };
    for first in 0..4 {
        let asked = stub.requests().len();
        let budgets = Budgets::default();
        let (one, other) = (
            stub.client_of(Proof::secret("s"), budgets.clone()),
            stub.client_of(Proof::secret("s"), budgets),
        );
        let two = || vec![BatchItem::get("/users/1"), BatchItem::get("/users/2")];
        match first {
            0 => told(one.get::<Value>("/users").await.unwrap_err()),
            1 => told(one.pages::<Value>("/users/delta").next().await.unwrap_err()),
            2 => told(one.send(Write::delete("/users/1")).await.unwrap_err()),
            _ => told(one.batch(two()).await.unwrap_err()),
        }
        for client in [&one, &other] {
            told(client.get::<Value>("/groups").await.unwrap_err());
            told(client.send(Write::delete("/groups/1")).await.unwrap_err());
            told(client.batch(two()).await.unwrap_err());
        }
        assert_eq!(stub.requests().len(), asked + 1);
    }
}

#[tokio::test]
async fn a_sign_in_that_is_to_come_again_later_is_not_tried_before() {
    let login = |_: &Seen, _| Reply::error(429, "").header("Retry-After", "1800");
    let stub = Stub::with_login(|_, _| Reply::ok(&json!({"value": []})), login).await;
    let client = stub.client();
    for _ in 0..3 {
        let error = client.get::<Value>("/users").await.unwrap_err();
        assert_eq!((error.meaning(), error.is_sign_in()), (&Meaning::Throttled, true));
        assert!(error.retry_after().unwrap() > Duration::from_secs(1700));
    }
    assert_eq!(stub.sign_ins().len(), 1);
}

#[tokio::test]
async fn refusals_without_end_are_given_up_without_a_tight_loop() {
    let stub = Stub::start(|_, _| Reply::error(429, "")).await;
    let began = Instant::now();
    let error = stub.client().get::<Value>("/users").await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::Throttled);
    assert!(stub.requests().len() <= 60);
    assert!(began.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn units_are_metered_as_answered() {
    let stub = Stub::start(|_, number| match number {
        0 => Reply::ok(&json!({"value": []})).header("x-ms-resource-unit", "5"),
        _ => Reply::ok(&json!({"value": []})),
    })
    .await;
    let client = stub.client();
    client.get::<Value>("/users").await.unwrap();
    client.get::<Value>("/users").await.unwrap();
    assert_eq!(client.meter().resource_units, 7);
    assert_eq!(client.meter().bytes, 24);
}
