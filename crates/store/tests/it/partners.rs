//! Partners that are closed while something comes to stand below them.

use store::scope::PartnerScope;
use store::sub_partners::{Closed, NewPartner};
use store::token::{NewLink, TokenHash};
use store::{Error, Result, Store};
use uuid::Uuid;

use crate::jobs::NOTE;
use crate::{Fresh, at, stores};

async fn below(store: &Store, parent: PartnerScope) -> Result<PartnerScope> {
    let token = Uuid::new_v4().to_string();
    let new = NewPartner {
        name: "Skiff",
        support_email: None,
        email_portal: None,
        owner: NewLink { token: TokenHash::of(&token), until: at(60), mail: None },
        owner_name: "Eve",
        owner_email: "eve@skiff.example",
    };
    store.create_sub_partner(parent, new, &NOTE, at(0)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_comes_to_stand_below_a_partner_that_is_closed() {
    for Fresh { store, database } in stores().await {
        let root = store.create_partner(None, "Northwind", at(0)).await.unwrap();
        let closed = below(&store, root).await.unwrap();
        assert_eq!(store.close_partner(closed, root, &NOTE, at(0)).await.unwrap(), Closed::Done);
        let late = below(&store, closed).await;
        assert!(matches!(late, Err(Error::PartnerClosed)), "{}: {late:?}", database.name);
        let late = store.create_organization(closed, "Contoso", at(0)).await;
        assert!(matches!(late, Err(Error::PartnerClosed)), "{}: {late:?}", database.name);

        for round in 0..12 {
            let partner = below(&store, root).await.unwrap();
            let made = {
                let store = store.clone();
                tokio::spawn(async move {
                    match round % 2 {
                        0 => below(&store, partner).await.map(drop),
                        _ => store.create_organization(partner, "Contoso", at(0)).await.map(drop),
                    }
                })
            };
            let closed = store.close_partner(partner, root, &NOTE, at(0)).await.unwrap();
            match made.await.unwrap() {
                Ok(()) => assert_eq!(closed, Closed::InUse, "{}", database.name),
                Err(why) => assert!(matches!(why, Error::PartnerClosed), "{}: {why:?}", database.name),
            }
        }
    }
}
