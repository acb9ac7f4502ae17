//! An organization goes from one partner to another.

use domain::access::{OrgRole, PartnerRole};
use domain::partner::OrganizationFilter;
use domain::subscription::Move;
use domain::transfer::TransferState;
use portal::mail::{Settings, server_of_url};
use portal::{At, Error, Identity, NewApiToken, Proposal};
use secrecy::SecretString;
use store::audit::AuditCheck;
use store::scope::PartnerActor;
use uuid::Uuid;

use crate::partner::{Trade, field, person};
use crate::{HOME, PASSWORD};

pub(crate) fn proposal(code: &str, name: &str) -> Proposal {
    Proposal {
        partner: String::new(),
        code: code.to_owned(),
        note: "As agreed".to_owned(),
        confirmed: name.to_owned(),
    }
}

fn server_that_is_never_asked() -> Settings {
    let server = server_of_url("smtp://127.0.0.1:9", "backup@lighthouse.example").unwrap();
    Settings { base: "https://backup.example".to_owned(), server: Some(server) }
}

const NAME: &str = "Company of it@n.example";

/// An organization of the one partner, proposed to the other by its code.
async fn proposed(t: &Trade) -> (Uuid, Uuid) {
    let portal = &t.house.portal;
    let plan = t.plan(&t.below, "backup-entra", "EUR").await;
    let org = t.organization(&t.below, plan, "it@n.example").await;
    let code = portal.create_transfer_code(&t.beside).await.unwrap().code;
    portal.propose_transfer(&t.below, org, &proposal(&code, NAME)).await.unwrap();
    let again = portal.propose_transfer(&t.below, org, &proposal(&code, NAME)).await;
    assert_eq!(field(again), "code", "a code is good once");
    let id = portal.transfers(&t.beside).await.unwrap().incoming[0].id;
    (org, id)
}

