//! A partner looks after its customers' connections.

use backup::{Credentials, Error};
use domain::access::PartnerRole;
use domain::connection::ProofKind;
use store::accounts::NewAccount;
use store::scope::{PartnerActor, PartnerScope};
use uuid::Uuid;

use crate::world::{World, small};

const CERTIFICATE: &str = concat!(
    include_str!("../../../graph/tests/it/cert.pem"),
    include_str!("../../../graph/tests/it/key.pem")
);

async fn person(world: &World, at: PartnerScope, role: PartnerRole) -> PartnerActor {
    let email = format!("{}-{}@p.example", role.slug(), Uuid::now_v7());
    let account = NewAccount { email, name: "Somebody".into(), password_hash: "none".into() };
    world.store.create_partner_account(at, account, role, world.clock.now()).await.unwrap()
}

fn renewal(world: &World) -> Credentials {
    Credentials { secret: world.sim.client_secret().to_owned().into(), ..Credentials::default() }
}

/// Every role, on one's own, a sub-partner's and strangers' customers. The expectations stand here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tests_and_renews_what() {
    use PartnerRole::{Admin, Owner, SuperAdmin, Support};
    let may = [Owner, SuperAdmin, Admin, Support];
    let (mut cases, mut leaks) = (0, 0);
    for database in testbed::databases() {
        let world = World::on(&database.url, small(51)).await;
        let (store, now) = (&world.store, world.clock.now());
        let own = store.root_partner().await.unwrap().unwrap();
        let below = store.create_partner(Some(own), "Below", now).await.unwrap();
        let organization = world.actor.scope().organization();
        let tenant = world.tenant.public_id();
        // Another customer of the same partner: its id does not open this tenant.
        let other = store.create_organization(own, "Other", now).await.unwrap().organization();
        for role in PartnerRole::ALL {
            let (inside, outside) = (person(&world, own, role).await, person(&world, below, role).await);
            for (asks, org, tenant, reaches) in [
                (&inside, organization, tenant, true),
                (&outside, organization, tenant, false),
                (&inside, other, tenant, false),
                (&inside, organization, Uuid::nil(), false),
            ] {
                let tested = world.backup.retest_for(asks, org, tenant).await.map(drop);
                let renewed = world.backup.reconnect_for(asks, org, tenant, &renewal(&world)).await.map(drop);
                for done in [tested, renewed] {
                    cases += 1;
                    let refused = match &done {
                        Ok(()) => false,
                        Err(Error::NotAtPartner) => !may.contains(&role),
                        Err(Error::NotFound) => !reaches,
                        Err(_) => false,
                    };
                    if done.is_ok() != (may.contains(&role) && reaches) || (done.is_err() && !refused) {
                        leaks += 1;
                        println!("{role:?} reaches {reaches}: {done:?}");
                    }
                }
            }
        }
        let log = store.audit_page(own, None, 100).await.unwrap();
        let of =
            |event: &str| log.iter().filter(|e| e.event == event && e.object == tenant.to_string()).count();
        assert_eq!((of("connection-tested"), of("credentials-replaced")), (4, 4), "{}", database.name);
    }
    println!("{cases} cases, {leaks} leaks");
    assert_eq!(leaks, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_takes_the_place_of_a_secret_and_says_when_it_ends() {
    for database in testbed::databases() {
        let world = World::on(&database.url, small(52)).await;
        let own = world.store.root_partner().await.unwrap().unwrap();
        let owner = person(&world, own, PartnerRole::Owner).await;
        let (org, tenant) = (world.actor.scope().organization(), world.tenant.public_id());
        let noted = Credentials { expires: "2999-05-31".to_owned(), ..renewal(&world) };
        let view = world.backup.reconnect_for(&owner, org, tenant, &noted).await.unwrap();
        assert_eq!(view.proof, ProofKind::Secret);
        assert_eq!(view.expires.unwrap().to_rfc3339(), "2999-05-31T00:00:00+00:00");

        let form = Credentials { certificate: CERTIFICATE.into(), ..Credentials::default() };
        let refused = world.backup.reconnect_for(&owner, org, tenant, &form).await.unwrap_err();
        assert!(
            matches!(refused, Error::Invalid { field: "certificate", .. }),
            "not registered: {refused:?}"
        );
        let public = include_str!("../../../graph/tests/it/cert.pem");
        world.control("POST", "/sim/certificates", serde_json::json!({ "certificate": public })).await;
        let view = world.backup.reconnect_for(&owner, org, tenant, &form).await.unwrap();
        assert!(view.signs_in && view.proof == ProofKind::Certificate && view.expires.is_some(), "{view:?}");
        let view = world.backup.retest_for(&owner, org, tenant).await.unwrap();
        assert!(view.signs_in, "{view:?}");
        // A key that belongs to another certificate.
        let wrong = include_str!("../../../graph-sim/tests/it/certificate.pem");
        let key = include_str!("../../../graph/tests/it/key.pem");
        let mixed = Credentials { certificate: format!("{wrong}{key}").into(), ..Credentials::default() };
        let refused = world.backup.reconnect_for(&owner, org, tenant, &mixed).await.unwrap_err();
        assert!(refused.to_string().contains("belong together"), "{refused}");
    }
}
