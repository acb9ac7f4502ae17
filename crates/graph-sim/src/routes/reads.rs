//! Reading users, groups, units, roles, service principals and their links.

use super::list::{self, Listing};
use crate::call::Call;
use crate::reply::{GraphError, Reply, Result};
use crate::schema;
use crate::state::log::Rel;
use crate::state::{Kind, Life, Oid, Tenant};

/// Relations that may be expanded.
const EXPAND: &[&str] = &["manager", "memberOf", "transitiveMemberOf", "directReports", "members", "owners"];

fn set(kind: Kind, t: &Tenant) -> Listing<'_> {
    Listing {
        set: kind.schema().set.to_owned(),
        source: &t.sets[kind as usize],
        kind: Some(kind),
        life: Life::Live,
        expand: EXPAND,
    }
}

/// An object of a kind by id; users also by principal name, roles by template.
pub(crate) fn object(t: &Tenant, kind: Kind, id: &str) -> Result<Oid> {
    match kind {
        Kind::User => t.user(id),
        Kind::RoleDef => t.role_definition(id),
        Kind::Role => match id.strip_prefix("roleTemplateId=") {
            Some(template) => t.by_key("role", template.trim_matches('\'')),
            None => t.live(kind, id),
        },
        _ => t.live(kind, id),
    }
    .ok_or_else(|| GraphError::not_found(id))
}

macro_rules! readers {
    ($($kind:ident: $list:ident, $count:ident, $get:ident;)*) => {$(
        pub(crate) fn $list(call: &Call, t: &Tenant) -> Result<Reply> {
            list::objects(call, t, &set(Kind::$kind, t))
        }

        pub(crate) fn $count(call: &Call, t: &Tenant) -> Result<Reply> {
            list::count(call, t, &set(Kind::$kind, t))
        }

        pub(crate) fn $get(call: &Call, t: &Tenant) -> Result<Reply> {
            list::single(call, t, object(t, Kind::$kind, call.arg(0))?, EXPAND, 200)
        }
    )*};
}

readers! {
    User: users, users_count, user;
    Group: groups, groups_count, group;
    Unit: units, units_count, unit;
    Role: roles_all, roles_count, role;
    RoleDef: role_definitions, role_definitions_count, role_definition;
    Sp: service_principals, service_principals_count, service_principal;
    Device: devices, devices_count, device;
    Contact: contacts, contacts_count, contact;
}

/// Directory roles are never paged.
pub(crate) fn roles(call: &Call, t: &Tenant) -> Result<Reply> {
    if call.query.top.is_some() {
        return Err(GraphError::unsupported("The query option '$top' is not supported for this resource."));
    }
    roles_all(call, t)
}

/// The kind at the start of a path such as `/groups/{id}/members`.
fn container(call: &Call) -> Kind {
    match call.path.trim_start_matches('/').split(['/', '(']).next().unwrap_or_default() {
        "users" => Kind::User,
        "groups" => Kind::Group,
        "directoryRoles" => Kind::Role,
        "servicePrincipals" => Kind::Sp,
        "devices" => Kind::Device,
        "contacts" => Kind::Contact,
        _ => Kind::Unit,
    }
}

fn owner_of_path(call: &Call, t: &Tenant) -> Result<Oid> {
    object(t, container(call), call.arg(0))
}

/// The kind that a cast segment names.
pub(crate) fn cast(name: &str) -> Result<Kind> {
    Ok(match name {
        "user" => Kind::User,
        "group" => Kind::Group,
        "servicePrincipal" => Kind::Sp,
        "administrativeUnit" => Kind::Unit,
        "directoryRole" => Kind::Role,
        "device" => Kind::Device,
        "orgContact" => Kind::Contact,
        _ => {
            return Err(GraphError::new(
                404,
                "ResourceNotFound",
                format!("Resource not found for the segment 'microsoft.graph.{name}'."),
            ));
        }
    })
}

/// Hidden membership takes a permission of its own. Without it nothing is refused: the members are
/// missing, and so is the container from what its members are in
/// (microsoftgraph/microsoft-graph-docs#12552, #12285; microsoftgraph/msgraph-sdk-dotnet#1255).
pub(crate) fn membership_visible(call: &Call, t: &Tenant, oid: Oid) -> bool {
    let object = t.object(oid);
    let prop = match object.kind {
        Kind::Group => schema::group::VISIBILITY,
        Kind::Unit => schema::unit::VISIBILITY,
        _ => return true,
    };
    object.rec.str(prop).as_deref() != Some("HiddenMembership") || call.can(&["Member.Read.Hidden"])
}

fn linked(call: &Call, t: &Tenant, rel: Rel) -> Result<Vec<Oid>> {
    let oid = owner_of_path(call, t)?;
    if rel == Rel::Members && !membership_visible(call, t, oid) {
        return Ok(Vec::new());
    }
    Ok(t.live_links(rel, oid).filter(|m| rel != Rel::Members || listed(t, oid, *m)).collect())
}

/// v1.0 leaves service principals out of groups' member lists (group-list-members, known issue).
fn listed(t: &Tenant, container: Oid, member: Oid) -> bool {
    t.object(container).kind != Kind::Group || t.object(member).kind != Kind::Sp
}

