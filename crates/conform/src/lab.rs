//! The simulator, and what only a simulator lets one do: take permissions away, and be throttled on purpose.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use graph::Cloud;
use graph_sim::{Options, Sim};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::connection::Account;
use crate::verdict::Stop;

/// A simulator that probes may ask.
pub struct Lab {
    sim: Sim,
    http: reqwest::Client,
}

impl Lab {
    /// Starts one, with a tenant that takes more than one page and in which something has happened.
    pub async fn start() -> Result<Lab> {
        graph::install_crypto();
        let options = Options { users: 420, groups: 180, ..Options::default() };
        let sim = Sim::start(options).await.context("the simulator did not start")?;
        let lab = Lab { sim, http: reqwest::Client::new() };
        let happened = lab.control("random-changes", json!({"seed": 1, "count": 30})).await;
        if let Err(Stop::Differs(why) | Stop::NotTried(why)) = happened {
            bail!("{why}");
        }
        Ok(lab)
    }

    /// The app that may ask it.
    pub fn account(&self) -> Result<Account> {
        Ok(Account {
            tenant: self.sim.tenant_id().to_owned(),
            client_id: self.sim.client_id().to_owned(),
            secret: SecretString::from(self.sim.client_secret()),
            cloud: Cloud::Global,
            at: Some(self.sim.base().parse()?),
            patience: Duration::from_secs(3),
        })
    }

    /// Grants the app these permissions and no other. A token from before does not know.
    pub(crate) async fn grant(&self, permissions: &[&str]) -> Result<(), Stop> {
        self.control("permissions", json!({ "set": permissions })).await
    }

    /// Gives the app the directory role that outranks all, or takes all from it.
    pub(crate) async fn outrank(&self, holds: bool) -> Result<(), Stop> {
        let role = "Privileged Authentication Administrator";
        let body = if holds { json!({ "grant": [role] }) } else { json!({ "clear": true }) };
        self.control("directory-roles", body).await
    }

    /// Makes every delta token void, as the service does when it wants a full synchronization.
    pub(crate) async fn reset_delta(&self) -> Result<(), Stop> {
        self.control("delta-reset", json!({})).await
    }

    /// Throttles the next request whose path has this in it.
    pub(crate) async fn throttle(&self, path: &str) -> Result<(), Stop> {
        let rule = json!({
            "match": {"pathContains": path},
            "when": {"limit": 1},
            "action": {"type": "status", "status": 429, "retryAfter": "seconds", "retrySeconds": 1.0},
        });
        self.control("faults", rule).await
    }

    async fn control(&self, call: &str, body: Value) -> Result<(), Stop> {
        let sent = async {
            let url = format!("{}/sim/{call}", self.sim.base());
            let answer = self.http.post(url).json(&body).send().await?;
            ensure!(answer.status().is_success(), "{}", answer.status());
            Ok(())
        };
        sent.await.map_err(|error| Stop::NotTried(format!("the simulator's control refused: {error}")))
    }
}
