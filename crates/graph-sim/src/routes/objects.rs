//! Directory objects of any kind.

use serde_json::Value;

use super::list::Writer;
use super::reads;
use crate::call::Call;
use crate::reply::{GraphError, Reply, Result};
use crate::state::{Kind, Tenant};
use crate::text::push_str;

/// `POST /directoryObjects/getByIds`: those that are there, the others left out.
pub(crate) fn get_by_ids(call: &Call, t: &Tenant) -> Result<Reply> {
    let body = call.object()?;
    let ids = body
        .get("ids")
        .and_then(Value::as_array)
        .ok_or_else(|| GraphError::bad("Parameter 'ids' is missing."))?;
    if ids.len() > 1000 {
        return Err(GraphError::bad("Too many ids: at most 1000 are allowed."));
    }
    let mut kinds = Vec::new();
    for name in body.get("types").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        match name {
            "directoryObject" => kinds.extend(Kind::ALL),
            // A kind that this tenant has no objects of is no error.
            "application" => {}
            name => kinds.push(reads::cast(name)?),
        }
    }
    let any = body.get("types").is_none();
    let writer = Writer::new(call, t, None, &[])?;
    let mut out = b"{\"@odata.context\":".to_vec();
    push_str(&mut out, &call.context("directoryObjects"));
    out.extend_from_slice(b",\"value\":[");
    let mut first = true;
    let mut seen = std::collections::BTreeSet::new();
    for id in ids.iter().filter_map(Value::as_str) {
        let Some(oid) = t.by_id(id).filter(|oid| t.is_live(*oid)) else { continue };
        let kind = t.object(oid).kind;
        if kind == Kind::RoleDef || !(any || kinds.contains(&kind)) || !seen.insert(oid) {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        writer.object(&mut out, oid, None);
    }
    out.push(b']');
    out.push(b'}');
    Ok(Reply::json(200, out))
}
