//! Writing groups.

use serde_json::Value;

use super::patch::{self, Changes, Use};
use super::{list, members, reads};
use crate::auth::sensitive;
use crate::call::Call;
use crate::record::Record;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::group;
use crate::state::log::Rel;
use crate::state::{Kind, NONE, Oid, Tenant};
use crate::text::{iso, quoted};

fn has_type(rec: &Record, name: &str) -> bool {
    rec.strs(group::GROUP_TYPES).iter().any(|t| t == name)
}

/// Exchange masters distribution and mail-enabled security groups.
fn exchange(rec: &Record) -> bool {
    rec.is_true(group::MAIL_ENABLED) && !has_type(rec, "Unified")
}

/// Whether this group can be written at all, and by this caller.
pub(crate) fn check(call: &Call, t: &Tenant, oid: Oid) -> Result<()> {
    sensitive::check_unit(call, t, oid)?;
    let rec = &t.object(oid).rec;
    if rec.is_true(group::ROLE_ASSIGNABLE) {
        call.need(&["RoleManagement.ReadWrite.Directory"])?;
    }
    if call.system {
        return Ok(());
    }
    if rec.is_true(group::OP_SYNC) {
        return Err(super::users::mastered());
    }
    if exchange(rec) {
        return Err(GraphError::bad(
            "Cannot Update a mail-enabled security groups and or distribution list.",
        ));
    }
    Ok(())
}

pub(crate) fn create(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let body = call.object()?;
    for required in ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] {
        if body.get(required).is_none_or(Value::is_null) {
            return Err(GraphError::bad(format!(
                "A value is required for property '{required}' of resource 'Group'."
            )));
        }
    }
    let changes = patch::read(call, &group::SCHEMA, Use::Create)?;
    let mut rec = Record::default();
    let now = quoted(&iso(t.now));
    rec.set(group::CREATED, Some(&now));
    rec.set(group::RENEWED, Some(&now));
    rec.set(group::GROUP_TYPES, Some(b"[]"));
    let mut rec = patch::applied(&rec, &changes);
    check_shape(call, t, &mut rec)?;
    let conflicts = t.conflicts(Kind::Group, &rec, NONE);
    if !conflicts.is_empty() {
        return Err(GraphError::conflict(&conflicts));
    }
    let links = bindings(t, body)?;
    if links.len() > 20 {
        return Err(GraphError::bad(
            "The number of members and owners in one request exceeds the limit of 20.",
        ));
    }
    let id = t.fresh_id();
    let modified = patch::modified(&group::SCHEMA, &Record::default(), &changes);
    let oid = t.add(Kind::Group, id, rec);
    for (rel, target) in links {
        if let Err(e) = members::check_add(call, t, rel, oid, target) {
            // Nothing of a refused request may stay.
            t.purge(oid);
            return Err(e);
        }
        t.link(rel, oid, target);
    }
    t.dynamic_rebuild(oid);
    t.record("Add group", "Add", &[oid], modified);
    let location = format!("{}/groups/{id}", call.base);
    Ok(list::single(call, t, oid, &[], 201)?.header("location", location))
}

fn check_shape(call: &Call, t: &Tenant, rec: &mut Record) -> Result<()> {
    let unified = has_type(rec, "Unified");
    let dynamic = has_type(rec, "DynamicMembership");
    if exchange(rec) && !call.system {
        return Err(GraphError::bad(
            "Cannot Create a mail-enabled security groups and or distribution list.",
        ));
    }
    if unified && !rec.is_true(group::MAIL_ENABLED) {
        return Err(GraphError::bad("A Microsoft 365 group must be mail enabled."));
    }
    if !unified && !rec.is_true(group::SECURITY_ENABLED) && !rec.is_true(group::MAIL_ENABLED) {
        return Err(GraphError::bad("The group must be either mail enabled or security enabled."));
    }
    if dynamic && rec.raw(group::RULE).is_none() {
        return Err(GraphError::bad("A value is required for property 'membershipRule' of a dynamic group."));
    }
    if rec.is_true(group::ROLE_ASSIGNABLE) {
        call.need(&["RoleManagement.ReadWrite.Directory"])?;
        if dynamic {
            return Err(GraphError::bad(
                "A group that roles can be assigned to cannot have dynamic membership.",
            ));
        }
        if !rec.is_true(group::SECURITY_ENABLED) {
            return Err(GraphError::bad("A group that roles can be assigned to must be security enabled."));
        }
        rec.set(group::VISIBILITY, Some(b"\"Private\""));
    }
    if rec.str(group::VISIBILITY).as_deref() == Some("HiddenMembership") && !unified {
        return Err(GraphError::bad("HiddenMembership is allowed only for Microsoft 365 groups."));
    }
    if unified {
        if rec.raw(group::VISIBILITY).is_none() {
            rec.set(group::VISIBILITY, Some(b"\"Public\""));
        }
        let address = format!("{}@{}", rec.str(group::MAIL_NICKNAME).unwrap_or_default(), t.info.domain);
        rec.set(group::MAIL, Some(&quoted(&address)));
        rec.set(group::PROXIES, Some(Value::from(vec![format!("SMTP:{address}")]).to_string().as_bytes()));
    }
    if dynamic && rec.raw(group::RULE_STATE).is_none() {
        rec.set(group::RULE_STATE, Some(b"\"On\""));
    }
    Ok(())
}

