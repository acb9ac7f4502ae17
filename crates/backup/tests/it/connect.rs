//! Connecting a simulated tenant.

use std::sync::Arc;

use backup::{Backup, Credentials, Error, Settings};
use domain::access::OrgRole;
use domain::audit::Detail;
use domain::subscription::State;
use domain::view::Trigger;
use graph_sim::Sim;
use serde_json::json;
use store::accounts::NewAccount;
use store::audit::Entry;
use store::subscriptions::Becomes;
use uuid::Uuid;

use crate::world::{World, small};

/// Somebody of an organization that has no tenant yet.
async fn newcomer(world: &World) -> store::scope::Actor {
    let now = world.clock.now();
    let partner = world.store.root_partner().await.unwrap().unwrap();
    let org = world.store.create_organization(partner, "Fabrikam", now).await.unwrap();
    let account =
        NewAccount { email: "eve@fabrikam.example".into(), name: "Eve".into(), password_hash: "none".into() };
    world.store.create_account(org, account, OrgRole::FullAdmin, now).await.unwrap()
}

fn engine(world: &World, sim: &Sim) -> Backup {
    let settings = Settings {
        graph_url: Some(sim.base().to_owned()),
        login_url: Some(sim.base().to_owned()),
        app: None,
    };
    Backup::new(world.store.clone(), settings, Arc::clone(&world.clock))
}

fn form(sim: &Sim) -> Credentials {
    Credentials {
        directory: sim.tenant_id().to_owned(),
        client_id: sim.client_id().to_owned(),
        secret: sim.client_secret().to_owned().into(),
        cloud: "global".to_owned(),
        ..Credentials::default()
    }
}

