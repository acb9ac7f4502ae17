//! Adding and removing members and owners with `$ref`.

use super::allowed::{CONTACTS, GROUP_WRITE, MEMBERS_WRITE};
use super::{groups, reads};
use crate::call::Call;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::group;
use crate::state::log::Rel;
use crate::state::roles::Scope;
use crate::state::{Kind, Oid, Tenant};

/// The answer to adding a link that is there.
pub(crate) fn already() -> GraphError {
    GraphError::bad(
        "One or more added object references already exist for the following modified properties: 'members'.",
    )
}

/// The audit log's name for a change of links.
pub(crate) fn activity(rel: Rel, added: bool) -> &'static str {
    match (rel, added) {
        (Rel::Owners, true) => "Add owner to group",
        (Rel::Owners, false) => "Remove owner from group",
        (_, true) => "Add member to group",
        (_, false) => "Remove member from group",
    }
}

/// Whether an object may become a member or an owner of a group.
pub(crate) fn check_add(call: &Call, t: &Tenant, rel: Rel, oid: Oid, target: Oid) -> Result<()> {
    let (rec, kind) = (&t.object(oid).rec, t.object(target).kind);
    let unsupported =
        || GraphError::bad(format!("An invalid member type was specified: '{kind:?}' is not allowed here."));
    if rel == Rel::Owners {
        call.need(GROUP_WRITE)?;
        if !matches!(kind, Kind::User | Kind::Sp) {
            return Err(unsupported());
        }
        if t.links(Rel::Owners, oid).len() >= 100 {
            return Err(GraphError::new(
                403,
                "Directory_QuotaExceeded",
                "The request would exceed the maximum quota count '100' for forward-link 'owners'.",
            ));
        }
        return Ok(());
    }
    let unified = rec.strs(group::GROUP_TYPES).iter().any(|g| g == "Unified");
    let fits = match kind {
        Kind::User => true,
        Kind::Group => {
            let inner = &t.object(target).rec;
            !unified
                && !inner.strs(group::GROUP_TYPES).iter().any(|g| g == "Unified")
                && !rec.is_true(group::ROLE_ASSIGNABLE)
                && oid != target
        }
        Kind::Sp | Kind::Device | Kind::Contact => !unified,
        _ => false,
    };
    if !fits {
        return Err(unsupported());
    }
    if t.is_dynamic(oid) && !call.system {
        return Err(GraphError::bad(
            "Insufficient privileges to complete the operation: members of a dynamic group cannot be changed.",
        ));
    }
    // By the kind of the member, as group-post-members lists it.
    call.need(MEMBERS_WRITE)?;
    match kind {
        Kind::User => call.need(&["User.ReadWrite.All", "Directory.ReadWrite.All"]),
        Kind::Group => call.need(&["Group.ReadWrite.All", "Directory.ReadWrite.All"]),
        Kind::Device => call.need(&["Device.ReadWrite.All", "Directory.ReadWrite.All"]),
        Kind::Contact => call.need(CONTACTS),
        _ => call.need(&["Application.ReadWrite.All", "Directory.ReadWrite.All"]),
    }
}

fn target(call: &Call, t: &Tenant) -> Result<Oid> {
    let id = call.reference()?;
    t.by_id(&id).filter(|oid| t.is_live(*oid)).ok_or_else(|| GraphError::not_found(&id))
}

fn add(call: &Call, t: &mut Tenant, rel: Rel) -> Result<Reply> {
    let oid = reads::object(t, Kind::Group, call.arg(0))?;
    let target = target(call, t)?;
    groups::check(call, t, oid)?;
    check_add(call, t, rel, oid, target)?;
    if !t.link(rel, oid, target) {
        return Err(already());
    }
    t.record(activity(rel, true), "Assign", &[target, oid], Vec::new());
    Ok(Reply::no_content())
}

fn remove(call: &Call, t: &mut Tenant, rel: Rel) -> Result<Reply> {
    let oid = reads::object(t, Kind::Group, call.arg(0))?;
    let target = t
        .by_id(call.arg(1))
        .filter(|target| t.is_live(*target) && t.linked(rel, oid, *target))
        .ok_or_else(|| GraphError::not_found(call.arg(1)))?;
    groups::check(call, t, oid)?;
    if rel == Rel::Owners {
        call.need(&["Group.ReadWrite.All", "Directory.ReadWrite.All"])?;
        if t.live_links(Rel::Owners, oid).count() == 1 && !call.system {
            return Err(GraphError::bad(
                "The group must have at least one owner, hence this owner cannot be removed.",
            ));
        }
    } else if t.is_dynamic(oid) && !call.system {
        return Err(GraphError::bad(
            "Insufficient privileges to complete the operation: members of a dynamic group cannot be changed.",
        ));
    }
    t.unlink(rel, oid, target);
    t.record(activity(rel, false), "Unassign", &[target, oid], Vec::new());
    Ok(Reply::no_content())
}

