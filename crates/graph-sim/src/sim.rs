//! A running simulator.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use crate::counters::Counters;
use crate::options::{Error, Options};
use crate::shared::Shared;
use crate::{lock, server, tls};

/// A running simulator; dropping it stops it.
pub struct Sim {
    pub(crate) shared: Arc<Shared>,
    base: String,
    tenant_id: String,
    client_id: String,
    client_secret: String,
    ca_pem: Option<String>,
    _stop: watch::Sender<bool>,
}

impl Sim {
    /// Builds the tenant and listens.
    ///
    /// # Errors
    ///
    /// When the address is taken, or certificates cannot be made or written.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let (acceptor, ca_pem) = match &options.tls {
            Some(tls_options) => {
                let (acceptor, pem) = tls::acceptor()?;
                if let Some(path) = &tls_options.ca_out {
                    std::fs::write(path, &pem).map_err(|source| Error::Io {
                        what: format!("cannot write {}", path.display()),
                        source,
                    })?;
                }
                (Some(acceptor), Some(pem))
            }
            None => (None, None),
        };
        let (listener, local) = server::bind(options.listen).await?;
        let shared = Arc::new(Shared::new(options)?);
        let (stop, stopped) = watch::channel(false);
        // A certificate names localhost; over http the address does.
        let base = match &acceptor {
            Some(_) => format!("https://localhost:{}", local.port()),
            None => format!("http://{local}"),
        };
        tokio::spawn(server::run(listener, acceptor, Arc::clone(&shared), stopped));
        let info = shared.read().info.clone();
        Ok(Self {
            shared,
            base,
            tenant_id: info.tenant_id.to_string(),
            client_id: info.client_id.to_string(),
            client_secret: info.client_secret,
            ca_pem,
            _stop: stop,
        })
    }

    /// `http://127.0.0.1:4010`: the Graph is at `{base}/v1.0`, the authority at `{base}/{tenant}`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The tenant's id.
    pub fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// The application's id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The application's secret.
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// The certificate authority as PEM, when serving https.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The ground truth: everything that the directory holds.
    pub fn export(&self) -> Value {
        self.shared.read().export()
    }

    /// What the service was asked for since the last reset.
    pub fn counters(&self) -> Counters {
        lock(&self.shared.counters).clone()
    }

    /// Starts counting anew.
    pub fn reset_counters(&self) {
        *lock(&self.shared.counters) = Counters::default();
    }

    /// The simulated time in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.shared.clock.now()
    }
}