fn field(error: Error) -> &'static str {
    match error {
        Error::Invalid { field, .. } => field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_test_says_whose_tenant_it_is_and_what_may_be_done() {
    let world = World::new(small(11)).await;
    let backup = engine(&world, &world.sim);
    let test = backup.test_connection(&world.actor, &form(&world.sim)).await.unwrap();
    assert!(!test.organization.is_empty() && test.domain.contains('.'));
    assert!(test.can_back_up && test.can_restore, "{:?}", test.permissions);

    let read_only = json!({"set": ["Directory.Read.All", "RoleManagement.Read.Directory"]});
    world.control("POST", "/sim/permissions", read_only).await;
    let test = backup.test_connection(&world.actor, &form(&world.sim)).await.unwrap();
    assert!(test.can_back_up && !test.can_restore);

    world.control("POST", "/sim/permissions", json!({"set": ["Group.Read.All"]})).await;
    let test = backup.test_connection(&world.actor, &form(&world.sim)).await.unwrap();
    assert!(!test.can_back_up);
    let refused = backup.connect(&world.actor, &form(&world.sim)).await.unwrap_err();
    assert!(matches!(&refused, Error::Refused(why) if why.contains("User.Read.All")), "{refused:?}");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_field_that_mends_it() {
    let world = World::new(small(12)).await;
    let backup = engine(&world, &world.sim);
    let test =
        async |form: Credentials| field(backup.test_connection(&world.actor, &form).await.unwrap_err());
    let sim = &world.sim;
    assert_eq!(test(Credentials { secret: "wrong".to_owned().into(), ..form(sim) }).await, "secret");
    assert_eq!(
        test(Credentials { client_id: Uuid::from_u128(7).to_string(), ..form(sim) }).await,
        "client_id"
    );
    assert_eq!(
        test(Credentials { directory: Uuid::from_u128(7).to_string(), ..form(sim) }).await,
        "directory"
    );
}

#[tokio::test]
async fn connecting_saves_the_tenant_and_asks_for_its_first_capture() {
    let world = World::new(small(13)).await;
    let sim = Sim::start(small(14)).await.unwrap();
    let backup = engine(&world, &sim);
    assert_ne!(sim.tenant_id(), world.sim.tenant_id());
    let tenant = backup.connect(&world.actor, &form(&sim)).await.unwrap();
    let again = backup.connect(&newcomer(&world).await, &form(&sim)).await.unwrap_err();
    let Error::Refused(why) = again else { panic!("{again:?}") };
    assert!(!why.contains("Contoso"), "whose it is, is not said: {why}");

    let page = backup.overview(&world.actor, tenant).await.unwrap();
    assert!(page.running.is_some() && page.next_at.is_some() && page.last.is_none());
    assert!(backup.run_due().await.unwrap());
    assert!(!backup.run_due().await.unwrap());
    let page = backup.overview(&world.actor, tenant).await.unwrap();
    assert!(page.running.is_none() && page.failed.is_none());
    let last = page.last.unwrap();
    assert_eq!((last.seq, last.trigger, last.full), (1, Trigger::First, true));
}

#[tokio::test]
async fn a_full_backup_reads_everything_anew() {
    let world = World::new(small(19)).await;
    world.backup.retest(&world.actor, world.id()).await.unwrap();
    for _ in 0..2 {
        world.backup.back_up_now(&world.actor, world.id()).await.unwrap();
        world.work().await;
    }
    world.backup.back_up_in_full(&world.actor, world.id()).await.unwrap();
    world.work().await;
    let rows = world.backup.snapshots(&world.actor, world.id(), None).await.unwrap();
    let full: Vec<(i64, bool)> = rows.iter().map(|row| (row.seq, row.full)).collect();
    assert_eq!(full, [(3, true), (2, false), (1, true)]);
    assert_eq!(rows[0].trigger, Trigger::Person);
}

#[tokio::test]
async fn where_the_subscription_has_ended_nothing_is_connected_or_backed_up() {
    let world = World::new(small(17)).await;
    let sim = Sim::start(small(18)).await.unwrap();
    let backup = engine(&world, &sim);
    let (store, org, now) = (&world.store, world.actor.scope(), world.clock.now());
    store.set_next_backup(world.tenant, now).await.unwrap();
    let entry =
        Entry { actor: "ada", event: "organization-unsubscribed", object: "", detail: "", address: "" };
    let ends = Becomes::State { to: State::Unsubscribed, before: None };
    let seen = store.organization_of(org).await.unwrap().unwrap();
    assert!(store.change_subscription(&seen, ends, &Detail::note("It ended"), &entry, now).await.unwrap());

    let refused = [
        backup.connect(&world.actor, &form(&sim)).await.unwrap_err(),
        backup.back_up_now(&world.actor, world.id()).await.unwrap_err(),
        backup.back_up_in_full(&world.actor, world.id()).await.unwrap_err(),
        backup.back_up_customer(org, "ada").await.unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(&error, Error::Refused(why) if why.contains("Backups have stopped")), "{error:?}");
    }
    assert_eq!(store.tenants(org).await.unwrap().len(), 1);
    backup.enqueue_due().await.unwrap();
    assert!(!backup.run_due().await.unwrap(), "a backup that nobody pays for");
}

#[tokio::test]
async fn a_connection_is_tested_again_and_renewed() {
    let world = World::new(small(15)).await;
    let backup = engine(&world, &world.sim);
    let tenant = world.tenant.public_id();
    let view = backup.retest(&world.actor, tenant).await.unwrap();
    assert!(view.signs_in && view.permissions.iter().all(|p| p.granted_by.is_some()), "{view:?}");

    world.control("POST", "/sim/sign-in", json!({"secretExpired": true})).await;
    let view = backup.retest(&world.actor, tenant).await.unwrap();
    assert!(!view.signs_in && view.problem.unwrap().contains("expired"));
    world.control("POST", "/sim/sign-in", json!({"secretExpired": false})).await;

    let renewal = Credentials {
        directory: String::new(),
        client_id: String::new(),
        cloud: String::new(),
        ..form(&world.sim)
    };
    let view = backup.reconnect(&world.actor, tenant, &renewal).await.unwrap();
    assert!(view.signs_in && view.problem.is_none());
    assert_eq!(view.directory, world.sim.tenant_id());
}
