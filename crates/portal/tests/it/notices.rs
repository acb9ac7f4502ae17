//! Notices: who is told of what, how soon, and never twice.

use domain::access::{OrgRole, PartnerRole};
use domain::notice::{OrgTopic, Pace, Topic, What};
use domain::subscription::Move;
use domain::view::{Completeness, JobState, Trigger};
use portal::{Error, Portal};
use secrecy::SecretString;
use store::jobs::Work;
use store::scope::{OrgScope, PartnerActor, TenantScope};
use uuid::Uuid;

use crate::features::admin;
use crate::lists::{connect, publish};
use crate::mail::{Smtp, trades};
use crate::partner::{Trade, field, person};
use crate::transfer::proposal;
use crate::{HOME, PASSWORD};

/// A customer with a connected tenant.
async fn connected(t: &Trade, portal: &Portal, email: &str) -> (Uuid, OrgScope, TenantScope) {
    let plan = t.plan(&t.below, "backup-entra", "EUR").await;
    let id = t.organization(&t.below, plan, email).await;
    let org = portal.store().organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
    (id, org, connect(portal.store(), org, Default::default(), portal.now()).await)
}

async fn fails(portal: &Portal, tenant: TenantScope, why: &str) {
    let (store, now) = (portal.store(), portal.now());
    let work = Work::Capture { reason: Trigger::Person, full: false };
    store.enqueue(tenant, &work, "maya", now).await.unwrap();
    let lease = store.claim(now).await.unwrap().unwrap();
    store.finish(&lease, JobState::Failed, Some(why), now).await.unwrap();
}

async fn at_once(portal: &Portal, actor: &PartnerActor, below: bool) {
    let all = Topic::ALL.map(|topic| (topic, Some("at-once".to_owned())));
    portal.set_notices(actor, &all, below).await.unwrap();
}

/// Tells what is due, and sends it.
async fn tell(portal: &Portal) -> usize {
    let told = portal.tell_news().await.unwrap();
    while portal.send_mail().await.unwrap() {}
    told
}

/// The same, after what is told at once has gathered.
async fn gathered(t: &Trade, portal: &Portal) -> usize {
    assert_eq!(tell(portal).await, 0, "told before it gathered");
    t.house.wait(2);
    tell(portal).await
}

