//! Reads survive every fault that an answer can have, and follow no link astray.

use graph::{Meaning, Page, Pages};
use serde_json::{Value, json};

use crate::stub::{Reply, Stub};

async fn ids(mut pages: Pages<Value>) -> Result<Vec<u64>, graph::Error> {
    let mut ids = Vec::new();
    while let Some(Page { items, .. }) = pages.next().await? {
        ids.extend(items.iter().map(|item| item["id"].as_u64().unwrap()));
    }
    Ok(ids)
}

#[tokio::test]
async fn every_fault_of_an_answer_is_tried_again() {
    let good = json!({"value": [{"id": 1}]});
    let good_text = good.to_string().into_bytes();
    type Fault = Box<dyn Fn() -> Reply + Send + Sync>;
    let text = good_text.clone();
    let gz = gzip(&good_text);
    let faults: Vec<(&str, Fault)> = vec![
        ("500", Box::new(|| Reply::error(500, "Service_InternalServerError"))),
        ("502 html", Box::new(|| Reply::html(502))),
        ("503 html", Box::new(|| Reply::html(503))),
        ("503 with wait", Box::new(|| Reply::html(503).header("Retry-After", "0.01"))),
        ("504", Box::new(|| Reply::empty(504))),
        (
            "cut",
            Box::new({
                let text = text.clone();
                move || Reply::Cut(text.clone())
            }),
        ),
        (
            "cut chunks",
            Box::new({
                let text = text.clone();
                move || Reply::CutChunked(text.clone())
            }),
        ),
        (
            "stalled",
            Box::new({
                let text = text.clone();
                move || Reply::Stall(text.clone())
            }),
        ),
        (
            "cut gzip",
            Box::new(move || {
                let body = gz[..gz.len() - 12].to_vec();
                Reply::Answer { status: 200, headers: vec![("Content-Encoding".into(), "gzip".into())], body }
            }),
        ),
        ("dropped", Box::new(|| Reply::Drop)),
        ("silent", Box::new(|| Reply::Silent)),
        ("empty", Box::new(|| Reply::empty(200))),
        ("html", Box::new(|| Reply::html(200))),
        (
            "cut json",
            Box::new(|| Reply::Answer { status: 200, headers: vec![], body: b"{\"value\": [{".to_vec() }),
        ),
        ("error object", Box::new(|| Reply::error(200, "UnknownError"))),
        ("no list", Box::new(|| Reply::ok(&json!({"@odata.context": "x"})))),
        ("null list", Box::new(|| Reply::ok(&json!({"value": null})))),
        ("404 from a proxy", Box::new(|| Reply::html(404))),
    ];
    for (name, fault) in faults {
        let good = good.clone();
        let stub = Stub::start(move |_, number| if number < 2 { fault() } else { Reply::ok(&good) }).await;
        let silent = matches!(name, "stalled" | "silent");
        let client = if silent { stub.impatient_client() } else { stub.client() };
        assert_eq!(ids(client.pages("/users")).await.unwrap(), [1], "{name}");
        assert_eq!(stub.requests().len(), 3, "{name}");
        assert_eq!(client.meter().retries, 2, "{name}");
    }
}

