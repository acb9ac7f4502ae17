//! The addresses of the portal, written once.

pub use crate::address::with_query;

use domain::{Seq, change::ObjectRef};

pub fn overview(tenant: &str) -> String {
    format!("/t/{tenant}")
}

pub fn snapshots(tenant: &str) -> String {
    format!("/t/{tenant}/snapshots")
}

pub fn restores(tenant: &str) -> String {
    format!("/t/{tenant}/restores")
}

pub fn restore(tenant: &str, number: i64) -> String {
    format!("/t/{tenant}/restores/{number}")
}

pub fn connection(tenant: &str) -> String {
    format!("/t/{tenant}/connection")
}

pub fn object(tenant: &str, object: ObjectRef, at: Option<Seq>) -> String {
    let at = at.map(|seq| format!("?at={seq}")).unwrap_or_default();
    format!("/t/{tenant}/objects/{}/{}{at}", object.kind.slug(), object.id)
}

pub fn job_events(tenant: &str, job: &str) -> String {
    format!("/t/{tenant}/jobs/{job}/events")
}

pub fn restore_events(tenant: &str, number: i64) -> String {
    format!("/t/{tenant}/restores/{number}/events")
}

/// `from` is the earlier point: what comes back in a restore.
pub fn compare(tenant: &str, from: Seq, to: Seq) -> String {
    with_query(&format!("/t/{tenant}/compare"), &[("from", &from.to_string()), ("to", &to.to_string())])
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn a_comparison_is_named_by_its_points() {
        assert_eq!(compare("t", 1, 2), "/t/t/compare?from=1&to=2");
    }
}
