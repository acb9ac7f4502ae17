use app::account::server::{SignIn, SignOut};
use axum::http::{Method, StatusCode};

use crate::browser::{House, path, request};

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_cannot_use_a_session() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.signed_in().await;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        [("sec-fetch-site", "same-site"), ("origin", "http://localhost:8080")],
        [("accept", "text/html"), ("origin", "https://evil.example")],
        [("accept", "text/html"), ("origin", "null")],
    ] {
        for (method, path) in [
            (Method::POST, path::<SignOut>()),
            (Method::POST, path::<SignIn>()),
            (Method::DELETE, "/t/1"),
            (Method::POST, "/"),
        ] {
            let answer = browser.send(request(method, path, &headers, "a=b")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(answer.text.contains("nothing was changed"));
        }
    }
    // The session is still there.
    assert_eq!(browser.page("/").await.location(), "/connect");
    let ours = [("origin", "http://localhost:4000"), ("accept", "application/json")];
    let answer = browser.send(request(Method::POST, path::<SignOut>(), &ours, "a=b")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_cut() {
    let (house, _) = House::with_ada().await;
    let body = "x".repeat(5 * 1024 * 1024);
    let length = body.len().to_string();
    let said = [("sec-fetch-site", "same-origin"), ("content-length", &*length)];
    let answer = house.browser().send(request(Method::POST, path::<SignIn>(), &said, &body)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = house.browser().send(request(Method::POST, path::<SignIn>(), &said[..1], &body)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}
