//! Writing users and their managers.

use serde_json::Value;

use super::patch::{self, Changes, Use};
use super::{list, reads};
use crate::auth::sensitive;
use crate::call::Call;
use crate::record::Record;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{Write, user};
use crate::state::{Kind, NONE, Oid, Tenant};
use crate::text::{iso, quoted};

const WRITE: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
/// Complex properties that merge.
const MERGED: &[u8] = &[user::OP_EXTENSIONS, user::ORG_DATA, user::CSA];

pub(crate) fn create(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let body = call.object()?;
    for required in ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"]
    {
        if body.get(required).is_none_or(Value::is_null) && !(call.system && required == "passwordProfile") {
            return Err(GraphError::bad(format!(
                "A value is required for property '{required}' of resource 'User'."
            )));
        }
    }
    let password = body.get("passwordProfile").and_then(|p| p.get("password")).and_then(Value::as_str);
    if !call.system && password.is_none_or(|p| p.len() < 8) {
        return Err(GraphError::bad(
            "The specified password does not comply with password complexity requirements. Please provide a different password.",
        ));
    }
    let mut changes = patch::read(call, &user::SCHEMA, Use::Create)?;
    changes.retain(|(prop, _)| *prop != user::PASSWORD_PROFILE);
    let mut rec = Record::default();
    let now = quoted(&iso(t.now));
    rec.set(user::CREATED, Some(&now));
    rec.set(user::PASSWORD_CHANGED, Some(&now));
    rec.set(user::SESSIONS_FROM, Some(&now));
    rec.set(user::USER_TYPE, Some(b"\"Member\""));
    follow(&rec.clone(), &mut changes);
    let rec = patch::applied(&rec, &changes);
    patch::check_upn(t, &rec.str(user::UPN).unwrap_or_default())?;
    let conflicts = t.conflicts(Kind::User, &rec, NONE);
    if !conflicts.is_empty() {
        return Err(GraphError::conflict(&conflicts));
    }
    let id = t.fresh_id();
    let modified = patch::modified(&user::SCHEMA, &Record::default(), &changes);
    let oid = t.add(Kind::User, id, rec);
    t.record("Add user", "Add", &[oid], modified);
    t.dynamic_follow(oid);
    let location = format!("{}/users/{id}", call.base);
    Ok(list::single(call, t, oid, &[], 201)?.header("location", location))
}

/// A mail address brings its proxy address along; the old primary one stays as a secondary.
fn follow(rec: &Record, changes: &mut Changes) {
    let Some((_, mail)) = changes.iter().find(|(prop, _)| *prop == user::MAIL) else { return };
    if changes.iter().any(|(prop, _)| *prop == user::PROXIES) || rec.raw(user::MAIL) == mail.as_deref() {
        return;
    }
    let mail = mail.as_deref().and_then(crate::record::unquote).map(|m| m.into_owned());
    let mut proxies: Vec<String> = rec
        .strs(user::PROXIES)
        .into_iter()
        .filter_map(|p| match p.strip_prefix("SMTP:") {
            // Without a mail address there is no primary one.
            Some(old) => mail.is_some().then(|| format!("smtp:{old}")),
            None => Some(p),
        })
        .filter(|p| mail.as_ref().is_none_or(|m| !p.get(5..).is_some_and(|a| a.eq_ignore_ascii_case(m))))
        .collect();
    if let Some(mail) = mail {
        proxies.insert(0, format!("SMTP:{mail}"));
    }
    let text = (!proxies.is_empty()).then(|| Value::from(proxies).to_string().into_bytes());
    changes.push((user::PROXIES, text));
}

