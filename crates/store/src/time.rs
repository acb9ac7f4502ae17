//! Times in the database are whole milliseconds since 1970, UTC: the same on both databases, and their
//! order is the order of numbers.

use chrono::{DateTime, Utc};

/// A stored time, as the rest of the product handles it.
pub(crate) fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}
