//! One size: first capture, nothing changed, a hundred changes, a comparison, storage.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use backup::capture::{self, Request, Watch};
use backup::{Clock, SystemClock};
use domain::permission::Granted;
use domain::view::{SnapshotRow, Trigger};
use graph::{Budgets, Client, Cloud, Credential, Hosts, Http, Proof, Quota, Quotas};
use store::scope::TenantScope;
use store::tenants::{NewConnection, NewTenant};
use store::{MasterKey, Store};

struct Bench {
    store: Store,
    client: Client,
    clock: Arc<dyn Clock>,
    tenant: TenantScope,
    base: String,
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [users, base, directory, client_id, secret, database] = args else {
        anyhow::bail!("--one takes six arguments");
    };
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(async {
        let bench = Bench::new(base, directory, client_id, secret, database).await?;
        bench.measure(users.parse().context("the number of users")?).await
    })
}

impl Bench {
    async fn new(
        base: &str,
        directory: &str,
        client_id: &str,
        secret: &str,
        database: &str,
    ) -> Result<Bench> {
        graph::install_crypto();
        let store = Store::open(database, MasterKey::generate()).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let now = clock.now();
        let partner = store.create_partner(None, "Bench", now).await?;
        let org = store.create_organization(partner, "Bench", now).await?;
        let tenant = store
            .create_tenant(
                org,
                NewTenant {
                    directory: directory.parse().context("the tenant id")?,
                    name: "Bench".into(),
                    domain: "bench.example".into(),
                    connection: NewConnection {
                        cloud: "global".into(),
                        client_id: client_id.to_owned(),
                        proof: domain::connection::ProofKind::Secret,
                        secret: secret.to_owned().into(),
                        expires_at: None,
                        granted: Granted::default(),
                    },
                    every_min: 60,
                    full_every_min: 10_080,
                },
                now,
            )
            .await?;
        let host: url::Url = base.parse()?;
        // The simulator's instant profile has no quota; the client should not wait for one either.
        let plenty = Quota { burst: 1e9, per_second: 1e9 };
        let quotas = Quotas { pair_units: plenty, app_units: plenty, ..Quotas::default() };
        let credential = Credential {
            tenant: directory.to_owned(),
            client_id: client_id.to_owned(),
            proof: Proof::secret(secret.to_owned()),
        };
        let client = Client::new(
            Http::new()?,
            Hosts::of(Cloud::Global).with_overrides(Some(host.clone()), Some(host)),
            credential,
            Budgets::new(quotas),
        );
        Ok(Bench { store, client, clock, tenant, base: base.to_owned() })
    }

    async fn capture(&self, full: bool) -> Result<(SnapshotRow, Duration, graph::MeterReading)> {
        let before = self.client.meter();
        let begun = Instant::now();
        let mut watch = Watch::new(self.store.clone(), None);
        let request = Request { reason: Trigger::Person, full, ends_job: false };
        let row =
            capture::run(&self.store, &self.client, &self.clock, self.tenant, request, &mut watch).await?;
        Ok((row, begun.elapsed(), self.client.meter() - before))
    }

    async fn measure(&self, users: usize) -> Result<()> {
        let idle = peak_kb();
        let (first, took, cost) = self.capture(true).await?;
        line(
            users,
            "first capture",
            took,
            &format!(
                "{} objects, {} links, {} requests, {} units, peak {} MB (idle {} MB)",
                first.objects,
                first.links,
                cost.requests,
                cost.resource_units,
                peak_kb() / 1024,
                idle / 1024
            ),
        );
        for (table, bytes) in self.store.size_by_table().await?.iter().take(8) {
            println!("| {users} | storage: {table} | {:.1} MB | |", *bytes as f64 / 1e6);
        }
        let (_, took, cost) = self.capture(false).await?;
        line(users, "nothing changed", took, &format!("{} requests", cost.requests));

        self.change_a_hundred().await?;
        let (changed, took, cost) = self.capture(false).await?;
        line(
            users,
            "a hundred changes",
            took,
            &format!("{} updated, {} requests", changed.updated, cost.requests),
        );
        let begun = Instant::now();
        let rounds = 20;
        for _ in 0..rounds {
            self.store.difference(self.tenant, 2, 3).await?;
        }
        line(users, "compare, in the store", begun.elapsed() / rounds, "");
        let (_, took, cost) = self.capture(true).await?;
        line(users, "reconcile", took, &format!("{} requests, peak {} MB", cost.requests, peak_kb() / 1024));
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct User {
    id: String,
}

impl Bench {
    /// A hundred people move to another office, and nothing else happens: a rule or a group that changed would
    /// bring thousands of memberships along at this size.
    async fn change_a_hundred(&self) -> Result<()> {
        let page = self.client.pages::<User>("/users?$top=100&$select=id").next().await?;
        let http = reqwest::Client::new();
        for user in page.context("a page of users")?.items {
            http.post(format!("{}/sim/apply", self.base))
                .json(&serde_json::json!({
                    "method": "PATCH",
                    "path": format!("/users/{}", user.id),
                    "body": {"officeLocation": "Elsewhere"},
                }))
                .send()
                .await?
                .error_for_status()?;
        }
        Ok(())
    }
}

fn line(users: usize, what: &str, took: Duration, more: &str) {
    println!("| {users} | {what} | {:.1} ms | {more} |", took.as_secs_f64() * 1000.0);
}

/// The largest resident size of this process so far, in kilobytes; 0 where the system does not say.
fn peak_kb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|s| s.lines().find_map(|l| l.strip_prefix("VmHWM:").map(str::to_owned)))
        .and_then(|l| l.split_whitespace().next().and_then(|n| n.parse().ok()))
        .unwrap_or(0)
}
