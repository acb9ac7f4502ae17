//! Random but realistic changes over everything that a restore can put back.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use super::{attributes, membership};
use crate::schema::{group, roledef, unit, user};
use crate::shared::Shared;
use crate::state::audit::Actor;
use crate::state::log::Rel;
use crate::state::{Kind, Life, NONE, Oid, Tenant};

/// What may happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    User(&'static str),
    Group(&'static str),
    Unit(&'static str),
    Role(&'static str),
    MemberAdded,
    MemberRemoved,
    OwnerAdded,
    OwnerRemoved,
    ManagerSet,
    ManagerCleared,
    Assigned,
    Unassigned,
    UnitMemberAdded,
    UnitMemberRemoved,
    LicenceAdded,
    LicenceRemoved,
    LicenceChanged,
    UserDeleted,
    GroupDeleted,
    UnitDeleted,
    Purged,
}

/// A request that makes it happen, with what it is about.
pub(super) struct Step {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) what: &'static str,
}

/// Applies `count` changes; each kind of change comes up equally often.
pub(super) fn apply(shared: &Shared, seed: u64, count: usize, purge: bool) -> Value {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut events: Vec<Event> = Vec::new();
    let mut done: Vec<Value> = Vec::new();
    // A tenant may have nothing left that an event could happen to.
    let mut patience = count * 20 + 200;
    while done.len() < count && patience > 0 {
        patience -= 1;
        let event = match events.pop() {
            Some(event) => event,
            None => {
                events = all(purge);
                events.shuffle(&mut rng);
                continue;
            }
        };
        let step = {
            let t = shared.read();
            let actor = pick(&t, &mut rng, Kind::User, |_, _| true).map(|oid| t.person(oid));
            plan(&t, &mut rng, event).map(|step| (step, actor))
        };
        let Some((step, actor)) = step else { continue };
        let (status, answer) = super::apply(
            shared,
            step.method,
            &step.path,
            step.body.clone(),
            actor.or(Some(Actor::Directory)),
        );
        if (200..300).contains(&status) {
            done.push(json!({
                "event": name(event),
                "what": step.what,
                "method": step.method,
                "path": step.path,
                "body": step.body,
            }));
        } else {
            debug_assert!(status == 400 || status == 404, "{event:?} answered {status}: {answer}");
        }
    }
    json!({"seed": seed, "count": done.len(), "changes": done})
}

fn name(event: Event) -> String {
    match event {
        Event::User(a) => format!("user.{a}"),
        Event::Group(a) => format!("group.{a}"),
        Event::Unit(a) => format!("administrativeUnit.{a}"),
        Event::Role(a) => format!("roleDefinition.{a}"),
        other => {
            let text = format!("{other:?}");
            format!("{}{}", text[..1].to_lowercase(), &text[1..])
        }
    }
}

fn all(purge: bool) -> Vec<Event> {
    use Event::*;
    let mut list: Vec<Event> = attributes::USER.iter().map(|a| User(a)).collect();
    list.extend(attributes::GROUP.iter().map(|a| Group(a)));
    list.extend(attributes::UNIT.iter().map(|a| Unit(a)));
    list.extend(attributes::ROLE.iter().map(|a| Role(a)));
    for _ in 0..3 {
        list.extend([MemberAdded, MemberRemoved]);
    }
    list.extend([
        OwnerAdded,
        OwnerRemoved,
        ManagerSet,
        ManagerCleared,
        Assigned,
        Unassigned,
        UnitMemberAdded,
        UnitMemberRemoved,
        LicenceAdded,
        LicenceRemoved,
        LicenceChanged,
        UserDeleted,
        GroupDeleted,
        UnitDeleted,
    ]);
    if purge {
        list.push(Purged);
    }
    list
}

/// A live object of a kind that passes a test.
pub(super) fn pick(
    t: &Tenant,
    rng: &mut Pcg64Mcg,
    kind: Kind,
    keep: impl Fn(&Tenant, Oid) -> bool,
) -> Option<Oid> {
    let set = &t.sets[kind as usize];
    if set.is_empty() {
        return None;
    }
    (0..60).map(|_| set[rng.random_range(0..set.len())]).find(|oid| t.is_live(*oid) && keep(t, *oid))
}

/// An account that the cloud masters and no restricted unit protects.
fn writable(t: &Tenant, oid: Oid) -> bool {
    !t.object(oid).rec.is_true(user::OP_SYNC) && t.restricted_by(oid).is_none()
}

fn unified(t: &Tenant, oid: Oid) -> bool {
    t.object(oid).rec.strs(group::GROUP_TYPES).iter().any(|k| k == "Unified")
}

/// A group that Graph can write.
pub(super) fn writable_group(t: &Tenant, oid: Oid) -> bool {
    let rec = &t.object(oid).rec;
    !rec.is_true(group::OP_SYNC)
        && (!rec.is_true(group::MAIL_ENABLED) || unified(t, oid))
        && t.restricted_by(oid).is_none()
}

/// A member that the application could put back into a group: adding takes a permission by its kind.
pub(super) fn returnable(t: &Tenant, member: Oid) -> bool {
    let any: &[&str] = match t.object(member).kind {
        Kind::Device => &["Device.ReadWrite.All", "Directory.ReadWrite.All"],
        Kind::Contact => &["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        Kind::Sp => &["Application.ReadWrite.All", "Directory.ReadWrite.All"],
        _ => return true,
    };
    any.iter().any(|p| t.permissions.contains(*p))
}

fn link(t: &Tenant, oid: Oid) -> Option<Value> {
    Some(json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", t.id(oid))}))
}

fn plan(t: &Tenant, rng: &mut Pcg64Mcg, event: Event) -> Option<Step> {
    let step = |method, path, body, what| Some(Step { method, path, body, what });
    let patch = |rng: &mut Pcg64Mcg, set: &str, oid: Oid, attribute: &'static str| {
        let object = t.object(oid);
        let prop = object.kind.schema().exact(attribute)?;
        let value = match attribute {
            "membershipRule" => json!(membership::rule(t, rng)?),
            _ => attributes::value(rng, attribute, &object.rec.value(prop)),
        };
        step("PATCH", format!("{set}/{}", t.id(oid)), Some(json!({ attribute: value })), attribute)
    };
    match event {
        Event::User(attribute) => {
            let oid = pick(t, rng, Kind::User, |t, oid| {
                let rec = &t.object(oid).rec;
                writable(t, oid)
                    && match attribute {
                        // A guest's names are its home tenant's.
                        "userPrincipalName" | "mail" | "mailNickname" => {
                            rec.raw(user::CREATION_TYPE).is_none()
                        }
                        // Once set it cannot be emptied, so that setting a first one could not be undone.
                        "usageLocation" => rec.raw(user::USAGE_LOCATION).is_some(),
                        _ => true,
                    }
            })?;
            patch(rng, "/users", oid, attribute)
        }
        Event::Group("groupTypes") => membership::toggle_group(t, rng),
        Event::Group(attribute) => {
            let oid = pick(t, rng, Kind::Group, |t, oid| {
                let hidden = t.object(oid).rec.str(group::VISIBILITY).as_deref() == Some("HiddenMembership");
                writable_group(t, oid)
                    && match attribute {
                        // The address of a Microsoft 365 group would follow, and not come back.
                        "mailNickname" => !unified(t, oid),
                        "theme" | "classification" => unified(t, oid),
                        "visibility" => {
                            unified(t, oid) && !hidden && !t.object(oid).rec.is_true(group::ROLE_ASSIGNABLE)
                        }
                        // Licences and roles hang on it; a group that has them keeps it.
                        "securityEnabled" => {
                            unified(t, oid)
                                && !t.object(oid).rec.is_true(group::ROLE_ASSIGNABLE)
                                && t.licences_of(oid).is_empty()
                        }
                        "membershipRule" | "membershipRuleProcessingState" => t.is_dynamic(oid),
                        _ => true,
                    }
            })?;
            if attribute == "visibility" {
                let public = t.object(oid).rec.str(group::VISIBILITY).as_deref() == Some("Public");
                let body = json!({"visibility": if public { "Private" } else { "Public" }});
                return step("PATCH", format!("/groups/{}", t.id(oid)), Some(body), "visibility");
            }
            if attribute == "securityEnabled" {
                let now = t.object(oid).rec.is_true(group::SECURITY_ENABLED);
                return step(
                    "PATCH",
                    format!("/groups/{}", t.id(oid)),
                    Some(json!({"securityEnabled": !now})),
                    "securityEnabled",
                );
            }
            patch(rng, "/groups", oid, attribute)
        }
        Event::Unit("membershipType") => membership::toggle_unit(t, rng),
        Event::Unit(attribute) => {
            let rules = attribute.starts_with("membership");
            let oid = pick(t, rng, Kind::Unit, |t, oid| {
                !t.object(oid).rec.is_true(unit::RESTRICTED) && (!rules || t.is_dynamic(oid))
            })?;
            if attribute == "visibility" {
                let hidden = t.object(oid).rec.raw(unit::VISIBILITY).is_some();
                let body =
                    json!({"visibility": if hidden { Value::Null } else { json!("HiddenMembership") }});
                return step(
                    "PATCH",
                    format!("/directory/administrativeUnits/{}", t.id(oid)),
                    Some(body),
                    "visibility",
                );
            }
            patch(rng, "/directory/administrativeUnits", oid, attribute)
        }
        Event::Role(attribute) => {
            let oid = pick(t, rng, Kind::RoleDef, |t, oid| !t.object(oid).rec.is_true(roledef::BUILT_IN))?;
            patch(rng, "/roleManagement/directory/roleDefinitions", oid, attribute)
        }
        _ => plan_link(t, rng, event).or_else(|| plan_life(t, rng, event)),
    }
}

fn plan_link(t: &Tenant, rng: &mut Pcg64Mcg, event: Event) -> Option<Step> {
    let step = |method, path, body, what| Some(Step { method, path, body, what });
    let assigned = |t: &Tenant, oid: Oid| writable_group(t, oid) && !t.is_dynamic(oid);
    let open = |t: &Tenant, oid: Oid| !t.object(oid).rec.is_true(unit::RESTRICTED) && !t.is_dynamic(oid);
    let any = |rng: &mut Pcg64Mcg, rel, oid| {
        let list: Vec<Oid> = t.live_links(rel, oid).collect();
        (!list.is_empty()).then(|| list[rng.random_range(0..list.len())])
    };
    match event {
        Event::MemberAdded => {
            let oid = pick(t, rng, Kind::Group, assigned)?;
            let member = pick(t, rng, Kind::User, |t, m| !t.linked(Rel::Members, oid, m))?;
            step("POST", format!("/groups/{}/members/$ref", t.id(oid)), link(t, member), "members")
        }
        Event::MemberRemoved => {
            let oid = pick(t, rng, Kind::Group, |t, g| {
                assigned(t, g) && t.live_links(Rel::Members, g).any(|m| returnable(t, m))
            })?;
            let list: Vec<Oid> = t.live_links(Rel::Members, oid).filter(|m| returnable(t, *m)).collect();
            let member = *list.get(rng.random_range(0..list.len().max(1)))?;
            step("DELETE", format!("/groups/{}/members/{}/$ref", t.id(oid), t.id(member)), None, "members")
        }
        Event::OwnerAdded => {
            // The only owner of a group could not be removed again.
            let owned =
                |t: &Tenant, g: Oid| writable_group(t, g) && t.live_links(Rel::Owners, g).next().is_some();
            let oid = pick(t, rng, Kind::Group, owned)?;
            let owner = pick(t, rng, Kind::User, |t, m| !t.linked(Rel::Owners, oid, m))?;
            step("POST", format!("/groups/{}/owners/$ref", t.id(oid)), link(t, owner), "owners")
        }
        Event::OwnerRemoved => {
            let oid = pick(t, rng, Kind::Group, |t, g| {
                writable_group(t, g) && t.live_links(Rel::Owners, g).count() > 1
            })?;
            let owner = any(rng, Rel::Owners, oid)?;
            step("DELETE", format!("/groups/{}/owners/{}/$ref", t.id(oid), t.id(owner)), None, "owners")
        }
        Event::ManagerSet => {
            let oid = pick(t, rng, Kind::User, writable)?;
            let manager = pick(t, rng, Kind::User, |t, m| m != oid && t.object(oid).manager != m)?;
            step("PUT", format!("/users/{}/manager/$ref", t.id(oid)), link(t, manager), "manager")
        }
        Event::ManagerCleared => {
            let oid = pick(t, rng, Kind::User, |t, u| writable(t, u) && t.is_live(t.object(u).manager))?;
            step("DELETE", format!("/users/{}/manager/$ref", t.id(oid)), None, "manager")
        }
        Event::Assigned => {
            let principal = pick(t, rng, Kind::User, |t, u| t.restricted_by(u).is_none())?;
            let role = pick(t, rng, Kind::RoleDef, |_, _| true)?;
            let unit = rng.random_ratio(1, 3).then(|| pick(t, rng, Kind::Unit, |_, _| true)).flatten();
            let scope = unit.map_or("/".to_owned(), |u| format!("/administrativeUnits/{}", t.id(u)));
            let body = json!({"principalId": t.id(principal), "roleDefinitionId": t.id(role), "directoryScopeId": scope});
            step(
                "POST",
                "/roleManagement/directory/roleAssignments".to_owned(),
                Some(body),
                "roleAssignments",
            )
        }
        Event::Unassigned => {
            let standing: Vec<&str> = t
                .assignments
                .iter()
                .filter(|a| !a.activated && a.principal != t.app_sp && t.shown(a.principal, a.role, a.scope))
                .map(|a| a.id.as_str())
                .collect();
            if standing.len() < 3 {
                return None;
            }
            let id = standing[rng.random_range(0..standing.len())];
            step("DELETE", format!("/roleManagement/directory/roleAssignments/{id}"), None, "roleAssignments")
        }
        Event::UnitMemberAdded => {
            let oid = pick(t, rng, Kind::Unit, open)?;
            let member = pick(t, rng, Kind::User, |t, m| !t.linked(Rel::Members, oid, m))?;
            step(
                "POST",
                format!("/directory/administrativeUnits/{}/members/$ref", t.id(oid)),
                link(t, member),
                "auMembers",
            )
        }
        Event::UnitMemberRemoved => {
            let oid = pick(t, rng, Kind::Unit, open)?;
            let member = any(rng, Rel::Members, oid)?;
            let path = format!("/directory/administrativeUnits/{}/members/{}/$ref", t.id(oid), t.id(member));
            step("DELETE", path, None, "auMembers")
        }
        Event::LicenceAdded | Event::LicenceRemoved | Event::LicenceChanged => plan_licence(t, rng, event),
        _ => None,
    }
}

/// Only products that no group gives: delta would not tell the others.
fn plan_licence(t: &Tenant, rng: &mut Pcg64Mcg, event: Event) -> Option<Step> {
    let direct = |oid: Oid| -> Vec<u8> {
        let list = t.licences_of(oid);
        let inherited = |sku| list.iter().any(|l| l.sku == sku && l.by != NONE);
        list.iter().filter(|l| l.by == NONE && !inherited(l.sku)).map(|l| l.sku).collect()
    };
    let located = |t: &Tenant, u: Oid| {
        t.object(u).rec.raw(user::USAGE_LOCATION).is_some() && t.restricted_by(u).is_none()
    };
    let oid = pick(t, rng, Kind::User, |t, u| {
        located(t, u) && (event == Event::LicenceAdded || !direct(u).is_empty())
    })?;
    let sku = if event == Event::LicenceAdded {
        // Not the last ones of a product: others must be able to get theirs back.
        let plenty = |s: &u8| t.skus[*s as usize].consumed + 20 < t.skus[*s as usize].enabled;
        let free: Vec<u8> = (0..t.skus.len() as u8)
            .filter(|s| plenty(s) && !t.licences_of(oid).iter().any(|l| l.sku == *s))
            .collect();
        *free.get(rng.random_range(0..free.len().max(1)))?
    } else {
        let held = direct(oid);
        held[rng.random_range(0..held.len())]
    };
    let s = &t.skus[sku as usize];
    let body = if event == Event::LicenceRemoved {
        json!({"addLicenses": [], "removeLicenses": [s.id.to_string()]})
    } else {
        let now = t.licences_of(oid).iter().find(|l| l.sku == sku).map_or(0, |l| l.disabled);
        let mut disabled: u32 = rng.random_range(0..1 << s.plans.len().min(6));
        if event == Event::LicenceChanged && disabled == now {
            disabled ^= 1;
        }
        let plans = s.plans.iter().enumerate().filter(|(i, _)| disabled >> i & 1 == 1);
        let plans: Vec<String> = plans.map(|(_, (id, _))| id.to_string()).collect();
        json!({"addLicenses": [{"skuId": s.id.to_string(), "disabledPlans": plans}], "removeLicenses": []})
    };
    let path = format!("/users/{}/assignLicense", t.id(oid));
    Some(Step { method: "POST", path, body: Some(body), what: "licences" })
}

fn plan_life(t: &Tenant, rng: &mut Pcg64Mcg, event: Event) -> Option<Step> {
    let delete = |path: String, what| Some(Step { method: "DELETE", path, body: None, what });
    match event {
        Event::UserDeleted => {
            // The first accounts run the tenant.
            let first = t.sets[Kind::User as usize].get(2).copied().unwrap_or(0);
            let oid = pick(t, rng, Kind::User, |t, u| writable(t, u) && u > first)?;
            delete(format!("/users/{}", t.id(oid)), "user")
        }
        Event::GroupDeleted => {
            let oid = pick(t, rng, Kind::Group, |t, g| writable_group(t, g) && t.has_bin(g))?;
            delete(format!("/groups/{}", t.id(oid)), "group")
        }
        Event::UnitDeleted => {
            let live = t.sets[Kind::Unit as usize].iter().filter(|u| t.is_live(**u)).count();
            let oid =
                pick(t, rng, Kind::Unit, |t, u| live > 2 && !t.object(u).rec.is_true(unit::RESTRICTED))?;
            delete(format!("/directory/administrativeUnits/{}", t.id(oid)), "administrativeUnit")
        }
        Event::Purged => {
            let bin: Vec<Oid> =
                t.bin.iter().map(|(_, oid)| *oid).filter(|o| t.object(*o).kind != Kind::RoleDef).collect();
            let oid = *bin.get(rng.random_range(0..bin.len().max(1)))?;
            debug_assert_eq!(t.object(oid).life, Life::Bin);
            delete(format!("/directory/deletedItems/{}", t.id(oid)), "purge")
        }
        _ => None,
    }
}
