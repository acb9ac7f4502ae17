//! How many requests a token may make, and how many wrong tokens an address may show. Kept in this process: it keeps
//! one program from crowding out the others, and counts no money.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// Requests of a token in a minute.
pub(super) const REQUESTS: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Wrong tokens from an address in a minute.
const WRONG: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// After so many checks, what has long been quiet is forgotten.
const TIDY: u32 = 4096;

type Keyed = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

pub(super) struct Limits {
    tokens: Keyed,
    addresses: Keyed,
    checks: AtomicU32,
    clock: DefaultClock,
}

impl Default for Limits {
    fn default() -> Self {
        let keyed = |quota| RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Limits {
            tokens: keyed(Quota::per_minute(REQUESTS)),
            addresses: keyed(Quota::per_minute(WRONG)),
            checks: AtomicU32::new(0),
            clock: DefaultClock::default(),
        }
    }
}

/// Too many; the time to wait.
pub(super) struct Wait(pub(super) Duration);

impl Limits {
    /// Counts a request of the token: how many are left.
    pub(super) fn token(&self, id: &str) -> Result<u32, Wait> {
        self.take(&self.tokens, id)
    }

    /// Counts a wrong token from the address.
    pub(super) fn wrong(&self, address: &str) -> Result<u32, Wait> {
        self.take(&self.addresses, address)
    }

    fn take(&self, from: &Keyed, key: &str) -> Result<u32, Wait> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            self.tokens.retain_recent();
            self.addresses.retain_recent();
        }
        match from.check_key(&key.to_owned()) {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(not_yet) => Err(Wait(not_yet.wait_time_from(self.clock.now()))),
        }
    }
}
