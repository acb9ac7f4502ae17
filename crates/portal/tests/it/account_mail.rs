//! What people do by links that come by mail: a forgotten password, another e-mail, an invitation, a consent.

use std::time::Duration;

use domain::access::{OrgRole, PartnerRole};
use domain::subscription::Move;
use portal::{Error, Oneself, Passed, Portal, Who};
use secrecy::SecretString;
use store::audit::Entry;
use store::microsoft::MicrosoftId;
use store::scope::PartnerActor;
use store::sessions::SessionContent;
use store::token::TokenHash;
use uuid::Uuid;

use crate::mail::{Smtp, form, trades};
use crate::partner::{Trade, customer, field, person};
use crate::{HOME, PASSWORD, inside};

const NEW: &str = "copper lanterns over 41 quays";

fn new() -> SecretString {
    SecretString::from(NEW)
}

/// The secret of the link in a mail whose path begins so.
fn token(mail: &str, beginning: &str) -> String {
    let (_, rest) = mail.split_once(beginning).unwrap_or_else(|| panic!("no {beginning} in {mail}"));
    rest.split(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).next().unwrap().to_owned()
}

/// Sends what waits until somebody has so many mails: some are made after an answer was given.
async fn arrived(portal: &Portal, smtp: &Smtp, to: &str, count: usize) -> Vec<String> {
    for _ in 0..500 {
        while portal.send_mail().await.unwrap() {}
        let mails = smtp.to(to);
        if mails.len() >= count {
            return mails;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{to} got {:?}", smtp.to(to));
}

/// Sends what waits once everything that is done after an answer has been done.
async fn settled(portal: &Portal) {
    tokio::time::sleep(Duration::from_millis(400)).await;
    while portal.send_mail().await.unwrap() {}
}

/// A customer whose contact has chosen a password, and the contact.
async fn taken_up(t: &Trade, portal: &Portal, email: &str) -> (Uuid, Oneself) {
    let plan = t.plan(&t.below, "backup-entra", "EUR").await;
    let made = portal.create_organization(&t.below, customer(&t.below, plan, email)).await.unwrap();
    let token = made.link.unwrap().strip_prefix("/invite/").unwrap().to_owned();
    let identity = inside(portal.accept_invitation(&token, PASSWORD.into(), HOME).await.unwrap());
    (made.id, Oneself::from(&portal.who(identity, HOME).await.unwrap().unwrap()))
}

async fn signs_in(portal: &Portal, email: &str, password: &str) -> bool {
    match portal.sign_in(email, password.into(), HOME).await {
        Ok(_) => true,
        Err(Error::WrongCredentials) => false,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_operates_the_installation_lets_somebody_in_again() {
    for (t, portal, smtp) in trades().await {
        taken_up(&t, &portal, "it@n.example").await;
        assert!(matches!(portal.password_link_to_print("nobody@n.example").await, Err(Error::NotFound)));
        let link = portal.password_link_to_print(" IT@n.example").await.unwrap();
        assert!(!format!("{link:?}").contains(&link.token));
        settled(&portal).await;
        assert_eq!(smtp.count(), 0, "a link that is printed is mailed to nobody");
        portal.choose_password(&link.token, new(), HOME).await.unwrap();
        assert!(signs_in(&portal, "it@n.example", NEW).await);
        assert!(matches!(portal.password_link(&link.token).await, Err(Error::MailLinkSpent)));
        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        let made = log.iter().find(|e| e.event == "password-link-made").expect("it is in the log");
        assert!(format!("{made:?}").contains("on the server"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_a_link_that_is_good_once() {
    for (t, portal, smtp) in trades().await {
        let (_, maya) = taken_up(&t, &portal, "it@n.example").await;
        assert!(portal.sends_password_links().await.unwrap());
        assert_eq!(field(portal.forgot_password("nonsense", HOME).await), "email");
        portal.forgot_password("nobody@n.example", HOME).await.unwrap();
        portal.forgot_password(" IT@N.example ", HOME).await.unwrap();
        let first = arrived(&portal, &smtp, "it@n.example", 1).await;
        settled(&portal).await;
        assert_eq!(smtp.count(), 1, "nobody was written to");
        assert!(!t.house.database.files_hold("/password/"), "the link lies open in the database");
        let first = token(&first[0], "https://backup.example/password/");
        portal.forgot_password("it@n.example", HOME).await.unwrap();
        let second = token(&arrived(&portal, &smtp, "it@n.example", 2).await[1], "/password/");
        assert!(
            matches!(portal.password_link(&first).await, Err(Error::MailLinkSpent)),
            "a newer one is there"
        );
        assert_eq!(portal.password_link(&second).await.unwrap(), "it@n.example");

        let session = TokenHash::of("somewhere");
        let content = SessionContent {
            account: Some(maya.account),
            data: "{}".to_owned(),
            expires_at: portal.now() + chrono::Duration::days(1),
        };
        assert!(portal.store().create_session(session, &content, portal.now()).await.unwrap());
        // Linked by whomever: whoever has the mailbox is rid of it.
        let id = MicrosoftId { directory: Uuid::now_v7(), object: Uuid::now_v7() };
        let entry = Entry { actor: "it@n.example", event: "x", object: "", detail: "", address: HOME };
        portal
            .store()
            .link_microsoft(maya.account, id, "mallory", (t.below.scope().into(), &entry), portal.now())
            .await
            .unwrap();
        let weak = portal.choose_password(&second, "it@n.example".into(), HOME).await;
        assert_eq!(field(weak), "password");
        portal.choose_password(&second, new(), HOME).await.unwrap();
        assert!(!portal.store().revoke_session(maya.account, session).await.unwrap(), "still signed in");
        assert!(portal.store().microsoft_identities(maya.account).await.unwrap().is_empty());
        assert!(matches!(portal.choose_password(&second, new(), HOME).await, Err(Error::MailLinkSpent)));
        assert!(!signs_in(&portal, "it@n.example", PASSWORD).await);
        assert!(signs_in(&portal, "it@n.example", NEW).await);
        let told = arrived(&portal, &smtp, "it@n.example", 3).await;
        assert!(told[2].contains("password was changed") && !told[2].contains("/password/"), "{}", told[2]);

        // A third and last one within the hour; an hour later it is over, and another may be sent.
        portal.forgot_password("it@n.example", HOME).await.unwrap();
        let third = token(&arrived(&portal, &smtp, "it@n.example", 4).await[3], "/password/");
        portal.forgot_password("it@n.example", HOME).await.unwrap();
        settled(&portal).await;
        assert_eq!(smtp.to("it@n.example").len(), 4, "four links in one hour");
        t.house.wait(59);
        portal.password_link(&third).await.unwrap();
        t.house.wait(1);
        assert!(matches!(portal.choose_password(&third, new(), HOME).await, Err(Error::MailLinkSpent)));

        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        let count =
            |event: &str| log.iter().filter(|e| e.event == event && e.actor == "it@n.example").count();
        assert_eq!((count("password-link-made"), count("password-reset")), (3, 1), "{log:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_alone_opens_nothing_that_has_a_second_factor() {
    for (t, portal, smtp) in trades().await {
        let bela = Oneself::from(&t.below);
        t.house.protect(&bela).await;
        portal.forgot_password("bela@b.example", HOME).await.unwrap();
        let link = token(&arrived(&portal, &smtp, "bela@b.example", 1).await[0], "/password/");
        portal.choose_password(&link, new(), HOME).await.unwrap();
        let passed = portal.sign_in("bela@b.example", new(), HOME).await.unwrap();
        assert!(matches!(passed, Passed::Half(_)), "{passed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_sent_only_to_whoever_can_sign_in_and_not_without_end() {
    for (t, portal, smtp) in trades().await {
        let (id, _) = taken_up(&t, &portal, "it@n.example").await;
        portal.move_organization(&t.below, id, Move::Suspend, "").await.unwrap();
        portal.forgot_password("it@n.example", "198.51.100.9").await.unwrap();
        settled(&portal).await;
        assert_eq!(smtp.count(), 0);
        for i in 0..19 {
            portal.forgot_password(&format!("p{i}@x.example"), "198.51.100.9").await.unwrap();
        }
        let closed = portal.forgot_password("bela@b.example", "198.51.100.9").await;
        assert!(matches!(closed, Err(Error::Refused(_))), "{closed:?}");
        portal.forgot_password("bela@b.example", HOME).await.unwrap();
        arrived(&portal, &smtp, "bela@b.example", 1).await;

        // Where no mail can be sent, the page says so, and nothing is made.
        let bare = &t.house.portal;
        assert!(!bare.sends_password_links().await.unwrap());
        bare.forgot_password("cleo@c.example", HOME).await.unwrap();
        settled(&portal).await;
        assert!(smtp.to("cleo@c.example").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_e_mail_changes_when_both_addresses_agree() {
    for (t, portal, smtp) in trades().await {
        let bela = Oneself::from(&t.below);
        let change =
            async |email: &str, password: &str| portal.change_email(&bela, email, password.into()).await;
        assert_eq!(field(change("nonsense", PASSWORD).await), "email");
        assert_eq!(field(change("BELA@b.example", PASSWORD).await), "email");
        assert_eq!(field(change("cleo@c.example", PASSWORD).await), "email");
        assert_eq!(field(change("new@b.example", "not the password").await), "email_password");
        settled(&portal).await;
        assert_eq!(smtp.count(), 0);

        change("first@b.example", PASSWORD).await.unwrap();
        let withdrawn = token(&arrived(&portal, &smtp, "first@b.example", 1).await[0], "/email/");
        portal.withdraw_email_change(&bela).await.unwrap();
        assert!(matches!(portal.agree_to_email_change(&withdrawn, HOME).await, Err(Error::MailLinkSpent)));
        assert!(matches!(portal.withdraw_email_change(&bela).await, Err(Error::NotFound)));

        change("New@b.example", PASSWORD).await.unwrap();
        assert!(!t.house.database.files_hold("/email/"), "the links lie open in the database");
        let by_new = token(&arrived(&portal, &smtp, "new@b.example", 1).await[0], "/email/");
        let by_old = token(&arrived(&portal, &smtp, "bela@b.example", 2).await[1], "/email/");
        // What the old mailbox was sent must not open the account afterwards.
        portal.forgot_password("bela@b.example", HOME).await.unwrap();
        let forgotten = token(&arrived(&portal, &smtp, "bela@b.example", 3).await[2], "/password/");

        let asked = portal.email_change_asked(&by_new).await.unwrap();
        assert!(asked.by_new && !asked.is_last && asked.organization.is_none());
        assert!(!portal.agree_to_email_change(&by_new, HOME).await.unwrap());
        assert!(matches!(portal.agree_to_email_change(&by_new, HOME).await, Err(Error::MailLinkSpent)));
        let waiting = portal.account(&bela, None).await.unwrap().email_change.unwrap();
        assert!(waiting.new_agreed && !waiting.old_agreed && waiting.new_email == "new@b.example");
        assert!(signs_in(&portal, "bela@b.example", PASSWORD).await);
        assert!(portal.email_change_asked(&by_old).await.unwrap().is_last);
        assert!(portal.agree_to_email_change(&by_old, HOME).await.unwrap());
        assert!(signs_in(&portal, "new@b.example", PASSWORD).await);
        assert!(!signs_in(&portal, "bela@b.example", PASSWORD).await);
        assert!(matches!(portal.password_link(&forgotten).await, Err(Error::MailLinkSpent)));
        let view = portal.account(&bela, None).await.unwrap();
        assert!(view.email == "new@b.example" && view.email_change.is_none());

        // It ends by itself; and what somebody has taken meanwhile is not taken twice.
        let mut bela = bela.clone();
        bela.email = "new@b.example".to_owned();
        portal.change_email(&bela, "late@b.example", PASSWORD.into()).await.unwrap();
        let late = token(&arrived(&portal, &smtp, "late@b.example", 1).await[0], "/email/");
        t.house.wait(3 * 24 * 60 - 1);
        portal.email_change_asked(&late).await.unwrap();
        t.house.wait(1);
        assert!(matches!(portal.email_change_asked(&late).await, Err(Error::MailLinkSpent)));
        assert!(portal.account(&bela, None).await.unwrap().email_change.is_none());
        portal.change_email(&bela, "late@b.example", PASSWORD.into()).await.unwrap();
        let by_new = token(&arrived(&portal, &smtp, "late@b.example", 2).await[1], "/email/");
        let by_old = token(arrived(&portal, &smtp, "new@b.example", 3).await.last().unwrap(), "/email/");
        person(&t.house, t.root.scope(), "late@b.example", PartnerRole::Support).await;
        assert!(!portal.agree_to_email_change(&by_old, HOME).await.unwrap());
        let taken = portal.agree_to_email_change(&by_new, HOME).await;
        assert!(matches!(taken, Err(Error::Refused(_))), "{taken:?}");

        let refused = t.house.portal.change_email(&bela, "x@b.example", PASSWORD.into()).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "without mail: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organizations_e_mail_changes_with_its_login() {
    for (t, portal, smtp) in trades().await {
        let (id, _) = taken_up(&t, &portal, "it@n.example").await;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        t.organization(&t.below, plan, "own@o.example").await;
        let plan = t.plan(&t.beside, "backup", "EUR").await;
        t.organization(&t.beside, plan, "far@o.example").await;
        let change = async |email: &str| portal.change_organization_email(&t.below, id, email).await;
        let why = change("OWN@o.example").await.unwrap_err().to_string();
        assert!(why.contains("Company of own@o.example"), "{why}");
        let why = change("far@o.example").await.unwrap_err().to_string();
        assert!(why.contains("cannot be used") && !why.contains("Company"), "{why}");
        assert_eq!(field(change("it@N.example").await), "email");

        change("desk@n.example").await.unwrap();
        let by_old = arrived(&portal, &smtp, "it@n.example", 1).await.remove(0);
        let by_new = arrived(&portal, &smtp, "desk@n.example", 1).await.remove(0);
        assert!(by_old.contains("Company of it@n.example") && by_new.contains("Company of it@n.example"));
        let view = portal.organization(&t.below, id).await.unwrap();
        assert_eq!(view.email_change.unwrap().new_email, "desk@n.example");
        assert!(!portal.agree_to_email_change(&token(&by_old, "/email/"), HOME).await.unwrap());
        assert!(portal.agree_to_email_change(&token(&by_new, "/email/"), HOME).await.unwrap());
        let view = portal.organization(&t.below, id).await.unwrap();
        assert!(view.row.email == "desk@n.example" && view.email_change.is_none());
        assert_eq!(view.taken_up, domain::partner::TakenUp::Yes);
        assert!(signs_in(&portal, "desk@n.example", PASSWORD).await);
        assert!(!signs_in(&portal, "it@n.example", PASSWORD).await);

        // Its contact changes it as well, with their own.
        let identity = inside(portal.sign_in("desk@n.example", PASSWORD.into(), HOME).await.unwrap());
        let maya = Oneself::from(&portal.who(identity, HOME).await.unwrap().unwrap());
        let taken = portal.change_email(&maya, "own@o.example", PASSWORD.into()).await;
        assert_eq!(field(taken), "email");
        portal.change_email(&maya, "maya@n.example", PASSWORD.into()).await.unwrap();
        let by_old = arrived(&portal, &smtp, "desk@n.example", 2).await.remove(1);
        let by_new = arrived(&portal, &smtp, "maya@n.example", 1).await.remove(0);
        for mail in [by_new, by_old] {
            portal.agree_to_email_change(&token(&mail, "/email/"), HOME).await.unwrap();
        }
        assert_eq!(portal.organization(&t.below, id).await.unwrap().row.email, "maya@n.example");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_e_mail_is_mended_before_anybody_has_signed_in() {
    for (t, portal, smtp) in trades().await {
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let mut typed = customer(&t.below, plan, "ti@n.example");
        typed.send_email = true;
        let id = portal.create_organization(&t.below, typed).await.unwrap().id;
        let stranger = token(&arrived(&portal, &smtp, "ti@n.example", 1).await[0], "/invite/");
        portal.change_organization_email(&t.below, id, "it@n.example").await.unwrap();
        let by_new = arrived(&portal, &smtp, "it@n.example", 1).await.remove(0);
        assert!(!by_new.contains("used so far"), "{by_new}");
        assert_eq!(smtp.to("ti@n.example").len(), 1, "the wrong one is not asked");
        assert!(portal.agree_to_email_change(&token(&by_new, "/email/"), HOME).await.unwrap());
        assert!(matches!(portal.invitation(&stranger).await, Err(Error::InvitationSpent)));
        assert_eq!(portal.renew_link(&t.below, id, true).await.unwrap().email, "it@n.example");
        assert!(arrived(&portal, &smtp, "it@n.example", 2).await[1].contains("/invite/"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_and_consent_links_go_by_mail() {
    for (t, portal, smtp) in trades().await {
        let who = Who::Partner(t.below.clone());
        let (id, _) = taken_up(&t, &portal, "it@n.example").await;
        for (at, role) in [(String::new(), "support"), (id.to_string(), "viewer")] {
            let email = format!("{role}@x.example");
            let made = portal.invite_person(&who, &at, "Noor", &email, role, true).await.unwrap();
            assert_eq!(made.link, None, "mailed, and shown all the same");
            let first = arrived(&portal, &smtp, &email, 1).await.remove(0);
            assert!(first.contains("Noor") && first.contains("Somebody invites you"), "{first}");
            let page = portal.people(&who, &at).await.unwrap();
            assert!(page.sends_mail);
            let again = portal.renew_invitation(&who, &at, page.invitations[0].id, true).await.unwrap();
            assert_eq!(again.link, None);
            let second = arrived(&portal, &smtp, &email, 2).await.remove(1);
            let spent = portal.invitation(&token(&first, "/invite/")).await;
            assert!(matches!(spent, Err(Error::InvitationSpent)));
            portal.accept_invitation(&token(&second, "/invite/"), new(), HOME).await.unwrap();
            assert!(signs_in(&portal, &email, NEW).await);
        }

        let mut sub = portal::NewPartner {
            parent: t.below.scope().partner().to_string(),
            form: portal::PartnerForm {
                name: "Skiff".to_owned(),
                support_email: String::new(),
                email_portal: String::new(),
            },
            owner_name: "Sol".to_owned(),
            owner_email: "sol@s.example".to_owned(),
            send_email: true,
        };
        assert_eq!(portal.create_partner(&t.below, sub.clone()).await.unwrap().owner.link, None);
        let mail = arrived(&portal, &smtp, "sol@s.example", 1).await.remove(0);
        assert!(mail.contains("Skiff as Owner"), "{mail}");
        sub.send_email = false;
        assert!(portal.create_partner(&t.below, sub).await.unwrap().owner.link.is_some());

        assert_eq!(field(portal.make_consent_link(&t.below, id, "nonsense").await), "email");
        let made = portal.make_consent_link(&t.below, id, "Admin@n.example").await.unwrap();
        assert_eq!((made.link, made.sent_to.as_deref()), (None, Some("admin@n.example")));
        let mail = arrived(&portal, &smtp, "admin@n.example", 1).await.remove(0);
        let link = TokenHash::of(&token(&mail, "https://backup.example/consent/"));
        assert!(portal.store().consent_link(link, portal.now()).await.unwrap().is_some());
        let row = portal.organization(&t.below, id).await.unwrap().consent.unwrap().remove(0);
        assert_eq!(row.sent_to.as_deref(), Some("admin@n.example"));

        // Without a server everything is shown, and nobody is promised a mail.
        let bare = &t.house.portal;
        assert!(!bare.people(&who, "").await.unwrap().sends_mail);
        let shown = bare.invite_person(&who, "", "Ola", "ola@x.example", "support", true).await.unwrap();
        assert!(shown.link.is_some());
        assert_eq!(field(bare.make_consent_link(&t.below, id, "admin@n.example").await), "email");
    }
}

/// Who may change an organization's e-mail, on one's own, a sub-partner's and strangers'. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn who_changes_an_organizations_e_mail() {
    use PartnerRole::{Admin, Owner, SuperAdmin};
    let (mut cases, may) = (0, [Owner, SuperAdmin, Admin]);
    for (t, portal, _) in trades().await {
        let mut places: Vec<(&PartnerActor, Uuid)> = Vec::new();
        for place in [&t.below, &t.root, &t.beside] {
            let plan = t.plan(place, "backup", "EUR").await;
            let email = format!("it@{}.example", places.len());
            places.push((place, t.organization(place, plan, &email).await));
        }
        for (i, role) in PartnerRole::ALL.into_iter().enumerate() {
            // Each from elsewhere: only so many mails are sent from one place.
            let at = |actor: PartnerActor| actor.from_address(&format!("198.51.100.{i}"));
            let below = at(person(&t.house, t.below.scope(), &format!("{i}@b.example"), role).await);
            let top = at(person(&t.house, t.root.scope(), &format!("{i}@a.example"), role).await);
            for (asks, is_top) in [(&below, false), (&top, true)] {
                for (n, (place, id)) in places.iter().enumerate() {
                    let reaches = is_top || n == 0;
                    let email = format!("{i}-{is_top}-{n}@x.example");
                    let changed = portal.change_organization_email(asks, *id, &email).await;
                    if changed.is_err() {
                        let owner = at((*place).clone());
                        portal.change_organization_email(&owner, *id, &email).await.unwrap();
                    }
                    let withdrawn = portal.withdraw_organization_email(asks, *id).await;
                    for done in [changed, withdrawn] {
                        cases += 1;
                        let as_expected = match &done {
                            Ok(()) => may.contains(&role) && reaches,
                            Err(Error::Forbidden) => !may.contains(&role),
                            Err(Error::NotFound) => may.contains(&role) && !reaches,
                            Err(_) => false,
                        };
                        assert!(as_expected, "{role:?} reaches {reaches}: {done:?}");
                    }
                }
            }
        }
    }
    println!("{cases} cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_it_outlives_the_organization() {
    let traces = [
        "it@gone.example",
        "next@gone.example",
        "own@gone.example",
        "admin@gone.example",
        "guest@gone.example",
        "viewer@gone.example",
    ];
    for (t, portal, smtp) in trades().await {
        let (id, maya) = taken_up(&t, &portal, "it@gone.example").await;
        let who = Who::Partner(t.below.clone());
        let at = id.to_string();
        let org = store::people::Home::Organization(
            portal.store().organization_below(t.below.scope(), id).await.unwrap().unwrap().scope(),
        );
        portal.invite_person(&who, &at, "Guest", "guest@gone.example", "viewer", true).await.unwrap();
        portal.invite_person(&who, &at, "Vi", "viewer@gone.example", "viewer", true).await.unwrap();
        let link = token(&arrived(&portal, &smtp, "viewer@gone.example", 1).await[0], "/invite/");
        portal.accept_invitation(&link, PASSWORD.into(), HOME).await.unwrap();
        portal.make_consent_link(&t.below, id, "admin@gone.example").await.unwrap();
        portal.change_organization_email(&t.below, id, "next@gone.example").await.unwrap();
        let viewer = portal.store().members(org).await.unwrap();
        let viewer = viewer.into_iter().find(|m| m.email == "viewer@gone.example").unwrap();
        assert_eq!(viewer.role, domain::people::Role::Organization(OrgRole::Viewer));
        let identity = inside(portal.sign_in("viewer@gone.example", PASSWORD.into(), HOME).await.unwrap());
        let vi = Oneself::from(&portal.who(identity, HOME).await.unwrap().unwrap());
        portal.change_email(&vi, "own@gone.example", PASSWORD.into()).await.unwrap();
        let by_new = token(&arrived(&portal, &smtp, "own@gone.example", 1).await[0], "/email/");
        portal.agree_to_email_change(&by_new, HOME).await.unwrap();
        portal.forgot_password("it@gone.example", HOME).await.unwrap();
        arrived(&portal, &smtp, "it@gone.example", 2).await;
        portal.change_password(&maya, PASSWORD.into(), new(), None).await.unwrap();
        portal.forgot_password("viewer@gone.example", HOME).await.unwrap();
        arrived(&portal, &smtp, "viewer@gone.example", 3).await;
        for trace in traces {
            assert!(t.house.database.files_hold(trace), "the test looks for {trace} where nothing is");
        }
        let name = portal.organization(&t.below, id).await.unwrap().row.name;
        portal.move_organization(&t.below, id, Move::Delete, &name).await.unwrap();
        t.house.wait(30 * 24 * 60);
        portal.sweep().await.unwrap();
        for trace in traces {
            assert!(!t.house.database.files_hold(trace), "{}: {trace} is still there", t.house.database.name);
        }
    }
}

/// Whoever chooses a partner's mail server reads what goes through it.
#[tokio::test(flavor = "multi_thread")]
async fn mail_that_opens_an_account_goes_past_a_partners_own_server() {
    for (t, portal, installations) in trades().await {
        taken_up(&t, &portal, "it@n.example").await;
        portal.set_mail_server(&t.below, form("smtp.mallory.example", "2525", "tls")).await.unwrap();
        let before = installations.to("it@n.example").len();
        portal.forgot_password("it@n.example", HOME).await.unwrap();
        let mail = arrived(&portal, &installations, "it@n.example", before + 1).await.pop().unwrap();
        assert!(mail.contains("/password/"), "{mail}");

        // Without one of the installation, that of the partner who runs it will do, and its Owner alone sets it.
        let bare = t.house.portal.clone();
        assert!(!bare.sends_password_links().await.unwrap());
        let admin = person(&t.house, t.root.scope(), "admin@root.example", PartnerRole::Admin).await;
        let told = bare.set_mail_server(&admin, form("127.0.0.1", &installations.port(), "plain")).await;
        assert!(matches!(told, Err(Error::Refused(_))), "{told:?}");
        bare.set_mail_server(&t.root, form("127.0.0.1", &installations.port(), "plain")).await.unwrap();
        assert!(bare.sends_password_links().await.unwrap());
        bare.forgot_password("it@n.example", HOME).await.unwrap();
        arrived(&bare, &installations, "it@n.example", before + 2).await;
    }
}
