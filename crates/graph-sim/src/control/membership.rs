//! Random changes between assigned and dynamic membership.
//!
//! Only what an application can undo. A paused rule would not bring its members back, so that only
//! an object whose rule is at work goes to assigned; and a member in the recycle bin would lose its
//! place, which nobody could give back to it. Nor could a member whose kind takes a permission that is
//! not granted.

use rand::Rng;
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use super::random::{Step, pick, returnable, writable_group};
use crate::schema::{group, unit, user};
use crate::state::log::Rel;
use crate::state::{Kind, Oid, Tenant};

/// A rule that somebody satisfies.
pub(super) fn rule(t: &Tenant, rng: &mut Pcg64Mcg) -> Option<String> {
    let somebody = pick(t, rng, Kind::User, |t, u| t.object(u).rec.raw(user::DEPARTMENT).is_some())?;
    let department = t.object(somebody).rec.str(user::DEPARTMENT)?.into_owned();
    Some(format!("(user.department -eq \"{department}\")"))
}

/// An object to toggle: of a random side, of the other when that has none.
fn either(t: &Tenant, rng: &mut Pcg64Mcg, kind: Kind, keep: impl Fn(&Tenant, Oid) -> bool) -> Option<Oid> {
    let dynamic = rng.random_bool(0.5);
    pick(t, rng, kind, |t, oid| keep(t, oid) && t.is_dynamic(oid) == dynamic)
        .or_else(|| pick(t, rng, kind, |t, oid| keep(t, oid) && t.is_dynamic(oid) != dynamic))
}

fn reversible(t: &Tenant, oid: Oid, state: u8) -> bool {
    (!t.is_dynamic(oid) || t.object(oid).rec.str(state).is_some_and(|s| s == "On"))
        && t.links(Rel::Members, oid).iter().all(|m| t.is_live(*m) && returnable(t, *m))
}

/// A group between static and dynamic, on the same id.
pub(super) fn toggle_group(t: &Tenant, rng: &mut Pcg64Mcg) -> Option<Step> {
    let oid = either(t, rng, Kind::Group, |t, oid| {
        writable_group(t, oid)
            && !t.object(oid).rec.is_true(group::ROLE_ASSIGNABLE)
            // Everybody whom a rule brings in would take a licence, and there are only so many.
            && t.licences_of(oid).is_empty()
            && reversible(t, oid, group::RULE_STATE)
    })?;
    let mut types = t.object(oid).rec.strs(group::GROUP_TYPES);
    let body = if t.is_dynamic(oid) {
        types.retain(|kind| kind != "DynamicMembership");
        json!({"groupTypes": types, "membershipRule": null, "membershipRuleProcessingState": null})
    } else {
        types.push("DynamicMembership".to_owned());
        json!({"groupTypes": types, "membershipRule": rule(t, rng)?, "membershipRuleProcessingState": "On"})
    };
    step(format!("/groups/{}", t.id(oid)), body, "groupTypes")
}

/// An administrative unit between assigned and dynamic.
pub(super) fn toggle_unit(t: &Tenant, rng: &mut Pcg64Mcg) -> Option<Step> {
    let oid = either(t, rng, Kind::Unit, |t, oid| {
        !t.object(oid).rec.is_true(unit::RESTRICTED) && reversible(t, oid, unit::RULE_STATE)
    })?;
    let body = if t.is_dynamic(oid) {
        json!({"membershipType": "Assigned", "membershipRule": null, "membershipRuleProcessingState": null})
    } else {
        json!({"membershipType": "Dynamic", "membershipRule": rule(t, rng)?, "membershipRuleProcessingState": "On"})
    };
    step(format!("/directory/administrativeUnits/{}", t.id(oid)), body, "membershipType")
}

fn step(path: String, body: Value, what: &'static str) -> Option<Step> {
    Some(Step { method: "PATCH", path, body: Some(body), what })
}
