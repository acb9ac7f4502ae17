//! A job's lease is kept by a task of its own, whatever the work waits for.

use std::time::Duration;

use store::Store;
use store::jobs::{LEASE, Lease, Work};
use tokio::task::JoinHandle;

use crate::{Error, Result};

/// So often that one beat may fail.
pub(super) const EVERY: Duration = Duration::from_secs(LEASE.as_secs() / 3);

/// Does some work while the lease is renewed `every` so often, and ends it when the lease is lost. A capture is also
/// ended when somebody asks it to stop: nothing of it was published. A restore looks for that itself, between two writes.
pub(super) async fn keep<T>(
    store: &Store,
    lease: &Lease,
    every: Duration,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut beating = Beating(tokio::spawn(beat(store.clone(), lease.clone(), every)));
    tokio::select! {
        done = work => done,
        ended = &mut beating.0 => Err(ended.unwrap_or(Error::Store(store::Error::LeaseLost))),
    }
}

/// A task that ends with its owner.
struct Beating(JoinHandle<Error>);

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Renews the lease until the work has to end; why it has to.
async fn beat(store: Store, lease: Lease, every: Duration) -> Error {
    loop {
        tokio::time::sleep(every).await;
        match store.renew(&lease).await {
            Ok(true) if matches!(lease.work, Work::Capture { .. }) => return Error::Cancelled,
            Ok(_) => {}
            Err(lost @ store::Error::LeaseLost) => return Error::Store(lost),
            // What the work writes itself says whether the lease still holds.
            Err(error) => tracing::warn!(job = %lease.job, %error, "the job's lease was not renewed"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use chrono::Utc;
    use domain::connection::ProofKind;
    use domain::view::Trigger;
    use store::MasterKey;
    use store::tenants::{NewConnection, NewTenant};
    use testbed::Database;

    use super::*;

    const OFTEN: Duration = Duration::from_millis(5);

    /// Databases with a capture that a worker has just taken.
    async fn captures() -> Vec<(Database, Store, Lease)> {
        let mut out = Vec::new();
        for database in testbed::databases() {
            let store = Store::open(&database.url, MasterKey::from_bytes([7; 32])).await.unwrap();
            let now = Utc::now();
            let partner = store.create_partner(None, "Northwind", now).await.unwrap();
            let org = store.create_organization(partner, "Contoso", now).await.unwrap();
            let directory = NewTenant {
                directory: uuid::Uuid::new_v4(),
                name: "Contoso".into(),
                domain: "contoso.example".into(),
                connection: NewConnection {
                    cloud: "global".into(),
                    client_id: "app".into(),
                    proof: ProofKind::Secret,
                    secret: "secret".to_owned().into(),
                    expires_at: None,
                    granted: domain::permission::Granted::default(),
                },
                every_min: 60,
                full_every_min: 10_080,
            };
            let tenant = store.create_tenant(org, directory, now).await.unwrap();
            let capture = Work::Capture { reason: Trigger::Person, full: false };
            store.enqueue(tenant, &capture, "ada", now).await.unwrap();
            let lease = store.claim(now).await.unwrap().unwrap();
            out.push((database, store, lease));
        }
        out
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_that_waits_for_microsoft_keeps_its_lease() {
        for (database, store, lease) in captures().await {
            database.meddle("UPDATE job SET lease_until = 1");
            let waits = async {
                while database.number("SELECT lease_until FROM job") == 1 {
                    tokio::task::yield_now().await;
                }
                Ok(())
            };
            keep(&store, &lease, OFTEN, waits).await.unwrap();
            assert!(store.claim(Utc::now()).await.unwrap().is_none(), "{}", database.name);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_that_another_worker_has_taken_ends_while_it_waits() {
        for (database, store, lease) in captures().await {
            database.meddle("UPDATE job SET lease_until = 1");
            store.claim(Utc::now()).await.unwrap().unwrap();
            let ended = keep(&store, &lease, OFTEN, std::future::pending::<Result<()>>()).await;
            let lost = matches!(ended, Err(Error::Store(store::Error::LeaseLost)));
            assert!(lost, "{}: {ended:?}", database.name);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_capture_that_waits_for_microsoft_can_be_cancelled() {
        for (database, store, lease) in captures().await {
            store.cancel_job(lease.tenant, lease.job, Utc::now()).await.unwrap();
            let ended = keep(&store, &lease, OFTEN, std::future::pending::<Result<()>>()).await;
            assert!(matches!(ended, Err(Error::Cancelled)), "{}: {ended:?}", database.name);
        }
    }
}
