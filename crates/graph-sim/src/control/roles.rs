//! Control of who holds which role, and until when.

use serde_json::{Value, json};

use super::definition;
use super::http::{Answer, bad};
use crate::shared::Shared;
use crate::sim::Sim;
use crate::state::Tenant;
use crate::text::{iso, parse_iso};

/// Assigns a role for a time, as an administrator does with Privileged Identity Management, and returns
/// the id of the schedule.
fn assign(
    t: &mut Tenant,
    principal: &str,
    role: &str,
    scope: &str,
    start: Option<i64>,
    end: Option<i64>,
) -> Result<String, String> {
    let definition = definition(t, role).ok_or_else(|| format!("there is no role {role:?}"))?;
    let scope = t.parse_scope(scope).ok_or_else(|| format!("there is no scope {scope:?}"))?;
    let oid = t
        .user(principal)
        .or_else(|| t.by_id(principal).filter(|oid| t.is_live(*oid)))
        .ok_or_else(|| format!("there is nobody {principal:?}"))?;
    let start = start.unwrap_or(t.now);
    if end.is_some_and(|end| end <= t.now || end <= start) {
        return Err("an assignment ends after it begins, and after now".to_owned());
    }
    if t.find_assignment(oid, definition, scope).is_some() {
        return Err("the role is assigned already".to_owned());
    }
    let schedule = t.assign_for(oid, definition, scope, start, end);
    t.record("Add member to role", "Assign", &[oid, definition], Vec::new());
    Ok(schedule.to_string())
}

/// A time as a date or as seconds since 1970.
fn time(body: &Value, key: &str) -> Result<Option<i64>, (u16, String)> {
    match &body[key] {
        Value::Null => Ok(None),
        Value::String(text) => parse_iso(text).map(Some).ok_or_else(|| bad(format!("{key} is no date"))),
        other => other.as_i64().map(Some).ok_or_else(|| bad(format!("{key} is no date"))),
    }
}

/// `POST role-assignments {"principal", "role", "scope"?, "startDateTime"?, "endDateTime"?}`.
pub(super) fn answer(shared: &Shared, body: &Value) -> Answer {
    let text = |key: &str| body[key].as_str().ok_or_else(|| bad(format!("{key} is missing")));
    let (principal, role) = (text("principal")?, text("role")?);
    let scope = body["scope"].as_str().unwrap_or("/");
    let (start, end) = (time(body, "startDateTime")?, time(body, "endDateTime")?);
    let schedule = assign(&mut shared.write(), principal, role, scope, start, end).map_err(bad)?;
    Ok(json!({"roleAssignmentScheduleId": schedule, "endDateTime": end.map(iso)}))
}

impl Sim {
    /// Assigns a role (by name or template id) to somebody (id or principal name) from `start` to `end` in
    /// seconds since 1970, and returns the id of the schedule. It begins and ends on the simulator's clock.
    ///
    /// # Errors
    ///
    /// When there is no such principal, role or scope, the times make no sense, or the role is assigned already.
    pub fn assign_role(
        &self,
        principal: &str,
        role: &str,
        scope: &str,
        start: Option<i64>,
        end: Option<i64>,
    ) -> Result<String, String> {
        assign(&mut self.shared.write(), principal, role, scope, start, end)
    }
}
