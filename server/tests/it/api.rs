//! The REST API as a program meets it.

use axum::http::{Method, StatusCode};
use jsonschema::Validator;
use portal::NewApiToken;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser, House, request};
use crate::tenant::connected;

struct Program {
    browser: Browser,
    token: String,
    document: Value,
}

impl Program {
    async fn new(house: &House, back_up: bool) -> Program {
        let store = house.portal.store();
        let account = store.account_by_email(crate::browser::EMAIL).await.unwrap().unwrap();
        let ada = store.actors(account.id).await.unwrap().remove(0);
        let new = NewApiToken { name: "Watch".to_owned(), back_up, days: "7".to_owned() };
        let token = house.portal.create_token(&ada, new).await.unwrap().secret;
        let mut browser = house.browser();
        let answer = browser.send(request(Method::GET, "/api/v1/openapi.json", &[], "")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
        Program { browser, token, document: serde_json::from_str(&answer.text).unwrap() }
    }

    async fn ask(&mut self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let all: Vec<_> = headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        self.browser.send(request(method, &format!("/api/v1{path}"), &all, "")).await
    }

    /// Asks, and holds the answer against what the document says of it.
    async fn get(&mut self, pattern: &str, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, &[]).await;
        self.fits("get", pattern, &answer)
    }

    fn fits(&self, method: &str, pattern: &str, answer: &Answer) -> Value {
        let status = answer.status.as_u16().to_string();
        let content = &self.document["paths"][pattern][method]["responses"][&status]["content"];
        let kind = answer.header("content-type");
        let schema = &content[kind]["schema"];
        assert!(schema.is_object(), "{method} {pattern} {status} {kind} is not documented: {content}");
        let mut whole = schema.clone();
        whole["components"] = self.document["components"].clone();
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        let validator: Validator = jsonschema::draft202012::new(&whole).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&body).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{method} {pattern}: {wrong:?}: {}", answer.text);
        body
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_watches_and_backs_up_by_the_document() {
    let (house, _, _sim, _, tenant) = connected().await;
    let mut program = Program::new(&house, true).await;
    assert_eq!(program.document["openapi"], "3.1.0");
    assert!(house.backup.run_due().await.unwrap());

    let all = program.get("/organizations", "/organizations").await;
    assert_eq!((all["items"][0]["name"].as_str(), &all["next"]), (Some("Contoso"), &Value::Null));
    let id = all["items"][0]["id"].as_str().unwrap().to_owned();
    program.get("/organizations/{organization}", &format!("/organizations/{id}")).await;
    let tenants = format!("/organizations/{id}/tenants");
    let tenants = program.get("/organizations/{organization}/tenants", &tenants).await;
    assert_eq!(tenants["items"][0]["id"], tenant.as_str());
    let one = program.get("/tenants/{tenant}", &format!("/tenants/{tenant}")).await;
    assert_eq!(one["connected"], true);
    let snapshots = format!("/tenants/{tenant}/snapshots");
    let snapshots = program.get("/tenants/{tenant}/snapshots", &snapshots).await;
    assert_eq!((snapshots["items"][0]["number"].as_i64(), &snapshots["next"]), (Some(1), &Value::Null));

    let path = format!("/tenants/{tenant}/backups");
    let pattern = "/tenants/{tenant}/backups";
    let key = [("idempotency-key", "night-1")];
    let first = program.ask(Method::POST, &path, &key).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text);
    let job = program.fits("post", pattern, &first);
    assert_eq!((job["kind"].as_str(), job["state"].as_str()), (Some("capture"), Some("queued")));
    // Another key while it waits, or none: it is the one that waits.
    for headers in [&[("idempotency-key", "night-2")][..], &[]] {
        let same = program.ask(Method::POST, &path, headers).await;
        assert_eq!(program.fits("post", pattern, &same)["id"], job["id"]);
    }
    assert!(house.backup.run_due().await.unwrap());
    let again = program.ask(Method::POST, &path, &key).await;
    let again = program.fits("post", pattern, &again);
    assert_eq!((&again["id"], again["state"].as_str()), (&job["id"], Some("done")), "the same request");
    let other = program.ask(Method::POST, &path, &[("idempotency-key", "night-3")]).await;
    assert_ne!(program.fits("post", pattern, &other)["id"], job["id"], "another request");

    let jobs = program.get("/tenants/{tenant}/jobs", &format!("/tenants/{tenant}/jobs")).await;
    assert_eq!(jobs["items"].as_array().unwrap().len(), 3);
    let location = first.location().strip_prefix("/api/v1").unwrap().to_owned();
    let one = program.get("/tenants/{tenant}/jobs/{job}", &location).await;
    assert_eq!(one["snapshot"], json!(2));