pub(crate) fn add_member(call: &Call, t: &mut Tenant) -> Result<Reply> {
    add(call, t, Rel::Members)
}

pub(crate) fn remove_member(call: &Call, t: &mut Tenant) -> Result<Reply> {
    remove(call, t, Rel::Members)
}

pub(crate) fn add_owner(call: &Call, t: &mut Tenant) -> Result<Reply> {
    add(call, t, Rel::Owners)
}

pub(crate) fn remove_owner(call: &Call, t: &mut Tenant) -> Result<Reply> {
    remove(call, t, Rel::Owners)
}

pub(crate) fn add_unit_member(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let unit = reads::object(t, Kind::Unit, call.arg(0))?;
    let target = target(call, t)?;
    let restricted = t.object(unit).rec.is_true(crate::schema::unit::RESTRICTED);
    check_unit(call, t, unit)?;
    let unified = t.object(target).rec.strs(group::GROUP_TYPES).iter().any(|g| g == "Unified");
    match t.object(target).kind {
        Kind::Group if restricted && unified => {
            return Err(GraphError::bad(
                "A Microsoft 365 group cannot be a member of a restricted management administrative unit.",
            ));
        }
        Kind::User | Kind::Group | Kind::Device => {}
        _ => {
            return Err(GraphError::bad(
                "Only users, groups and devices can be members of an administrative unit.",
            ));
        }
    }
    if !t.link(Rel::Members, unit, target) {
        return Err(already());
    }
    t.record("Add member to administrative unit", "Assign", &[unit, target], Vec::new());
    Ok(Reply::no_content())
}

pub(crate) fn remove_unit_member(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let unit = reads::object(t, Kind::Unit, call.arg(0))?;
    check_unit(call, t, unit)?;
    let target = t
        .by_id(call.arg(1))
        .filter(|target| t.is_live(*target) && t.linked(Rel::Members, unit, *target))
        .ok_or_else(|| GraphError::not_found(call.arg(1)))?;
    t.unlink(Rel::Members, unit, target);
    t.record("Remove member from administrative unit", "Unassign", &[unit, target], Vec::new());
    Ok(Reply::no_content())
}

fn check_unit(call: &Call, t: &Tenant, unit: Oid) -> Result<()> {
    // That it is refused is documented, the words are not; they follow those for dynamic groups.
    if t.is_dynamic(unit) && !call.system {
        return Err(GraphError::bad("Members of a dynamic administrative unit cannot be changed."));
    }
    let restricted = t.object(unit).rec.is_true(crate::schema::unit::RESTRICTED);
    if restricted && !call.system {
        call.need(&["RoleManagement.ReadWrite.Directory"])?;
    }
    Ok(())
}

/// The definition behind a directory role.
fn definition(t: &Tenant, role: Oid) -> Result<Oid> {
    let template = t.object(role).rec.str(crate::schema::role::TEMPLATE).unwrap_or_default().into_owned();
    t.role_definition(&template).ok_or_else(|| GraphError::not_found(&template))
}

pub(crate) fn add_role_member(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let role = reads::object(t, Kind::Role, call.arg(0))?;
    let target = target(call, t)?;
    let definition = definition(t, role)?;
    super::roles::check_principal(t, target)?;
    if t.find_assignment(target, definition, Scope::Tenant).is_some() {
        return Err(already());
    }
    t.assign(target, definition, Scope::Tenant, None, false);
    t.record("Add member to role", "Assign", &[role, target], Vec::new());
    Ok(Reply::no_content())
}

pub(crate) fn remove_role_member(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let role = reads::object(t, Kind::Role, call.arg(0))?;
    let definition = definition(t, role)?;
    let at = t
        .by_id(call.arg(1))
        .and_then(|target| t.find_assignment(target, definition, Scope::Tenant))
        .ok_or_else(|| GraphError::not_found(call.arg(1)))?;
    let gone = t.unassign(at);
    t.record("Remove member from role", "Unassign", &[role, gone.principal], Vec::new());
    Ok(Reply::no_content())
}
