//! Sign-in, set-up and what partners do, each on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod account_mail;
mod brand;
mod consent;
mod features;
mod lists;
mod mail;
mod money;
mod notices;
mod partner;
mod people;
mod tokens;
mod transfer;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use domain::access::PartnerRole;
use portal::{Cost, Error, Identity, Installation, Passed, Portal, SetUp, Who};
use secrecy::SecretString;
use store::audit::AuditCheck;
use store::{MasterKey, Store};

const PASSWORD: &str = "zugspitze lanterns at dusk";
const HOME: &str = "192.0.2.7";

/// A portal whose clock a test moves.
struct House {
    portal: Portal,
    seconds: Arc<AtomicI64>,
    database: testbed::Database,
}

impl House {
    async fn open(database: testbed::Database, cost: Cost) -> House {
        let store = Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap();
        let seconds = Arc::new(AtomicI64::new(1_780_000_000));
        let clock = seconds.clone();
        let now = move || DateTime::<Utc>::from_timestamp(clock.load(Ordering::Relaxed), 0).unwrap();
        let installation = Installation { data_location: Some("Frankfurt".to_owned()), offers_consent: true };
        let portal = Portal::new(store, cost, Arc::new(now)).unwrap().of_installation(installation);
        House { portal, seconds, database }
    }

    async fn all() -> Vec<House> {
        let mut all = Vec::new();
        for database in testbed::databases() {
            all.push(House::open(database, Cost::CHEAP).await);
        }
        all
    }

    fn wait(&self, minutes: i64) {
        self.seconds.fetch_add(minutes * 60, Ordering::Relaxed);
    }

    async fn set_up(&self) {
        let link = self.portal.set_up_link().await.unwrap().unwrap();
        self.portal.set_up(form(&link.token), HOME).await.unwrap();
    }

    async fn sign_in(&self, email: &str, password: &str, from: &str) -> Result<Identity, Error> {
        Ok(inside(self.portal.sign_in(email, SecretString::from(password), from).await?))
    }

    async fn events(&self) -> Vec<String> {
        let store = self.portal.store();
        let root = store.root_partner().await.unwrap().unwrap();
        assert!(matches!(store.verify_audit(root).await.unwrap(), AuditCheck::Intact { .. }));
        let page = store.audit_page(root, None, 100).await.unwrap();
        page.into_iter().rev().map(|row| format!("{} {}", row.event, row.actor)).collect()
    }
}

/// Whom nothing more was asked.
fn inside(passed: Passed) -> Identity {
    match passed {
        Passed::In(signed) => signed.identity,
        Passed::Half(half) => panic!("a second proof is owed: {half:?}"),
    }
}

