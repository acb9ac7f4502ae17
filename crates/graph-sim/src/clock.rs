//! The simulated clock: real time plus what tests moved it by.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Seconds since 1970, movable forward.
pub(crate) struct Clock {
    moved: AtomicI64,
    begun: Duration,
    /// When it began; none for a clock with a fixed start, which stands still unless it is moved.
    started: Option<Instant>,
}

impl Clock {
    pub(crate) fn new(start: Option<i64>) -> Self {
        let (begun, started) = match start {
            Some(start) => (Duration::from_secs(start.unsigned_abs()), None),
            // With its fraction: a clock that began at a full second would be behind everybody else's by up to one.
            None => (SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(), Some(Instant::now())),
        };
        Self { moved: AtomicI64::new(0), begun, started }
    }

    pub(crate) fn now(&self) -> i64 {
        let passed = self.started.map_or(Duration::ZERO, |started| started.elapsed());
        (self.begun + passed).as_secs() as i64 + self.moved.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self, secs: i64) {
        self.moved.fetch_add(secs, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_began_late_in_a_second_is_in_the_next_one_soon() {
        let mut clock = Clock::new(None);
        clock.begun = Duration::from_millis(1_780_000_000_900);
        clock.started = Instant::now().checked_sub(Duration::from_millis(200));
        assert_eq!(clock.now(), 1_780_000_001);
        clock.advance(60);
        assert_eq!(clock.now(), 1_780_000_061);
    }

    #[test]
    fn a_fixed_start_stands_still() {
        let clock = Clock::new(Some(5));
        assert_eq!(clock.now(), 5);
        clock.advance(2);
        assert_eq!(clock.now(), 7);
    }
}
