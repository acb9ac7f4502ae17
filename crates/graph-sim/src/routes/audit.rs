//! `auditLogs/directoryAudits`: newest first.

use serde_json::{Value, json};

use super::list;
use crate::call::Call;
use crate::record::{Builder, Record};
use crate::reply::{GraphError, Reply, Result};
use crate::schema::audit;
use crate::state::Tenant;
use crate::state::audit::{Actor, AuditRow};

fn row(t: &Tenant, a: &AuditRow) -> Record {
    let initiated = match &a.actor {
        Actor::Person { id, name, upn } => json!({
            "app": null,
            "user": {"displayName": name, "id": id, "ipAddress": "203.0.113.24", "userPrincipalName": upn},
        }),
        Actor::App => json!({
            "app": {
                "appId": t.info.client_id.to_string(),
                "displayName": "Holdfast Backup",
                "servicePrincipalId": t.id(t.app_sp),
                "servicePrincipalName": null,
            },
            "user": null,
        }),
        Actor::Directory => json!({
            "app": {"appId": null, "displayName": "Microsoft Azure AD Internal", "servicePrincipalId": null, "servicePrincipalName": null},
            "user": null,
        }),
    };
    let modified: Vec<Value> = a
        .modified
        .iter()
        .map(|m| json!({"displayName": m.name, "newValue": m.new, "oldValue": m.old}))
        .collect();
    let targets: Vec<Value> = a
        .targets
        .iter()
        .enumerate()
        .map(|(i, (id, kind, name, upn))| {
            json!({
                "displayName": name,
                "groupType": null,
                "id": id,
                "modifiedProperties": if i == 0 { modified.clone() } else { Vec::new() },
                "type": kind,
                "userPrincipalName": upn,
            })
        })
        .collect();
    let mut b = Builder::default();
    b.str(audit::ID, &format!("Directory_{}", a.id)).str(audit::CATEGORY, a.category);
    b.str(audit::CORRELATION, &a.id.to_string()).str(audit::RESULT, "success").str(audit::REASON, "");
    b.str(audit::ACTIVITY, a.activity).date(audit::WHEN, a.at).str(audit::SERVICE, "Core Directory");
    b.str(audit::OPERATION, a.operation).raw(audit::INITIATED, initiated.to_string().as_bytes());
    b.raw(audit::TARGETS, Value::from(targets).to_string().as_bytes()).raw(audit::DETAILS, b"[]");
    b.finish()
}

pub(crate) fn audits(call: &Call, t: &Tenant) -> Result<Reply> {
    let rows: Vec<Record> = t.audit.iter().rev().map(|a| row(t, a)).collect();
    list::rows(call, &audit::SCHEMA, &rows)
}

pub(crate) fn audit_entry(call: &Call, t: &Tenant) -> Result<Reply> {
    let found = t.audit.iter().find(|a| format!("Directory_{}", a.id) == call.arg(0));
    list::row(call, &audit::SCHEMA, &row(t, found.ok_or_else(|| GraphError::not_found(call.arg(0)))?), 200)
}
