//! The simulated clock: real time plus what tests moved it by.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Seconds since 1970, movable forward.
pub(crate) struct Clock {
    base: AtomicI64,
    started: Instant,
    /// A clock with a fixed start stands still unless it is moved.
    frozen: bool,
}

impl Clock {
    pub(crate) fn new(start: Option<i64>) -> Self {
        let real = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |d| d.as_secs() as i64);
        Self { base: AtomicI64::new(start.unwrap_or(real)), started: Instant::now(), frozen: start.is_some() }
    }

    pub(crate) fn now(&self) -> i64 {
        let passed = if self.frozen { 0 } else { self.started.elapsed().as_secs() as i64 };
        self.base.load(Ordering::Relaxed) + passed
    }

    pub(crate) fn advance(&self, secs: i64) {
        self.base.fetch_add(secs, Ordering::Relaxed);
    }
}