fn subjects(smtp: &Smtp, email: &str) -> Vec<String> {
    let subject = |mail: String| {
        let line = mail.lines().find_map(|l| l.strip_prefix("Subject: ").map(str::to_owned));
        line.unwrap_or_default()
    };
    smtp.to(email).into_iter().map(subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_failures_are_one_mail_and_one_digest() {
    for (t, portal, smtp) in trades().await {
        let (_, _, tenant) = connected(&t, &portal, "it@n.example").await;
        person(&t.house, t.below.scope(), "ada@b.example", PartnerRole::Admin).await;
        for n in 0..40 {
            fails(&portal, tenant, &format!("Obstacle {n}.")).await;
        }
        // Two servers tell at the same time, and one of them goes on after the other was killed.
        let other = t.house.portal.clone().with_mail(smtp.settings());
        assert_eq!(portal.tell_news().await.unwrap(), 0);
        t.house.wait(2);
        let (one, two) = tokio::join!(portal.tell_news(), other.tell_news());
        assert_eq!(one.unwrap() + two.unwrap(), 1, "one of the two");
        while portal.send_mail().await.unwrap() {}
        assert_eq!(subjects(&smtp, "ada@b.example"), ["Backup failed (40 times)"]);
        let mail = smtp.to("ada@b.example").remove(0);
        assert!(
            mail.contains("Company of it@n.example: the backup of") && mail.contains("Obstacle 39 ("),
            "{mail}"
        );
        assert!(mail.contains("https://backup.example/partner/organizations/"), "{mail}");
        assert_eq!((tell(&portal).await, smtp.count()), (0, 1));

        // The Owner has a digest at seven, once; a stranger and the distributor have nothing.
        let seven =
            (portal.now().date_naive() + chrono::Days::new(1)).and_hms_opt(7, 0, 0).unwrap().and_utc();
        t.house.wait((seven - portal.now()).num_minutes());
        assert_eq!(tell(&portal).await, 0, "a minute early");
        t.house.wait(1);
        assert_eq!((tell(&portal).await, tell(&portal).await), (2, 0));
        assert_eq!(subjects(&smtp, "bela@b.example"), ["Your day: 40 notices"]);
        // That the Owner created the customer.
        assert_eq!(subjects(&smtp, "ada@b.example").last().unwrap(), "Your day: 1 notice");
        assert_eq!(smtp.count(), 3);
    }
}

/// What each role is told of everything that happens, written out here; with everything chosen at once.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_what_they_may_not_see() {
    use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
    let signs: [(&str, &[PartnerRole]); 6] = [
        ("the backup of", &[Owner, SuperAdmin, Admin, Support, ReadOnly]),
        ("signing in to", &[Owner, SuperAdmin, Admin, Support, ReadOnly]),
        ("wrong passwords", &[Owner, SuperAdmin, Admin, ReadOnly]),
        ("more users than seats", &[Owner, SuperAdmin, Admin, Finance, ReadOnly]),
        ("suspended", &[Owner, SuperAdmin, Admin, Finance, Support, ReadOnly]),
        ("10 → 11", &[Owner, SuperAdmin, Admin, Finance, ReadOnly]),
    ];
    for (t, portal, smtp) in trades().await {
        let (id, org, tenant) = connected(&t, &portal, "it@n.example").await;
        let mut all = Vec::new();
        for role in PartnerRole::ALL {
            for (place, name, below, reaches) in [
                (&t.below, "b", false, true),
                (&t.root, "a", true, true),
                (&t.root, "deaf", false, false),
                (&t.beside, "c", true, false),
            ] {
                let email = format!("{}@{name}.example", role.slug());
                let actor = person(&t.house, place.scope(), &email, role).await;
                at_once(&portal, &actor, below).await;
                all.push((role, email, reaches));
            }
        }
        let now = portal.now();
        publish(portal.store(), tenant, 12, 0, Completeness::Complete, now).await;
        fails(&portal, tenant, "Nobody answered.").await;
        portal.store().set_connection_health(tenant, None, Some("Refused."), now).await.unwrap();
        portal.change_seats(&t.below, id, "11", false, "").await.unwrap();
        portal
            .create_account(org, "Maya", "maya@n.example", SecretString::from(PASSWORD), OrgRole::Viewer)
            .await
            .unwrap();
        portal.move_organization(&t.below, id, Move::Suspend, "").await.unwrap();
        portal.move_organization(&t.below, id, Move::Resume, "").await.unwrap();
        for _ in 0..8 {
            let _ = portal.sign_in("maya@n.example", SecretString::from("not the one"), "198.51.100.9").await;
        }
        portal.sweep().await.unwrap();
        let told = gathered(&t, &portal).await;
        let (mut cases, mut leaks) = (0, 0);
        for (role, email, reaches) in &all {
            let mails = smtp.to(email).join("\n").replace("=E2=86=92", "→").replace("=C2=A0", " ");
            for (sign, who) in signs {
                cases += 1;
                let expected = *reaches && who.contains(role);
                if mails.contains(sign) != expected {
                    leaks += 1;
                    println!("{email} {sign}: {expected} expected\n{mails}");
                }
            }
        }
        println!("{told} mails, {cases} cases, {leaks} leaks");
        // Twelve, and the Owner, who chose nothing and is told of what is about security.
        assert_eq!((told, leaks), (13, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_is_not_told_to_somebody_who_lost_the_right() {
    for (t, portal, smtp) in trades().await {
        t.house.portal.open_entra(&t.root, t.beside.scope().partner(), true).await.unwrap();
        let (id, _, tenant) = connected(&t, &portal, "it@n.example").await;
        let ada = person(&t.house, t.below.scope(), "ada@b.example", PartnerRole::Admin).await;
        let ben = person(&t.house, t.below.scope(), "ben@b.example", PartnerRole::Admin).await;
        at_once(&portal, &ada, false).await;
        fails(&portal, tenant, "Nobody answered.").await;
        portal.tell_news().await.unwrap();
        // Ben changes his mind before the mail is made.
        portal.set_notices(&ben, &[(Topic::Backups, Some("never".to_owned()))], false).await.unwrap();
        // The customer goes to another partner before the digest is made.
        let code = portal.create_transfer_code(&t.beside).await.unwrap().code;
        let proposal = proposal(&code, "Company of it@n.example");
        portal.propose_transfer(&t.below, id, &proposal).await.unwrap();
        t.house.wait(2);
        assert_eq!(tell(&portal).await, 1);
        assert_eq!((smtp.to("ada@b.example").len(), smtp.to("ben@b.example").len()), (1, 0));
        let theirs = t.plan(&t.beside, "backup-entra", "EUR").await.to_string();
        let transfer = portal.transfers(&t.beside).await.unwrap().incoming[0].id;
        portal.accept_transfer(&t.beside, transfer, &theirs).await.unwrap();
        t.house.wait(24 * 60);
        tell(&portal).await;
        let bela = smtp.to("bela@b.example").join("\n");
        assert!(!bela.contains("Nobody answered"), "of a customer that was given away: {bela}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organizations_people_are_told_what_they_left_on() {
    for (t, portal, smtp) in trades().await {
        let (id, org, tenant) = connected(&t, &portal, "it@n.example").await;
        let maya = admin(&portal, &t.below, id, "maya@n.example").await;
        let password = SecretString::from(PASSWORD);
        portal.create_account(org, "Lin", "lin@n.example", password, OrgRole::Viewer).await.unwrap();
        let page = portal.org_notices_page(&maya).await.unwrap();
        assert!(page.may_change && page.sends && page.topics.iter().all(|(_, on)| *on), "{page:?}");
        assert_eq!(page.readers, ["Ada"]);

        fails(&portal, tenant, "Nobody answered.").await;
        portal.begin_visit(&t.below, id, "Ticket 4711").await.unwrap();
        portal.move_organization(&t.below, id, Move::Suspend, "").await.unwrap();
        portal.change_seats(&t.below, id, "12", false, "").await.unwrap();
        gathered(&t, &portal).await;
        assert_eq!((smtp.to("maya@n.example").len(), smtp.to("lin@n.example").len()), (1, 0));
        let mail = smtp.to("maya@n.example").remove(0);
        for told in ["Nobody answered", "entered your portal", "suspended", "seats were changed"] {
            assert!(mail.contains(told), "{told}: {mail}");
        }
        assert!(!mail.contains("bela@b.example"), "the provider's people stay theirs: {mail}");

        portal.move_organization(&t.below, id, Move::Resume, "").await.unwrap();
        gathered(&t, &portal).await;
        portal.set_org_notices(&maya, &[OrgTopic::Visits]).await.unwrap();
        let before = smtp.to("maya@n.example").len();
        fails(&portal, tenant, "Again.").await;
        gathered(&t, &portal).await;
        assert_eq!(smtp.to("maya@n.example").len(), before, "told of what is off");
        portal.begin_visit(&t.below, id, "Ticket 4712").await.unwrap();
        gathered(&t, &portal).await;
        assert_eq!(subjects(&smtp, "maya@n.example").last().unwrap(), "Visit: Company of it@n.example");
    }
}

/// Who may choose. The expectations stand here.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_at_a_partner_chooses_for_themselves_and_admins_for_an_organization() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        for role in PartnerRole::ALL {
            let actor = person(&t.house, t.below.scope(), &format!("{}@b.example", role.slug()), role).await;
            let wrong = [(Topic::Subscriptions, Some("hourly".to_owned()))];
            assert_eq!(field(portal.set_notices(&actor, &wrong, false).await), "subscriptions");
            at_once(portal, &actor, true).await;
            let page = portal.notices_page(&actor).await.unwrap();
            assert!(page.choices.below && !page.sends);
            assert!(page.choices.paces.iter().all(|(_, pace)| *pace == Pace::AtOnce), "{page:?}");
            let shown: Vec<_> = page.choices.paces.iter().map(|(topic, _)| *topic).collect();
            if role == PartnerRole::Finance {
                assert_eq!(shown, [Topic::Seats, Topic::Subscriptions, Topic::Bills]);
            }
            // What the role may not see was not chosen either: a better role begins with what it has by itself.
            let kept = portal.store().notice_choices(&actor).await.unwrap();
            assert_eq!(kept.paces.len(), Topic::ALL.len());
            let hidden = kept.paces.iter().filter(|(topic, _)| !shown.contains(topic));
            assert!(hidden.clone().all(|(_, pace)| *pace == Pace::Never));
        }
        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        let kept = log.iter().filter(|e| e.event == "notifications-changed").count();
        assert_eq!(kept, PartnerRole::ALL.len());

        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let org = portal.store().organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
        for role in OrgRole::ALL {
            let email = format!("{}@n.example", role.slug());
            let password = SecretString::from(PASSWORD);
            let actor = portal.create_account(org, "Somebody", &email, password, role).await.unwrap();
            portal.org_notices_page(&actor).await.unwrap();
            let done = portal.set_org_notices(&actor, &[OrgTopic::Backups]).await;
            match role {
                OrgRole::FullAdmin | OrgRole::ItAdmin => done.unwrap(),
                _ => assert!(matches!(done, Err(Error::Forbidden)), "{role:?}: {done:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_is_noted_once_and_forgotten_with_the_organization() {
    const WHY: &str = "The kestrel nests in the rack";
    for (t, portal, smtp) in trades().await {
        let (id, _, tenant) = connected(&t, &portal, "it@gone.example").await;
        let now = portal.now();
        publish(portal.store(), tenant, 12, 0, Completeness::Complete, now).await;
        portal.store().set_connection_health(tenant, None, Some(WHY), now).await.unwrap();
        let noted = async |what: What| {
            let all =
                portal.store().notices_since(t.root.scope(), now - chrono::Days::new(99), 500).await.unwrap();
            all.into_iter().filter(|notice| notice.what == what).count()
        };
        for _ in 0..3 {
            portal.sweep().await.unwrap();
        }
        assert_eq!((noted(What::SeatsShort).await, noted(What::ConnectionFails).await), (1, 1));
        // Enough seats, and short again.
        portal.change_seats(&t.below, id, "14", false, "").await.unwrap();
        portal.sweep().await.unwrap();
        publish(portal.store(), tenant, 15, 0, Completeness::Complete, portal.now()).await;
        portal.sweep().await.unwrap();
        assert_eq!(noted(What::SeatsShort).await, 2);

        // The bill of the month, when all its days are recorded: to the partner, and nothing to those without one.
        let july =
            chrono::NaiveDate::from_ymd_opt(2026, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
        t.house.wait((july - portal.now()).num_minutes());
        for _ in 0..2 {
            portal.sweep().await.unwrap();
        }
        gathered(&t, &portal).await;
        let bills = |email| subjects(&smtp, email).into_iter().filter(|s| s == "Bill").count();
        assert_eq!((bills("bela@b.example"), bills("alba@a.example"), bills("cleo@c.example")), (1, 1, 0));
        assert!(smtp.to("bela@b.example").last().unwrap().contains("June 2026"));

        portal.move_organization(&t.below, id, Move::Delete, "Company of it@gone.example").await.unwrap();
        assert!(t.house.database.files_hold(WHY), "the test looks for it where nothing is");
        t.house.wait(30 * 24 * 60);
        portal.sweep().await.unwrap();
        assert_eq!(noted(What::ConnectionFails).await, 0);
        assert!(!t.house.database.files_hold(WHY), "{}", t.house.database.name);
        assert!(portal.sign_in("bela@b.example", SecretString::from(PASSWORD), HOME).await.is_ok());
    }
}
