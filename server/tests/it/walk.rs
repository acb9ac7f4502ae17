//! Everything there is, asked for without a session. What is new and forgot to close its door shows here.

use app::account::server::PUBLIC;
use app::consent::server::PUBLIC as OF_CONSENT;
use axum::http::{Method, StatusCode};
use leptos::server_fn;

use crate::browser::{House, request};

#[tokio::test(flavor = "multi_thread")]
async fn no_server_function_answers_a_stranger() {
    let (house, _) = House::with_ada().await;
    let mut stranger = house.browser();
    let all: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(all.len() >= 5, "the server functions are not registered: {all:?}");
    for public in PUBLIC {
        assert!(all.iter().any(|(path, _)| *path == public), "{public} is not there any more");
    }
    for (path, method) in all {
        assert_eq!(method, Method::POST, "{path}: a GET that anybody's page could make");
        if PUBLIC.contains(&path) || OF_CONSENT.contains(&path) {
            continue;
        }
        let answer = stranger.call(path, &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {}", answer.text);
        assert!(answer.text.contains("not signed in"), "{path}: {}", answer.text);
        let form = stranger.form(path, &[], "/t/1/compare?from=1&to=2").await;
        assert_eq!(form.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(form.location(), "/signin?next=/t/1/compare%3Ffrom%3D1%26to%3D2", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_answers_a_stranger() {
    let (house, _) = House::with_ada().await;
    let mut stranger = house.browser();
    let routes = leptos_axum::generate_route_list(app::App);
    assert!(routes.len() >= 3);
    for route in routes {
        let path = filled(route.path());
        let answer = stranger.page(&path).await;
        if path == "/signin" || path == "/forgot" || path.starts_with("/setup/") {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        } else if ["/invite/", "/consent", "/password/", "/email/"].iter().any(|part| path.starts_with(part))
        {
            assert_eq!(answer.status, StatusCode::CONFLICT, "{path}: a link that nobody was sent");
            assert!(answer.text.contains("not good any more"), "{path}");
        } else if path == "/signin/code" {
            assert_eq!((answer.status, answer.location()), (StatusCode::FOUND, "/signin"), "nothing is owed");
        } else {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answer.location().starts_with("/signin"), "{path}: {}", answer.location());
        }
        assert!(answer.session_cookie().is_none(), "{path}: a stranger has no session");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_answers_a_stranger() {
    let (house, _) = House::with_ada().await;
    let mut stranger = house.browser();
    let id = "019ab000-0000-7000-8000-000000000000";
    let stream = [("accept", "text/event-stream")];
    for path in [format!("/t/{id}/jobs/{id}/events"), format!("/t/{id}/restores/1/events")] {
        let answer = stranger.send(request(Method::GET, &path, &stream, "")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in
        ["/nothing", "/t/1/nothing", "/pkg", "/pkgs/x", "/..", "/signin/x", "/healthz/x", "/_fn/nothing"]
    {
        let answer = stranger.page(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let answer = stranger.send(request(Method::GET, path, &[], "")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/healthz", "/readyz", "/pkg/holdfast.css", "/icons.svg"] {
        assert_eq!(stranger.page(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(stranger.page("/pkg/../../holdfast.db").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_looks_like_what_is_anothers() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.signed_in().await;
    let id = "019ab000-0000-7000-8000-000000000000";
    let stream = [("accept", "text/event-stream")];
    for path in [
        "/t/x/jobs/y/events".to_owned(),
        format!("/t/{id}/jobs/{id}/events"),
        format!("/t/{id}/restores/x/events"),
    ] {
        let answer = browser.send(request(Method::GET, &path, &stream, "")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text);
    }
    assert_eq!(browser.page("/nothing").await.status, StatusCode::NOT_FOUND);
}

/// A route's pattern with something in every gap.
fn filled(pattern: &str) -> String {
    let parts = pattern.split('/').map(|part| if part.starts_with(['{', ':', '*']) { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
