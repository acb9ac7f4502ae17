//! Control of what the application is granted.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::http::permission_names;
use crate::shared::Shared;

/// Changes what is granted in the simulator's own directory and returns what is granted now. Unless
/// `keep_tokens`, the tokens of before become void, so that the next request shows the change.
pub(super) fn change(
    shared: &Shared,
    keep_tokens: bool,
    edit: impl FnOnce(&mut BTreeSet<String>),
) -> BTreeSet<String> {
    let mut t = shared.write();
    let before = t.permissions.clone();
    edit(&mut t.permissions);
    if t.permissions != before && !keep_tokens {
        shared.auth.revoke(shared.home_id());
    }
    t.permissions.clone()
}

/// `POST permissions {"set": […], "grant": […], "revoke": […], "keepTokens": false}`.
pub(super) fn answer(shared: &Shared, body: &Value) -> Value {
    let keep = body["keepTokens"].as_bool() == Some(true);
    let now = change(shared, keep, |held| {
        if body["set"].is_array() {
            *held = permission_names(body, "set").collect();
        }
        held.extend(permission_names(body, "grant"));
        let revoked: Vec<String> = permission_names(body, "revoke").collect();
        held.retain(|p| !revoked.contains(p));
    });
    json!(now)
}
