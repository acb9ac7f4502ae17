//! The queue of jobs, with several who press and several who work at the same moment.

use std::collections::BTreeSet;

use domain::audit::Detail;
use domain::connection::ProofKind;
use domain::permission::Granted;
use domain::subscription::State;
use domain::view::{JobState, Trigger};
use store::Store;
use store::audit::Entry;
use store::consent::NewConsentLink;
use store::jobs::{Lease, Work};
use store::scope::{OrgScope, TenantScope};
use store::subscriptions::Becomes;
use store::tenants::{NewConnection, NewTenant};
use store::token::TokenHash;
use uuid::Uuid;

use crate::{Fresh, at, stores};

pub const CAPTURE: Work = Work::Capture { reason: Trigger::Person, full: false };

pub const NOTE: Entry<'static> =
    Entry { actor: "ada", event: "organization-moved", object: "o", detail: "", address: "" };

pub fn directory() -> NewTenant {
    NewTenant {
        directory: Uuid::new_v4(),
        name: "Contoso".into(),
        domain: "contoso.example".into(),
        connection: NewConnection {
            cloud: "global".into(),
            client_id: "app".into(),
            proof: ProofKind::Secret,
            secret: "secret".to_owned().into(),
            expires_at: None,
            granted: Granted::default(),
        },
        every_min: 60,
        full_every_min: 10_080,
    }
}

pub async fn customer(store: &Store) -> (OrgScope, TenantScope) {
    let partner = store.create_partner(None, "Northwind", at(0)).await.unwrap();
    let org = store.create_organization(partner, "Contoso", at(0)).await.unwrap();
    (org, store.create_tenant(org, directory(), at(0)).await.unwrap())
}

/// Whether the organization, being in the one state, passes to the other.
pub async fn passes(store: &Store, org: OrgScope, from: State, to: State) -> bool {
    let before = (to == State::Deleted).then_some(from);
    let becomes = Becomes::State { to, before };
    let Some(mut seen) = store.organization_of(org).await.unwrap() else { return false };
    seen.state = from;
    store.change_subscription(&seen, becomes, &Detail::note(to.label()), &NOTE, at(0)).await.unwrap()
}

/// So many workers look for a job at the same moment.
async fn claims(store: &Store, workers: usize) -> Vec<Lease> {
    let tasks: Vec<_> = (0..workers)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.claim(at(1)).await.unwrap() })
        })
        .collect();
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await.unwrap());
    }
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_who_look_at_the_same_moment_take_one_job_of_a_tenant() {
    for Fresh { store, database } in stores().await {
        let (org, one) = customer(&store).await;
        let other = store.create_tenant(org, directory(), at(0)).await.unwrap();
        for round in 0..25 {
            for number in 0..3 {
                for tenant in [one, other] {
                    let work = Work::Restore { number: round * 3 + number };
                    store.enqueue(tenant, &work, "ada", at(0)).await.unwrap();
                }
            }
            let mut left = 6;
            while left > 0 {
                let taken = claims(&store, 6).await;
                let tenants: BTreeSet<Uuid> = taken.iter().map(|l| l.tenant.public_id()).collect();
                assert_eq!(tenants.len(), taken.len(), "{}: two jobs of a tenant run", database.name);
                for lease in &taken {
                    store.finish(lease, JobState::Done, None, at(1)).await.unwrap();
                }
                left -= taken.len();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_that_several_ask_for_at_the_same_moment_is_one_job() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        for _ in 0..15 {
            let tasks: Vec<_> = (0..6)
                .map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move { store.enqueue(tenant, &CAPTURE, "ada", at(0)).await.unwrap() })
                })
                .collect();
            let mut jobs = BTreeSet::new();
            for task in tasks {
                jobs.insert(task.await.unwrap());
            }
            assert_eq!(jobs.len(), 1, "{}", database.name);
            let lease = store.claim(at(1)).await.unwrap().unwrap();
            store.finish(&lease, JobState::Done, None, at(1)).await.unwrap();
        }
    }
}

