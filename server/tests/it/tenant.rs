//! A tenant over HTTP: connected, backed up, followed, and kept from those it does not belong to.

use std::time::{Duration, Instant};

use app::account::server::SignOut;
use axum::http::{Method, StatusCode};
use domain::access::OrgRole;
use domain::view::{JobState, JobView};
use graph_sim::{Options, Sim};
use secrecy::SecretString;
use store::scope::Actor;

use crate::browser::{Browser, House, PASSWORD, named, path, request};

/// Ada's browser, with the simulated tenant connected and its first backup queued.
pub(crate) async fn connected() -> (House, Actor, Sim, Browser, String) {
    let sim = Sim::start(Options { users: 40, groups: 12, ..Options::default() }).await.unwrap();
    let (house, ada) = House::with_graph(sim.base()).await;
    let mut browser = house.signed_in().await;
    let form = [
        ("directory", sim.tenant_id()),
        ("client_id", sim.client_id()),
        ("secret", sim.client_secret()),
        ("cloud", "global"),
    ];
    let answer = browser.form(named("connect"), &form, "/connect").await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    let tenant = answer.location().strip_prefix("/t/").unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    (house, ada, sim, browser, tenant)
}

async fn ask_for_backup(browser: &mut Browser, tenant: &str) -> String {
    let answer = browser.call(named("back_up_now"), &[("tenant", tenant)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_connected_backed_up_and_followed_to_the_end() {
    let (house, ada, _sim, mut browser, tenant) = connected().await;
    assert_eq!(browser.page("/").await.location(), format!("/t/{tenant}"));
    // Twice asked, once done; the first backup was queued by connecting.
    let job = ask_for_backup(&mut browser, &tenant).await;
    assert_eq!(ask_for_backup(&mut browser, &tenant).await, job);

    let follower = browser.clone();
    let url = format!("/t/{tenant}/jobs/{job}/events");
    let followed = tokio::spawn(async move { follower.events(&url).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(house.backup.run_due().await.unwrap());
    let events = tokio::time::timeout(Duration::from_secs(10), followed).await.expect("it ends").unwrap();
    let events: Vec<JobView> = events.iter().map(|e| serde_json::from_str(e).unwrap()).collect();
    assert_eq!(events[0].state, JobState::Queued);
    let last = events.last().unwrap();
    assert_eq!((last.state, last.snapshot), (JobState::Done, Some(1)), "{last:?}");
    assert!(events.windows(2).all(|pair| pair[0] != pair[1]), "said twice");

    let full = browser.call(named("back_up_in_full"), &[("tenant", &tenant)]).await;
    assert_eq!(full.status, StatusCode::OK, "{}", full.text);
    assert!(house.backup.run_due().await.unwrap());
    let newest = house.backup.snapshots(&ada, tenant.parse().unwrap(), None).await.unwrap();
    assert!(newest[0].seq == 2 && newest[0].full, "{newest:?}");

    let page = browser.page(&format!("/t/{tenant}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for path in ["snapshots", "browse", "compare", "restores", "connection"] {
        let page = browser.page(&format!("/t/{tenant}/{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
    }

    let root = house.portal.store().root_partner().await.unwrap().unwrap();
    let log = house.portal.store().audit_page(root, None, 10).await.unwrap();
    let log: Vec<(&str, &str)> = log.iter().rev().map(|r| (r.event.as_str(), r.object.as_str())).collect();
    assert_eq!(
        log,
        [
            ("sign-in", ""),
            ("tenant-connected", &*tenant),
            ("backup-asked", &*tenant),
            ("backup-asked", &*tenant),
            ("backup-asked", &*tenant)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_session() {
    let (_house, _, _sim, mut browser, tenant) = connected().await;
    let job = ask_for_backup(&mut browser, &tenant).await;
    let follower = browser.clone();
    let url = format!("/t/{tenant}/jobs/{job}/events");
    let start = Instant::now();
    let followed = tokio::spawn(async move { follower.events(&url).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    browser.call(path::<SignOut>(), &[]).await;
    let events = tokio::time::timeout(Duration::from_secs(10), followed).await.expect("it ends").unwrap();
    assert_eq!(events.len(), 1, "the job waits all the while");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_tenant_is_not_there() {
    let (house, ada, _sim, mut browser, tenant) = connected().await;
    let job = ask_for_backup(&mut browser, &tenant).await;
    let root = house.portal.store().root_partner().await.unwrap().unwrap();
    let other = house.portal.store().create_organization(root, "Other", house.portal.now()).await.unwrap();
    assert_ne!(other, ada.scope());
    let person = |email| (email, SecretString::from(PASSWORD));
    let (email, password) = person("eve@other.example");
    house.portal.create_account(other, "Eve Adler", email, password, OrgRole::FullAdmin).await.unwrap();
    let mut eve = house.browser();
    eve.sign_in(email, PASSWORD).await;

    let nobodys = "019ab000-0000-7000-8000-000000000000";
    for name in
        ["read_overview", "connection", "retest", "restores", "snapshots", "back_up_now", "back_up_in_full"]
    {
        let theirs = eve.call(named(name), &[("tenant", &tenant)]).await;
        let none = eve.call(named(name), &[("tenant", nobodys)]).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{name}: {}", theirs.text);
        assert_eq!((theirs.status, theirs.text), (none.status, none.text), "{name}: it shows that it exists");
    }
    let stream = [("accept", "text/event-stream")];
    let url = format!("/t/{tenant}/jobs/{job}/events");
    let theirs = eve.send(request(Method::GET, &url, &stream, "")).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    let page = eve.page(&format!("/t/{tenant}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.page("/").await.location(), "/connect");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_looks_and_changes_nothing() {
    let (house, ada, _sim, mut browser, tenant) = connected().await;
    let store = house.portal.store();
    store.set_role(ada.scope(), ada.account, OrgRole::Viewer, house.portal.now()).await.unwrap();
    assert_eq!(browser.call(named("read_overview"), &[("tenant", &tenant)]).await.status, StatusCode::OK);
    for name in ["back_up_now", "back_up_in_full", "retest"] {
        let refused = browser.call(named(name), &[("tenant", &tenant)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name}: {}", refused.text);
        assert!(refused.text.contains("Your role does not allow this"), "{name}");
    }
}
