//! Requests that assign roles for a time, or make somebody eligible for them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::list;
use super::roles::check_principal;
use crate::call::Call;
use crate::record::Builder;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{Schema, eligibility_request, request};
use crate::state::Tenant;
use crate::state::roles::Eligibility;
use crate::text::{iso, parse_iso};

pub(crate) fn assign(call: &Call, t: &mut Tenant) -> Result<Reply> {
    perform(call, t, false)
}

pub(crate) fn make_eligible(call: &Call, t: &mut Tenant) -> Result<Reply> {
    perform(call, t, true)
}

fn policy(rules: &str) -> GraphError {
    GraphError::new(
        400,
        "RoleAssignmentRequestPolicyValidationFailed",
        format!("The following policy rules failed: [{rules}]"),
    )
}

/// `PT8H`, `P30D`: the durations that administrators send.
fn duration(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut secs = 0;
    for (part, units) in [
        (date, [('D', 86_400), ('W', 604_800), ('M', 2_592_000), ('Y', 31_536_000)]),
        (time, [('H', 3600), ('M', 60), ('S', 1), ('_', 0)]),
    ] {
        let mut number = String::new();
        for c in part.chars() {
            if c.is_ascii_digit() {
                number.push(c);
            } else {
                let factor = units.iter().find(|(u, _)| *u == c)?.1;
                secs += number.parse::<i64>().ok()? * factor;
                number.clear();
            }
        }
    }
    (secs > 0).then_some(secs)
}

/// Start and end of `scheduleInfo`.
fn period(t: &Tenant, info: &Value) -> Result<(i64, Option<i64>)> {
    let date = |v: &Value| {
        v.as_str()
            .map(|s| parse_iso(s).ok_or_else(|| GraphError::bad("Invalid date in scheduleInfo.")))
            .transpose()
    };
    let start = date(&info["startDateTime"])?.unwrap_or(t.now);
    let expiration = &info["expiration"];
    let end = match expiration["type"].as_str().unwrap_or("noExpiration") {
        "noExpiration" => None,
        "afterDateTime" => {
            Some(date(&expiration["endDateTime"])?.ok_or_else(|| policy("\"ExpirationRule\""))?)
        }
        "afterDuration" => {
            let length = expiration["duration"]
                .as_str()
                .and_then(duration)
                .ok_or_else(|| policy("\"ExpirationRule\""))?;
            Some(start + length)
        }
        _ => return Err(policy("\"ExpirationRule\"")),
    };
    if end.is_some_and(|end| end <= t.now) {
        return Err(policy("\"ExpirationRule\""));
    }
    Ok((start, end))
}

