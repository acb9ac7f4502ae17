//! The addresses of the portal, written once.

use crate::reply::escape;
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

/// A page with a query; what is empty is left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(key);
        address.push('=');
        address.push_str(&escape(value));
    }
    address
}

/// `from` is the earlier point: what comes back in a restore.
pub fn compare(tenant: &str, from: Seq, to: Seq) -> String {
    with_query(&format!("/t/{tenant}/compare"), &[("from", &from.to_string()), ("to", &to.to_string())])
}

#[cfg(test)]
mod tests {
    use super::{compare, with_query};

    #[test]
    fn empty_parts_of_a_query_are_left_out() {
        assert_eq!(with_query("/a", &[("x", ""), ("y", "a b"), ("z", "1")]), "/a?y=a%20b&z=1");
        assert_eq!(compare("t", 1, 2), "/t/t/compare?from=1&to=2");
    }
}