#[tokio::test]
async fn a_fault_that_stays_ends_in_what_it_means() {
    for (reply, meaning) in [(503, Meaning::ServiceUnavailable), (200, Meaning::BadAnswer)] {
        let stub = Stub::start(move |_, _| Reply::html(reply)).await;
        let error = stub.client().get::<Value>("/organization").await.unwrap_err();
        assert_eq!(error.meaning(), &meaning);
        assert!(error.is_transient() && !error.outcome_unknown());
        assert_eq!(stub.requests().len(), 8);
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_asked_for_once() {
    let stub = Stub::start(|_, _| Reply::ok(&json!({"value": "text"}))).await;
    let error = stub.client().get::<Vec<u8>>("/organization").await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::BadAnswer);
    assert!(!error.is_transient());
    assert_eq!(stub.requests().len(), 1);
}

#[tokio::test]
async fn a_single_resource_that_is_an_error_object_is_not_a_resource() {
    #[derive(serde::Deserialize)]
    struct AllOptional {
        #[serde(rename = "displayName")]
        name: Option<String>,
    }
    let stub = Stub::start(|_, number| match number {
        0 => Reply::error(200, "UnknownError"),
        _ => Reply::ok(&json!({"displayName": "Contoso", "error": null})),
    })
    .await;
    let resource: AllOptional = stub.client().get("/organization/1").await.unwrap();
    assert_eq!(resource.name.as_deref(), Some("Contoso"));
}

/// The page whose number stands in the link, of `count`, with ten items each.
fn page(base: &str, target: &str, count: u64) -> Value {
    let number: u64 = target.rsplit("skiptoken=").next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let items: Vec<Value> = (number * 10..number * 10 + 10).map(|id| json!({"id": id})).collect();
    let mut page = json!({"value": items});
    if number + 1 < count {
        page["@odata.nextLink"] = format!("{base}v1.0/users?$skiptoken={}", number + 1).into();
    } else {
        page["@odata.deltaLink"] = format!("{base}v1.0/users/delta?$deltatoken=d").into();
    }
    page
}

fn base(headers: &std::collections::HashMap<String, String>) -> String {
    format!("http://{}/", headers["host"])
}

/// The published fault profile: every 41st request 429, every 37th 503, every 53rd cut.
#[tokio::test]
async fn nothing_missing_and_nothing_twice_under_the_fault_profile() {
    for ahead in [false, true] {
        let stub = Stub::start(|seen, number| {
            let page = page(&base(&seen.headers), &seen.target, 101);
            match number + 1 {
                n if n % 41 == 0 => Reply::error(429, "TooManyRequests").header("Retry-After", "0.02"),
                n if n % 37 == 0 => Reply::html(503),
                n if n % 53 == 0 => Reply::Cut(page.to_string().into_bytes()),
                _ => Reply::ok(&page),
            }
        })
        .await;
        let client = stub.client();
        let pages = client.pages("/users?$top=999");
        let pages = if ahead { pages.read_ahead() } else { pages };
        assert_eq!(ids(pages).await.unwrap(), (0..1010).collect::<Vec<_>>());
        assert!(stub.requests().len() <= 101 * 13 / 10);
        let meter = client.meter();
        assert_eq!(meter.requests as usize, stub.requests().len());
        assert_eq!(meter.retries, meter.requests - 101);
        assert_eq!(meter.throttled, 2);
    }
}

#[tokio::test]
async fn headers_go_with_every_page_and_every_request_has_its_own_id() {
    let stub = Stub::start(|seen, _| Reply::ok(&page(&base(&seen.headers), &seen.target, 3))).await;
    let mut pages = stub.client().pages::<Value>("/users/delta").header("Prefer", "return=minimal");
    let mut last = None;
    while let Some(page) = pages.next().await.unwrap() {
        last = page.delta_link;
    }
    assert_eq!(last, Some(stub.link("/users/delta?$deltatoken=d")));
    let requests = stub.requests();
    assert_eq!(requests.len(), 3);
    let ids: std::collections::HashSet<_> =
        requests.iter().map(|seen| seen.headers["client-request-id"].clone()).collect();
    assert_eq!(ids.len(), 3);
    for seen in &requests {
        assert_eq!(seen.headers["prefer"], "return=minimal");
        assert_eq!(seen.headers["accept"], "application/json");
        assert_eq!(seen.headers["accept-encoding"], "gzip");
        assert!(seen.headers["user-agent"].starts_with("Holdfast/"));
        assert!(seen.headers["authorization"].starts_with("Bearer "));
    }
}

#[tokio::test]
async fn a_compressed_answer_is_read() {
    let stub = Stub::start(|_, _| Reply::Answer {
        status: 200,
        headers: vec![("Content-Encoding".into(), "gzip".into())],
        body: gzip(br#"{"value":[{"id":7}]}"#),
    })
    .await;
    assert_eq!(ids(stub.client().pages("/users")).await.unwrap(), [7]);
}

#[tokio::test]
async fn raw_values_pass_through() {
    let stub = Stub::start(|_, _| Reply::ok(&json!({"value": [{"b": 1, "a": [1.0]}]}))).await;
    let items: Vec<Box<serde_json::value::RawValue>> = stub.client().pages("/users").all().await.unwrap();
    assert_eq!(items[0].get(), r#"{"a":[1.0],"b":1}"#);
}

#[tokio::test]
async fn a_list_that_leads_back_is_left() {
    let stub = Stub::start(|seen, _| {
        let base = base(&seen.headers);
        Reply::ok(&json!({"value": [], "@odata.nextLink": format!("{base}v1.0/users?$skiptoken=1")}))
    })
    .await;
    let error = ids(stub.client().pages("/users")).await.unwrap_err();
    assert_eq!(error.meaning(), &Meaning::BadAnswer);
    assert_eq!(stub.requests().len(), 2);
}

/// Gives page after page, each with a link to another, and asks what becomes of reading them.
async fn without_end(
    read_ahead: bool,
    items: impl Fn(usize) -> Value + Send + Sync + 'static,
) -> (Result<Vec<u64>, graph::Error>, usize) {
    let stub = Stub::start(move |seen, number| {
        let base = base(&seen.headers);
        let next = format!("{base}v1.0/groups/delta?$skiptoken=loop{number}");
        Reply::ok(&json!({"value": items(number), "@odata.nextLink": next}))
    })
    .await;
    let pages = stub.client().pages("/groups/delta");
    let read = ids(if read_ahead { pages.read_ahead() } else { pages }).await;
    (read, stub.requests().len())
}

#[tokio::test]
async fn pages_that_bring_nothing_new_are_left_after_fifty() {
    for ahead in [false, true] {
        let (read, asked) = without_end(ahead, |_| json!([])).await;
        assert_eq!(read.unwrap_err().meaning(), &Meaning::BadAnswer);
        assert_eq!(asked, 50, "empty pages");
        let (read, asked) = without_end(ahead, |_| json!([{"id": 1}, {"id": 2}])).await;
        assert_eq!(read.unwrap_err().meaning(), &Meaning::BadAnswer);
        assert_eq!(asked, 51, "one page again and again");
        let (read, asked) = without_end(ahead, |n| match n % 3 {
            0 => json!([{"id": 1}, {"id": 2}]),
            1 => json!([]),
            _ => json!([{"id": 2}, {"id": 1}]),
        })
        .await;
        assert_eq!(read.unwrap_err().meaning(), &Meaning::BadAnswer);
        assert_eq!(asked, 51, "the same items in another order, and empty pages between");
    }
}

#[tokio::test]
async fn empty_pages_between_others_are_read_through() {
    let stub = Stub::start(|seen, number| {
        let next = format!("{}v1.0/users?$skiptoken={number}", base(&seen.headers));
        let items = if number % 50 == 49 { json!([{"id": number}]) } else { json!([]) };
        match number {
            249 => Reply::ok(&json!({"value": items})),
            _ => Reply::ok(&json!({"value": items, "@odata.nextLink": next})),
        }
    })
    .await;
    assert_eq!(ids(stub.client().pages("/users")).await.unwrap(), [49, 99, 149, 199, 249]);
}

#[tokio::test]
async fn links_to_elsewhere_get_no_request_and_no_token() {
    let elsewhere = Stub::start(|_, _| Reply::ok(&json!({"value": []}))).await;
    let link = elsewhere.link("/users?$skiptoken=1");
    let given = link.clone();
    let stub = Stub::start(move |_, _| Reply::ok(&json!({"value": [], "@odata.nextLink": link}))).await;
    let client = stub.client();
    for error in [
        ids(client.pages("/users")).await.unwrap_err(),
        ids(client.pages("/users").read_ahead()).await.unwrap_err(),
        ids(client.pages(&given)).await.unwrap_err(),
        ids(client.pages("ftp://127.0.0.1/v1.0/users")).await.unwrap_err(),
    ] {
        assert_eq!(error.meaning(), &Meaning::ForeignLink);
        assert!(!error.to_string().contains("skiptoken"));
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Stub::start(|_, _| Reply::ok(&json!({"value": []}))).await;
    let link = elsewhere.link("/users");
    let stub = Stub::start(move |_, _| Reply::empty(302).header("Location", &link)).await;
    assert!(stub.client().get::<Value>("/users").await.is_err());
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn the_ends_of_cursors_are_told_apart() {
    let stub = Stub::start(|seen, _| match seen.target.as_str() {
        "/v1.0/a" => Reply::error(410, "resyncRequired")
            .header("Location", &format!("{}v1.0/users/delta?$deltatoken=", base(&seen.headers))),
        "/v1.0/b" => Reply::error(400, "syncStateNotFound"),
        "/v1.0/c" => Reply::error(410, "resyncRequired").header("Location", "https://evil.example/"),
        _ => Reply::error(400, "Directory_ExpiredPageToken"),
    })
    .await;
    let client = stub.client();
    let meaning = async |path: &str| ids(client.pages(path)).await.unwrap_err().meaning().clone();
    let restart = Some(stub.link("/users/delta?$deltatoken="));
    assert_eq!(meaning("/a").await, Meaning::DeltaExpired { restart });
    assert_eq!(meaning("/b").await, Meaning::DeltaExpired { restart: None });
    assert_eq!(meaning("/c").await, Meaning::DeltaExpired { restart: None });
    assert_eq!(meaning("/d").await, Meaning::PageTokenExpired);
    assert_eq!(stub.requests().len(), 4);
}

#[tokio::test]
async fn after_an_error_the_same_page_is_asked_for_again() {
    let stub = Stub::start(|seen, number| match number {
        1 => Reply::error(403, "Authorization_RequestDenied"),
        _ => Reply::ok(&page(&base(&seen.headers), &seen.target, 2)),
    })
    .await;
    let mut pages = stub.client().pages::<Value>("/users");
    assert!(pages.next().await.unwrap().is_some());
    assert_eq!(pages.next().await.unwrap_err().meaning(), &Meaning::PermissionMissing);
    assert_eq!(pages.next().await.unwrap().unwrap().items[0]["id"], 10);
    assert!(pages.next().await.unwrap().is_none());
    let targets: Vec<_> = stub.requests().iter().map(|seen| seen.target.clone()).collect();
    assert_eq!(targets[1], targets[2]);
}

#[tokio::test]
async fn counts_and_questions() {
    let stub = Stub::start(|seen, number| match seen.target.as_str() {
        "/v1.0/users/$count" => {
            assert_eq!(seen.headers["consistencylevel"], "eventual");
            Reply::Answer { status: 200, headers: vec![], body: "\u{feff}893".into() }
        }
        _ if number == 1 => Reply::html(502),
        _ => Reply::ok(&json!({"value": [seen.json()]})),
    })
    .await;
    let client = stub.client();
    assert_eq!(client.count("/users/$count").await.unwrap(), 893);
    let asked = json!({"ids": ["1"]});
    let answer: Value = client.ask("/directoryObjects/getByIds", &asked).await.unwrap();
    assert_eq!(answer["value"][0], asked);
    assert_eq!(client.meter().writes, 0);
    assert!(client.ask::<Value>("/groups", &asked).await.is_err());
}

/// A gzip member with one stored block; enough for a decoder to be strict about.
fn gzip(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(data);
    let crc = !data.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    out.extend(crc.to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}
