//! How a capture says how far it is, and hears that it should stop.

use std::time::{Duration, Instant};

use store::Store;
use store::jobs::Lease;

use crate::{Error, Result};

/// Between two beats: often enough for a page to look alive, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(400);

/// Reports to the job that a capture or a restore is done for; without one, to nobody.
pub struct Watch {
    store: Store,
    lease: Option<Lease>,
    last: Option<(Instant, String)>,
}

impl Watch {
    #[must_use]
    pub fn new(store: Store, lease: Option<Lease>) -> Watch {
        Watch { store, lease, last: None }
    }

    #[must_use]
    pub const fn lease(&self) -> Option<&Lease> {
        self.lease.as_ref()
    }

    /// Says what is being done, at most every [`EVERY`] unless the phase is new.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when somebody asked the job to stop; a store error when the lease was lost.
    pub async fn report(&mut self, phase: &str, done: i64, total: i64) -> Result<()> {
        let Some(lease) = &self.lease else { return Ok(()) };
        if let Some((at, what)) = &self.last
            && at.elapsed() < EVERY
            && what == phase
        {
            return Ok(());
        }
        self.last = Some((Instant::now(), phase.to_owned()));
        if self.store.beat(lease, phase, done, total).await? {
            return Err(Error::Cancelled);
        }
        Ok(())
    }
}
