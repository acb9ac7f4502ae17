//! Reading the properties of a request body: names, types, lengths, who may write what.

use serde_json::Value;

use crate::call::Call;
use crate::record::{PropId, Record};
use crate::reply::{GraphError, Result};
use crate::schema::{Prop, Schema, Ty, Write};
use crate::state::Tenant;
use crate::state::audit::Modified;
use crate::text::{iso, parse_iso};

/// What the properties are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Create,
    Update,
}

/// Properties to write, as JSON text; nothing clears.
pub(crate) type Changes = Vec<(PropId, Option<Vec<u8>>)>;

/// Reads the body's properties. Annotations and bindings are left to the caller.
pub(crate) fn read(call: &Call, schema: &Schema, purpose: Use) -> Result<Changes> {
    let mut changes = Changes::new();
    for (name, value) in call.object()? {
        if name.contains('@') {
            continue;
        }
        let Some(id) = schema.exact(name) else {
            return Err(GraphError::bad(format!("Invalid property '{name}'.")));
        };
        let prop = &schema.props[id as usize];
        let writable = match prop.write {
            Write::No => call.system && id != 0,
            Write::Create => purpose == Use::Create || call.system,
            _ => true,
        };
        if !writable {
            return Err(GraphError::bad(format!("Property '{name}' is read-only and cannot be set.")));
        }
        changes.push((id, text(schema, prop, value)?));
    }
    changes.sort_by_key(|(id, _)| *id);
    Ok(changes)
}

fn text(schema: &Schema, prop: &Prop, value: &Value) -> Result<Option<Vec<u8>>> {
    let wrong = || {
        let resource = schema.name.rsplit('.').next().unwrap_or_default();
        let mut e = GraphError::bad(format!(
            "Invalid value specified for property '{}' of resource '{}{}'.",
            prop.name,
            resource[..1].to_uppercase(),
            &resource[1..]
        ));
        e.details.push(("InvalidValue".to_owned(), e.message.clone(), prop.name.to_owned()));
        e
    };
    let fits = |s: &str| !s.is_empty() && (prop.max == 0 || s.chars().count() <= prop.max as usize);
    match (prop.ty, value) {
        (_, Value::Null) if prop.nullable => return Ok(None),
        (Ty::Str, Value::String(s)) if fits(s) && allowed(prop.name, s) => {}
        (Ty::Guid, Value::String(s)) if s.len() == 36 => {}
        (Ty::Bool, Value::Bool(_)) | (Ty::Int, Value::Number(_)) => {}
        (Ty::Date, Value::String(s)) => {
            let secs = parse_iso(s).ok_or_else(wrong)?;
            return Ok(Some(crate::text::quoted(&iso(secs))));
        }
        (Ty::Strs, Value::Array(items)) if items.iter().all(|i| i.as_str().is_some_and(fits)) => {
            if prop.name == "businessPhones" && items.len() > 1 {
                return Err(wrong());
            }
            // An empty list is how an unset one reads.
            if items.is_empty() && prop.name != "groupTypes" {
                return Ok(None);
            }
        }
        (Ty::Object, Value::Object(_)) => {}
        (Ty::Objects, Value::Array(items)) if items.iter().all(Value::is_object) => {}
        _ => return Err(wrong()),
    }
    let text = value.to_string().into_bytes();
    if text.len() > 60_000 { Err(wrong()) } else { Ok(Some(text)) }
}

/// Values of the properties that are enumerations in all but name.
fn allowed(name: &str, value: &str) -> bool {
    match name {
        "userType" => matches!(value, "Member" | "Guest"),
        "ageGroup" => matches!(value, "Minor" | "NotAdult" | "Adult"),
        "consentProvidedForMinor" => matches!(value, "Granted" | "Denied" | "NotRequired"),
        "usageLocation" => value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase()),
        // Documented in lower case, sent and shown capitalised by Microsoft's own tools.
        "membershipType" => ["assigned", "dynamic"].iter().any(|t| t.eq_ignore_ascii_case(value)),
        "membershipRuleProcessingState" => matches!(value, "On" | "Paused"),
        "theme" => matches!(value, "Teal" | "Purple" | "Green" | "Blue" | "Pink" | "Orange" | "Red"),
        "visibility" => matches!(value, "Private" | "Public" | "HiddenMembership"),
        "mailNickname" => {
            value.is_ascii() && !value.contains(['@', '(', ')', '/', '[', ']', ';', ':', '<', '>', ',', ' '])
        }
        _ => true,
    }
}

/// Complex values merge: what the request leaves out stays.
pub(crate) fn merge(rec: &Record, changes: &mut Changes, props: &[PropId]) {
    for (prop, value) in changes.iter_mut().filter(|(p, _)| props.contains(p)) {
        let Some(text) = value else { continue };
        let Ok(Value::Object(new)) = serde_json::from_slice::<Value>(text) else { continue };
        let mut merged = match rec.value(*prop) {
            Value::Object(old) => old,
            _ => serde_json::Map::new(),
        };
        for (k, v) in new {
            if v.is_null() {
                merged.remove(&k);
            } else {
                merged.insert(k, v);
            }
        }
        *value = (!merged.is_empty()).then(|| Value::Object(merged).to_string().into_bytes());
    }
}

/// The record as it would be after the changes.
pub(crate) fn applied(rec: &Record, changes: &Changes) -> Record {
    let mut rec = rec.clone();
    for (prop, value) in changes {
        rec.set(*prop, value.as_deref());
    }
    rec
}

/// What the audit log tells about the changes.
pub(crate) fn modified(schema: &Schema, rec: &Record, changes: &Changes) -> Vec<Modified> {
    let text = |raw: Option<&[u8]>| {
        raw.map_or_else(|| "null".to_owned(), |r| String::from_utf8_lossy(r).into_owned())
    };
    changes
        .iter()
        .filter(|(prop, value)| rec.raw(*prop) != value.as_deref())
        .map(|(prop, value)| Modified {
            name: schema.props[*prop as usize].name.to_owned(),
            old: text(rec.raw(*prop)),
            new: text(value.as_deref()),
        })
        .collect()
}

/// A principal name: allowed characters, and a domain that the tenant has verified.
pub(crate) fn check_upn(t: &Tenant, upn: &str) -> Result<()> {
    let ok = |c: char| c.is_ascii_alphanumeric() || "'.-_!#^~".contains(c);
    match upn.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && local.chars().all(ok) => {
            if [&t.info.domain, &t.info.initial_domain].iter().any(|d| d.eq_ignore_ascii_case(domain)) {
                return Ok(());
            }
            let mut e = GraphError::bad(
                "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
            );
            e.details.push(("InvalidValue".to_owned(), e.message.clone(), "userPrincipalName".to_owned()));
            Err(e)
        }
        _ => Err(GraphError::bad("Property userPrincipalName is invalid.")),
    }
}
