//! The recycle bin.

use serde_json::Value;

use super::allowed::{bin_readers, bin_writers};
use super::list::{self, Listing};
use super::reads;
use crate::auth::sensitive;
use crate::call::Call;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{group, user};
use crate::state::{Kind, Life, NONE, Oid, Tenant};

pub(crate) fn list(call: &Call, t: &Tenant) -> Result<Reply> {
    let kind = match call.arg(0) {
        // Applications have a bin, too; there is none here to delete.
        "application" => Kind::Sp,
        name => reads::cast(name)?,
    };
    call.need(bin_readers(kind))?;
    if call.query.orderby.is_some() && !call.advanced() {
        return Err(GraphError::unsupported("Sorting not supported for current query."));
    }
    let mut source: Vec<Oid> =
        t.bin.iter().map(|(_, oid)| *oid).filter(|oid| t.object(*oid).kind == kind).collect();
    if call.arg(0) == "application" {
        source.clear();
    }
    source.sort_unstable();
    let set = format!("directory/deletedItems/microsoft.graph.{}", call.arg(0));
    let listing = Listing { set, source: &source, kind: Some(kind), life: Life::Bin, expand: &[] };
    if call.path.ends_with("/$count") {
        list::count(call, t, &listing)
    } else {
        list::objects(call, t, &listing)
    }
}

/// Finds an object in the bin; role definitions have a bin of their own.
fn find(call: &Call, t: &Tenant, role_definitions: bool) -> Result<Oid> {
    t.by_id(call.arg(0))
        .filter(|oid| t.object(*oid).life == Life::Bin)
        .filter(|oid| (t.object(*oid).kind == Kind::RoleDef) == role_definitions)
        .ok_or_else(|| GraphError::not_found(call.arg(0)))
}

pub(crate) fn get(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = find(call, t, false)?;
    call.need(bin_readers(t.object(oid).kind))?;
    list::single_typed(call, t, oid, 200)
}

/// Custom roles have a recycle bin of their own, which only the global cloud has
/// (unifiedroledefinition-restore). Elsewhere the path is unknown.
fn check_cloud(t: &Tenant) -> Result<()> {
    if t.role_bin {
        return Ok(());
    }
    Err(GraphError::new(404, "ResourceNotFound", "Resource not found for the segment 'deletedItems'."))
}

pub(crate) fn role_definition(call: &Call, t: &Tenant) -> Result<Reply> {
    check_cloud(t)?;
    list::single(call, t, find(call, t, true)?, &[], 200)
}

/// Deletes a custom role permanently.
pub(crate) fn purge_role_definition(call: &Call, t: &mut Tenant) -> Result<Reply> {
    check_cloud(t)?;
    let oid = find(call, t, true)?;
    t.record("Hard delete role definition", "Delete", &[oid], Vec::new());
    t.purge(oid);
    Ok(Reply::no_content())
}

pub(crate) fn role_definitions(call: &Call, t: &Tenant) -> Result<Reply> {
    check_cloud(t)?;
    let mut source: Vec<Oid> =
        t.bin.iter().map(|(_, o)| *o).filter(|o| t.object(*o).kind == Kind::RoleDef).collect();
    source.sort_unstable();
    let set = "roleManagement/directory/deletedItems/roleDefinitions".to_owned();
    list::objects(
        call,
        t,
        &Listing { set, source: &source, kind: Some(Kind::RoleDef), life: Life::Bin, expand: &[] },
    )
}

pub(crate) fn restore_role_definition(call: &Call, t: &mut Tenant) -> Result<Reply> {
    check_cloud(t)?;
    let oid = find(call, t, true)?;
    put_back(t, oid)?;
    list::single(call, t, oid, &[], 200)
}

pub(crate) fn restore(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = find(call, t, false)?;
    let kind = t.object(oid).kind;
    call.need(bin_writers(kind))?;
    if kind == Kind::User {
        sensitive::check_user(call, t, oid)?;
        reconcile(call, t, oid)?;
    }
    if kind == Kind::Group && t.object(oid).rec.is_true(group::ROLE_ASSIGNABLE) {
        call.need(&["RoleManagement.ReadWrite.Directory"])?;
    }
    put_back(t, oid)?;
    list::single_typed(call, t, oid, 200)
}

fn put_back(t: &mut Tenant, oid: Oid) -> Result<()> {
    let object = t.object(oid);
    let conflicts = t.conflicts(object.kind, &object.rec, oid);
    if !conflicts.is_empty() {
        return Err(GraphError::conflict(&conflicts));
    }
    let activity = match object.kind {
        Kind::User => "Restore user",
        Kind::Group => "Restore group",
        Kind::Unit => "Restore administrative unit",
        Kind::Sp => "Restore service principal",
        _ => "Restore role definition",
    };
    t.restore(oid);
    t.record(activity, "Update", &[oid], Vec::new());
    Ok(())
}

/// A principal name or address that somebody took meanwhile can be given up in the request.
fn reconcile(call: &Call, t: &mut Tenant, oid: Oid) -> Result<()> {
    let Some(Value::Object(body)) = &call.body else { return Ok(()) };
    let mut changes = Vec::new();
    if let Some(upn) = body.get("newUserPrincipalName").and_then(Value::as_str) {
        if t.by_key("upn", upn).is_some() {
            return Err(GraphError::conflict(&["userPrincipalName"]));
        }
        super::patch::check_upn(t, upn)?;
        changes.push((user::UPN, Some(crate::text::quoted(upn))));
        let nickname = upn.split('@').next().unwrap_or_default();
        if t.object(oid).rec.str(user::MAIL_NICKNAME).is_some_and(|n| t.by_key("user-nickname", &n).is_some())
        {
            changes.push((user::MAIL_NICKNAME, Some(crate::text::quoted(nickname))));
        }
    }
    if body.get("autoReconcileProxyConflict").and_then(Value::as_bool) == Some(true) {
        let proxies = t.object(oid).rec.strs(user::PROXIES);
        let kept: Vec<&String> =
            proxies.iter().filter(|p| t.by_key("proxy", p.get(5..).unwrap_or(p)).is_none()).collect();
        changes.push((
            user::PROXIES,
            Some(Value::from_iter(kept.into_iter().cloned()).to_string().into_bytes()),
        ));
    }
    t.set_props(oid, &changes);
    Ok(())
}

/// Deletes for good.
pub(crate) fn purge(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = find(call, t, false)?;
    let kind = t.object(oid).kind;
    call.need(bin_writers(kind))?;
    match kind {
        Kind::User => sensitive::check_user(call, t, oid)?,
        Kind::Unit if !call.system => {
            return Err(GraphError::bad("Deleted administrative units cannot be permanently deleted."));
        }
        _ => {}
    }
    debug_assert_ne!(oid, NONE);
    let activity = match kind {
        Kind::User => "Hard delete user",
        Kind::Sp => "Hard delete service principal",
        _ => "Hard delete group",
    };
    t.record(activity, "Delete", &[oid], Vec::new());
    t.purge(oid);
    Ok(Reply::no_content())
}
