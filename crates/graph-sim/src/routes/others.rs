//! Writing devices, contacts and service principals.

use super::patch::{self, Use};
use super::reads;
use crate::auth::sensitive;
use crate::call::Call;
use crate::reply::{GraphError, Reply, Result};
use crate::state::{Kind, Oid, Tenant};

fn update(call: &Call, t: &mut Tenant, kind: Kind, activity: &'static str) -> Result<Reply> {
    let oid = object(call, t, kind)?;
    let changes = patch::read(call, kind.schema(), Use::Update)?;
    let modified = patch::modified(kind.schema(), &t.object(oid).rec, &changes);
    t.set_props(oid, &changes);
    t.record(activity, "Update", &[oid], modified);
    Ok(Reply::no_content())
}

fn delete(call: &Call, t: &mut Tenant, kind: Kind, activity: &'static str) -> Result<Reply> {
    let oid = object(call, t, kind)?;
    t.record(activity, "Delete", &[oid], Vec::new());
    t.delete(oid);
    Ok(Reply::no_content())
}

fn object(call: &Call, t: &Tenant, kind: Kind) -> Result<Oid> {
    let oid = reads::object(t, kind, call.arg(0))?;
    sensitive::check_unit(call, t, oid)?;
    Ok(oid)
}

pub(crate) fn update_device(call: &Call, t: &mut Tenant) -> Result<Reply> {
    update(call, t, Kind::Device, "Update device")
}

/// Devices have no recycle bin in v1.0 (device-delete).
pub(crate) fn delete_device(call: &Call, t: &mut Tenant) -> Result<Reply> {
    delete(call, t, Kind::Device, "Delete device")
}

pub(crate) fn update_service_principal(call: &Call, t: &mut Tenant) -> Result<Reply> {
    update(call, t, Kind::Sp, "Update service principal")
}

pub(crate) fn delete_service_principal(call: &Call, t: &mut Tenant) -> Result<Reply> {
    delete(call, t, Kind::Sp, "Remove service principal")
}

/// Graph only reads contacts; Exchange and the directory on premises write them.
fn check_elsewhere(call: &Call) -> Result<()> {
    if call.system {
        return Ok(());
    }
    let message = "Specified HTTP method is not allowed for the request target.";
    Err(GraphError::new(405, "Request_BadRequest", message))
}

pub(crate) fn update_contact(call: &Call, t: &mut Tenant) -> Result<Reply> {
    check_elsewhere(call)?;
    update(call, t, Kind::Contact, "Update contact")
}

pub(crate) fn delete_contact(call: &Call, t: &mut Tenant) -> Result<Reply> {
    check_elsewhere(call)?;
    delete(call, t, Kind::Contact, "Delete contact")
}
