//! Assigning licences to users and groups.

use serde_json::Value;

use super::list;
use super::reads;
use super::tenant::plans;
use crate::auth::sensitive;
use crate::call::Call;
use crate::record::Builder;
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{group, license_details, user};
use crate::state::licences::Licence;
use crate::state::{Kind, NONE, Oid, Tenant};

pub(crate) fn details(call: &Call, t: &Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::User, call.arg(0))?;
    let rows: Vec<_> = t
        .effective_licences(oid)
        .into_iter()
        .map(|(sku, disabled)| {
            let s = &t.skus[sku as usize];
            let mut list = plans(s);
            for (i, plan) in list.as_array_mut().into_iter().flatten().enumerate() {
                if disabled >> i & 1 == 1 {
                    plan["provisioningStatus"] = "Disabled".into();
                }
            }
            let mut b = Builder::default();
            b.str(license_details::ID, &format!("{}_{}", t.id(oid), s.id));
            b.raw(license_details::PLANS, list.to_string().as_bytes());
            b.str(license_details::SKU_ID, &s.id.to_string()).str(license_details::PART, s.part);
            b.finish()
        })
        .collect();
    list::rows(call, &license_details::SCHEMA, &rows)
}

/// What a request adds and removes.
struct Request {
    add: Vec<(u8, u32)>,
    remove: Vec<u8>,
}

fn read(call: &Call, t: &Tenant) -> Result<Request> {
    let body = call.object()?;
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .ok_or_else(|| GraphError::bad(format!("Parameter '{name}' is missing or not a list.")))
    };
    let sku = |id: &str| {
        t.sku(id).ok_or_else(|| {
            GraphError::bad(format!("License {id} does not correspond to a valid company License."))
        })
    };
    let mut add: Vec<(u8, u32)> = Vec::new();
    for item in list("addLicenses")? {
        let number = sku(item["skuId"].as_str().unwrap_or_default())?;
        let known = &t.skus[number as usize].plans;
        let mut disabled = 0;
        for plan in item["disabledPlans"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let at = known.iter().position(|(id, _)| id.to_string().eq_ignore_ascii_case(plan)).ok_or_else(
                || GraphError::bad(format!("The service plan {plan} is not part of the license.")),
            )?;
            disabled |= 1 << at;
        }
        if add.iter().any(|(s, _)| *s == number) {
            return Err(GraphError::bad("A license is listed more than once."));
        }
        add.push((number, disabled));
    }
    let remove = list("removeLicenses")?
        .iter()
        .map(|id| sku(id.as_str().unwrap_or_default()))
        .collect::<Result<Vec<_>>>()?;
    Ok(Request { add, remove })
}

pub(crate) fn assign_user(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::User, call.arg(0))?;
    let request = read(call, t)?;
    sensitive::check_unit(call, t, oid)?;
    if !request.add.is_empty() && t.object(oid).rec.raw(user::USAGE_LOCATION).is_none() {
        return Err(GraphError::bad(
            "License assignment cannot be done for user with invalid usage location.",
        ));
    }
    for sku in &request.remove {
        let mut held = t.licences_of(oid).iter().filter(|l| l.sku == *sku);
        if !held.clone().any(|l| l.by == NONE) {
            return Err(GraphError::bad(if held.next().is_some() {
                "User license is inherited from a group membership and it cannot be removed directly from the user."
            } else {
                "User does not have a corresponding license."
            }));
        }
    }
    for (sku, _) in &request.add {
        let s = &t.skus[*sku as usize];
        let new = !t.licences_of(oid).iter().any(|l| l.sku == *sku);
        if new && s.consumed >= s.enabled {
            return Err(GraphError::bad(format!(
                "Subscription with SKU {} does not have any available licenses.",
                s.id
            )));
        }
    }
    apply(t, oid, &request);
    t.record("Change user license", "Update", &[oid], Vec::new());
    list::single(call, t, oid, &[], 200)
}

pub(crate) fn assign_group(call: &Call, t: &mut Tenant) -> Result<Reply> {
    let oid = reads::object(t, Kind::Group, call.arg(0))?;
    let request = read(call, t)?;
    sensitive::check_unit(call, t, oid)?;
    if !t.object(oid).rec.is_true(group::SECURITY_ENABLED) {
        return Err(GraphError::bad("Licenses can be assigned only to security-enabled groups."));
    }
    if request.remove.iter().any(|sku| !t.licences_of(oid).iter().any(|l| l.sku == *sku)) {
        return Err(GraphError::bad("Group does not have a corresponding license."));
    }
    apply(t, oid, &request);
    t.record("Set group license", "Update", &[oid], Vec::new());
    Ok(Reply { status: 202, ..list::single(call, t, oid, &[], 200)? })
}

fn apply(t: &mut Tenant, oid: Oid, request: &Request) {
    let at = t.now;
    for sku in &request.remove {
        t.take_licence(oid, *sku, NONE);
    }
    for (sku, disabled) in &request.add {
        t.put_licence(oid, Licence::direct(*sku, *disabled, at));
    }
}
