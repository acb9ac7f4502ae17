//! What describes the tenant: organization, domains, products.

use serde_json::json;

use super::list;
use crate::call::Call;
use crate::record::{Builder, Record};
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{domain, org, sku};
use crate::state::Tenant;

pub(crate) fn organizations(call: &Call, t: &Tenant) -> Result<Reply> {
    list::rows(call, &org::SCHEMA, std::slice::from_ref(&t.org))
}

pub(crate) fn organization(call: &Call, t: &Tenant) -> Result<Reply> {
    if call.arg(0) != t.info.tenant_id.to_string() {
        return Err(GraphError::not_found(call.arg(0)));
    }
    list::row(call, &org::SCHEMA, &t.org, 200)
}

pub(crate) fn patch_organization(call: &Call, t: &mut Tenant) -> Result<Reply> {
    if call.arg(0) != t.info.tenant_id.to_string() {
        return Err(GraphError::not_found(call.arg(0)));
    }
    let changes = super::patch::read(call, &org::SCHEMA, super::patch::Use::Update)?;
    for (prop, value) in changes {
        t.org.set(prop, value.as_deref());
    }
    t.record("Set company information", "Update", &[], Vec::new());
    Ok(Reply::no_content())
}

pub(crate) fn domains(call: &Call, t: &Tenant) -> Result<Reply> {
    list::rows(call, &domain::SCHEMA, &t.domains)
}

pub(crate) fn domain(call: &Call, t: &Tenant) -> Result<Reply> {
    let found = t.domains.iter().find(|d| d.str(domain::ID).as_deref() == Some(call.arg(0)));
    list::row(call, &domain::SCHEMA, found.ok_or_else(|| GraphError::not_found(call.arg(0)))?, 200)
}

/// The products that the tenant subscribes to, as rows.
pub(crate) fn sku_rows(t: &Tenant) -> Vec<Record> {
    t.skus
        .iter()
        .map(|s| {
            let mut b = Builder::default();
            b.str(sku::ID, &format!("{}_{}", t.info.tenant_id, s.id));
            b.str(sku::ACCOUNT_ID, &t.info.tenant_id.to_string())
                .str(sku::ACCOUNT_NAME, t.info.domain.split('.').next().unwrap_or_default());
            b.str(sku::APPLIES_TO, "User").str(sku::STATUS, "Enabled");
            b.raw(sku::CONSUMED, s.consumed.to_string().as_bytes());
            let prepaid = json!({"enabled": s.enabled, "lockedOut": 0, "suspended": 0, "warning": 0});
            b.raw(sku::PREPAID, prepaid.to_string().as_bytes());
            b.raw(sku::PLANS, plans(s).to_string().as_bytes());
            b.str(sku::SKU_ID, &s.id.to_string()).str(sku::PART, s.part);
            b.strs::<&str>(sku::SUBSCRIPTIONS, &[]);
            b.finish()
        })
        .collect()
}

pub(crate) fn plans(s: &crate::state::licences::Sku) -> serde_json::Value {
    s.plans
        .iter()
        .map(|(id, name)| {
            json!({"appliesTo": "User", "provisioningStatus": "Success", "servicePlanId": id.to_string(), "servicePlanName": name})
        })
        .collect()
}

pub(crate) fn skus(call: &Call, t: &Tenant) -> Result<Reply> {
    list::rows(call, &sku::SCHEMA, &sku_rows(t))
}

pub(crate) fn sku(call: &Call, t: &Tenant) -> Result<Reply> {
    let rows = sku_rows(t);
    let found = rows.iter().find(|r| r.str(sku::ID).as_deref() == Some(call.arg(0)));
    list::row(call, &sku::SCHEMA, found.ok_or_else(|| GraphError::not_found(call.arg(0)))?, 200)
}
