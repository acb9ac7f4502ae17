use app::account::server::{LeaveVisit, Session, SignOut};
use app::partner::organizations::server::Visit;
use app::people::server::People;
use axum::http::StatusCode;
use domain::access::PartnerRole;
use secrecy::SecretString;

use crate::browser::{Browser, EMAIL, House, PASSWORD, path};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_says_who_is_signed_in() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.signed_in().await;
    let answer = browser.call(path::<Session>(), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let view: domain::view::SessionView = serde_json::from_str(&answer.text).unwrap();
    assert_eq!((view.name.as_str(), view.organization.as_str()), ("Ada Osei", "Contoso"));
    assert_eq!((view.role.as_str(), view.may.len()), ("Full Admin", domain::access::Action::ALL.len()));

    let home = browser.page("/").await;
    assert_eq!((home.status, home.location()), (StatusCode::SEE_OTHER, "/connect"));
    assert_eq!(browser.page("/signin").await.location(), "/");
    assert_eq!(browser.page("/signin?next=%2Fconnect").await.location(), "/connect");
    assert_eq!(browser.page("/signin?next=https%3A%2F%2Fevil.example").await.location(), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_a_new_session() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.browser();
    // What somebody else has put into the browser is not taken over.
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    browser.cookies.push(("holdfast".into(), planted.into()));
    browser.sign_in(EMAIL, PASSWORD).await;
    let first = browser.cookies.clone();
    assert_ne!(first[0].1, planted);
    browser.sign_in(EMAIL, PASSWORD).await;
    assert_ne!(browser.cookies, first);
    let mut old = house.browser();
    old.cookies = first;
    assert_eq!(old.call(path::<Session>(), &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_session_ends_and_a_used_one_goes_on() {
    let (house, _) = House::with_ada().await;
    let mut idle = house.signed_in().await;
    let mut used = house.signed_in().await;
    for _ in 0..4 {
        house.wait_minutes(119);
        assert_eq!(used.call(path::<Session>(), &[]).await.status, StatusCode::OK);
    }
    house.wait_minutes(5);
    assert_eq!(idle.call(path::<Session>(), &[]).await.status, StatusCode::UNAUTHORIZED);
    let page = idle.page("/connect").await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/signin?next=/connect"));
    assert_eq!(used.call(path::<Session>(), &[]).await.status, StatusCode::OK);

    // Twelve hours after the sign-in it ends, however much it is used.
    house.wait_minutes(238);
    assert_eq!(used.call(path::<Session>(), &[]).await.status, StatusCode::OK);
    house.wait_minutes(2);
    assert_eq!(used.call(path::<Session>(), &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn use_is_noted_once_a_minute() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.signed_in().await;
    house.wait_minutes(2);
    assert!(browser.call(path::<Session>(), &[]).await.session_cookie().is_some());
    for _ in 0..3 {
        assert!(browser.call(path::<Session>(), &[]).await.session_cookie().is_none(), "written again");
    }
    house.wait_minutes(1);
    assert!(browser.call(path::<Session>(), &[]).await.session_cookie().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_it_everywhere_it_was_copied_to() {
    let (house, _) = House::with_ada().await;
    let mut browser = house.signed_in().await;
    let mut thief = browser.clone();
    let answer = browser.form(path::<SignOut>(), &[], "/connect").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::FOUND, "/signin"));
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    assert_eq!(thief.call(path::<Session>(), &[]).await.status, StatusCode::UNAUTHORIZED);
    assert!(thief.cookies.is_empty(), "a dead cookie is taken away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_taken_away_ends_what_it_allowed_at_once() {
    let (house, ada) = House::with_ada().await;
    let mut browser = house.signed_in().await;
    let store = house.portal.store();
    store
        .set_role(ada.scope(), ada.account, domain::access::OrgRole::Viewer, house.portal.now())
        .await
        .unwrap();
    let answer = browser.call(path::<Session>(), &[]).await;
    let view: domain::view::SessionView = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(view.role, "Viewer");
    store.remove_member(ada.scope(), ada.account).await.unwrap();
    assert_eq!(browser.call(path::<Session>(), &[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(store.sessions_of(ada.account, house.portal.alive()).await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_persons_sessions_can_be_ended() {
    let (house, ada) = House::with_ada().await;
    let (mut here, mut there) = (house.signed_in().await, house.signed_in().await);
    assert_eq!(house.portal.store().revoke_sessions(ada.account, None).await.unwrap(), 2);
    for browser in [&mut here, &mut there] {
        assert_eq!(browser.call(path::<Session>(), &[]).await.status, StatusCode::UNAUTHORIZED);
    }
}

/// Someone from the partner, who looks after Contoso.
async fn helper(house: &House) -> Browser {
    let root = house.portal.store().root_partner().await.unwrap().unwrap();
    let password = SecretString::from(PASSWORD);
    let email = "sten@northwind.example";
    house.portal.create_partner_account(root, "Sten", email, password, PartnerRole::Support).await.unwrap();
    let mut browser = house.browser();
    assert_eq!(browser.sign_in(email, PASSWORD).await.status, StatusCode::OK);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_visit_is_over_is_back_at_the_partner_and_reads_why() {
    let (house, ada) = House::with_ada().await;
    let mut sten = helper(&house).await;
    let id = ada.scope().organization().to_string();
    for is_forbidden in [false, true] {
        let visit = [("id", id.as_str()), ("reason", "Ticket 1")];
        assert!(sten.call(path::<Visit>(), &visit).await.status.is_success());
        assert_eq!(sten.page("/users").await.status, StatusCode::OK);
        match is_forbidden {
            true => house.portal.decide_visits(&ada, true).await.unwrap(),
            false => house.wait_minutes(61),
        }
        let asked = sten.call(path::<People>(), &[("at", "")]).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN);
        assert!(asked.text.contains("visit is over"), "{}", asked.text);
        // Told once; from then on it is the partner's person who asks.
        assert_eq!(sten.page("/partner").await.status, StatusCode::OK);
    }
    let page = sten.page(&format!("/partner/organizations/{id}?visit=ended")).await;
    assert!(page.text.contains("Your visit is over"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_gives_a_session_no_more_time() {
    let (house, ada) = House::with_ada().await;
    let mut sten = helper(&house).await;
    let id = ada.scope().organization().to_string();
    // In and out again, every half hour: each time the session gets another name.
    for _ in 0..23 {
        house.wait_minutes(30);
        let visit = [("id", id.as_str()), ("reason", "Ticket 1")];
        assert!(sten.call(path::<Visit>(), &visit).await.status.is_success());
        assert!(sten.call(path::<LeaveVisit>(), &[]).await.status.is_success());
    }
    assert_eq!(sten.page("/partner").await.status, StatusCode::OK);
    house.wait_minutes(30);
    assert_eq!(sten.page("/partner").await.status, StatusCode::SEE_OTHER, "twelve hours are over");
}
