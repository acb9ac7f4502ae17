//! The record of what was done to the tenant, and what came of it between two positions or times.

use serde_json::{Value, json};

use super::http::{Answer, bad};
use crate::shared::Shared;
use crate::sim::Sim;
use crate::state::Tenant;
use crate::state::audit::Actor;
use crate::state::history::{Entry, Fact};
use crate::state::net::{assigned, eligible, life, relation, value};
use crate::text::{iso, parse_iso};

fn by(actor: &Actor) -> Value {
    match actor {
        Actor::App => json!({"type": "application"}),
        Actor::Directory => json!({"type": "directory"}),
        Actor::Person { id, name, upn } => {
            json!({"type": "user", "id": id, "displayName": name, "userPrincipalName": upn})
        }
    }
}

fn entry(t: &Tenant, position: usize, e: &Entry) -> Value {
    let role = |role, scope| json!({"roleDefinitionId": t.id(role), "directoryScopeId": t.scope_text(scope)});
    let (what, mut out) = match &e.fact {
        Fact::Created(_) => ("created", json!({})),
        Fact::Life(before, after) => {
            let what = match life(Some(*after)) {
                "live" => "restored",
                other => other,
            };
            (what, json!({"before": life(Some(*before))}))
        }
        Fact::Set(prop, before, after) => {
            let name = t.object(e.oid).kind.schema().props[*prop as usize].name;
            ("set", json!({"property": name, "before": value(before), "after": value(after)}))
        }
        Fact::Link(rel, target, now) => (
            if *now { "linked" } else { "unlinked" },
            json!({"relation": relation(*rel), "target": t.id(*target), "targetKind": t.type_name(*target)}),
        ),
        Fact::Role(of, scope, before, after) => {
            let mut out = role(*of, *scope);
            (out["before"], out["after"]) = (assigned(before.as_deref()), assigned(after.as_deref()));
            ("roleAssignment", out)
        }
        Fact::Eligible(of, scope, before, after) => {
            let mut out = role(*of, *scope);
            (out["before"], out["after"]) = (eligible(before.as_deref()), eligible(after.as_deref()));
            ("roleEligibility", out)
        }
        Fact::Licences(before, after) => {
            ("licences", json!({"before": t.licences_json(before), "after": t.licences_json(after)}))
        }
    };
    out["position"] = position.into();
    out["what"] = what.into();
    out["at"] = iso(e.at).into();
    out["seconds"] = e.at.into();
    out["by"] = by(&e.by);
    out["id"] = t.id(e.oid).into();
    out["kind"] = t.type_name(e.oid).into();
    out
}

fn record(t: &Tenant, from: usize, to: usize) -> Value {
    let entries = t.entries(from, to).iter().enumerate();
    let entries: Vec<Value> = entries.map(|(n, e)| entry(t, from + n, e)).collect();
    json!({"length": t.history.len(), "entries": entries})
}

/// `from` and `to` are positions, `after` and `until` times: a date, or seconds since 1970.
fn range(t: &Tenant, body: &Value) -> Result<(usize, usize), (u16, String)> {
    let end = t.history.len();
    let time = |key: &str| -> Result<Option<usize>, (u16, String)> {
        let at = match &body[key] {
            Value::Null => return Ok(None),
            Value::String(text) => parse_iso(text).or_else(|| text.parse().ok()),
            other => other.as_i64(),
        };
        at.map(|at| Some(t.history_after(at))).ok_or_else(|| bad(format!("{key} is no time")))
    };
    let position = |key: &str| -> Result<Option<usize>, (u16, String)> {
        let at = match &body[key] {
            Value::Null => return Ok(None),
            Value::String(text) => text.parse().ok(),
            other => other.as_u64().and_then(|n| usize::try_from(n).ok()),
        };
        at.map(|at: usize| Some(at.min(end))).ok_or_else(|| bad(format!("{key} is no position")))
    };
    let from = time("after")?.or(position("from")?).unwrap_or(0);
    let to = time("until")?.or(position("to")?).unwrap_or(end);
    Ok((from, to.max(from)))
}

/// `GET record?from&to&after&until`: every entry.
pub(super) fn entries(shared: &Shared, body: &Value) -> Answer {
    let t = shared.read();
    let (from, to) = range(&t, body)?;
    Ok(record(&t, from, to))
}

/// `GET changes?from&to&after&until`: what differs.
pub(super) fn changes(shared: &Shared, body: &Value) -> Answer {
    let t = shared.read();
    let (from, to) = range(&t, body)?;
    Ok(t.net(from, to))
}

impl Sim {
    /// How much was done to the tenant so far: a position to begin or end a range of [`Sim::record`] and
    /// [`Sim::changes`] at.
    pub fn position(&self) -> usize {
        self.shared.read().history.len()
    }

    /// The position behind all that was done up to a time in seconds since 1970.
    pub fn position_at(&self, secs: i64) -> usize {
        self.shared.read().history_after(secs)
    }

    /// Everything that was done to the tenant between two positions, with the values before.
    pub fn record(&self, from: usize, to: usize) -> Value {
        record(&self.shared.read(), from, to)
    }

    /// What differs between two positions: lives, properties, licenses, links, roles. What was done and
    /// undone in between is not in it.
    pub fn changes(&self, from: usize, to: usize) -> Value {
        self.shared.read().net(from, to)
    }
}
