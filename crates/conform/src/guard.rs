//! Keeps probes to their own objects: a write about anything else is not sent.

use std::collections::HashSet;

use graph::Method;
use serde_json::Value;
use uuid::Uuid;

/// Whether a write is about an object in `own`: the first id of its path, or, where it creates, the principal
/// that its body names.
pub(crate) fn allows(method: Method, path: &str, body: Option<&Value>, own: &HashSet<String>) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let about = segments.clone().find(|segment| Uuid::try_parse(segment).is_ok()).or_else(|| {
        // The ids of role assignments have no form of their own.
        segments.find(|segment| *segment == "roleAssignments")?;
        segments.next()
    });
    match about {
        Some(id) => own.contains(id),
        None => {
            let principal = body.and_then(|body| body["principalId"].as_str());
            method == Method::Post && principal.is_none_or(|id| own.contains(id))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_probe_made_is_written() {
        const MINE: &str = "0c0a4b7e-0000-4000-8000-000000000001";
        const YOURS: &str = "0c0a4b7e-0000-4000-8000-000000000002";
        let own = HashSet::from([MINE.to_owned(), "as-1".to_owned()]);
        let may = |method, path: &str, body: Value| allows(method, path, Some(&body), &own);
        let roles = "/roleManagement/directory/roleAssignments";
        assert!(may(Method::Post, "/users", json!({})));
        assert!(may(Method::Patch, &format!("/users/{MINE}"), json!({})));
        assert!(may(Method::Delete, &format!("/groups/{MINE}/members/{YOURS}/$ref"), json!({})));
        assert!(may(Method::Post, roles, json!({"principalId": MINE})));
        assert!(may(Method::Delete, &format!("{roles}/as-1"), json!({})));
        assert!(!may(Method::Patch, &format!("/users/{YOURS}"), json!({})));
        assert!(!may(Method::Delete, &format!("/groups/{YOURS}/members/{MINE}/$ref"), json!({})));
        assert!(!may(Method::Post, &format!("/directory/deletedItems/{YOURS}/restore"), json!({})));
        assert!(!may(Method::Post, roles, json!({"principalId": YOURS})));
        assert!(!may(Method::Delete, &format!("{roles}/as-2"), json!({})));
        assert!(!may(Method::Delete, "/users", json!({})));
        assert!(!may(Method::Patch, "/policies/authorizationPolicy", json!({})));
    }
}
