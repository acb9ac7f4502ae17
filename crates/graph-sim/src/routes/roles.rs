//! Writing role definitions and assignments.

use serde_json::Value;

use super::patch::{self, Use};
use super::{list, reads, schedules};
use crate::call::Call;
use crate::record::{Builder, Record};
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{group, role, roledef, template};
use crate::state::{Kind, NONE, Oid, Tenant};
use crate::text::quoted;

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";

pub(crate) fn templates(call: &Call, t: &Tenant) -> Result<Reply> {
    list::rows(call, &template::SCHEMA, &template_rows(t))
}

pub(crate) fn template(call: &Call, t: &Tenant) -> Result<Reply> {
    let rows = template_rows(t);
    let found = rows.iter().find(|r| r.str(template::ID).as_deref() == Some(call.arg(0)));
    list::row(call, &template::SCHEMA, found.ok_or_else(|| GraphError::not_found(call.arg(0)))?, 200)
}

fn template_rows(t: &Tenant) -> Vec<Record> {
    let built_in =
        t.sets[Kind::RoleDef as usize].iter().filter(|o| t.object(**o).rec.is_true(roledef::BUILT_IN));
    built_in
        .map(|oid| {
            let rec = &t.object(*oid).rec;
            let mut b = Builder::default();
            b.str(template::ID, &t.id(*oid));
            b.raw(template::DESCRIPTION, rec.raw(roledef::DESCRIPTION).unwrap_or(b"null"));
            b.raw(template::DISPLAY_NAME, rec.raw(roledef::DISPLAY_NAME).unwrap_or(b"null"));
            b.finish()
        })
        .collect()
}

/// `POST /directoryRoles {"roleTemplateId": …}`.
pub(crate) fn activate(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let id = call.object()?.get("roleTemplateId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let definition = t.role_definition(&id).ok_or_else(|| GraphError::not_found(&id))?;
    if t.by_key("role", &id).is_some() {
        return Err(GraphError::conflict(&["roleTemplateId"]));
    }
    let oid = t.activate_role(definition);
    debug_assert_eq!(t.object(oid).rec.str(role::TEMPLATE).as_deref(), Some(id.as_str()));
    list::single(call, t, oid, &[], 201)
}

fn custom(t: &Tenant, id: &str) -> Result<Oid> {
    let oid = reads::object(t, Kind::RoleDef, id)?;
    if t.object(oid).rec.is_true(roledef::BUILT_IN) {
        return Err(GraphError::bad("Built-in role definitions cannot be changed."));
    }
    Ok(oid)
}

pub(crate) fn create_definition(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let body = call.object()?;
    for required in ["displayName", "isEnabled", "rolePermissions"] {
        if body.get(required).is_none_or(Value::is_null) {
            return Err(GraphError::bad(format!(
                "A value is required for property '{required}' of resource 'RoleDefinition'."
            )));
        }
    }
    let changes = patch::read(call, &roledef::SCHEMA, Use::Create)?;
    let id = t.fresh_id();
    let mut rec = patch::applied(&Record::default(), &changes);
    if rec.raw(roledef::TEMPLATE).is_none() {
        rec.set(roledef::TEMPLATE, Some(&quoted(&id.to_string())));
    }
    rec.set(roledef::BUILT_IN, Some(b"false"));
    if rec.raw(roledef::SCOPES).is_none() {
        rec.set(roledef::SCOPES, Some(b"[\"/\"]"));
    }
    check_definition(t, &rec, NONE)?;
    let oid = t.add(Kind::RoleDef, id, rec);
    t.record("Add role definition", "Add", &[oid], Vec::new());
    list::single(call, t, oid, &[], 201)
}

fn check_definition(t: &Tenant, rec: &Record, own: Oid) -> Result<()> {
    let conflicts = t.conflicts(Kind::RoleDef, rec, own);
    if !conflicts.is_empty() {
        return Err(GraphError::conflict(&conflicts));
    }
    let name = rec.str(roledef::DISPLAY_NAME).unwrap_or_default();
    let taken = t.sets[Kind::RoleDef as usize].iter().any(|o| {
        *o != own
            && t.is_live(*o)
            && t.object(*o).rec.str(roledef::DISPLAY_NAME).is_some_and(|n| n.eq_ignore_ascii_case(&name))
    });
    if taken { Err(GraphError::conflict(&["displayName"])) } else { Ok(()) }
}

pub(crate) fn update_definition(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = custom(t, call.arg(0))?;
    let changes = patch::read(call, &roledef::SCHEMA, Use::Update)?;
    let rec = &t.object(oid).rec;
    check_definition(t, &patch::applied(rec, &changes), oid)?;
    let modified = patch::modified(&roledef::SCHEMA, rec, &changes);
    t.set_props(oid, &changes);
    t.record("Update role definition", "Update", &[oid], modified);
    Ok(Reply::no_content())
}

pub(crate) fn delete_definition(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = custom(t, call.arg(0))?;
    if t.assignments.iter().any(|a| a.role == oid) && !call.system {
        return Err(GraphError::bad("The role definition cannot be deleted while it is assigned."));
    }
    t.record("Delete role definition", "Delete", &[oid], Vec::new());
    t.delete(oid);
    Ok(Reply::no_content())
}

/// Users, service principals, and groups that roles can be assigned to.
pub(crate) fn check_principal(t: &Tenant, principal: Oid) -> Result<()> {
    let object = t.object(principal);
    match object.kind {
        Kind::User | Kind::Sp => Ok(()),
        Kind::Group if object.rec.is_true(group::ROLE_ASSIGNABLE) => Ok(()),
        _ => {
            Err(GraphError::bad("The principal cannot be assigned a role: the group is not role-assignable."))
        }
    }
}

pub(crate) fn assign(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let body = call.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    for name in body.keys() {
        let known = ["principalId", "roleDefinitionId", "directoryScopeId", "appScopeId", "condition"];
        if !name.contains('@') && !known.contains(&name.as_str()) {
            return Err(GraphError::bad(format!("Invalid property '{name}'.")));
        }
    }
    let principal = t
        .by_id(text("principalId"))
        .filter(|oid| t.is_live(*oid))
        .ok_or_else(|| GraphError::not_found(text("principalId")))?;
    let role = t
        .role_definition(text("roleDefinitionId"))
        .ok_or_else(|| GraphError::not_found(text("roleDefinitionId")))?;
    let scope = t
        .parse_scope(text("directoryScopeId"))
        .ok_or_else(|| GraphError::bad("The directory scope of the assignment is invalid."))?;
    check_principal(t, principal)?;
    if t.find_assignment(principal, role, scope).is_some() {
        return Err(GraphError::bad(
            "A conflicting object with one or more of the specified property values is present in the directory. The Role assignment already exists.",
        ));
    }
    let at = t.assign(principal, role, scope, None, false);
    t.record("Add member to role", "Assign", &[principal, role], Vec::new());
    schedules::created(call, t, at)
}

pub(crate) fn unassign(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let at = t
        .assignments
        .iter()
        .position(|a| a.id == call.arg(0) && t.shown(a.principal, a.role, a.scope))
        .ok_or_else(|| GraphError::not_found(call.arg(0)))?;
    let own = t.assignments[at].principal == t.app_sp;
    if own && t.id(t.assignments[at].role) == GLOBAL && !call.system {
        return Err(GraphError::bad("Removing self from Global Administrator built-in role is not allowed."));
    }
    let gone = t.unassign(at);
    t.record("Remove member from role", "Unassign", &[gone.principal, gone.role], Vec::new());
    Ok(Reply::no_content())
}