/// The worker of every job that runs has said nothing for too long.
pub fn goes_silent(database: &testbed::Database) {
    database.meddle("UPDATE job SET lease_until = 1 WHERE state = 'running'");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_ends_by_the_databases_clock_whatever_the_servers_say() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        store.enqueue(tenant, &CAPTURE, "ada", at(0)).await.unwrap();
        let lease = store.claim(at(0)).await.unwrap().unwrap();
        // A server whose clock is days ahead does not take what another works on.
        assert!(store.claim(at(10_000)).await.unwrap().is_none(), "{}", database.name);
        goes_silent(&database);
        store.renew(&lease).await.unwrap();
        assert!(store.claim(at(10_000)).await.unwrap().is_none(), "{}", database.name);
        goes_silent(&database);
        assert!(store.claim(at(0)).await.unwrap().is_some(), "{}", database.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_told_when_to_come_again_has_not_failed() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        let job = store.enqueue(tenant, &CAPTURE, "ada", at(0)).await.unwrap();
        for round in 0..10 {
            let lease = store.claim(at(round)).await.unwrap().unwrap();
            assert_eq!(lease.attempts, 1, "{}", database.name);
            store.park(&lease, "Waiting", at(round + 1)).await.unwrap();
            assert!(store.claim(at(round)).await.unwrap().is_none(), "{}: too early", database.name);
            assert_eq!(store.job(tenant, job).await.unwrap().unwrap().phase, "Waiting");
        }
    }
}

#[tokio::test]
async fn a_full_backup_is_not_answered_with_one_that_reads_only_what_changed() {
    const FULL: Work = Work::Capture { reason: Trigger::Person, full: true };
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        let live = Work::Capture { reason: Trigger::Live, full: false };
        let waits = store.enqueue(tenant, &live, "ada", at(0)).await.unwrap();
        for work in [&FULL, &CAPTURE, &FULL] {
            let same = store.enqueue(tenant, work, "ada", at(0)).await.unwrap();
            assert_eq!(same, waits, "{}: what waits becomes a full one", database.name);
        }
        let runs = store.claim(at(1)).await.unwrap().unwrap();
        assert_eq!(runs.work, Work::Capture { reason: Trigger::Live, full: true }, "{}", database.name);
        assert_eq!(store.enqueue(tenant, &FULL, "ada", at(1)).await.unwrap(), waits, "it runs");
        store.finish(&runs, JobState::Done, None, at(1)).await.unwrap();

        let first = store.enqueue(tenant, &CAPTURE, "ada", at(1)).await.unwrap();
        let runs = store.claim(at(1)).await.unwrap().unwrap();
        assert_eq!((runs.job, &runs.work), (first, &CAPTURE));
        let behind = store.enqueue(tenant, &FULL, "ada", at(1)).await.unwrap();
        assert_ne!(behind, first, "{}: what runs has begun otherwise", database.name);
        store.finish(&runs, JobState::Done, None, at(1)).await.unwrap();
        let next = store.claim(at(1)).await.unwrap().unwrap();
        assert_eq!((next.job, next.work), (behind, FULL), "{}", database.name);
    }
}

