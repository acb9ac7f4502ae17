use app::account::server::{Session, SetUp};
use axum::http::StatusCode;

use crate::browser::{EMAIL, House, PASSWORD, path};

fn form<'a>(token: &'a str, password: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("token", token),
        ("name", "Ada Osei"),
        ("email", EMAIL),
        ("password", password),
        ("organization", "Contoso"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once() {
    let house = House::empty("http://localhost:4000").await;
    let link = house.portal.set_up_link().await.unwrap().unwrap();
    let mut browser = house.browser();
    let page = browser.page(&format!("/setup/{}", link.token)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Set up Holdfast"));

    let short = browser.call(path::<SetUp>(), &form(&link.token, "short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("\"field\":\"password\""), "{}", short.text);

    let done = browser.form(path::<SetUp>(), &form(&link.token, PASSWORD), "/setup/x").await;
    assert_eq!((done.status, done.location()), (StatusCode::FOUND, "/connect"));
    assert_eq!(browser.call(path::<Session>(), &[]).await.status, StatusCode::OK, "and signed in");

    let again = house.browser().call(path::<SetUp>(), &form(&link.token, PASSWORD)).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("not valid any more"), "{}", again.text);
    assert!(house.portal.set_up_link().await.unwrap().is_none());
    assert_eq!(house.browser().sign_in(EMAIL, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_after_an_hour() {
    let house = House::empty("http://localhost:4000").await;
    let link = house.portal.set_up_link().await.unwrap().unwrap();
    house.wait_minutes(60);
    let late = house.browser().call(path::<SetUp>(), &form(&link.token, PASSWORD)).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(house.portal.store().count_accounts().await.unwrap(), 0);
}