async fn entra(t: &Trade, of: &PartnerActor) {
    t.house.portal.open_entra(&t.root, of.scope().partner(), true).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_want_it_and_it_moves_whole() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        entra(&t, &t.beside).await;
        let (org, id) = proposed(&t).await;
        let scope = store.organization_below(t.below.scope(), org).await.unwrap().unwrap().scope();
        let password = SecretString::from(PASSWORD);
        let admin = portal
            .create_account(scope, "Maya", "maya@n.example", password, OrgRole::FullAdmin)
            .await
            .unwrap();
        let visit = portal.begin_visit(&t.below, org, "Last look").await.unwrap();

        let portal = &portal.clone().with_mail(server_that_is_never_asked());
        portal.renew_link(&t.below, org, true).await.unwrap();
        assert_eq!(portal.mail_page(&t.below).await.unwrap().mails.len(), 1);
        let token = NewApiToken { name: "Theirs".into(), back_up: false, days: "30".into() };
        portal.create_partner_token(&t.below, Some(org), token).await.unwrap();

        // Until it accepts, the receiver has the preview and nothing else.
        let preview = portal.transfer_preview(&t.beside, id).await.unwrap();
        assert_eq!(
            (preview.row.organization.as_str(), preview.seats, preview.note.as_str()),
            (NAME, 10, "As agreed")
        );
        assert!(preview.plans.is_empty());
        assert!(matches!(portal.organization(&t.beside, org).await, Err(Error::NotFound)));
        assert_eq!(field(portal.accept_transfer(&t.beside, id, "").await), "plan");
        let theirs = t.plan(&t.below, "backup-entra", "EUR").await.to_string();
        assert_eq!(field(portal.accept_transfer(&t.beside, id, &theirs).await), "plan");
        let mail = t.plan(&t.beside, "backup", "USD").await.to_string();
        assert_eq!(field(portal.accept_transfer(&t.beside, id, &mail).await), "plan");
        // Another currency is no hindrance: another partner bills.
        let plan = t.plan(&t.beside, "backup-entra", "USD").await;
        let mut plans = portal.transfer_preview(&t.beside, id).await.unwrap().plans;
        plans.retain(|p| p.refusal.is_none());
        // Ten seats, at 4.20 each.
        let costs: Vec<_> = plans.iter().map(|p| p.cost.unwrap().plain()).collect();
        assert_eq!(costs, ["42.00"]);
        t.house.wait(24 * 60);
        portal.accept_transfer(&t.beside, id, &plan.to_string()).await.unwrap();
        assert!(matches!(
            portal.accept_transfer(&t.beside, id, &plan.to_string()).await,
            Err(Error::Refused(_))
        ));

        let view = portal.organization(&t.beside, org).await.unwrap();
        assert_eq!((view.row.number.as_str(), view.row.plan.unwrap().id), ("100003-1", plan));
        assert_eq!(view.history.len(), 1, "what happened at the other partner is not this one's to read");
        assert!(
            portal.who(visit, HOME).await.unwrap().is_none(),
            "a visitor of the old partner is still inside"
        );
        let inside = Identity { account: admin.account, at: At::Organization(org), proved_twice: false };
        assert!(portal.who(inside, HOME).await.unwrap().is_some(), "the customer's own people stay");

        let tokens = portal.partner_tokens(&t.beside, Some(org)).await.unwrap().tokens;
        assert!(tokens.is_empty(), "a token of the old partner lives on: {tokens:?}");

        // The old partner keeps its log and nothing else.
        assert!(portal.mail_page(&t.below).await.unwrap().mails.is_empty(), "mail to the customer");
        assert!(!portal.send_mail().await.unwrap(), "a link that the old partner made is still sent");
        assert!(matches!(portal.organization(&t.below, org).await, Err(Error::NotFound)));
        let list = portal.organizations(&t.below, &OrganizationFilter::default(), None).await.unwrap();
        assert!(list.rows.is_empty());
        let out = portal.transfers(&t.below).await.unwrap().outgoing;
        assert_eq!((out[0].state, out[0].organization.as_str()), (TransferState::Accepted, ""));
        // The partner above both of them reaches it as before, and reads its name.
        let above = portal.transfers(&t.root).await.unwrap().outgoing;
        assert_eq!(above[0].organization, NAME);
        for actor in [&t.below, &t.beside] {
            let intact = store.verify_audit(actor.scope()).await.unwrap();
            assert!(matches!(intact, AuditCheck::Intact { .. }));
            let log = portal.audit_page(actor, None).await.unwrap().entries;
            assert!(
                log.iter().any(|e| e.object == org.to_string() && e.event.starts_with("organization-")),
                "{log:?}"
            );
        }
        // Seats and states go on at the new partner, in its log.
        portal.change_seats(&t.beside, org, "12", false, "").await.unwrap();
        assert!(matches!(portal.change_seats(&t.below, org, "12", false, "").await, Err(Error::NotFound)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_can_leave_it_and_time_can_too() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        entra(&t, &t.beside).await;
        let (org, id) = proposed(&t).await;
        let below = t.below.scope().partner().to_string();
        let twice = portal
            .propose_transfer(
                &t.root,
                org,
                &Proposal { partner: t.root.scope().partner().to_string(), ..proposal("", NAME) },
            )
            .await;
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        assert!(matches!(portal.decline_transfer(&t.below, id).await, Err(Error::NotFound)));
        assert!(matches!(portal.withdraw_transfer(&t.beside, id).await, Err(Error::NotFound)));
        portal.withdraw_transfer(&t.below, id).await.unwrap();
        let said = portal.transfer_preview(&t.beside, id).await.unwrap_err();
        assert!(matches!(&said, Error::Refused(why) if why.contains("withdrawn")), "{said:?}");
        assert!(matches!(portal.transfer_preview(&t.root, id).await, Err(Error::Refused(_))));
        assert_eq!(
            portal.transfers(&t.beside).await.unwrap().incoming[0].organization,
            "",
            "a name that stays a stranger's"
        );

        // Within the branch no code is needed; to its own partner it does not go.
        let own = Proposal { partner: below, ..proposal("", NAME) };
        assert_eq!(field(portal.propose_transfer(&t.below, org, &own).await), "partner");
        let beside = Proposal { partner: t.beside.scope().partner().to_string(), ..proposal("", NAME) };
        assert_eq!(
            field(portal.propose_transfer(&t.below, org, &beside).await),
            "partner",
            "no branch of theirs"
        );
        assert_eq!(
            field(
                portal
                    .propose_transfer(&t.root, org, &Proposal { confirmed: "x".into(), ..beside.clone() })
                    .await
            ),
            "confirmed"
        );
        assert_eq!(field(portal.propose_transfer(&t.root, org, &proposal("hft-guess", NAME)).await), "code");
        portal.propose_transfer(&t.root, org, &beside).await.unwrap();
        let id = portal.transfers(&t.beside).await.unwrap().incoming[0].id;
        portal.decline_transfer(&t.beside, id).await.unwrap();

        portal.propose_transfer(&t.root, org, &beside).await.unwrap();
        let id = portal.transfers(&t.beside).await.unwrap().incoming[0].id;
        t.house.wait(14 * 24 * 60);
        let plan = t.plan(&t.beside, "backup-entra", "EUR").await.to_string();
        let late = portal.accept_transfer(&t.beside, id, &plan).await.unwrap_err();
        assert!(matches!(&late, Error::Refused(why) if why.contains("expired")), "{late:?}");
        assert_eq!(portal.transfers(&t.below).await.unwrap().outgoing[0].state, TransferState::Expired);
        portal.propose_transfer(&t.root, org, &beside).await.unwrap();
        // Deleted meanwhile, it stays.
        portal.move_organization(&t.below, org, Move::Delete, NAME).await.unwrap();
        let id = portal.transfers(&t.beside).await.unwrap().incoming[0].id;
        assert!(matches!(portal.accept_transfer(&t.beside, id, &plan).await, Err(Error::Refused(_))));
    }
}

/// Role by role. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn transfers_are_for_owners_and_super_admins() {
    use PartnerRole::{Owner, SuperAdmin};
    for t in Trade::all().await {
        let portal = &t.house.portal;
        entra(&t, &t.beside).await;
        let (org, id) = proposed(&t).await;
        let plan = t.plan(&t.beside, "backup-entra", "EUR").await.to_string();
        for role in PartnerRole::ALL {
            let gives = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            let takes = person(&t.house, t.beside.scope(), &format!("{}@c.example", role.slug()), role).await;
            let may = matches!(role, Owner | SuperAdmin);
            assert_eq!(portal.transfers(&takes).await.is_ok(), may, "{role:?}");
            assert_eq!(portal.transfer_preview(&takes, id).await.is_ok(), may, "{role:?}");
            assert_eq!(portal.create_transfer_code(&takes).await.is_ok(), may, "{role:?}");
            assert_eq!(portal.transfer_offer(&gives, org).await.is_ok(), may, "{role:?}");
            // Nobody but the two sides, whatever their role.
            assert!(portal.transfer_preview(&gives, id).await.is_err(), "{role:?}");
            assert!(portal.transfer_offer(&takes, org).await.is_err(), "{role:?}");
            if !may {
                let all = [
                    portal.propose_transfer(&gives, org, &proposal("", NAME)).await,
                    portal.withdraw_transfer(&gives, id).await,
                    portal.decline_transfer(&takes, id).await,
                    portal.accept_transfer(&takes, id, &plan).await.map(drop),
                ];
                assert!(all.iter().all(|r| matches!(r, Err(Error::Forbidden))), "{role:?}: {all:?}");
            }
        }
        let taker = person(&t.house, t.beside.scope(), "last@c.example", SuperAdmin).await;
        portal.accept_transfer(&taker, id, &plan).await.unwrap();
    }
}