/// The one that has waited longer does not pass it: both would run when its worker wakes.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_went_silent_goes_on_before_another_of_the_tenant() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        store.enqueue(tenant, &CAPTURE, "ada", at(2)).await.unwrap();
        let silent = store.claim(at(2)).await.unwrap().unwrap();
        store.enqueue(tenant, &Work::Restore { number: 1 }, "ada", at(1)).await.unwrap();
        assert!(store.claim(at(2)).await.unwrap().is_none(), "{}", database.name);
        goes_silent(&database);
        let again = store.claim(at(2)).await.unwrap().unwrap();
        assert_eq!((again.job, again.attempts), (silent.job, 2), "{}", database.name);
        let late = store.beat(&silent, "Reading", 0, 0).await;
        assert!(matches!(late, Err(store::Error::LeaseLost)), "{late:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_at_once_has_a_backup_that_nobody_called_off() {
    for Fresh { store, database } in stores().await {
        let (org, tenant) = customer(&store).await;
        let again = async || {
            assert!(passes(&store, org, State::Active, State::Unsubscribed).await);
            assert!(passes(&store, org, State::Unsubscribed, State::Active).await);
            store.enqueue(tenant, &CAPTURE, "ada", at(1)).await.unwrap()
        };
        let waits = store.enqueue(tenant, &CAPTURE, "ada", at(0)).await.unwrap();
        let second = again().await;
        assert_eq!(store.job(tenant, waits).await.unwrap().unwrap().state, JobState::Cancelled);
        assert_ne!(second, waits, "{}: a job that was called off is handed out", database.name);

        let runs = store.claim(at(1)).await.unwrap().unwrap();
        assert_eq!(runs.job, second, "{}", database.name);
        let third = again().await;
        assert_ne!(third, second, "{}: a job that is being called off is handed out", database.name);
        assert!(store.beat(&runs, "Reading", 0, 0).await.unwrap(), "it is told to stop");
        store.finish(&runs, JobState::Cancelled, None, at(1)).await.unwrap();
        let next = store.claim(at(1)).await.unwrap().unwrap();
        assert_eq!(next.job, third, "{}", database.name);
        assert!(!store.beat(&next, "Reading", 0, 0).await.unwrap(), "{}", database.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_backups_have_stopped_nothing_is_connected_and_no_backup_asked_for() {
    for Fresh { store, database } in stores().await {
        let (org, tenant) = customer(&store).await;
        store.set_next_backup(tenant, at(1)).await.unwrap();
        let token = TokenHash::of("the link");
        let new =
            NewConsentLink { token, made_by: "ada".into(), sent_to: None, expires_at: at(60), mail: None };
        store.create_consent_link(org, new, &NOTE, at(0)).await.unwrap();
        let link = store.consent_link(token, at(1)).await.unwrap().unwrap();
        for (from, to) in [(State::Active, State::Unsubscribed), (State::Unsubscribed, State::Deleted)] {
            assert!(passes(&store, org, from, to).await);
            let asked = store.enqueue(tenant, &CAPTURE, "ada", at(1)).await;
            assert!(matches!(asked, Err(store::Error::Stopped)), "{}: {asked:?}", database.name);
            let made = store.connect_tenant(org, directory(), &CAPTURE, "ada", at(1)).await;
            assert!(matches!(made, Err(store::Error::Stopped)), "{}: {made:?}", database.name);
            let made = store.create_tenant(org, directory(), at(1)).await;
            assert!(matches!(made, Err(store::Error::Stopped)), "{}: {made:?}", database.name);
            // The administrator took a minute, and the link was good when they began.
            let made = store.connect_by_consent(&link, directory(), &CAPTURE, "eve", &NOTE, at(1)).await;
            assert!(matches!(made, Err(store::Error::Stopped)), "{}: {made:?}", database.name);
            let late = store.set_next_backup(tenant, at(2)).await;
            assert!(matches!(late, Err(store::Error::Stopped)), "{}: {late:?}", database.name);
            assert!(store.tenants_due(at(60)).await.unwrap().is_empty(), "{}", database.name);
            assert!(store.claim(at(60)).await.unwrap().is_none(), "{}", database.name);
            assert_eq!(store.tenants(org).await.unwrap().len(), 1, "{}", database.name);
        }
        // Back again, with the link still good.
        assert!(passes(&store, org, State::Deleted, State::Active).await);
        store.connect_by_consent(&link, directory(), &CAPTURE, "eve", &NOTE, at(1)).await.unwrap().unwrap();
        assert!(store.claim(at(1)).await.unwrap().is_some(), "{}: the first backup", database.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_connects_while_backups_are_stopped_leaves_no_backups_behind() {
    for Fresh { store, database } in stores().await {
        let partner = store.create_partner(None, "Northwind", at(0)).await.unwrap();
        for _ in 0..15 {
            let org = store.create_organization(partner, "Contoso", at(0)).await.unwrap();
            let connects = {
                let store = store.clone();
                tokio::spawn(
                    async move { store.connect_tenant(org, directory(), &CAPTURE, "ada", at(0)).await },
                )
            };
            assert!(passes(&store, org, State::Active, State::Unsubscribed).await);
            match connects.await.unwrap() {
                Ok(tenant) => assert!(store.tenant(tenant).await.unwrap().next_at.is_none()),
                Err(why) => assert!(matches!(why, store::Error::Stopped), "{why:?}"),
            }
            assert!(store.claim(at(60)).await.unwrap().is_none(), "{}", database.name);
        }
    }
}

/// On PostgreSQL the one would hold the tenant and want the organization, and the other the reverse.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_that_fails_while_the_subscription_ends_waits_for_nobody_in_vain() {
    for Fresh { store, .. } in stores().await {
        let (org, tenant) = customer(&store).await;
        for _ in 0..20 {
            store.enqueue(tenant, &CAPTURE, "ada", at(0)).await.unwrap();
            let lease = store.claim(at(1)).await.unwrap().unwrap();
            let fails = {
                let store = store.clone();
                tokio::spawn(async move { store.finish(&lease, JobState::Failed, Some("No."), at(1)).await })
            };
            assert!(passes(&store, org, State::Active, State::Unsubscribed).await);
            fails.await.unwrap().unwrap();
            assert!(passes(&store, org, State::Unsubscribed, State::Active).await);
        }
    }
}