fn form(token: &str) -> SetUp {
    SetUp {
        token: token.to_owned(),
        name: "Ada Osei".to_owned(),
        email: "Ada@Contoso.example".to_owned(),
        password: SecretString::from(PASSWORD),
        organization: "Contoso".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_owner_is_set_up_once_and_signs_in() {
    for house in House::all().await {
        let portal = &house.portal;
        let link = portal.set_up_link().await.unwrap().unwrap();
        assert!(link.token.len() >= 43);
        assert!(!format!("{link:?}").contains(&link.token));

        let short = SetUp { password: SecretString::from("too short"), ..form(&link.token) };
        let refused = portal.set_up(short, HOME).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid { field: "password", .. }), "{refused}");
        let own = SetUp { password: SecretString::from("Contoso-Contoso"), ..form(&link.token) };
        assert!(matches!(portal.set_up(own, HOME).await, Err(Error::Invalid { field: "password", .. })));
        assert!(matches!(portal.set_up(form("guess"), HOME).await, Err(Error::LinkSpent)));

        let owner = portal.set_up(form(&link.token), HOME).await.unwrap();
        let Some(Who::Organization(ada)) = portal.who(owner, HOME).await.unwrap() else { panic!("nobody") };
        assert_eq!((ada.email.as_str(), ada.address.as_str()), ("ada@contoso.example", HOME));
        assert!(matches!(portal.set_up(form(&link.token), HOME).await, Err(Error::LinkSpent)));
        assert!(portal.set_up_link().await.unwrap().is_none(), "{}", house.database.name);

        let identity = house.sign_in("ada@contoso.EXAMPLE", PASSWORD, HOME).await.unwrap();
        let Some(Who::Partner(actor)) = portal.who(identity, HOME).await.unwrap() else { panic!("no Owner") };
        assert_eq!((actor.account, actor.role), (owner.account, PartnerRole::Owner));
        portal.sign_out(identity, HOME).await.unwrap();
        assert_eq!(
            house.events().await,
            ["set-up", "sign-in", "sign-out"].map(|event| format!("{event} ada@contoso.example"))
        );

        portal.store().remove_member(ada.scope(), ada.account).await.unwrap();
        assert!(portal.who(owner, HOME).await.unwrap().is_none(), "removed, and still somebody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_role_cannot_sign_in() {
    for house in House::all().await {
        house.set_up().await;
        let store = house.portal.store();
        let root = store.root_partner().await.unwrap().unwrap();
        let org = store.create_organization(root, "Fabrikam", house.portal.now()).await.unwrap();
        let password = SecretString::from(PASSWORD);
        let role = domain::access::OrgRole::Viewer;
        let eve = house.portal.create_account(org, "Eve", "eve@b.example", password, role).await.unwrap();
        house.sign_in("eve@b.example", PASSWORD, HOME).await.unwrap();
        store.remove_member(org, eve.account).await.unwrap();
        assert!(matches!(house.sign_in("eve@b.example", PASSWORD, HOME).await, Err(Error::NoRole)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_after_an_hour() {
    let house = House::open(testbed::sqlite(), Cost::CHEAP).await;
    let link = house.portal.set_up_link().await.unwrap().unwrap();
    house.wait(60);
    assert!(matches!(house.portal.set_up(form(&link.token), HOME).await, Err(Error::LinkSpent)));
    let link = house.portal.set_up_link().await.unwrap().unwrap();
    house.wait(59);
    house.portal.set_up(form(&link.token), HOME).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_close_sign_in_for_the_one_who_guesses() {
    for house in House::all().await {
        house.set_up().await;
        for known in ["ada@contoso.example", "nobody@contoso.example"] {
            for _ in 0..8 {
                let wrong = house.sign_in(known, "not the password", "198.51.100.1").await;
                assert!(matches!(wrong, Err(Error::WrongCredentials)), "{known}");
            }
            // The right password does not help now, and an unknown e-mail looks no different.
            let closed = house.sign_in(known, PASSWORD, "198.51.100.1").await.unwrap_err();
            assert!(matches!(closed, Error::Closed { .. }), "{known}");
            assert!(closed.to_string().contains("opens again in 15 minutes"), "{closed}");
        }
        // Ada herself, elsewhere, is not shut out.
        house.sign_in("ada@contoso.example", PASSWORD, HOME).await.unwrap();
        house.wait(15);
        house.sign_in("ada@contoso.example", PASSWORD, "198.51.100.1").await.unwrap();

        let events = house.events().await;
        let count = |event: &str| events.iter().filter(|e| *e == event).count();
        assert_eq!(count("sign-in-failed ada@contoso.example"), 7);
        assert_eq!(count("sign-in-closed ada@contoso.example"), 1);
        let unknown: Vec<_> = events.iter().filter(|e| e.starts_with("sign-in-closed unknown ")).collect();
        assert_eq!(unknown.len(), 1, "an address that nobody has is not kept: {events:?}");
        assert_eq!(count("sign-in ada@contoso.example"), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_not_guess_everybodys_password() {
    let house = House::open(testbed::sqlite(), Cost::CHEAP).await;
    house.set_up().await;
    for i in 0..40 {
        let wrong = house.sign_in(&format!("p{i}@contoso.example"), "not the password", "198.51.100.1").await;
        assert!(matches!(wrong, Err(Error::WrongCredentials)), "{i}");
    }
    let closed = house.sign_in("ada@contoso.example", PASSWORD, "198.51.100.1").await;
    assert!(matches!(closed, Err(Error::Closed { .. })));
    house.sign_in("ada@contoso.example", PASSWORD, HOME).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn good_sign_ins_never_close_anything() {
    let house = House::open(testbed::sqlite(), Cost::CHEAP).await;
    house.set_up().await;
    for _ in 0..70 {
        house.sign_in("ada@contoso.example", PASSWORD, HOME).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_of_another_cost_is_renewed_at_sign_in() {
    let house = House::open(testbed::sqlite(), Cost::CHEAP).await;
    house.set_up().await;
    let hash = async || {
        let account = house.portal.store().account_by_email("ada@contoso.example").await.unwrap();
        account.unwrap().password_hash
    };
    let before = hash().await;
    house.sign_in("ada@contoso.example", PASSWORD, HOME).await.unwrap();
    assert_eq!(hash().await, before);

    let dearer = Cost { passes: 2, ..Cost::CHEAP };
    let now = house.portal.now();
    let portal = Portal::new(house.portal.store().clone(), dearer, Arc::new(move || now)).unwrap();
    portal.sign_in("ada@contoso.example", SecretString::from(PASSWORD), HOME).await.unwrap();
    assert!(hash().await.contains("t=2"), "{}", hash().await);
    house.sign_in("ada@contoso.example", PASSWORD, HOME).await.unwrap();
}

/// The shortest of several sign-ins, taken in turns, is the work without what the machine was busy with besides: for an
/// unknown e-mail it is that for a known one, at full cost.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_takes_as_long_as_a_wrong_password() {
    let house = House::open(testbed::sqlite(), Cost { memory_kib: 16 * 1024, passes: 3, lanes: 1 }).await;
    house.set_up().await;
    house.portal.warm_up().await.unwrap();
    let timed = async |email: &str| {
        let start = std::time::Instant::now();
        assert!(house.sign_in(email, "not the password", "203.0.113.9").await.is_err());
        start.elapsed().as_secs_f64()
    };
    let (mut known, mut unknown) = (f64::MAX, f64::MAX);
    for _ in 0..7 {
        known = known.min(timed("ada@contoso.example").await);
        unknown = unknown.min(timed("nobody@contoso.example").await);
    }
    let ratio = known / unknown;
    assert!((0.5..2.0).contains(&ratio), "known {known:.3} s, unknown {unknown:.3} s");
}