    let full = program.ask(Method::POST, &format!("{path}?full=true"), &[]).await;
    assert_eq!(program.fits("post", pattern, &full)["state"], "queued");
    assert!(house.backup.run_due().await.unwrap());
    let newest = program.get("/tenants/{tenant}/snapshots", &format!("/tenants/{tenant}/snapshots")).await;
    assert_eq!(newest["items"][0]["full"], true, "{newest}");
    let unread = program.ask(Method::POST, &format!("{path}?full=perhaps"), &[]).await;
    assert_eq!(program.fits("post", pattern, &unread)["status"], 422);

    let root = house.portal.store().root_partner().await.unwrap().unwrap();
    let log = house.portal.store().audit_page(root, None, 1).await.unwrap();
    assert!(
        log[0].event == "backup-asked"
            && log[0].detail.as_ref().unwrap().note == "full"
            && log[0].actor.contains("(token "),
        "{log:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_a_problem_that_says_how_to_mend_it() {
    let (house, _, _sim, _, tenant) = connected().await;
    let mut reader = Program::new(&house, false).await;
    let nowhere = "019ab000-0000-7000-8000-000000000000";
    let backups = format!("/tenants/{tenant}/backups");
    for (method, pattern, path, status) in [
        (Method::GET, "/organizations/{organization}", format!("/organizations/{nowhere}"), 404),
        (Method::GET, "/organizations/{organization}", "/organizations/x".to_owned(), 404),
        (Method::GET, "/tenants/{tenant}", format!("/tenants/{nowhere}"), 404),
        (Method::GET, "/organizations", "/organizations?after=zzz".to_owned(), 422),
        (Method::GET, "/tenants/{tenant}/snapshots", format!("/tenants/{tenant}/snapshots?after=x"), 422),
        (Method::GET, "/organizations", "/organizations?state=x".to_owned(), 422),
        (Method::POST, "/tenants/{tenant}/backups", backups.clone(), 403),
    ] {
        let answer = reader.ask(method.clone(), &path, &[]).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
        let problem = reader.fits(&method.as_str().to_lowercase(), pattern, &answer);
        assert_eq!(problem["status"], status);
        if status == 403 {
            // It is the token that is in the way, not anybody's role.
            assert!(answer.text.contains("This token may only read"), "{}", answer.text);
        }
    }
    for (method, path, status) in [(Method::GET, "/nothing", 404), (Method::DELETE, "/organizations", 405)] {
        let answer = reader.ask(method, path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (status, "application/problem+json")
        );
    }
    let mut starter = Program::new(&house, true).await;
    for key in ["", " ", "with space", &"x".repeat(201)] {
        let answer = starter.ask(Method::POST, &backups, &[("idempotency-key", key)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{key:?}: {}", answer.text);
    }

    // Neither a session nor another site's page gets in, and no answer invites one.
    let mut signed_in = house.signed_in().await;
    let answer = signed_in.send(request(Method::GET, "/api/v1/organizations", &[], "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        answer.header("www-authenticate").starts_with("Bearer") && answer.text.contains("Cookies are not")
    );
    let answer = reader.ask(Method::GET, "/organizations", &[("origin", "https://evil.example")]).await;
    assert!(answer.header("access-control-allow-origin").is_empty());
    assert!(answer.session_cookie().is_none());
    reader.token.pop();
    let cut = reader.ask(Method::GET, "/organizations", &[]).await;
    assert!(cut.status == StatusCode::UNAUTHORIZED && cut.text.contains("cut short"), "{}", cut.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_often_waits() {
    let (house, _) = House::with_ada().await;
    let mut program = Program::new(&house, false).await;
    let first = program.ask(Method::GET, "/organizations", &[]).await;
    assert_eq!(first.header("ratelimit-policy"), "\"token\";q=120;w=60");
    assert_eq!(first.header("ratelimit"), "\"token\";r=119");
    let mut last = first;
    for _ in 0..130 {
        last = program.ask(Method::GET, "/organizations", &[]).await;
        if last.status != StatusCode::OK {
            break;
        }
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    program.fits("get", "/organizations", &last);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    // Another token is not held up by it; an address that guesses is.
    let mut other = Program::new(&house, false).await;
    assert_eq!(other.ask(Method::GET, "/organizations", &[]).await.status, StatusCode::OK);
    other.token = "hf_wrong".to_owned();
    let mut status = StatusCode::UNAUTHORIZED;
    for _ in 0..40 {
        status = other.ask(Method::GET, "/organizations", &[]).await.status;
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}
