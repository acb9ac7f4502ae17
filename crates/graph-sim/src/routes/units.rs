//! Writing administrative units, and their scoped roles.

use serde_json::{Value, json};

use super::patch::{self, Use};
use super::{list, reads};
use crate::call::Call;
use crate::record::{Builder, Record};
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{scoped, unit};
use crate::state::roles::Scope;
use crate::state::{Kind, NONE, Oid, Tenant};

pub(crate) fn create(call: &Call, t: &mut Tenant) -> Result<Reply> {
    if call.object()?.get("displayName").is_none_or(Value::is_null) {
        return Err(GraphError::bad(
            "A value is required for property 'displayName' of resource 'AdministrativeUnit'.",
        ));
    }
    let changes = patch::read(call, &unit::SCHEMA, Use::Create)?;
    let mut rec = patch::applied(&Record::default(), &changes);
    check(&rec)?;
    if is_dynamic(&rec) && rec.raw(unit::RULE_STATE).is_none() {
        rec.set(unit::RULE_STATE, Some(b"\"On\""));
    }
    let id = t.fresh_id();
    let oid = t.add(Kind::Unit, id, rec);
    t.dynamic_rebuild(oid);
    t.record("Add administrative unit", "Add", &[oid], Vec::new());
    list::single(call, t, oid, &[], 201)
}

fn is_dynamic(rec: &Record) -> bool {
    rec.str(unit::MEMBERSHIP_TYPE).is_some_and(|m| m.eq_ignore_ascii_case("dynamic"))
}

fn check(rec: &Record) -> Result<()> {
    if is_dynamic(rec) && rec.raw(unit::RULE).is_none() {
        return Err(GraphError::bad("A dynamic administrative unit needs a membershipRule."));
    }
    Ok(())
}

pub(crate) fn update(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Unit, call.arg(0))?;
    let changes = patch::read(call, &unit::SCHEMA, Use::Update)?;
    let rec = &t.object(oid).rec;
    check(&patch::applied(rec, &changes))?;
    let modified = patch::modified(&unit::SCHEMA, rec, &changes);
    let was_dynamic = t.is_dynamic(oid);
    t.set_props(oid, &changes);
    let membership = [unit::RULE, unit::RULE_STATE, unit::MEMBERSHIP_TYPE];
    if !was_dynamic && t.is_dynamic(oid) {
        t.go_dynamic(oid);
    } else if changes.iter().any(|(prop, _)| membership.contains(prop)) {
        // Back to assigned, the members of that moment stay.
        t.dynamic_rebuild(oid);
    }
    t.record("Update administrative unit", "Update", &[oid], modified);
    Ok(Reply::no_content())
}

pub(crate) fn delete(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Unit, call.arg(0))?;
    t.record("Delete administrative unit", "Delete", &[oid], Vec::new());
    t.delete(oid);
    Ok(Reply::no_content())
}

fn scoped_rows(t: &Tenant, keep: impl Fn(Oid, Oid) -> bool) -> Vec<Record> {
    let mut rows = Vec::new();
    for a in &t.assignments {
        let Scope::Unit(unit) = a.scope else { continue };
        let Some(role) = t.role_of(a.role) else { continue };
        if !keep(unit, role) || !t.shown(a.principal, a.role, a.scope) {
            continue;
        }
        let mut b = Builder::default();
        b.str(scoped::ID, &a.id).str(scoped::UNIT, &t.id(unit)).str(scoped::ROLE, &t.id(role));
        let member = json!({"id": t.id(a.principal), "displayName": t.name(a.principal)});
        b.raw(scoped::MEMBER, member.to_string().as_bytes());
        rows.push(b.finish());
    }
    rows
}

pub(crate) fn scoped_members(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Unit, call.arg(0))?;
    list::rows(call, &scoped::SCHEMA, &scoped_rows(t, |unit, _| unit == oid))
}

pub(crate) fn role_scoped_members(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Role, call.arg(0))?;
    list::rows(call, &scoped::SCHEMA, &scoped_rows(t, |_, role| role == oid))
}

pub(crate) fn add_scoped(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let unit = reads::object(t, Kind::Unit, call.arg(0))?;
    let body = call.object()?;
    let role_id = body.get("roleId").and_then(Value::as_str).unwrap_or_default();
    let member =
        body.get("roleMemberInfo").and_then(|m| m.get("id")).and_then(Value::as_str).unwrap_or_default();
    let role = reads::object(t, Kind::Role, role_id)?;
    let template = t.object(role).rec.str(crate::schema::role::TEMPLATE).unwrap_or_default().into_owned();
    let definition = t.role_definition(&template).ok_or_else(|| GraphError::not_found(role_id))?;
    let principal = t.by_id(member).filter(|o| t.is_live(*o)).ok_or_else(|| GraphError::not_found(member))?;
    super::roles::check_principal(t, principal)?;
    if t.find_assignment(principal, definition, Scope::Unit(unit)).is_some() {
        return Err(super::members::already());
    }
    let at = t.assign(principal, definition, Scope::Unit(unit), None, false);
    let id = t.assignments[at].id.clone();
    t.record("Add scoped member to role", "Assign", &[principal, unit], Vec::new());
    let rows = scoped_rows(t, |u, _| u == unit);
    let row = rows.iter().find(|r| r.str(scoped::ID).as_deref() == Some(id.as_str()));
    list::row(call, &scoped::SCHEMA, row.ok_or_else(|| GraphError::not_found(&id))?, 201)
}

pub(crate) fn remove_scoped(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let unit = reads::object(t, Kind::Unit, call.arg(0))?;
    let at = t
        .assignments
        .iter()
        .position(|a| a.id == call.arg(1) && a.scope == Scope::Unit(unit))
        .ok_or_else(|| GraphError::not_found(call.arg(1)))?;
    let gone = t.unassign(at);
    debug_assert_ne!(gone.principal, NONE);
    t.record("Remove scoped member from role", "Unassign", &[gone.principal, unit], Vec::new());
    Ok(Reply::no_content())
}
