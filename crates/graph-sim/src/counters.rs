//! What the service was asked for.

use std::collections::BTreeMap;

use serde::Serialize;

/// Requests and what they cost since the last reset.
#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Requests to the Graph part; the items of a batch count, and so does the batch itself.
    pub requests: u64,
    /// Requests to the token endpoint.
    pub tokens: u64,
    /// Resource units of the requests that were not refused.
    pub resource_units: u64,
    /// Writes that were not refused.
    pub writes: u64,
    /// Requests answered 429 by the quota.
    pub throttled: u64,
    /// Requests that a fault rule touched.
    pub faulted: u64,
    /// Bytes of the bodies that were sent.
    pub bytes: u64,
    /// Requests by method and path with its placeholders.
    pub by_shape: BTreeMap<String, u64>,
}
