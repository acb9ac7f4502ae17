//! Erasing what was deleted, while others undo the deletion or erase as well.

use domain::subscription::State;
use store::Store;
use store::scope::OrgScope;

use crate::jobs::{customer, passes};
use crate::{Fresh, at, stores};

/// Said of the organization in its partner's log.
async fn erasures(store: &Store, org: OrgScope) -> usize {
    let partner = store.root_partner().await.unwrap().unwrap();
    let log = store.audit_page(partner, None, 100).await.unwrap();
    let of = org.organization().to_string();
    log.iter().filter(|row| row.event == "organization-erased" && row.object == of).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_deletion_erases_nothing_and_an_erasure_cannot_be_undone() {
    for Fresh { store, database } in stores().await {
        let (org, tenant) = customer(&store).await;
        assert!(passes(&store, org, State::Active, State::Deleted).await);
        assert!(!store.erase_organization(org, at(-1), at(2)).await.unwrap(), "its time is not over");
        let over = store.organizations_to_erase(at(1)).await.unwrap();
        assert_eq!(over, [org]);
        // The sweep has its list, and somebody undoes the deletion.
        assert!(passes(&store, org, State::Deleted, State::Active).await);
        assert!(!store.erase_organization(org, at(1), at(2)).await.unwrap(), "{}", database.name);
        store.connection(tenant).await.unwrap();

        assert!(passes(&store, org, State::Active, State::Deleted).await);
        assert!(store.erase_organization(org, at(1), at(2)).await.unwrap(), "{}", database.name);
        assert!(!passes(&store, org, State::Deleted, State::Active).await, "{}: undone", database.name);
        assert!(store.connection(tenant).await.is_err());
        assert!(!store.erase_organization(org, at(1), at(3)).await.unwrap(), "{}", database.name);
        assert_eq!(erasures(&store, org).await, 1, "{}", database.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_erase_at_the_same_moment_say_so_once_and_an_undo_wins_or_loses_whole() {
    for Fresh { store, database } in stores().await {
        let (first, _) = customer(&store).await;
        let partner = store.root_partner().await.unwrap().unwrap();
        for round in 0..12 {
            let org = match round {
                0 => first,
                _ => store.create_organization(partner, "Contoso", at(0)).await.unwrap(),
            };
            let tenant = store.create_tenant(org, crate::jobs::directory(), at(0)).await.unwrap();
            assert!(passes(&store, org, State::Active, State::Deleted).await);
            let erase = || {
                let store = store.clone();
                tokio::spawn(async move { store.erase_organization(org, at(1), at(2)).await.unwrap() })
            };
            let (one, two) = (erase(), erase());
            let undone = round % 2 == 1 && passes(&store, org, State::Deleted, State::Active).await;
            let erased = usize::from(one.await.unwrap()) + usize::from(two.await.unwrap());
            assert_eq!(erased, usize::from(!undone), "{}: undone {undone}", database.name);
            assert_eq!(erasures(&store, org).await, erased, "{}", database.name);
            assert_eq!(store.connection(tenant).await.is_ok(), undone, "{}", database.name);
        }
    }
}
