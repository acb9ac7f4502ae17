//! Properties that are not stored but follow from the directory.

use crate::schema::{group, user};
use crate::state::licences::Trouble;
use crate::state::{Kind, NONE, Oid, Tenant};
use crate::text::{push_iso, push_str};

/// Writes a computed property; false when it has no value.
pub(crate) fn write(t: &Tenant, oid: Oid, prop: u8, out: &mut Vec<u8>) -> bool {
    let object = t.object(oid);
    match (object.kind, prop) {
        (_, 1) if object.kind != Kind::RoleDef => {
            if object.deleted_at == 0 {
                return false;
            }
            push_iso(out, object.deleted_at);
        }
        (Kind::User, user::ASSIGNED_LICENSES) | (Kind::Group, group::ASSIGNED_LICENSES) => {
            assigned(t, oid, out)
        }
        (Kind::User, user::LICENSE_STATES) => states(t, oid, out),
        (Kind::User, user::ASSIGNED_PLANS) => plans(t, oid, out),
        (Kind::User, user::RESTRICTED)
        | (Kind::Group, group::RESTRICTED)
        | (Kind::Device, crate::schema::device::RESTRICTED) => {
            if t.restricted_by(oid).is_none() {
                return false;
            }
            out.extend_from_slice(b"true");
        }
        (Kind::User, user::SID) | (Kind::Group, group::SID) => {
            let words = object.id.as_u128();
            out.extend_from_slice(
                format!(
                    "\"S-1-12-1-{}-{}-{}-{}\"",
                    (words >> 96) as u32,
                    (words >> 64) as u32,
                    (words >> 32) as u32,
                    words as u32
                )
                .as_bytes(),
            );
        }
        (Kind::User, user::IDENTITIES) => identities(t, oid, out),
        (Kind::User, user::LEGAL_AGE) => return legal_age(t, oid, out),
        (Kind::Group, group::LICENSE_STATE) => {
            if t.licences_of(oid).is_empty() {
                return false;
            }
            out.extend_from_slice(b"{\"state\":\"ProcessingComplete\"}");
        }
        (Kind::Group, group::LICENSE_ERRORS) => {
            let troubled = t.troubled_members(oid);
            out.extend_from_slice(if troubled { b"true" } else { b"false" });
        }
        _ => return false,
    }
    true
}

fn disabled_plans(t: &Tenant, sku: u8, disabled: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"disabledPlans\":[");
    let mut first = true;
    for (i, (plan, _)) in t.skus[sku as usize].plans.iter().enumerate() {
        if disabled >> i & 1 == 1 {
            if !first {
                out.push(b',');
            }
            first = false;
            out.extend_from_slice(format!("\"{plan}\"").as_bytes());
        }
    }
    out.push(b']');
}

fn assigned(t: &Tenant, oid: Oid, out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, (sku, disabled)) in t.effective_licences(oid).into_iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",{" } else { b"{" });
        disabled_plans(t, sku, disabled, out);
        out.extend_from_slice(format!(",\"skuId\":\"{}\"}}", t.skus[sku as usize].id).as_bytes());
    }
    out.push(b']');
}

fn states(t: &Tenant, oid: Oid, out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, licence) in t.licences_of(oid).iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",{" } else { b"{" });
        out.extend_from_slice(b"\"assignedByGroup\":");
        if licence.by == NONE {
            out.extend_from_slice(b"null");
        } else {
            push_str(out, &t.id(licence.by));
        }
        out.push(b',');
        disabled_plans(t, licence.sku, licence.disabled, out);
        let error = licence.trouble.map_or("None", Trouble::name);
        out.extend_from_slice(format!(",\"error\":\"{error}\",\"lastUpdatedDateTime\":").as_bytes());
        push_iso(out, licence.at);
        out.extend_from_slice(format!(",\"skuId\":\"{}\"", t.skus[licence.sku as usize].id).as_bytes());
        let state = if licence.trouble.is_some() { "Error" } else { "Active" };
        out.extend_from_slice(format!(",\"state\":\"{state}\"}}").as_bytes());
    }
    out.push(b']');
}

fn plans(t: &Tenant, oid: Oid, out: &mut Vec<u8>) {
    out.push(b'[');
    let mut first = true;
    for licence in t.licences_of(oid).iter().filter(|l| l.trouble.is_none()) {
        for (i, (plan, name)) in t.skus[licence.sku as usize].plans.iter().enumerate() {
            if licence.disabled >> i & 1 == 0 {
                out.extend_from_slice(if first { b"{" } else { b",{" });
                first = false;
                out.extend_from_slice(b"\"assignedDateTime\":");
                push_iso(out, licence.at);
                out.extend_from_slice(
                    format!(",\"capabilityStatus\":\"Enabled\",\"service\":\"{name}\",\"servicePlanId\":\"{plan}\"}}")
                        .as_bytes(),
                );
            }
        }
    }
    out.push(b']');
}

/// Unless others were set, an account signs in with its principal name.
fn identities(t: &Tenant, oid: Oid, out: &mut Vec<u8>) {
    out.extend_from_slice(b"[{\"issuer\":\"");
    out.extend_from_slice(t.info.initial_domain.as_bytes());
    out.extend_from_slice(b"\",\"issuerAssignedId\":");
    out.extend_from_slice(t.object(oid).rec.raw(user::UPN).unwrap_or(b"null"));
    out.extend_from_slice(b",\"signInType\":\"userPrincipalName\"}]");
}

fn legal_age(t: &Tenant, oid: Oid, out: &mut Vec<u8>) -> bool {
    let rec = &t.object(oid).rec;
    let class: &[u8] = match (rec.str(user::AGE_GROUP).as_deref(), rec.str(user::CONSENT).as_deref()) {
        (Some("Adult"), _) => b"\"Adult\"",
        (Some("NotAdult"), _) => b"\"NotAdult\"",
        (Some("Minor"), Some("Granted")) => b"\"MinorWithParentalConsent\"",
        (Some("Minor"), Some("NotRequired")) => b"\"MinorNoParentalConsentRequired\"",
        (Some("Minor"), _) => b"\"MinorWithoutParentalConsent\"",
        _ => return false,
    };
    out.extend_from_slice(class);
    true
}
