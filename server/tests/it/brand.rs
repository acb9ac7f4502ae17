//! How pages look to whoever asks, and the files that come with it.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::access::PartnerRole;
use secrecy::SecretString;
use store::scope::PartnerActor;

use crate::browser::{Answer, Browser, House, PASSWORD, named, request};

const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><path d='M0 0h9'/></svg>";
const LOGO: &str = "/partner/branding/logo";

async fn person(house: &House, role: PartnerRole) -> (Browser, PartnerActor) {
    let root = house.portal.store().root_partner().await.unwrap().unwrap();
    let email = format!("{}@lighthouse.example", role.slug());
    let password = SecretString::from(PASSWORD);
    let actor = house.portal.create_partner_account(root, "Somebody", &email, password, role).await.unwrap();
    let mut browser = house.browser();
    assert_eq!(browser.sign_in(&email, PASSWORD).await.status, StatusCode::OK);
    (browser, actor)
}

/// A form with a file, as a browser sends it.
fn with_file(path: &str, site: &str, accept: &str, name: &str, content: &str) -> Request<Body> {
    let body = format!(
        "--x1x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\n\
         content-type: image/png\r\n\r\n{content}\r\n--x1x--\r\n"
    );
    let headers = [("accept", accept), ("sec-fetch-site", site)];
    let mut request = request(Method::POST, path, &headers, "");
    request.headers_mut().insert(header::CONTENT_TYPE, "multipart/form-data; boundary=x1x".parse().unwrap());
    *request.body_mut() = Body::from(body);
    request
}

async fn upload(browser: &mut Browser, content: &str) -> Answer {
    browser.send(with_file(LOGO, "same-origin", "text/html", "logo", content)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_sent_without_a_script_and_is_seen_by_everybody() {
    let (house, _) = House::with_ada().await;
    let (mut owner, actor) = person(&house, PartnerRole::Owner).await;
    let sent = upload(&mut owner, DRAWING).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/partner/branding"));
    house.portal.set_brand_name(&actor, "Harbour & </title>").await.unwrap();
    house.portal.set_brand_accent(&actor, "#7a1fa2").await.unwrap();
    let logo = house.portal.branding(&actor).await.unwrap().shown.logo.unwrap().address();

    let mut stranger = house.browser();
    let mut ada = house.signed_in().await;
    for page in
        [owner.page("/partner/branding").await, ada.page("/account").await, stranger.page("/signin").await]
    {
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(&logo), "{}", page.text);
        assert!(page.text.contains("/brand/7a1fa2.css"));
        assert!(
            page.text.contains("Harbour &amp; &lt;/title")
                && page.text.contains("· Harbour &amp; &lt;/title></title>")
        );
    }

    let file = stranger.page(&logo).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/svg+xml"));
    assert_eq!(file.text, DRAWING);
    assert_eq!(
        file.header("content-security-policy"),
        "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("cross-origin-resource-policy"), "cross-origin");
    assert!(file.header("cache-control").contains("immutable") && file.session_cookie().is_none());
    for other in [logo.replace(".svg", ".png"), "/brand/x.svg".to_owned(), "/brand/logo".to_owned()] {
        assert_eq!(stranger.page(&other).await.status, StatusCode::NOT_FOUND, "{other}");
    }

    let css = stranger.page("/brand/7a1fa2.css").await;
    assert_eq!((css.status, css.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert!(css.text.starts_with(":root{--accent:light-dark(#7a1fa2,"), "{}", css.text);
    assert!(stranger.page("/brand/7a1fa2.preview.css").await.text.starts_with(".brand-preview{"));
    for bad in ["/brand/red;}.css", "/brand/12345.css", "/brand/.css"] {
        let bad = bad.replace(['}', ';'], "%7D");
        assert_eq!(stranger.page(&bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }

    let reset = owner.call(named("reset_brand"), &[("field", "logo")]).await;
    assert_eq!(reset.status, StatusCode::OK);
    assert_eq!(stranger.page(&logo).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_file_stands_on_the_page() {
    let (house, _) = House::with_ada().await;
    let (mut owner, actor) = person(&house, PartnerRole::Owner).await;
    for (content, word) in [
        ("GIF89a", "PNG, SVG or WebP"),
        ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script/></svg>", "script"),
        ("", "Choose a file first"),
        (&"x".repeat(300_000), "300 kB"),
        (&"x".repeat(3_000_000), "200 kB"),
    ] {
        let sent = upload(&mut owner, content).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{word}");
        let page = owner.page(sent.location()).await;
        assert!(page.text.contains(word) && page.text.contains("logo-error"), "{word}: {}", page.text);
    }
    // A script is told so, and a form without the file as well.
    let sent = owner.send(with_file(LOGO, "same-origin", "application/json", "icon", DRAWING)).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.portal.branding(&actor).await.unwrap().shown.logo, None);
}

/// The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn files_are_taken_from_whoever_may_and_from_our_own_pages() {
    let (house, _) = House::with_ada().await;
    for (role, may) in [
        (PartnerRole::Owner, true),
        (PartnerRole::SuperAdmin, true),
        (PartnerRole::Admin, true),
        (PartnerRole::Finance, false),
        (PartnerRole::Support, false),
        (PartnerRole::ReadOnly, false),
    ] {
        let (mut browser, _) = person(&house, role).await;
        for (path, name) in [(LOGO, "logo"), ("/partner/branding/icon", "icon")] {
            let sent = browser.send(with_file(path, "same-origin", "*/*", name, DRAWING)).await;
            let expected = if may { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
            assert_eq!(sent.status, expected, "{role:?} {name}");
            let forged = browser.send(with_file(path, "cross-site", "text/html", name, DRAWING)).await;
            assert_eq!(forged.status, StatusCode::FORBIDDEN, "{role:?} {name}");
        }
    }
    let mut ada = house.signed_in().await;
    let sent = ada.send(with_file(LOGO, "same-origin", "*/*", "logo", DRAWING)).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    let sent = house.browser().send(with_file(LOGO, "same-origin", "*/*", "logo", DRAWING)).await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
}