fn perform(call: &Call, t: &mut Tenant, eligible: bool) -> Result<Reply> {
    let body = Value::Object(call.object()?.clone());
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let action = text("action").to_owned();
    let principal = t
        .by_id(text("principalId"))
        .filter(|oid| t.is_live(*oid))
        .ok_or_else(|| GraphError::not_found(text("principalId")))?;
    let role = t
        .role_definition(text("roleDefinitionId"))
        .ok_or_else(|| GraphError::not_found(text("roleDefinitionId")))?;
    let scope = t
        .parse_scope(text("directoryScopeId"))
        .ok_or_else(|| GraphError::bad("The directory scope of the request is invalid."))?;
    check_principal(t, principal)?;
    if text("justification").is_empty() && action != "adminRemove" && !call.system {
        return Err(policy("\"JustificationRule\""));
    }
    let dry = body["isValidationOnly"].as_bool() == Some(true);
    let exists = || GraphError::new(400, "RoleAssignmentExists", "The Role assignment already exists.");
    let missing =
        || GraphError::new(400, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.");
    let at = t.find_assignment(principal, role, scope);
    let eligibility =
        t.eligibilities.iter().position(|e| e.principal == principal && e.role == role && e.scope == scope);
    let planned = t
        .planned
        .iter()
        .position(|p| !eligible && p.principal == principal && p.role == role && p.scope == scope);
    let held = if eligible { eligibility } else { at };
    let (start, end) =
        if action == "adminRemove" { (t.now, None) } else { period(t, &body["scheduleInfo"])? };
    let (status, target) = match action.as_str() {
        "adminAssign" => {
            if held.is_some() || planned.is_some() {
                return Err(exists());
            }
            let target = if dry {
                Uuid::nil().to_string()
            } else if eligible {
                let id = t.fresh_id();
                t.make_eligible(Eligibility { id, principal, role, scope, start, end });
                id.to_string()
            } else {
                t.assign_for(principal, role, scope, start.max(t.now), end).to_string()
            };
            // What the status is before the start is not documented; this one says it.
            (if start > t.now { "ScheduleCreated" } else { "Provisioned" }, target)
        }
        "adminUpdate" | "adminExtend" | "adminRenew" => {
            let held = held.ok_or_else(missing)?;
            if eligible {
                if !dry {
                    t.extend_eligibility(held, end);
                }
                ("Provisioned", t.eligibilities[held].id.to_string())
            } else {
                if !dry {
                    t.extend_assignment(held, end);
                }
                ("Provisioned", t.assignments[held].schedule.to_string())
            }
        }
        "adminRemove" => {
            match (held, planned) {
                (None, None) => return Err(missing()),
                _ if dry => {}
                (Some(held), _) if eligible => t.end_eligibility(held),
                (Some(held), _) => drop(t.unassign(held)),
                (None, Some(planned)) => drop(t.planned.remove(planned)),
            }
            ("Revoked", Uuid::nil().to_string())
        }
        // Activation by the holder; only the directory itself plays that here.
        "selfActivate" if call.system && !eligible => {
            if eligibility.is_none() {
                return Err(policy("\"EligibilityRule\""));
            }
            if at.is_some() {
                return Err(exists());
            }
            let end = end.or(Some(t.now + 8 * 3600));
            let at = t.assign(principal, role, scope, end, true);
            ("Provisioned", t.assignments[at].schedule.to_string())
        }
        _ => {
            return Err(GraphError::bad(
                "The action of the request is not supported with application permissions.",
            ));
        }
    };
    if !dry {
        let activity = if eligible { "Add eligible member to role" } else { "Add member to role" };
        t.record(activity, "Assign", &[principal, role], Vec::new());
    }
    answer(call, t, eligible, &body, status, &target, (start, end))
}

fn answer(
    call: &Call,
    t: &mut Tenant,
    eligible: bool,
    body: &Value,
    status: &str,
    target: &str,
    (start, end): (i64, Option<i64>),
) -> Result<Reply> {
    let id = t.fresh_id().to_string();
    let schema: &Schema = if eligible { &eligibility_request::SCHEMA } else { &request::SCHEMA };
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    // Both kinds of requests have the same properties in the same order.
    let mut b = Builder::default();
    b.str(request::ID, &id).str(request::STATUS, status).date(request::CREATED, t.now);
    b.date(request::COMPLETED, t.now).str(request::ACTION, &text("action"));
    b.str(request::PRINCIPAL, &text("principalId")).str(request::ROLE, &text("roleDefinitionId"));
    b.str(request::SCOPE, &text("directoryScopeId"));
    b.bool(request::VALIDATION, body["isValidationOnly"].as_bool() == Some(true))
        .str(request::TARGET, target);
    b.str(request::JUSTIFICATION, &text("justification"));
    let expiration = match end {
        Some(end) => json!({"type": "afterDateTime", "endDateTime": iso(end), "duration": null}),
        None => json!({"type": "noExpiration", "endDateTime": null, "duration": null}),
    };
    b.raw(
        request::INFO,
        json!({"startDateTime": iso(start), "recurrence": null, "expiration": expiration})
            .to_string()
            .as_bytes(),
    );
    list::row(call, schema, &b.finish(), 201)
}
