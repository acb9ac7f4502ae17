//! A write happens once, or its caller knows that nobody can say.

use graph::{Meaning, Write, path};
use serde_json::{Value, json};

use crate::stub::{Reply, Stub};

fn patch() -> Write {
    Write::patch(path::user("1"), json!({"department": "Sales"}))
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_sent_once() {
    type Fault = fn() -> Reply;
    let faults: [(&str, Fault); 9] = [
        ("500", || Reply::error(500, "UnknownError")),
        ("502", || Reply::html(502)),
        ("503", || Reply::html(503)),
        ("504", || Reply::empty(504)),
        ("dropped", || Reply::Drop),
        ("silent", || Reply::Silent),
        ("cut", || Reply::Cut(br#"{"id":"created"}"#.to_vec())),
        ("not json", || Reply::html(201)),
        ("404 from a proxy", || Reply::html(404)),
    ];
    for (name, fault) in faults {
        let stub = Stub::start(move |_, _| fault()).await;
        let client = if name == "silent" { stub.impatient_client() } else { stub.client() };
        let error = client.send(patch()).await.unwrap_err();
        assert!(error.outcome_unknown() && error.is_transient(), "{name}: {error:?}");
        assert_eq!(stub.requests().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_write_that_was_not_carried_out_is_sent_again() {
    type Fault = fn() -> Reply;
    let faults: [(&str, Fault); 4] = [
        ("429", || Reply::error(429, "").header("Retry-After", "0.01")),
        ("429 without a wait", || Reply::error(429, "")),
        ("503 with a wait", || Reply::html(503).header("Retry-After", "0.01")),
        ("401", || Reply::error(401, "InvalidAuthenticationToken")),
    ];
    for (name, fault) in faults {
        let stub = Stub::start(move |_, number| if number == 0 { fault() } else { Reply::empty(204) }).await;
        let client = stub.client();
        assert_eq!(client.send(patch()).await.unwrap(), None, "{name}");
        assert_eq!(client.meter().writes, 2, "{name}");
        assert_eq!(stub.requests()[1].json(), json!({"department": "Sales"}));
    }
}

#[tokio::test]
async fn a_refused_write_is_known_not_to_have_happened() {
    let stub = Stub::start(|_, _| {
        Reply::json(
            400,
            &json!({"error": {"code": "Request_BadRequest", "message": "taken",
                "details": [{"code": "ObjectConflict", "message": "taken", "target": "userPrincipalName"}]}}),
        )
        .header("request-id", "r1")
    })
    .await;
    let error = stub.client().send(patch()).await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::Conflict);
    assert!(!error.outcome_unknown() && !error.is_transient());
    assert_eq!(error.request_id(), Some("r1"));
    assert!(error.client_request_id().is_some() || error.request_id().is_some());
}

#[tokio::test]
async fn what_a_write_answers_is_handed_on() {
    let stub = Stub::start(|seen, _| {
        assert_eq!(seen.headers["content-type"], "application/json");
        Reply::json(201, &json!({"id": "new"}))
    })
    .await;
    let answer = stub.client().send(Write::post("/groups", json!({}))).await.unwrap();
    assert_eq!(answer, Some(json!({"id": "new"})));
}

#[tokio::test]
async fn links_are_deleted_as_links() {
    let stub = Stub::start(|_, _| Reply::empty(204)).await;
    stub.client().send(Write::delete(path::member_ref("g", "m"))).await.unwrap();
    let seen = &stub.requests()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("DELETE", "/v1.0/groups/g/members/m/$ref"));
}

#[tokio::test]
async fn nobody_listening_means_nothing_was_sent() {
    let stub = Stub::start(|_, _| Reply::Drop).await;
    let hosts = stub.hosts();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = url::Url::parse(&format!("http://{closed}")).unwrap();
    let client = graph::Client::with_patience(
        graph::Http::new().unwrap(),
        hosts.with_overrides(Some(closed), None),
        graph::Credential { tenant: "t".into(), client_id: "a".into(), proof: graph::Proof::secret("s") },
        graph::Budgets::default(),
        crate::stub::quick(),
    );
    let error = client.send(patch()).await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::NetworkDown);
    assert!(!error.outcome_unknown());
    assert!(!error.to_string().contains("/users/1"), "{error}");
}

#[tokio::test]
async fn a_journal_keeps_a_write_and_a_log_does_not() {
    let write = patch().header("Prefer", "x");
    let text = serde_json::to_string(&write).unwrap();
    assert_eq!(serde_json::from_str::<Write>(&text).unwrap(), write);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["method"], "PATCH");
    assert_eq!(format!("{write:?}"), "PATCH /users/{id}");
}
