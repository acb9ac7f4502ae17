use domain::access::OrgRole;
use store::audit::AuditCheck;
use store::setup::FirstOwner;
use store::token::TokenHash;

use crate::accounts::person;
use crate::{Fresh, at, stores};

fn owner(email: &str) -> FirstOwner {
    FirstOwner { account: person(email), organization: "Contoso".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_makes_one_owner_once_within_its_hour() {
    for Fresh { store, database } in stores().await {
        let (link, late) = (TokenHash::of("link"), TokenHash::of("late"));
        assert!(store.create_setup_link(link, at(60), at(0)).await.unwrap());
        assert!(store.create_setup_link(late, at(20), at(0)).await.unwrap());
        assert!(store.setup_link_is_open(link, at(59)).await.unwrap());
        assert!(!store.setup_link_is_open(link, at(60)).await.unwrap());
        assert!(!store.setup_link_is_open(TokenHash::of("guess"), at(1)).await.unwrap());

        let set_up = async |token, minute| store.set_up(token, owner("a@b.example"), "::1", at(minute)).await;
        assert!(set_up(TokenHash::of("guess"), 1).await.unwrap().is_none());
        assert!(set_up(late, 20).await.unwrap().is_none(), "expired");
        assert_eq!(store.count_accounts().await.unwrap(), 0);

        let actor = set_up(link, 30).await.unwrap().unwrap();
        assert_eq!((actor.role, actor.email.as_str()), (OrgRole::FullAdmin, "a@b.example"));
        assert!(set_up(link, 31).await.unwrap().is_none(), "spent");
        assert!(!store.setup_link_is_open(link, at(31)).await.unwrap());
        assert!(!store.create_setup_link(late, at(90), at(31)).await.unwrap(), "somebody exists");

        let root = store.root_partner().await.unwrap().unwrap();
        assert_eq!(actor.scope().partner(), root.partner());
        let check = store.verify_audit(root).await.unwrap();
        assert!(matches!(check, AuditCheck::Intact { entries: 1, .. }), "{}", database.name);
        assert_eq!(store.audit_page(root, None, 1).await.unwrap()[0].event, "set-up");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_with_a_link_each_one_becomes_owner() {
    for Fresh { store, database } in stores().await {
        let links: Vec<TokenHash> = (0..8).map(|i| TokenHash::of(&i.to_string())).collect();
        for link in &links {
            assert!(store.create_setup_link(*link, at(60), at(0)).await.unwrap());
        }
        let tasks: Vec<_> = links
            .into_iter()
            .enumerate()
            .map(|(i, link)| {
                let store = store.clone();
                tokio::spawn(async move {
                    store.set_up(link, owner(&format!("p{i}@b.example")), "::1", at(1)).await.unwrap()
                })
            })
            .collect();
        let mut owners = 0;
        for task in tasks {
            owners += i32::from(task.await.unwrap().is_some());
        }
        assert_eq!(owners, 1, "{}", database.name);
        assert_eq!(store.count_accounts().await.unwrap(), 1);
    }
}
