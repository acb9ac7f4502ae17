//! A server in process, and something that keeps its cookies.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::context::Services;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use backup::{Backup, SystemClock};
use chrono::{DateTime, Utc};
use domain::access::OrgRole;
use leptos::config::LeptosOptions;
use portal::{Cost, Portal};
use secrecy::SecretString;
use server::http::Front;
use store::scope::Actor;
use store::{MasterKey, Store};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "zugspitze lanterns at dusk";
pub(crate) const EMAIL: &str = "ada@contoso.example";

/// A server whose clock a test moves.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) portal: Portal,
    pub(crate) backup: Backup,
    seconds: Arc<AtomicI64>,
    _database: testbed::Database,
    _site: tempfile::TempDir,
}

impl House {
    /// Empty: nobody can sign in.
    pub(crate) async fn empty(public_url: &str) -> House {
        House::open(public_url, backup::Settings::default()).await
    }

    async fn open(public_url: &str, elsewhere: backup::Settings) -> House {
        let database = testbed::sqlite();
        let store = Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap();
        let seconds = Arc::new(AtomicI64::new(Utc::now().timestamp()));
        let clock = seconds.clone();
        let now = move || DateTime::<Utc>::from_timestamp(clock.load(Ordering::Relaxed), 0).unwrap();
        let portal = Portal::new(store.clone(), Cost::CHEAP, Arc::new(now)).unwrap();
        let backup = Backup::new(store, elsewhere, Arc::new(SystemClock));
        let services = Services { portal: portal.clone(), backup: backup.clone() };

        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        std::fs::write(site.path().join("pkg/holdfast.css"), "body{}").unwrap();
        std::fs::write(site.path().join("icons.svg"), "<svg/>").unwrap();
        let options = LeptosOptions::builder()
            .output_name("holdfast")
            .site_root(site.path().to_string_lossy().into_owned())
            .build();
        let front = Front { public_url: public_url.parse().unwrap(), trusted_proxies: Vec::new() };
        let router = server::http::router(options, services, front, CancellationToken::new());
        House { router, portal, backup, seconds, _database: database, _site: site }
    }

    /// With one organization and one person in it.
    pub(crate) async fn with_ada() -> (House, Actor) {
        House::at("http://localhost:4000").await
    }

    pub(crate) async fn at(public_url: &str) -> (House, Actor) {
        House::empty(public_url).await.with_people().await
    }

    /// With one person, and a Microsoft Graph at `base`.
    pub(crate) async fn with_graph(base: &str) -> (House, Actor) {
        let elsewhere =
            backup::Settings { graph_url: Some(base.into()), login_url: Some(base.into()), app: None };
        House::open("http://localhost:4000", elsewhere).await.with_people().await
    }

    async fn with_people(self) -> (House, Actor) {
        let house = self;
        let store = house.portal.store();
        let partner = store.create_partner(None, "Northwind", house.portal.now()).await.unwrap();
        let org = store.create_organization(partner, "Contoso", house.portal.now()).await.unwrap();
        let password = SecretString::from(PASSWORD);
        let ada =
            house.portal.create_account(org, "Ada Osei", EMAIL, password, OrgRole::FullAdmin).await.unwrap();
        (house, ada)
    }

    pub(crate) fn wait_minutes(&self, minutes: i64) {
        self.seconds.fetch_add(minutes * 60, Ordering::Relaxed);
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: Vec::new() }
    }

    /// A browser in which Ada has signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(EMAIL, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        browser
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// The session's cookie as it was set.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        let all = self.headers.get_all(header::SET_COOKIE);
        all.iter().map(|value| value.to_str().unwrap()).find(|cookie| cookie.contains("holdfast="))
    }
}

/// Sends requests as pages of ours make them, and keeps cookies.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: Vec<(String, String)>,
}

impl Browser {
    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.call(path::<app::account::server::SignIn>(), &[("email", email), ("password", password)]).await
    }

    /// A page, as somebody who follows a link.
    pub(crate) async fn page(&mut self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[("accept", "text/html")], "")).await
    }

    /// A server function, as our own script calls it.
    pub(crate) async fn call(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin")];
        self.send(request(Method::POST, path, &headers, &encode(form))).await
    }

    /// A form that is sent without a script, from the page at `from`.
    pub(crate) async fn form(&mut self, path: &str, form: &[(&str, &str)], from: &str) -> Answer {
        let referer = format!("http://localhost:4000{from}");
        let headers =
            [("accept", "text/html,*/*;q=0.8"), ("sec-fetch-site", "same-origin"), ("referer", &*referer)];
        self.send(request(Method::POST, path, &headers, &encode(form))).await
    }

    /// Sends, and leaves the answer to be read.
    pub(crate) async fn start(&self, mut request: Request<Body>) -> axum::response::Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let peer: SocketAddr = "192.0.2.7:50000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The events at `path`, to the end of the stream.
    pub(crate) async fn events(&self, path: &str) -> Vec<String> {
        let stream = [("accept", "text/event-stream")];
        let response = self.start(request(Method::GET, path, &stream, "")).await;
        assert_eq!(response.status(), StatusCode::OK);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect()
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.start(request).await;
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !text.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

/// Where the server function of that name is.
pub(crate) fn named(name: &str) -> &'static str {
    let mut paths = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path);
    let rest = |path: &str| path.strip_prefix("/_fn/").and_then(|p| p.strip_prefix(name)).map(str::to_owned);
    let found = paths.find(|path| rest(path).is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_digit())));
    found.unwrap_or_else(|| panic!("there is no server function {name}"))
}

/// Where a server function is.
pub(crate) fn path<F: leptos::server_fn::ServerFn>() -> &'static str {
    F::PATH
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost:4000");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.header("content-type", "application/x-www-form-urlencoded");
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

fn encode(form: &[(&str, &str)]) -> String {
    let pairs = form.iter().map(|(name, value)| format!("{name}={}", app::reply::escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}
