use domain::access::{Action, OrgRole};
use store::Error;
use store::accounts::NewAccount;

use crate::{Fresh, at, stores};

pub(crate) fn person(email: &str) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        name: "Ada Osei".to_owned(),
        password_hash: "$argon2id$…".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_found_however_its_address_is_spelled() {
    for Fresh { store, database } in stores().await {
        let partner = store.create_partner(None, "Northwind", at(0)).await.unwrap();
        let org = store.create_organization(partner, "Contoso", at(0)).await.unwrap();
        assert_eq!(store.count_accounts().await.unwrap(), 0);
        let actor = store
            .create_account(org, person(" Ada@Contoso.example "), OrgRole::ItAdmin, at(1))
            .await
            .unwrap();
        assert_eq!(actor.email, "ada@contoso.example");
        assert_eq!(actor.organization_name, "Contoso");
        assert_eq!(actor.scope(), org);
        assert_eq!(actor.scope().partner(), partner.partner());
        assert!(actor.may(Action::Connect));

        let found = store.account_by_email("ADA@contoso.EXAMPLE").await.unwrap().unwrap();
        assert_eq!(found.id, actor.account, "{}", database.name);
        assert!(!format!("{found:?}").contains("argon2"), "a hash in a log");
        assert_eq!(store.count_accounts().await.unwrap(), 1);
        assert_eq!(store.root_partner().await.unwrap(), Some(partner));

        let twice = store.create_account(org, person("ada@contoso.example"), OrgRole::Viewer, at(2)).await;
        assert!(matches!(twice, Err(Error::Taken(_))));
        assert_eq!(store.count_accounts().await.unwrap(), 1);

        store.set_password_hash(actor.account, "not the one", "late").await.unwrap();
        assert_ne!(
            store.account_by_email("ada@contoso.example").await.unwrap().unwrap().password_hash,
            "late"
        );
        store.set_password_hash(actor.account, &found.password_hash, "new").await.unwrap();
        let found = store.account_by_email("ada@contoso.example").await.unwrap().unwrap();
        assert_eq!(found.password_hash, "new");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_holds_from_the_moment_it_is_changed() {
    for Fresh { store, .. } in stores().await {
        let partner = store.create_partner(None, "Northwind", at(0)).await.unwrap();
        let one = store.create_organization(partner, "One", at(0)).await.unwrap();
        let two = store.create_organization(partner, "Two", at(0)).await.unwrap();
        let ada = store.create_account(one, person("ada@one.example"), OrgRole::Viewer, at(1)).await.unwrap();

        assert_eq!(store.actor(ada.account, two.organization()).await.unwrap(), None);
        store.set_role(two, ada.account, OrgRole::FullAdmin, at(2)).await.unwrap();
        let in_two = store.actor(ada.account, two.organization()).await.unwrap().unwrap();
        assert_eq!((in_two.role, in_two.organization_name.as_str()), (OrgRole::FullAdmin, "Two"));
        let all = store.actors(ada.account).await.unwrap();
        assert_eq!(all.iter().map(|a| a.organization_name.as_str()).collect::<Vec<_>>(), ["One", "Two"]);

        store.set_role(one, ada.account, OrgRole::RestoreOperator, at(3)).await.unwrap();
        let in_one = store.actor(ada.account, one.organization()).await.unwrap().unwrap();
        assert_eq!(in_one.role, OrgRole::RestoreOperator);
        store.remove_member(one, ada.account).await.unwrap();
        assert_eq!(store.actor(ada.account, one.organization()).await.unwrap(), None);
        assert_eq!(store.actors(ada.account).await.unwrap().len(), 1);
    }
}
