use chrono::Duration;
use domain::access::OrgRole;
use store::sessions::{Alive, SessionContent};
use store::token::TokenHash;

use crate::accounts::person;
use crate::{Fresh, at, stores};

fn alive(minute: i64) -> Alive {
    Alive { now: at(minute), begun_after: at(minute) - Duration::hours(12) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_when_old_and_when_revoked() {
    for Fresh { store, database } in stores().await {
        let partner = store.create_partner(None, "Northwind", at(0)).await.unwrap();
        let org = store.create_organization(partner, "Contoso", at(0)).await.unwrap();
        let ada =
            store.create_account(org, person("a@b.example"), OrgRole::Viewer, at(0)).await.unwrap().account;
        let content = |until| SessionContent { account: Some(ada), data: "{}".into(), expires_at: at(until) };
        let (one, two) = (TokenHash::of("one"), TokenHash::of("two"));

        assert!(store.create_session(one, &content(480), at(0)).await.unwrap());
        assert!(!store.create_session(one, &content(480), at(0)).await.unwrap(), "taken");
        assert_eq!(store.load_session(one, alive(479)).await.unwrap(), Some(content(480)));
        assert_eq!(store.load_session(one, alive(480)).await.unwrap(), None, "idle");
        assert_eq!(store.load_session(two, alive(1)).await.unwrap(), None);

        store.save_session(one, &content(960)).await.unwrap();
        assert!(store.load_session(one, alive(719)).await.unwrap().is_some());
        assert_eq!(store.load_session(one, alive(720)).await.unwrap(), None, "older than 12 hours");

        store.create_session(two, &content(1000), at(600)).await.unwrap();
        assert_eq!(store.sessions_of(ada, alive(610)).await.unwrap().len(), 2);
        assert_eq!(store.delete_ended_sessions(alive(730)).await.unwrap(), 1, "{}", database.name);
        assert_eq!(store.sessions_of(ada, alive(730)).await.unwrap().len(), 1);

        store.create_session(one, &content(1000), at(600)).await.unwrap();
        assert_eq!(store.revoke_sessions(ada, Some(two)).await.unwrap(), 1);
        store.save_session(one, &content(1000)).await.unwrap();
        assert_eq!(store.load_session(one, alive(601)).await.unwrap(), None, "a revoked session came back");
        store.delete_session(two).await.unwrap();
        assert!(store.sessions_of(ada, alive(601)).await.unwrap().is_empty());
    }
}