/// `members@odata.bind` and `owners@odata.bind`.
pub(super) fn bindings(t: &Tenant, body: &serde_json::Map<String, Value>) -> Result<Vec<(Rel, Oid)>> {
    let mut links = Vec::new();
    for (name, rel) in [("members@odata.bind", Rel::Members), ("owners@odata.bind", Rel::Owners)] {
        let Some(value) = body.get(name) else { continue };
        let urls = value
            .as_array()
            .ok_or_else(|| GraphError::bad(format!("Invalid value specified for property '{name}'.")))?;
        for url in urls {
            let id = url
                .as_str()
                .and_then(crate::call::reference_id)
                .ok_or_else(|| GraphError::bad("Invalid URL format specified in @odata.bind for members."))?;
            let target =
                t.by_id(&id).filter(|oid| t.is_live(*oid)).ok_or_else(|| GraphError::not_found(&id))?;
            links.push((rel, target));
        }
    }
    Ok(links)
}

pub(crate) fn update(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Group, call.arg(0))?;
    let body = call.object()?;
    let mut changes = patch::read(call, &group::SCHEMA, Use::Update)?;
    let links = bindings(t, body)?;
    if !changes.is_empty() {
        call.need(&["Group.ReadWrite.All", "Directory.ReadWrite.All"])?;
    }
    check(call, t, oid)?;
    if links.len() > 20 {
        return Err(GraphError::bad("The number of members in one request exceeds the limit of 20."));
    }
    let mut seen = Vec::new();
    for &(rel, target) in &links {
        members::check_add(call, t, rel, oid, target)?;
        if seen.contains(&(rel, target)) || t.linked(rel, oid, target) {
            return Err(members::already());
        }
        seen.push((rel, target));
    }
    check_change(t, oid, &mut changes)?;
    let rec = &t.object(oid).rec;
    let after = patch::applied(rec, &changes);
    let conflicts = t.conflicts(Kind::Group, &after, oid);
    if !conflicts.is_empty() {
        return Err(GraphError::conflict(&conflicts));
    }
    let was_dynamic = t.is_dynamic(oid);
    let modified = patch::modified(&group::SCHEMA, rec, &changes);
    let rule_changed =
        changes.iter().any(|(p, _)| matches!(*p, group::RULE | group::RULE_STATE | group::GROUP_TYPES));
    t.set_props(oid, &changes);
    if rule_changed {
        if !was_dynamic && t.is_dynamic(oid) {
            t.go_dynamic(oid);
        } else {
            t.dynamic_rebuild(oid);
        }
    }
    if !modified.is_empty() {
        t.record("Update group", "Update", &[oid], modified);
    }
    for (rel, target) in links {
        t.link(rel, oid, target);
        t.record(members::activity(rel, true), "Assign", &[target, oid], Vec::new());
    }
    Ok(Reply::no_content())
}

fn check_change(t: &Tenant, oid: Oid, changes: &mut Changes) -> Result<()> {
    let rec = &t.object(oid).rec;
    let after = patch::applied(rec, changes);
    if has_type(rec, "Unified") != has_type(&after, "Unified") {
        return Err(GraphError::bad("The type of an existing group cannot be changed."));
    }
    if has_type(&after, "DynamicMembership") {
        if after.raw(group::RULE).is_none() {
            return Err(GraphError::bad(
                "A value is required for property 'membershipRule' of a dynamic group.",
            ));
        }
        if after.is_true(group::ROLE_ASSIGNABLE) {
            return Err(GraphError::bad(
                "A group that roles can be assigned to cannot have dynamic membership.",
            ));
        }
    }
    let visibility = |r: &Record| r.str(group::VISIBILITY).map(|v| v.into_owned());
    let (old, new) = (visibility(rec), visibility(&after));
    if old != new
        && (old.as_deref() == Some("HiddenMembership") || new.as_deref() == Some("HiddenMembership"))
    {
        return Err(GraphError::bad("HiddenMembership can be set only when a group is created."));
    }
    if rec.is_true(group::ROLE_ASSIGNABLE) && old != new {
        return Err(GraphError::bad(
            "The visibility of a group that roles can be assigned to cannot be changed.",
        ));
    }
    if rec.raw(group::MAIL_NICKNAME) != after.raw(group::MAIL_NICKNAME) && has_type(rec, "Unified") {
        // The address follows; the old one stays as a secondary address.
        let address = format!("{}@{}", after.str(group::MAIL_NICKNAME).unwrap_or_default(), t.info.domain);
        let mut proxies: Vec<String> = rec
            .strs(group::PROXIES)
            .into_iter()
            .map(|p| p.replacen("SMTP:", "smtp:", 1))
            .filter(|p| !p.get(5..).is_some_and(|a| a.eq_ignore_ascii_case(&address)))
            .collect();
        proxies.insert(0, format!("SMTP:{address}"));
        changes.push((group::MAIL, Some(quoted(&address))));
        changes.push((group::PROXIES, Some(Value::from(proxies).to_string().into_bytes())));
    }
    Ok(())
}

pub(crate) fn delete(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Group, call.arg(0))?;
    check(call, t, oid)?;
    t.record("Delete group", "Delete", &[oid], Vec::new());
    t.delete(oid);
    Ok(Reply::no_content())
}
