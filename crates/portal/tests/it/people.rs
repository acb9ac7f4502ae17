//! Who may decide about whom: at a partner, at one below it, in an organization.

use domain::access::{OrgRole, PartnerRole};
use portal::{At, Error, Identity, NewPartner, Oneself, PartnerForm, Who};
use secrecy::SecretString;
use store::scope::PartnerActor;
use store::sessions::SessionContent;
use store::token::TokenHash;
use uuid::Uuid;

use crate::partner::{Trade, customer, field, person};
use crate::{HOME, PASSWORD};

fn secret() -> SecretString {
    SecretString::from(PASSWORD)
}

fn at_partner(actor: &PartnerActor) -> Who {
    Who::Partner(actor.clone())
}

fn refused(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result {
        Err(Error::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

async fn role_of(t: &Trade, account: Uuid, at: Uuid) -> Option<PartnerRole> {
    t.house.portal.store().partner_actor(account, at).await.unwrap().map(|a| a.role)
}

/// Every role on every other, at one's own partner. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn one_decides_only_about_those_below() {
    use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
    let below: [(PartnerRole, &[PartnerRole]); 6] = [
        (Owner, &[SuperAdmin, Admin, Finance, Support, ReadOnly]),
        (SuperAdmin, &[Admin, Finance, Support, ReadOnly]),
        (Admin, &[Finance, Support, ReadOnly]),
        (Finance, &[]),
        (Support, &[]),
        (ReadOnly, &[]),
    ];
    let mut cases = 0;
    for t in Trade::all().await {
        let portal = &t.house.portal;
        for (role, over) in below {
            let asks = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            let who = at_partner(&asks);
            for target in PartnerRole::ALL {
                let email = format!("{}-{}@b.example", role.slug(), target.slug());
                let other = person(&t.house, t.below.scope(), &email, target).await;
                let expected = over.contains(&target);
                let invited = portal
                    .invite_person(&who, "", "New", &format!("new-{email}"), target.slug(), false)
                    .await;
                let by_owner = portal
                    .invite_person(
                        &at_partner(&t.root),
                        &t.below.scope().partner().to_string(),
                        "X",
                        &format!("x-{email}"),
                        target.slug(),
                        false,
                    )
                    .await
                    .unwrap();
                assert!(by_owner.link.unwrap().starts_with("/invite/"));
                let pending =
                    portal.store().pending(store::people::Home::Partner(t.below.scope())).await.unwrap();
                let id = pending.iter().find(|p| p.email == format!("x-{email}")).unwrap().id;
                let done = [
                    ("invite", invited.map(drop)),
                    ("renew", portal.renew_invitation(&who, "", id, false).await.map(drop)),
                    ("revoke", portal.revoke_invitation(&who, "", id).await),
                    ("role", portal.change_role(&who, "", other.account, "read-only").await),
                ];
                // The last one may have made a Read-only of them, who is below everybody who manages people.
                let store = portal.store();
                let home = store::people::Home::Partner(t.below.scope());
                let now = store.member(home, other.account).await.unwrap().unwrap().role;
                assert_eq!(now.slug() == "read-only", expected || target == ReadOnly, "{role:?} {target:?}");
                let more = [
                    ("off", portal.switch_login(&who, "", other.account, false).await),
                    ("on", portal.switch_login(&who, "", other.account, true).await),
                    ("remove", portal.remove_person(&who, "", other.account).await),
                ];
                for (deed, result) in done.into_iter().chain(more) {
                    cases += 1;
                    assert_eq!(result.is_ok(), expected, "{role:?} {deed} {target:?}: {result:?}");
                    assert_eq!(
                        matches!(result, Err(Error::Forbidden)),
                        over.is_empty(),
                        "{role:?} {deed} {target:?}: {result:?}"
                    );
                }
            }
            assert_eq!(portal.people(&who, "").await.is_ok(), !over.is_empty(), "{role:?} lists");
            let heir =
                person(&t.house, t.below.scope(), &format!("heir-{}@b.example", role.slug()), Admin).await;
            let handed = portal.hand_over(&asks, heir.account, "Harbour IT").await;
            assert_eq!(handed.is_ok(), role == Owner, "{role:?} hands over: {handed:?}");
        }
    }
    println!("{cases} cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_people_are_nobody() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.beside, "backup", "EUR").await;
        let org = t.organization(&t.beside, plan, "it@c.example").await;
        let missing = Uuid::from_u128(7).to_string();
        for place in [
            t.beside.scope().partner().to_string(),
            t.root.scope().partner().to_string(),
            org.to_string(),
            missing,
            "x".to_owned(),
        ] {
            let who = at_partner(&t.below);
            let id = t.beside.account;
            let all = [
                portal.people(&who, &place).await.map(drop),
                portal.invite_person(&who, &place, "A", "a@x.example", "viewer", false).await.map(drop),
                portal.renew_invitation(&who, &place, id, false).await.map(drop),
                portal.revoke_invitation(&who, &place, id).await,
                portal.change_role(&who, &place, id, "read-only").await,
                portal.switch_login(&who, &place, id, false).await,
                portal.remove_person(&who, &place, id).await,
            ];
            assert!(all.iter().all(|r| matches!(r, Err(Error::NotFound))), "{place}: {all:?}");
        }
        // Nor can one's own place be told of somebody elsewhere.
        let who = at_partner(&t.below);
        assert!(matches!(portal.remove_person(&who, "", t.beside.account).await, Err(Error::NotFound)));
        // An Admin decides about customers' people, not about the partners below.
        let admin = person(&t.house, t.root.scope(), "admin@a.example", PartnerRole::Admin).await;
        let place = t.below.scope().partner().to_string();
        assert!(matches!(portal.people(&at_partner(&admin), &place).await, Err(Error::Forbidden)));
        assert!(portal.people(&at_partner(&t.root), &place).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_manages_those_below_and_its_partner_everybody() {
    use OrgRole::{FullAdmin, ItAdmin, RestoreOperator, Viewer};
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let org = t.organization(&t.below, plan, "it@n.example").await;
        let scope = portal.store().organization_below(t.below.scope(), org).await.unwrap().unwrap().scope();
        let below: [(OrgRole, &[OrgRole]); 4] = [
            (FullAdmin, &[ItAdmin, RestoreOperator, Viewer]),
            (ItAdmin, &[RestoreOperator, Viewer]),
            (RestoreOperator, &[]),
            (Viewer, &[]),
        ];
        for (role, over) in below {
            let email = format!("{}@n.example", role.slug());
            let asks = portal.create_account(scope, "Asks", &email, secret(), role).await.unwrap();
            let who = Who::Organization(asks);
            for target in OrgRole::ALL {
                let email = format!("{}-{}@n.example", role.slug(), target.slug());
                let other = portal.create_account(scope, "Other", &email, secret(), target).await.unwrap();
                let expected = over.contains(&target);
                let invited =
                    portal.invite_person(&who, "", "N", &format!("n{email}"), target.slug(), false).await;
                assert_eq!(invited.is_ok(), expected, "{role:?} invites {target:?}");
                let off = portal.switch_login(&who, "", other.account, false).await;
                assert_eq!(off.is_ok(), expected, "{role:?} switches {target:?} off");
                let removed = portal.remove_person(&who, "", other.account).await;
                assert_eq!(removed.is_ok(), expected, "{role:?} removes {target:?}");
            }
        }
        // The partner: a Full Admin as well, by those who manage people.
        let place = org.to_string();
        for role in PartnerRole::ALL {
            let email = format!("{}@b.example", role.slug());
            let asks = at_partner(&person(&t.house, t.below.scope(), &email, role).await);
            let may = matches!(role, PartnerRole::Owner | PartnerRole::SuperAdmin | PartnerRole::Admin);
            let email = format!("{}-full@n.example", role.slug());
            let invited = portal.invite_person(&asks, &place, "F", &email, "full-admin", false).await;
            assert_eq!(invited.is_ok(), may, "{role:?}: {invited:?}");
        }
        // The log knows an organization's people by id: it outlives them.
        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        assert!(log.iter().any(|e| e.event == "person-removed"), "nothing in the log");
        assert!(log.iter().all(|e| !e.detail.to_string().contains("n.example")), "{log:?}");
        // A visitor from Support makes nobody.
        let support = person(&t.house, t.below.scope(), "sten@b.example", PartnerRole::Support).await;
        let visit = portal.begin_visit(&support, org, "Ticket 1").await.unwrap();
        let visitor = portal.who(visit, HOME).await.unwrap().unwrap();
        assert!(matches!(portal.people(&visitor, "").await, Err(Error::Forbidden)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_good_once_until_renewed_or_revoked() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let who = at_partner(&t.below);
        assert_eq!(field(portal.invite_person(&who, "", " ", "a@b.example", "admin", false).await), "name");
        assert_eq!(field(portal.invite_person(&who, "", "A", "nonsense", "admin", false).await), "email");
        assert_eq!(field(portal.invite_person(&who, "", "A", "a@b.example", "owner", false).await), "role");
        assert_eq!(field(portal.invite_person(&who, "", "A", "a@b.example", "viewer", false).await), "role");
        assert_eq!(
            field(portal.invite_person(&who, "", "B", "bela@b.example", "admin", false).await),
            "email"
        );

        let first = portal.invite_person(&who, "", "Ann", "Ann@B.example", "admin", false).await.unwrap();
        let token = |link: &str| link.strip_prefix("/invite/").unwrap().to_owned();
        t.house.wait(8 * 24 * 60);
        let page = portal.people(&who, "").await.unwrap();
        assert!(page.invitations[0].is_expired && page.invitations[0].email == "ann@b.example");
        let second = portal.renew_invitation(&who, "", page.invitations[0].id, false).await.unwrap();
        let old = portal.accept_invitation(&token(first.link.as_deref().unwrap()), secret(), HOME).await;
        assert!(matches!(old, Err(Error::InvitationSpent)));
        assert_eq!([first.replaces, second.replaces], [false, true]);
        let in_ = crate::inside(
            portal.accept_invitation(&token(second.link.as_deref().unwrap()), secret(), HOME).await.unwrap(),
        );
        assert_eq!(in_.at, At::Partner(t.below.scope().partner()));
        assert!(portal.people(&who, "").await.unwrap().invitations.is_empty());

        let before = portal.invite_person(&who, "", "Ben", "ben@b.example", "admin", false).await.unwrap();
        let third = portal.invite_person(&who, "", "Ben", "ben@b.example", "support", false).await.unwrap();
        assert_eq!([before.replaces, third.replaces], [false, true], "whoever invites again is told so");
        let id = portal.people(&who, "").await.unwrap().invitations[0].id;
        portal.revoke_invitation(&who, "", id).await.unwrap();
        assert!(matches!(portal.revoke_invitation(&who, "", id).await, Err(Error::NotFound)));
        let late = portal.accept_invitation(&token(third.link.as_deref().unwrap()), secret(), HOME).await;
        assert!(matches!(late, Err(Error::InvitationSpent)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_switched_off_is_out_at_once_everywhere_in_that_role() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let org = t.organization(&t.below, plan, "it@n.example").await;
        let sten = person(&t.house, t.below.scope(), "sten@b.example", PartnerRole::Support).await;
        // The same person is somebody at another partner too, which is nobody's business here.
        let root = store.invite_for_test(&t, "sten@b.example").await;
        let elsewhere = crate::inside(portal.accept_invitation(&root, secret(), HOME).await.unwrap());
        let identity = Identity {
            account: sten.account,
            at: At::Partner(t.below.scope().partner()),
            proved_twice: false,
        };
        let session = async |token: &str, identity: Identity| {
            let content = SessionContent {
                account: Some(identity.account),
                data: serde_json::json!({ Identity::KEY: identity }).to_string(),
                expires_at: portal.now() + chrono::Duration::hours(8),
            };
            store.create_session(TokenHash::of(token), &content, portal.now()).await.unwrap();
        };
        session("here", identity).await;
        session("there", elsewhere).await;
        let visit = portal.begin_visit(&sten, org, "Ticket 1").await.unwrap();
        assert!(portal.who(visit, HOME).await.unwrap().is_some());

        portal.switch_login(&at_partner(&t.below), "", sten.account, false).await.unwrap();
        assert!(portal.who(identity, HOME).await.unwrap().is_none(), "still inside");
        assert!(portal.who(visit, HOME).await.unwrap().is_none(), "still visiting");
        assert!(portal.who(elsewhere, HOME).await.unwrap().is_some(), "out elsewhere too");
        let lives =
            async |token| store.load_session(TokenHash::of(token), portal.alive()).await.unwrap().is_some();
        assert!(!lives("here").await && lives("there").await);

        portal.switch_login(&at_partner(&t.below), "", sten.account, true).await.unwrap();
        assert!(portal.who(visit, HOME).await.unwrap().is_none(), "the visit came back");
        assert!(!lives("here").await, "the session came back");
        assert!(portal.who(identity, HOME).await.unwrap().is_some());
        assert!(store.has_several_roles(sten.account).await.unwrap());
        portal.remove_person(&at_partner(&t.below), "", sten.account).await.unwrap();
        assert!(!store.has_several_roles(sten.account).await.unwrap());
    }
}

/// The first page says how many can sign in, cannot any more, and were asked to come and have not.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_counts_people_by_how_they_stand() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        t.house.wait(60 * 24 * 40);
        let org = t.organization(&t.below, plan, "it@n.example").await;
        let sten = person(&t.house, t.below.scope(), "sten@b.example", PartnerRole::Support).await;
        person(&t.house, t.beside.scope(), "stranger@c.example", PartnerRole::Support).await;
        portal
            .invite_person(&at_partner(&t.below), "", "Ben", "ben@b.example", "support", false)
            .await
            .unwrap();
        portal.switch_login(&at_partner(&t.below), "", sten.account, false).await.unwrap();

        let page = portal.dashboard(&t.below).await.unwrap();
        let here = page.partner_accounts;
        // Bela has been there for longer than changes are counted.
        assert_eq!((here.active, here.off, here.invited, here.joined), (1, 1, 1, 1));
        let there = page.customer_accounts;
        assert_eq!((there.active, there.off, there.invited, there.joined), (0, 0, 1, 0));
        assert_eq!((page.created, page.erased), (1, 0));
        // From above one sees the branch.
        let above = portal.dashboard(&t.root).await.unwrap();
        assert_eq!((above.partner_accounts.active, above.partner_accounts.off), (4, 1));
        assert_eq!(above.customer_accounts.invited, 1);
        let beside = portal.dashboard(&t.beside).await.unwrap();
        assert_eq!((beside.created, beside.customer_accounts.invited), (0, 0));
        portal.organization(&t.below, org).await.unwrap();
    }
}

/// A link to a role at the distributor.
trait InviteForTest {
    async fn invite_for_test(&self, t: &Trade, email: &str) -> String;
}

impl InviteForTest for store::Store {
    async fn invite_for_test(&self, t: &Trade, email: &str) -> String {
        let made = t
            .house
            .portal
            .invite_person(&at_partner(&t.root), "", "Sten", email, "read-only", false)
            .await
            .unwrap();
        made.link.as_deref().unwrap().strip_prefix("/invite/").unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ownership_is_handed_over_and_an_owner_stays() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let partner = t.below.scope().partner();
        let place = partner.to_string();
        let heir = person(&t.house, t.below.scope(), "heir@b.example", PartnerRole::Admin).await;
        // Not even from above is the only Owner taken away.
        let root = at_partner(&t.root);
        for why in [
            refused(portal.remove_person(&root, &place, t.below.account).await),
            refused(portal.switch_login(&root, &place, t.below.account, false).await),
            refused(portal.change_role(&root, &place, t.below.account, "admin").await),
        ] {
            assert!(why.contains("only Owner"), "{why}");
        }
        assert_eq!(field(portal.hand_over(&t.below, heir.account, "Harbour").await), "typed");
        refused(portal.hand_over(&t.below, t.below.account, "Harbour IT").await);
        portal.hand_over(&t.below, heir.account, "Harbour IT").await.unwrap();
        assert_eq!(role_of(&t, heir.account, partner).await, Some(PartnerRole::Owner));
        assert_eq!(role_of(&t, t.below.account, partner).await, Some(PartnerRole::SuperAdmin));
        // The giver still holds the old role in hand; it counts for nothing.
        let twice = portal.hand_over(&t.below, heir.account, "Harbour IT").await;
        refused(twice);
        portal.remove_person(&root, &place, t.below.account).await.unwrap();
    }
}

fn form(name: &str) -> PartnerForm {
    PartnerForm {
        name: name.to_owned(),
        support_email: "help@s.example".to_owned(),
        email_portal: "https://mail.s.example/login".to_owned(),
    }
}

fn sub_partner(of: &PartnerActor, name: &str) -> NewPartner {
    NewPartner {
        parent: of.scope().partner().to_string(),
        form: form(name),
        owner_name: "Sol".to_owned(),
        owner_email: "sol@s.example".to_owned(),
        send_email: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_below_is_made_opened_and_closed() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let with = |change: fn(&mut NewPartner)| {
            let mut new = sub_partner(&t.below, "Skiff");
            change(&mut new);
            portal.create_partner(&t.below, new)
        };
        assert_eq!(field(with(|n| n.form.name = String::new()).await), "name");
        assert_eq!(field(with(|n| n.form.support_email = "x".into()).await), "support_email");
        assert_eq!(field(with(|n| n.form.email_portal = "http://x.example".into()).await), "email_portal");
        assert_eq!(field(with(|n| n.form.email_portal = "https://a@b.example".into()).await), "email_portal");
        assert_eq!(field(with(|n| n.owner_email = "x".into()).await), "owner_email");
        let beside = t.beside.scope().partner().to_string();
        let mut new = sub_partner(&t.below, "Skiff");
        new.parent = beside;
        assert_eq!(field(portal.create_partner(&t.below, new).await), "partner");

        let made = portal.create_partner(&t.below, sub_partner(&t.below, "Skiff")).await.unwrap();
        let rows = portal.partner_tree(&t.root).await.unwrap().rows;
        let said: Vec<_> = rows.iter().map(|r| (r.name.as_str(), r.depth, r.is_ownerless)).collect();
        assert_eq!(
            said,
            [("Lighthouse", 0, false), ("Harbour IT", 1, false), ("Skiff", 2, true), ("Quayside", 1, false)]
        );
        let token = made.owner.link.as_deref().unwrap().strip_prefix("/invite/").unwrap();
        let sol = crate::inside(portal.accept_invitation(token, secret(), HOME).await.unwrap());
        let Some(Who::Partner(sol)) = portal.who(sol, HOME).await.unwrap() else { panic!("nobody") };
        assert_eq!(sol.role, PartnerRole::Owner);

        // Its parent's Owner opens the Entra products; nobody else does.
        let options = portal.organization_options(&sol).await.unwrap().partners;
        assert!(!options[0].entra);
        assert_eq!(options[0].support_email, None, "the parent has given no address yet");
        portal
            .edit_partner(
                &t.below,
                t.below.scope().partner(),
                &PartnerForm {
                    name: "Harbour IT".into(),
                    support_email: "ask@b.example".into(),
                    email_portal: String::new(),
                },
            )
            .await
            .unwrap();
        let options = portal.organization_options(&sol).await.unwrap().partners;
        assert_eq!(options[0].support_email.as_deref(), Some("ask@b.example"));
        refused(portal.open_entra(&t.root, made.id, true).await);
        assert!(matches!(portal.open_entra(&t.beside, made.id, true).await, Err(Error::NotFound)));
        let super_admin = person(&t.house, t.below.scope(), "super@b.example", PartnerRole::SuperAdmin).await;
        assert!(matches!(portal.open_entra(&super_admin, made.id, true).await, Err(Error::Forbidden)));
        portal.open_entra(&t.below, made.id, true).await.unwrap();
        let plan = t.plan(&sol, "backup-entra", "EUR").await;
        // What is closed to one is closed to all below it.
        portal.open_entra(&t.root, t.below.scope().partner(), false).await.unwrap();
        assert!(portal.partner_tree(&t.root).await.unwrap().rows.iter().all(|r| !r.entra || r.depth == 0));
        refused(portal.open_entra(&t.below, made.id, true).await);

        let sold = portal.create_organization(&sol, customer(&sol, plan, "it@sol.example")).await;
        assert_eq!(field(sold), "plan", "Entra is not this partner's to sell any more");
        let plan = t.plan(&sol, "backup", "EUR").await;
        let org = t.organization(&sol, plan, "it@sol.example").await;
        let view = portal.organization(&t.root, org).await.unwrap();
        assert_eq!(view.email_portal.as_deref(), Some("https://mail.s.example/login"));
        assert_eq!(
            portal.partner(&t.root, t.below.scope().partner()).await.unwrap().row.organizations_below,
            1
        );
        refused(portal.close_partner(&t.below, made.id, "Skiff").await);
        let name = "Company of it@sol.example";
        portal.move_organization(&sol, org, domain::subscription::Move::Delete, name).await.unwrap();
        refused(portal.close_partner(&t.below, made.id, "Skiff").await);
        t.house.wait(31 * 24 * 60);
        portal.sweep().await.unwrap();
        assert_eq!(field(portal.close_partner(&t.below, made.id, "Skif").await), "typed");
        refused(portal.close_partner(&t.below, t.below.scope().partner(), "Harbour IT").await);
        assert!(matches!(portal.close_partner(&t.beside, made.id, "Skiff").await, Err(Error::NotFound)));
        portal.close_partner(&t.below, made.id, "Skiff").await.unwrap();
        let identity = Identity { account: sol.account, at: At::Partner(made.id), proved_twice: false };
        assert!(portal.who(identity, HOME).await.unwrap().is_none(), "closed, and still inside");
        assert!(matches!(portal.partner(&t.below, made.id).await, Err(Error::NotFound)));
    }
}

/// Role by role: what each may do with the partners below. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn partners_below_are_for_owners_and_super_admins() {
    use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
    let deeds: [(&str, &[PartnerRole]); 6] = [
        ("list", &[Owner, SuperAdmin, Admin, Finance, Support, ReadOnly]),
        ("create", &[Owner, SuperAdmin]),
        ("edit", &[Owner, SuperAdmin]),
        ("edit own", &[Owner, SuperAdmin]),
        ("entra", &[Owner]),
        ("close", &[Owner, SuperAdmin]),
    ];
    for t in Trade::all().await {
        let portal = &t.house.portal;
        for role in PartnerRole::ALL {
            let asks = person(&t.house, t.root.scope(), &format!("{}@a.example", role.slug()), role).await;
            for (deed, who) in deeds {
                let made = portal.create_partner(&t.root, sub_partner(&t.root, "Dinghy")).await.unwrap();
                let done = match deed {
                    "list" => portal.partner_tree(&asks).await.map(drop),
                    "create" => portal.create_partner(&asks, sub_partner(&asks, "Raft")).await.map(drop),
                    "edit" => portal.edit_partner(&asks, made.id, &form("Dinghy 2")).await,
                    "edit own" => {
                        portal.edit_partner(&asks, asks.scope().partner(), &form("Lighthouse")).await
                    }
                    "entra" => portal.open_entra(&asks, made.id, true).await,
                    _ => portal.close_partner(&asks, made.id, "Dinghy").await,
                };
                assert_eq!(done.is_ok(), who.contains(&role), "{role:?} {deed}: {done:?}");
                assert!(done.is_ok() || matches!(done, Err(Error::Forbidden)), "{role:?} {deed}: {done:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_reads_of_visits_and_forbids_them() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let org = t.organization(&t.below, plan, "it@n.example").await;
        let scope = portal.store().organization_below(t.below.scope(), org).await.unwrap().unwrap().scope();
        let mut people = Vec::new();
        for role in OrgRole::ALL {
            let email = format!("{}@n.example", role.slug());
            people.push(portal.create_account(scope, "Somebody", &email, secret(), role).await.unwrap());
        }
        // One from above the customer's own partner, and one from it.
        for (visitor, reason) in [(&t.below, "Ticket 1"), (&t.root, "Ticket 2")] {
            let visit = portal.begin_visit(visitor, org, reason).await.unwrap();
            let Some(Who::Organization(actor)) = portal.who(visit, HOME).await.unwrap() else { panic!() };
            portal.audit(&actor, portal::Event::BackupAsked, "tenant", reason).await.unwrap();
            t.house.wait(1);
            if reason == "Ticket 1" {
                portal.end_visit(&actor).await.unwrap();
            }
        }
        let page = portal.customer_visits(&people[3]).await.unwrap();
        assert!(!page.may_decide && page.visits.len() == 2);
        let deeds = |n: usize| -> Vec<_> {
            page.visits[n].deeds.iter().map(|d| (d.event.as_str(), d.detail.as_str())).collect()
        };
        assert_eq!(deeds(0), [("backup-asked", "Ticket 2")]);
        assert_eq!(deeds(1), [("backup-asked", "Ticket 1"), ("visit-ended", "")]);
        assert!(page.visits[0].is_running && page.visits[0].partner == "Lighthouse");

        for (n, actor) in people.iter().enumerate().skip(1) {
            let refused = portal.decide_visits(actor, true).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{n}");
        }
        // A visitor with all rights still does not decide about visits.
        let visit = portal.begin_visit(&t.below, org, "Ticket 3").await.unwrap();
        let Some(Who::Organization(actor)) = portal.who(visit, HOME).await.unwrap() else { panic!() };
        assert!(matches!(portal.decide_visits(&actor, false).await, Err(Error::Forbidden)));

        portal.decide_visits(&people[0], true).await.unwrap();
        assert!(portal.who(visit, HOME).await.unwrap().is_none(), "forbidden, and still inside");
        let why = refused(portal.begin_visit(&t.below, org, "Ticket 4").await);
        assert!(why.contains("forbidden visits"), "{why}");
        assert!(portal.organization(&t.root, org).await.unwrap().door.unwrap().contains("forbidden"));
        portal.decide_visits(&people[0], false).await.unwrap();
        assert!(portal.who(visit, HOME).await.unwrap().is_none(), "an ended visit came back");
        portal.begin_visit(&t.below, org, "Ticket 5").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_second_factor_is_taken_away_by_those_above_and_shows_in_the_list() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let owner = &t.below;
        let sten = person(&t.house, owner.scope(), "sten@b.example", PartnerRole::Support).await;
        let admin = person(&t.house, owner.scope(), "admin@b.example", PartnerRole::Admin).await;
        t.house.protect(&Oneself::from(&at_partner(&sten))).await;
        t.house.protect(&Oneself::from(&at_partner(owner))).await;
        let has = async |id: Uuid| {
            let people = portal.people(&at_partner(owner), "").await.unwrap().people;
            people.into_iter().find(|p| p.id == id).unwrap().has_factor
        };
        assert!(has(sten.account).await && !has(admin.account).await);
        refused(portal.reset_factor(&admin, "", owner.account).await);
        let place = owner.scope().partner().to_string();
        let above = person(&t.house, t.root.scope(), "admin@a.example", PartnerRole::Admin).await;
        assert!(matches!(portal.reset_factor(&above, &place, owner.account).await, Err(Error::Forbidden)));
        assert!(matches!(portal.reset_factor(&t.beside, &place, sten.account).await, Err(Error::NotFound)));
        assert!(has(sten.account).await && has(owner.account).await);
        portal.reset_factor(&admin, "", sten.account).await.unwrap();
        assert!(!has(sten.account).await);
        portal.reset_factor(&t.root, &place, owner.account).await.unwrap();
        refused(portal.reset_factor(&admin, "", sten.account).await);
    }
}

/// Somebody who worked at the partner, visited one customer and then went to work at another.
/// A server that stops between an erasure and the files' forgetting, and an erasure of nobody but a person.
#[tokio::test(flavor = "multi_thread")]
async fn the_files_forget_whatever_was_erased_and_whenever() {
    const LEFT: &str = "tove.lagerborg@left.example";
    const LOGIN: &str = "it@broken-off.example";
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let (own, files) = (at_partner(&t.below), &t.house.database);
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let org = t.organization(&t.below, plan, LOGIN).await;
        let stays = t.organization(&t.below, plan, "it@stays.example").await.to_string();
        let made = portal.invite_person(&own, &stays, "Tove", LEFT, "viewer", false).await.unwrap();
        let token = made.link.unwrap().strip_prefix("/invite/").unwrap().to_owned();
        portal.accept_invitation(&token, secret(), HOME).await.unwrap();
        let tove = store.account_by_email(LEFT).await.unwrap().unwrap().id;
        portal.remove_person(&own, &stays, tove).await.unwrap();
        let name = portal.organization(&t.below, org).await.unwrap().row.name;
        let scope = store.organization_below(t.below.scope(), org).await.unwrap().unwrap().scope();

        assert!(files.files_hold(LEFT), "the test looks where nothing is");
        t.house.wait(30 * 24 * 60);
        portal.sweep().await.unwrap();
        assert!(!files.files_hold(LEFT), "{}: the files hold who left", files.name);

        portal.move_organization(&t.below, org, domain::subscription::Move::Delete, &name).await.unwrap();
        assert!(files.files_hold(LOGIN), "the test looks where nothing is");
        t.house.wait(30 * 24 * 60);
        assert!(store.erase_organization(scope, portal.now(), portal.now()).await.unwrap());
        portal.sweep().await.unwrap();
        assert!(!files.files_hold(LOGIN), "{}: the files hold what a server that stopped erased", files.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_is_forgotten_and_whom_a_visit_names_stops_no_purge() {
    const NAME: &str = "sten.lindqvist@elsewhere.example";
    const REMOVED: &str = "vendla.ekstrom@elsewhere.example";
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let own = at_partner(&t.below);
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let visited = t.organization(&t.below, plan, "it@visited.example").await;
        let joined = t.organization(&t.below, plan, "it@joined.example").await;
        let sten = person(&t.house, t.below.scope(), NAME, PartnerRole::Support).await;
        portal.begin_visit(&sten, visited, "Ticket 1").await.unwrap();
        for email in [NAME, REMOVED] {
            let made = portal
                .invite_person(&own, &joined.to_string(), "Sten", email, "viewer", false)
                .await
                .unwrap();
            let token = made.link.unwrap().strip_prefix("/invite/").unwrap().to_owned();
            portal.accept_invitation(&token, secret(), HOME).await.unwrap();
        }
        portal.remove_person(&own, "", sten.account).await.unwrap();
        let removed = store.account_by_email(REMOVED).await.unwrap().unwrap().id;
        portal.remove_person(&own, &joined.to_string(), removed).await.unwrap();

        let delete = async |id| {
            let name = portal.organization(&t.below, id).await.unwrap().row.name;
            portal.move_organization(&t.below, id, domain::subscription::Move::Delete, &name).await.unwrap();
            t.house.wait(30 * 24 * 60);
            portal.sweep().await.unwrap();
            assert!(matches!(portal.organization(&t.below, id).await, Err(Error::NotFound)));
        };
        delete(joined).await;
        let files = &t.house.database;
        assert!(!files.files_hold(REMOVED), "{}: who was removed is there still", files.name);
        assert!(store.account_by_email(NAME).await.unwrap().is_some(), "the customer sees who visited");
        delete(visited).await;
        portal.sweep().await.unwrap();
        assert!(store.account_by_email(NAME).await.unwrap().is_none());
        // Nobody signs in with it; whoever tries leaves no address behind.
        assert!(portal.sign_in(REMOVED, secret(), HOME).await.is_err());
        assert!(!files.files_hold(REMOVED), "{}: the log holds who tried", files.name);
    }
}