/// The permission that writing a property takes.
fn permitted(call: &Call, prop: u8) -> bool {
    if let Write::Needs(any) = user::SCHEMA.props[prop as usize].write {
        return call.can(any);
    }
    call.can(WRITE)
        || match prop {
            user::ACCOUNT_ENABLED => call.can(&["User.EnableDisableAccount.All"]),
            user::BUSINESS_PHONES | user::MOBILE_PHONE => call.can(&["User-Phone.ReadWrite.All"]),
            user::OTHER_MAILS => call.can(&["User-Mail.ReadWrite.All"]),
            user::PASSWORD_PROFILE => call.can(&["User-PasswordProfile.ReadWrite.All"]),
            _ => false,
        }
}

pub(crate) fn update(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::User, call.arg(0))?;
    let mut changes = patch::read(call, &user::SCHEMA, Use::Update)?;
    if changes.iter().any(|(prop, _)| !permitted(call, *prop)) {
        return Err(GraphError::denied());
    }
    sensitive::check_unit(call, t, oid)?;
    let write = |prop: &u8| user::SCHEMA.props[*prop as usize].write;
    if changes.iter().any(|(prop, _)| write(prop) == Write::Sensitive) {
        sensitive::check_user(call, t, oid)?;
    }
    if changes.iter().any(|(prop, _)| *prop == user::PASSWORD_PROFILE) {
        sensitive::check_password(call, t)?;
        sensitive::check_user(call, t, oid)?;
        changes.retain(|(prop, _)| *prop != user::PASSWORD_PROFILE);
        changes.push((user::PASSWORD_CHANGED, Some(quoted(&iso(t.now)))));
    }
    let rec = &t.object(oid).rec;
    let synced = |prop: &u8| user::SCHEMA.props[*prop as usize].synced;
    if !call.system && rec.is_true(user::OP_SYNC) && changes.iter().any(|(prop, _)| synced(prop)) {
        return Err(mastered());
    }
    patch::merge(rec, &mut changes, MERGED);
    follow(&rec.clone(), &mut changes);
    let after = patch::applied(rec, &changes);
    if rec.raw(user::UPN) != after.raw(user::UPN) {
        patch::check_upn(t, &after.str(user::UPN).unwrap_or_default())?;
    }
    let conflicts = t.conflicts(Kind::User, &after, oid);
    if !conflicts.is_empty() {
        return Err(GraphError::conflict(&conflicts));
    }
    let modified = patch::modified(&user::SCHEMA, rec, &changes);
    t.set_props(oid, &changes);
    if !modified.is_empty() {
        t.record("Update user", "Update", &[oid], modified);
    }
    t.dynamic_follow(oid);
    Ok(Reply::no_content())
}

/// What the cloud says about attributes that live on premises.
pub(crate) fn mastered() -> GraphError {
    GraphError::bad(
        "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
    )
}

pub(crate) fn delete(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::User, call.arg(0))?;
    sensitive::check_unit(call, t, oid)?;
    sensitive::check_user(call, t, oid)?;
    t.record("Delete user", "Delete", &[oid], Vec::new());
    t.delete(oid);
    Ok(Reply::no_content())
}

pub(crate) fn set_manager(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::User, call.arg(0))?;
    let reference = call.reference()?;
    let manager = t.user(&reference).ok_or_else(|| GraphError::not_found(&reference))?;
    check_manager(call, t, oid)?;
    if t.set_manager(oid, manager) {
        t.record("Set user manager", "Assign", &[oid, manager], Vec::new());
    }
    Ok(Reply::no_content())
}

pub(crate) fn clear_manager(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::User, call.arg(0))?;
    check_manager(call, t, oid)?;
    if !t.is_live(t.object(oid).manager) {
        return Err(GraphError::not_found("manager"));
    }
    t.set_manager(oid, NONE);
    t.record("Remove user manager", "Unassign", &[oid], Vec::new());
    Ok(Reply::no_content())
}

fn check_manager(call: &Call, t: &Tenant, oid: Oid) -> Result<()> {
    sensitive::check_unit(call, t, oid)?;
    if !call.system && t.object(oid).rec.is_true(user::OP_SYNC) {
        return Err(mastered());
    }
    Ok(())
}
