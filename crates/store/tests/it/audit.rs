use domain::audit::Detail;
use store::audit::{AuditCheck, Entry};

use crate::{Fresh, at, stores};

fn entry<'a>(event: &'a str, detail: &'a str) -> Entry<'a> {
    Entry { actor: "ada@contoso.example", event, object: "o", detail, address: "192.0.2.7" }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_partner_has_a_chain_of_its_own() {
    for Fresh { store, database } in stores().await {
        let root = store.create_partner(None, "Root", at(0)).await.unwrap();
        let sub = store.create_partner(Some(root), "Sub", at(0)).await.unwrap();
        let org = store.create_organization(sub, "Contoso", at(0)).await.unwrap();
        let AuditCheck::Intact { entries: 0, head: empty } = store.verify_audit(root).await.unwrap() else {
            panic!("an empty chain is intact")
        };
        store.append_partner_audit(root, &entry("sign-in-failed", ""), at(1)).await.unwrap();
        for i in 0..5 {
            store.append_audit(org, &entry("sign-in", &i.to_string()), at(i)).await.unwrap();
        }
        let AuditCheck::Intact { entries: 5, head } = store.verify_audit(sub).await.unwrap() else {
            panic!("{}", database.name)
        };
        assert_ne!(head, empty);
        assert!(matches!(store.verify_audit(root).await.unwrap(), AuditCheck::Intact { entries: 1, .. }));

        let page = store.audit_page(sub, None, 3).await.unwrap();
        assert_eq!(page.iter().map(|r| r.number).collect::<Vec<_>>(), [5, 4, 3]);
        assert_eq!(page[0].detail, Some(Detail::note("4")));
        assert_eq!(page[0].at, at(4));
        assert_eq!(page[0].address, "192.0.2.7");
        let rest = store.audit_page(sub, Some(3), 10).await.unwrap();
        assert_eq!(rest.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_written_at_the_same_time_make_one_chain() {
    for Fresh { store, database } in stores().await {
        let root = store.create_partner(None, "Root", at(0)).await.unwrap();
        let tasks: Vec<_> = (0..60)
            .map(|i| {
                let store = store.clone();
                tokio::spawn(async move {
                    store.append_partner_audit(root, &entry("e", &i.to_string()), at(i)).await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let check = store.verify_audit(root).await.unwrap();
        assert!(matches!(check, AuditCheck::Intact { entries: 60, .. }), "{}: {check:?}", database.name);
    }
}
