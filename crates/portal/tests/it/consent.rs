//! Links that ask a customer's administrator for consent: who makes them, what ends them, what is left of them.

use domain::access::{OrgRole, PartnerRole};
use domain::connection::ConsentState;
use domain::help::HelpTopic;
use domain::subscription::Move;
use portal::{Error, Installation, Who};
use secrecy::SecretString;
use store::token::TokenHash;

use crate::PASSWORD;
use crate::features::admin;
use crate::partner::{Trade, person};

fn token(link: &Option<String>) -> TokenHash {
    TokenHash::of(link.as_deref().unwrap().strip_prefix("/consent/").unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_shown_once_listed_taken_back_and_ends_with_its_time() {
    for t in Trade::all().await {
        let (portal, now) = (&t.house.portal, || t.house.portal.now());
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let links = async || portal.organization(&t.below, id).await.unwrap().consent.unwrap();
        assert!(links().await.is_empty());

        let first = portal.make_consent_link(&t.below, id, "").await.unwrap();
        let found = portal.store().consent_link(token(&first.link), now()).await.unwrap().unwrap();
        assert_eq!(found.scope().organization(), id);
        assert_eq!((found.partner_name.as_str(), found.made_by.as_str()), ("Harbour IT", "bela@b.example"));
        let open = links().await.remove(0);
        assert_eq!((open.state, open.made_by.as_str()), (ConsentState::Open, "bela@b.example"));
        let said = format!("{open:?}");
        assert!(
            !said.contains(first.link.as_deref().unwrap().strip_prefix("/consent/").unwrap()),
            "the list shows no link"
        );

        portal.revoke_consent_link(&t.below, id, open.id).await.unwrap();
        assert!(portal.store().consent_link(token(&first.link), now()).await.unwrap().is_none());
        assert_eq!(links().await[0].state, ConsentState::Revoked);
        let again = portal.revoke_consent_link(&t.below, id, open.id).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");

        let second = portal.make_consent_link(&t.below, id, "").await.unwrap();
        t.house.wait(7 * 24 * 60 - 1);
        assert!(portal.store().consent_link(token(&second.link), now()).await.unwrap().is_some());
        t.house.wait(1);
        assert!(portal.store().consent_link(token(&second.link), now()).await.unwrap().is_none());
        assert_eq!(links().await[0].state, ConsentState::Expired);

        // Where backups stop, an open link is none, and a new one is refused.
        let third = portal.make_consent_link(&t.below, id, "").await.unwrap();
        portal.move_organization(&t.below, id, Move::Unsubscribe, "").await.unwrap();
        assert!(portal.store().consent_link(token(&third.link), now()).await.unwrap().is_none());
        assert!(matches!(portal.make_consent_link(&t.below, id, "").await, Err(Error::Refused(_))));
        let mail = t.plan(&t.below, "backup", "EUR").await;
        let closed = t.organization(&t.below, mail, "it@m.example").await;
        let why = portal.make_consent_link(&t.below, closed, "").await.unwrap_err();
        assert!(why.to_string().contains("no Entra portal"), "{why}");

        let log = portal.store().audit_page(t.below.scope(), None, 20).await.unwrap();
        let of = |event: &str| log.iter().filter(|e| e.event == event && e.object == id.to_string()).count();
        assert_eq!((of("consent-link-made"), of("consent-link-revoked")), (3, 1));
    }
}

/// Every role on one's own, a sub-partner's and strangers' customers; the expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn who_makes_and_takes_back_links() {
    use PartnerRole::{Admin, Owner, ReadOnly, SuperAdmin, Support};
    let manage = [Owner, SuperAdmin, Admin, Support];
    let see = [Owner, SuperAdmin, Admin, Support, ReadOnly];
    let (mut cases, mut leaks) = (0, 0);
    for t in Trade::all().await {
        let portal = &t.house.portal;
        portal.store().set_entra(t.beside.scope(), true).await.unwrap();
        for role in PartnerRole::ALL {
            let actor = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            let top = person(&t.house, t.root.scope(), &format!("{}@a.example", role.slug()), role).await;
            for (asks, place, reaches) in [
                (&actor, &t.below, true),
                (&top, &t.below, true),
                (&actor, &t.root, false),
                (&actor, &t.beside, false),
            ] {
                let plan = t.plan(place, "backup-entra", "EUR").await;
                let id = t.organization(place, plan, &format!("{cases}@x.example")).await;
                portal.make_consent_link(place, id, "").await.unwrap();
                let link = portal.organization(place, id).await.unwrap().consent.unwrap().remove(0).id;
                let made = portal.make_consent_link(asks, id, "").await.map(drop);
                let revoked = portal.revoke_consent_link(asks, id, link).await;
                for done in [made, revoked] {
                    cases += 1;
                    let refused = match &done {
                        Ok(()) => false,
                        Err(Error::Forbidden) => !manage.contains(&role),
                        Err(Error::NotFound) => !reaches,
                        Err(_) => false,
                    };
                    if done.is_ok() != (manage.contains(&role) && reaches) || (done.is_err() && !refused) {
                        leaks += 1;
                        println!("{role:?} reaches {reaches}: {done:?}");
                    }
                }
                cases += 1;
                let listed = portal.organization(asks, id).await.ok().and_then(|view| view.consent);
                if listed.is_some() != (see.contains(&role) && reaches) {
                    leaks += 1;
                }
            }
        }
    }
    println!("{cases} cases, {leaks} leaks");
    assert_eq!(leaks, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organizations_own_admin_goes_on_at_once_and_a_viewer_does_not() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let ada = admin(portal, &t.below, id, "ada@n.example").await;
        let own = portal.own_consent_link(&ada).await.unwrap();
        let found = portal.store().consent_link(TokenHash::of(&own), portal.now()).await.unwrap().unwrap();
        assert_eq!(found.scope(), ada.scope());
        for role in [OrgRole::Viewer, OrgRole::RestoreOperator] {
            let password = SecretString::from(PASSWORD);
            let email = format!("{}@n.example", role.slug());
            let other = portal.create_account(ada.scope(), "Lin", &email, password, role).await.unwrap();
            assert!(matches!(portal.own_consent_link(&other).await, Err(Error::Forbidden)), "{role:?}");
        }
        let bare = portal.clone().of_installation(Installation::default());
        let why = bare.own_consent_link(&ada).await.unwrap_err();
        assert!(why.to_string().contains("HOLDFAST_APP_CLIENT_ID"), "{why}");
        assert!(matches!(bare.make_consent_link(&t.below, id, "").await, Err(Error::Refused(_))));
        assert_eq!(bare.organization(&t.below, id).await.unwrap().consent, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_ask_is_the_partner_above() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let ada = admin(portal, &t.below, id, "ada@n.example").await;
        let facts = async |who: Who| portal.help(&who, HelpTopic::Guide).await.unwrap().facts;
        assert_eq!(facts(Who::Organization(ada)).await.provider.as_deref(), Some("Harbour IT"));
        let top = facts(Who::Partner(t.root.clone())).await;
        assert_eq!((top.provider, top.own_support), (None, None));
        let form = portal::PartnerForm {
            name: "Lighthouse".into(),
            support_email: "help@lighthouse.example".into(),
            email_portal: String::new(),
        };
        portal.edit_partner(&t.root, t.root.scope().partner(), &form).await.unwrap();
        let top = facts(Who::Partner(t.root.clone())).await;
        assert_eq!(top.own_support.as_deref(), Some("help@lighthouse.example"));
        let facts = facts(Who::Partner(t.below.clone())).await;
        assert_eq!(facts.provider.as_deref(), Some("Lighthouse"));
        assert_eq!(facts.data_location.as_deref(), Some("Frankfurt"));
        assert_eq!(
            portal.organization_options(&t.below).await.unwrap().data_location.as_deref(),
            Some("Frankfurt")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_leaves_no_link() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@gone.example").await;
        portal.make_consent_link(&t.below, id, "").await.unwrap();
        let scope = portal.store().organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
        let name = portal.organization(&t.below, id).await.unwrap().row.name;
        portal.move_organization(&t.below, id, Move::Delete, &name).await.unwrap();
        t.house.wait(30 * 24 * 60);
        portal.sweep().await.unwrap();
        assert!(portal.store().consent_links(scope, portal.now()).await.unwrap().is_empty());
    }
}
