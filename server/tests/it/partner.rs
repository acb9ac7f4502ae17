//! The two portals keep their people apart, and files are for those whose list it is.

use axum::http::StatusCode;
use domain::access::PartnerRole;
use leptos::server_fn;
use secrecy::SecretString;

use crate::browser::{House, PASSWORD};

const PARTNERS: [&str; 20] = [
    "retest_credentials",
    "renew_credentials",
    "make_consent_link",
    "made_consent_link",
    "revoke_consent_link",
    "partner_session",
    "plans",
    "create_plan",
    "archive_plan",
    "delete_plan",
    "organizations",
    "organization_options",
    "create_organization",
    "organization",
    "edit_organization",
    "move_organization",
    "change_plan",
    "change_seats",
    "visit",
    "audit_log",
];

fn path(name: &str) -> &'static str {
    let is = |path: &str| {
        let last = path.rsplit('/').next().unwrap_or_default();
        last.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .find(|p| is(p))
        .unwrap_or_else(|| panic!("{name}"))
}

/// Something in every field that any of them has.
const FIELDS: [(&str, &str); 35] = [
    ("event", ""),
    ("actor", ""),
    ("object", ""),
    ("organization", ""),
    ("from", ""),
    ("to", ""),
    ("tenant", "019ab000-0000-7000-8000-000000000000"),
    ("link", "019ab000-0000-7000-8000-000000000000"),
    ("directory", ""),
    ("client_id", ""),
    ("secret", "x"),
    ("cloud", ""),
    ("id", "019ab000-0000-7000-8000-000000000000"),
    ("partner", "019ab000-0000-7000-8000-000000000000"),
    ("plan", "019ab000-0000-7000-8000-000000000000"),
    ("name", "x"),
    ("product", "backup"),
    ("currency", "EUR"),
    ("price", "1"),
    ("periodicity", "monthly"),
    ("rule", "enabled-members"),
    ("kind", "standard"),
    ("archived", "true"),
    ("first_name", "x"),
    ("last_name", "x"),
    ("email", "x@y.example"),
    ("country", "DE"),
    ("seats", "1"),
    ("what", "suspend"),
    ("typed", "x"),
    ("reason", "x"),
    ("state", ""),
    ("words", ""),
    ("credential", ""),
    ("health", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_organizations_people_find_no_door_to_the_partners_portal() {
    let (house, _) = House::with_ada().await;
    let mut ada = house.signed_in().await;
    for name in PARTNERS {
        let answer = ada.call(path(name), &FIELDS).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.text);
    }
    assert_eq!(ada.page("/partner/organizations.csv").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_people_are_in_their_own_portal_and_in_no_other() {
    let (house, _) = House::with_ada().await;
    let root = house.portal.store().root_partner().await.unwrap().unwrap();
    let secret = SecretString::from(PASSWORD);
    house
        .portal
        .create_partner_account(root, "Bo", "bo@p.example", secret, PartnerRole::Owner)
        .await
        .unwrap();
    let mut bo = house.browser();
    assert_eq!(bo.sign_in("bo@p.example", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(bo.page("/").await.location(), "/partner");
    let tenant = [("tenant", "019ab000-0000-7000-8000-000000000000")];
    for name in ["session", "read_overview", "snapshots", "back_up_now", "restores"] {
        let answer = bo.call(path(name), &tenant).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.text);
    }
    let csv = bo.page("/partner/organizations.csv?state=active").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.text.starts_with("\u{feff}Number,Name,"), "{}", csv.text);
    assert!(csv.text.contains("Contoso"), "{}", csv.text);
}
