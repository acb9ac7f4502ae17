//! What a connection has cost so far.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// Totals since the client was made. Subtract two readings to know what one job cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterReading {
    /// HTTP requests sent to Graph, every attempt and every batch counting one.
    pub requests: u64,
    /// Resource units: what `x-ms-resource-unit` said, else the estimate by path.
    pub resource_units: u64,
    /// Writes sent, alone or inside batches, every attempt counting one.
    pub writes: u64,
    /// Attempts after the first, for whatever reason.
    pub retries: u64,
    /// Answers with 429, of requests and of items inside batches.
    pub throttled: u64,
    /// Time spent waiting for budgets and between attempts, added up over concurrent requests.
    pub waited: Duration,
    /// Bytes of answers, after decompression.
    pub bytes: u64,
    /// Access tokens acquired.
    pub sign_ins: u64,
}

impl std::ops::Sub for MeterReading {
    type Output = MeterReading;

    fn sub(self, earlier: MeterReading) -> MeterReading {
        MeterReading {
            requests: self.requests.saturating_sub(earlier.requests),
            resource_units: self.resource_units.saturating_sub(earlier.resource_units),
            writes: self.writes.saturating_sub(earlier.writes),
            retries: self.retries.saturating_sub(earlier.retries),
            throttled: self.throttled.saturating_sub(earlier.throttled),
            waited: self.waited.saturating_sub(earlier.waited),
            bytes: self.bytes.saturating_sub(earlier.bytes),
            sign_ins: self.sign_ins.saturating_sub(earlier.sign_ins),
        }
    }
}

#[derive(Default)]
pub(crate) struct Meter {
    requests: AtomicU64,
    resource_units: AtomicU64,
    writes: AtomicU64,
    retries: AtomicU64,
    throttled: AtomicU64,
    waited_micros: AtomicU64,
    bytes: AtomicU64,
    sign_ins: AtomicU64,
}

impl Meter {
    pub(crate) fn sent(&self, writes: u32) {
        self.requests.fetch_add(1, Relaxed);
        self.writes.fetch_add(u64::from(writes), Relaxed);
    }

    pub(crate) fn units(&self, units: u32) {
        self.resource_units.fetch_add(u64::from(units), Relaxed);
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn throttled(&self, times: usize) {
        self.throttled.fetch_add(times as u64, Relaxed);
    }

    pub(crate) fn waited(&self, time: Duration) {
        self.waited_micros.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    pub(crate) fn signed_in(&self) {
        self.sign_ins.fetch_add(1, Relaxed);
    }

    pub(crate) fn read(&self) -> MeterReading {
        MeterReading {
            requests: self.requests.load(Relaxed),
            resource_units: self.resource_units.load(Relaxed),
            writes: self.writes.load(Relaxed),
            retries: self.retries.load(Relaxed),
            throttled: self.throttled.load(Relaxed),
            waited: Duration::from_micros(self.waited_micros.load(Relaxed)),
            bytes: self.bytes.load(Relaxed),
            sign_ins: self.sign_ins.load(Relaxed),
        }
    }
}
