//! People and what they may do: sign-in, the set-up of an empty installation, and the audit log. Its face
//! is [`Portal`].

mod audit;
mod error;
mod limits;
mod password;
mod rules;
mod session;
mod setup;
mod sign_in;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::Store;

pub use audit::Event;
pub use error::Error;
pub use password::Cost;
pub use session::{ABSOLUTE, IDLE, Identity, TOUCH};
pub use setup::{SetUp, SetUpLink};

use password::Hasher;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Where the time comes from, so that every rule about time can be tested.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Portal {
    store: Store,
    hasher: Hasher,
    now: Now,
}

impl std::fmt::Debug for Portal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Portal")
    }
}

impl Portal {
    /// `cost` is what a password hash costs from now on; hashes of another cost are renewed at the next
    /// sign-in.
    ///
    /// # Errors
    /// When the cost is out of the algorithm's bounds.
    pub fn new(store: Store, cost: Cost, now: Now) -> Result<Portal> {
        Ok(Portal { store, hasher: Hasher::new(cost)?, now })
    }

    /// The database beneath.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }
}
