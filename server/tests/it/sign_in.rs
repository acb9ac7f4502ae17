use app::account::server::{SignIn, SignOut};
use app::error::AppError;
use axum::http::StatusCode;

use crate::browser::{EMAIL, House, PASSWORD, path};

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_leads_on() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.browser();
    let form = [("email", EMAIL), ("password", PASSWORD), ("next", "/t/1/compare?from=1")];
    let answer = browser.form(path::<SignIn>(), &form, "/signin").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::FOUND, "/t/1/compare?from=1"));
    let cookie = answer.session_cookie().unwrap();
    for part in ["holdfast=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");

    let mut scripted = house.browser();
    let answer = scripted.sign_in(EMAIL, PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::OK, "/"));
    assert!(answer.headers.contains_key("serverfnredirect"));

    // Nobody is led elsewhere.
    for evil in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let form = [("email", EMAIL), ("password", PASSWORD), ("next", evil)];
        assert_eq!(house.browser().form(path::<SignIn>(), &form, "/signin").await.location(), "/");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let (house, _) = House::at("https://backup.example").await;
    let mut browser = house.browser();
    let cookie = browser.sign_in(EMAIL, PASSWORD).await.session_cookie().unwrap().to_owned();
    for part in ["__Host-holdfast=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let gone = browser.call(path::<SignOut>(), &[]).await;
    let gone = gone.session_cookie().unwrap();
    for part in ["__Host-holdfast=;", "Max-Age=0", "Secure", "HttpOnly", "Path=/"] {
        assert!(gone.contains(part), "{gone} lacks {part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_password_does_not() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.browser();
    let known = browser.sign_in(EMAIL, "not the password").await;
    let unknown = browser.sign_in("nobody@contoso.example", "not the password").await;
    assert_eq!(known.status, StatusCode::UNAUTHORIZED);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text), "who exists shows");
    let error: AppError = serde_json::from_str(&known.text).unwrap();
    assert!(matches!(error, AppError::Unauthenticated(_)), "{error:?}");
    assert!(known.session_cookie().is_none());

    // Without a script: back to the form, which says it.
    let form = [("email", EMAIL), ("password", "not the password")];
    let answer = browser.form(path::<SignIn>(), &form, "/signin?next=%2Fconnect").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().contains("/signin?next=%2Fconnect&__path="), "{}", answer.location());
    assert!(!answer.location().contains("not"), "the password is in the address");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wrong_ones_close_it_for_a_while() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.browser();
    for _ in 0..8 {
        assert_eq!(browser.sign_in(EMAIL, "not the password").await.status, StatusCode::UNAUTHORIZED);
    }
    let closed = browser.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.text.contains("opens again in 15 minutes"), "{}", closed.text);
    house.wait_minutes(15);
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused_calmly() {
    let (house, _) = House::with_ada().await;
    let answer = house.browser().call(path::<SignIn>(), &[("email", EMAIL)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains("could not be read"), "{}", answer.text);
}

/// What a page says of itself is read after it was rendered: nothing of that may have gone by then. And another server
/// that starts in the same process, as beside every test, stops nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_at_the_door_sees_the_door() {
    let (house, _) = House::with_ada().await;
    let (stranger, ada) = (house.browser(), house.signed_in().await);
    let pages =
        [(&stranger, "/signin"), (&ada, "/account"), (&ada, "/connect"), (&ada, "/users"), (&ada, "/help")];
    let crowd: Vec<_> = (0..3)
        .flat_map(|_| pages)
        .map(|(browser, path)| {
            let mut browser = browser.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    assert_eq!(browser.page(path).await.status, StatusCode::OK, "{path}");
                }
            })
        })
        .collect();
    let others = tokio::spawn(async {
        loop {
            House::with_ada().await;
        }
    });
    for one in crowd {
        one.await.unwrap();
    }
    others.abort();
}