/// The containers that an object is in, as far as the caller may see who is in them.
pub(crate) fn containers(call: &Call, t: &Tenant, oid: Oid) -> Vec<Oid> {
    let up = t.object(oid).up.iter().copied();
    up.filter(|o| t.is_live(*o) && membership_visible(call, t, *o)).collect()
}

/// The containers that an object reaches through such containers.
pub(crate) fn all_containers(call: &Call, t: &Tenant, oid: Oid) -> Vec<Oid> {
    t.closure(oid, |oid| containers(call, t, oid))
}

fn mixed(call: &Call, t: &Tenant, mut source: Vec<Oid>, cast_arg: Option<usize>) -> Result<Reply> {
    let mut kind = None;
    if let Some(arg) = cast_arg {
        let wanted = cast(call.arg(arg))?;
        source.retain(|oid| t.object(*oid).kind == wanted);
        kind = Some(wanted);
    }
    let set = kind.map_or("directoryObjects".to_owned(), |k| k.schema().set.to_owned());
    let listing = Listing { set, source: &source, kind, life: Life::Live, expand: &[] };
    if call.path.ends_with("/$count") {
        list::count(call, t, &listing)
    } else {
        list::objects(call, t, &listing)
    }
}

pub(crate) fn members(call: &Call, t: &Tenant) -> Result<Reply> {
    mixed(call, t, linked(call, t, Rel::Members)?, None)
}

pub(crate) fn members_cast(call: &Call, t: &Tenant) -> Result<Reply> {
    mixed(call, t, linked(call, t, Rel::Members)?, Some(1))
}

pub(crate) fn owners(call: &Call, t: &Tenant) -> Result<Reply> {
    mixed(call, t, linked(call, t, Rel::Owners)?, None)
}

pub(crate) fn owners_cast(call: &Call, t: &Tenant) -> Result<Reply> {
    mixed(call, t, linked(call, t, Rel::Owners)?, Some(1))
}

/// `…/members/$ref`: links only.
pub(crate) fn members_ref(call: &Call, t: &Tenant) -> Result<Reply> {
    references(call, t, linked(call, t, Rel::Members)?)
}

pub(crate) fn owners_ref(call: &Call, t: &Tenant) -> Result<Reply> {
    references(call, t, linked(call, t, Rel::Owners)?)
}

fn references(call: &Call, t: &Tenant, oids: Vec<Oid>) -> Result<Reply> {
    let value: Vec<_> = oids
        .into_iter()
        .map(|oid| serde_json::json!({"@odata.id": format!("{}/directoryObjects/{}", call.base, t.id(oid))}))
        .collect();
    let body = serde_json::json!({"@odata.context": call.context("Collection($ref)"), "value": value});
    Ok(Reply::json(200, body.to_string().into_bytes()))
}

pub(crate) fn transitive_members(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = owner_of_path(call, t)?;
    let inside = |oid: Oid| -> Vec<Oid> {
        if !membership_visible(call, t, oid) {
            return Vec::new();
        }
        t.live_links(Rel::Members, oid).filter(|m| listed(t, oid, *m)).collect()
    };
    mixed(call, t, t.closure(oid, inside), None)
}

pub(crate) fn member_of(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = owner_of_path(call, t)?;
    mixed(call, t, containers(call, t, oid), None)
}

pub(crate) fn member_of_cast(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = owner_of_path(call, t)?;
    mixed(call, t, containers(call, t, oid), Some(1))
}

pub(crate) fn transitive_member_of(call: &Call, t: &Tenant) -> Result<Reply> {
    mixed(call, t, all_containers(call, t, owner_of_path(call, t)?), None)
}

pub(crate) fn owned_objects(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = owner_of_path(call, t)?;
    mixed(call, t, t.owned(oid).iter().copied().filter(|o| t.is_live(*o)).collect(), None)
}

pub(crate) fn direct_reports(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = owner_of_path(call, t)?;
    mixed(call, t, t.reports(oid).iter().copied().filter(|o| t.is_live(*o)).collect(), None)
}

pub(crate) fn manager(call: &Call, t: &Tenant) -> Result<Reply> {
    let user = object(t, Kind::User, call.arg(0))?;
    let manager = t.object(user).manager;
    if !t.is_live(manager) {
        return Err(GraphError::not_found("manager"));
    }
    list::single_typed(call, t, manager, 200)
}

pub(crate) fn manager_ref(call: &Call, t: &Tenant) -> Result<Reply> {
    let user = object(t, Kind::User, call.arg(0))?;
    let manager = t.object(user).manager;
    if !t.is_live(manager) {
        return Err(GraphError::not_found("manager"));
    }
    let body = serde_json::json!({
        "@odata.context": call.context("$ref"),
        "@odata.id": format!("{}/directoryObjects/{}/Microsoft.DirectoryServices.User", call.base, t.id(manager)),
    });
    Ok(Reply::json(200, body.to_string().into_bytes()))
}

/// One directory object, whatever its kind.
pub(crate) fn directory_object(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = t
        .by_id(call.arg(0))
        .filter(|oid| t.is_live(*oid) && t.object(*oid).kind != Kind::RoleDef)
        .ok_or_else(|| GraphError::not_found(call.arg(0)))?;
    list::single_typed(call, t, oid, 200)
}
