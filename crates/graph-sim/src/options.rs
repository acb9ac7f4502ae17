//! How a simulator is set up.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::Manners;

/// Latency and quota.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Profile {
    /// No latency, no quota.
    #[default]
    Instant,
    /// As measured on a live tenant of 100,000 users.
    Realistic,
}

impl std::str::FromStr for Profile {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "instant" => Ok(Self::Instant),
            "realistic" => Ok(Self::Realistic),
            other => Err(format!("unknown profile {other:?}: use instant or realistic")),
        }
    }
}

/// Serving over https.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// Where the certificate authority is written as PEM; nowhere when absent.
    pub ca_out: Option<PathBuf>,
}

/// Everything that shapes a simulator. `Default` is small and instant.
#[derive(Clone, Debug)]
pub struct Options {
    /// Users of the tenant.
    pub users: usize,
    /// Groups of the tenant.
    pub groups: usize,
    /// Members of each group; 0 gives sizes as they come in life.
    pub members: usize,
    /// The same seed gives the same tenant.
    pub seed: u64,
    /// Latency and quota.
    pub profile: Profile,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Serve https.
    pub tls: Option<TlsOptions>,
    /// Start of the simulated clock in seconds since 1970; the real time when absent.
    pub start: Option<i64>,
    /// Directory roles that the application holds at tenant scope, by name or template id.
    pub directory_roles: Vec<String>,
    /// Addresses that the authority may send a browser back to.
    pub redirect_uris: Vec<String>,
    /// Extra passes in which a full groups/delta repeats its objects, as large tenants do.
    pub delta_repeats: u8,
    /// How clients are treated; rough manners take the seed of the tenant.
    pub manners: Manners,
    /// Custom roles have a recycle bin, as in the global cloud (unifiedroledefinition-restore).
    pub role_bin: bool,
    /// Delta tells the links of an object that comes back from the recycle bin. No page promises it.
    pub undelete_tells_links: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            users: 200,
            groups: 40,
            members: 0,
            seed: 7,
            profile: Profile::Instant,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            start: None,
            directory_roles: vec!["Privileged Authentication Administrator".to_owned()],
            redirect_uris: Vec::new(),
            delta_repeats: 0,
            manners: Manners::Polite,
            role_bin: true,
            undelete_tells_links: false,
        }
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be listened on, or the authority's file cannot be written.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Certificates could not be made.
    #[error("cannot make certificates: {0}")]
    Tls(String),
    /// The embedded signing key was refused.
    #[error("cannot load the signing key: {0}")]
    Key(String),
}
