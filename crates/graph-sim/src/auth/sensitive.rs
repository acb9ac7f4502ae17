//! Who may touch an administrator: the matrix of sensitive actions.
//!
//! A permission alone reaches people without administrative roles. For others the application's own
//! service principal must hold a directory role that outranks theirs.

use crate::call::Call;
use crate::reply::{GraphError, Result};
use crate::schema::{group, roledef};
use crate::state::{Kind, NONE, Oid, Tenant};

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const PRIVILEGED_AUTHENTICATION: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
const USER: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const AUTHENTICATION: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";

/// Roles that protect nobody: Directory Readers, Guest Inviter, Message Center Reader, Reports
/// Reader, Usage Summary Reports Reader.
const HARMLESS: [&str; 5] = [
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
    "95e79109-95c0-4d8e-aee3-d01accf2d47b",
    "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b",
    "4a5d8f65-41da-4de4-8968-e035b65339cf",
    "75934031-6c7e-415a-99d7-48dbd49e875e",
];
/// Password, Helpdesk, Groups and User Administrator: a User Administrator reaches them.
const LIMITED: [&str; 4] = [
    "966707d0-3269-4727-9be2-8c3a10f19b9d",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    USER,
];

/// Template ids of the roles that the application holds.
fn app_roles(t: &Tenant) -> Vec<String> {
    if t.app_sp == NONE { Vec::new() } else { t.role_templates_of(t.app_sp, false) }
}

/// Whether the application holds one of these roles.
pub(crate) fn app_holds(t: &Tenant, templates: &[&str]) -> bool {
    app_roles(t).iter().any(|r| templates.contains(&r.as_str()))
}

/// Whether a sensitive action on a user is allowed beyond its permission.
pub(crate) fn check_user(call: &Call, t: &Tenant, target: Oid) -> Result<()> {
    if call.system || app_holds(t, &[GLOBAL, PRIVILEGED_AUTHENTICATION]) {
        return Ok(());
    }
    if in_role_assignable_group(t, target) {
        return Err(GraphError::denied());
    }
    let mine = app_roles(t);
    let holds = |role: &str| mine.iter().any(|m| m == role);
    for role in t.role_templates_of(target, true) {
        let custom =
            t.by_key("roledef", &role).is_some_and(|oid| !t.object(oid).rec.is_true(roledef::BUILT_IN));
        let role = role.as_str();
        let allowed = custom
            || HARMLESS.contains(&role)
            || (LIMITED.contains(&role) && holds(USER))
            || (role == AUTHENTICATION && holds(AUTHENTICATION));
        if !allowed {
            return Err(GraphError::denied());
        }
    }
    Ok(())
}

/// Setting a password takes a directory role, whoever the target is.
pub(crate) fn check_password(call: &Call, t: &Tenant) -> Result<()> {
    if call.system || app_holds(t, &[GLOBAL, PRIVILEGED_AUTHENTICATION, USER]) {
        Ok(())
    } else {
        Err(GraphError::denied())
    }
}

fn in_role_assignable_group(t: &Tenant, user: Oid) -> bool {
    t.object(user).up.iter().chain(t.owned(user)).any(|g| {
        let object = t.object(*g);
        object.kind == Kind::Group && t.is_live(*g) && object.rec.is_true(group::ROLE_ASSIGNABLE)
    })
}

/// Members of a restricted unit can be changed only by roles scoped to that unit.
pub(crate) fn check_unit(call: &Call, t: &Tenant, target: Oid) -> Result<()> {
    match t.restricted_by(target) {
        Some(unit) if !call.system && !t.app_manages_unit(unit) => Err(GraphError::denied()),
        _ => Ok(()),
    }
}
