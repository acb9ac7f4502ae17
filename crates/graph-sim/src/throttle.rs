//! Quota and latency of the realistic profile.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::reply::GraphError;
use crate::text::http_date;

/// Burst and refill of resource units, as measured on a live tenant.
const BUCKET: f64 = 20_000.0;
const REFILL: f64 = 730.0;
/// Writes in a window.
const WRITES: usize = 3_000;
const WINDOW: Duration = Duration::from_secs(150);

/// The quota of the application in the tenant.
pub(crate) struct Throttle {
    units: f64,
    filled: Instant,
    writes: VecDeque<Instant>,
    refusals: u64,
    /// A bucket that a test made smaller.
    pub(crate) bucket: f64,
    pub(crate) refill: f64,
    pub(crate) write_limit: usize,
}

impl Throttle {
    pub(crate) fn new() -> Self {
        Self {
            units: BUCKET,
            filled: Instant::now(),
            writes: VecDeque::new(),
            refusals: 0,
            bucket: BUCKET,
            refill: REFILL,
            write_limit: WRITES,
        }
    }

    pub(crate) fn set(&mut self, bucket: f64, refill: f64, write_limit: usize) {
        (self.bucket, self.refill, self.write_limit) = (bucket, refill, write_limit);
        self.units = bucket;
        self.writes.clear();
    }

    /// Takes a request's cost, or says when to come back.
    pub(crate) fn take(&mut self, units: u32, write: bool, now: i64) -> Result<(), GraphError> {
        let instant = Instant::now();
        let gained = instant.duration_since(self.filled).as_secs_f64() * self.refill;
        self.units = (self.units + gained).min(self.bucket);
        self.filled = instant;
        while self.writes.front().is_some_and(|at| instant.duration_since(*at) > WINDOW) {
            self.writes.pop_front();
        }
        if write && self.writes.len() >= self.write_limit {
            let oldest = self
                .writes
                .front()
                .map_or(Duration::ZERO, |at| WINDOW - instant.duration_since(*at).min(WINDOW));
            return Err(self.refuse(
                oldest.as_secs_f64().clamp(1.0, 30.0),
                now,
                "WriteLimitExceeded",
                "Write",
            ));
        }
        if self.units < f64::from(units) {
            let wait = (f64::from(units) - self.units) / self.refill + 0.5;
            return Err(self.refuse(wait.max(1.0), now, "ResourceUnitLimitExceeded", "ReadWrite"));
        }
        self.units -= f64::from(units);
        if write {
            self.writes.push_back(instant);
        }
        Ok(())
    }

    fn refuse(&mut self, wait: f64, now: i64, why: &str, limit: &str) -> GraphError {
        self.refusals += 1;
        let mut e = too_many(retry_after(RetryAfter::of(self.refusals), wait, now));
        e.headers.push(("x-ms-throttle-information".into(), why.to_owned()));
        e.headers.push(("x-ms-throttle-scope".into(), format!("Tenant_Application/{limit}")));
        e
    }
}

/// The forms in which a client is told when to come back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// `3`
    Seconds,
    /// `2.128`
    Fractional,
    /// `Sat, 31 Jan 2026 08:15:00 GMT`
    Date,
    /// No header.
    Absent,
}

impl RetryAfter {
    /// One after the other.
    pub(crate) fn of(n: u64) -> Self {
        [Self::Seconds, Self::Fractional, Self::Date, Self::Absent][(n % 4) as usize]
    }
}

/// The header's value in a form.
pub(crate) fn retry_after(form: RetryAfter, wait: f64, now: i64) -> Option<String> {
    match form {
        RetryAfter::Seconds => Some(format!("{}", wait.ceil() as u64)),
        RetryAfter::Fractional => Some(format!("{:.3}", wait + 0.128)),
        RetryAfter::Date => Some(http_date(now + wait.ceil() as i64 + 1)),
        RetryAfter::Absent => None,
    }
}

/// A 429.
pub(crate) fn too_many(retry_after: Option<String>) -> GraphError {
    let mut e =
        GraphError::new(429, "TooManyRequests", "Too many requests from this application. Try again later.");
    e.inner_code = Some("429".into());
    e.headers.extend(retry_after.map(|v| ("retry-after".into(), v)));
    e
}

/// How long a live tenant takes: half a second for a full page, a ninth for a small read.
pub(crate) fn latency(page: usize, write: bool) -> Duration {
    if write {
        return Duration::from_millis(113);
    }
    Duration::from_millis(113 + (470 - 113) * page.min(999) as u64 / 999)
}
