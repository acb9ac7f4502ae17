//! Role assignments, their schedules and instances, and eligibilities, read.

use serde_json::{Value, json};

use super::allowed::sight;
use super::list;
use crate::call::Call;
use crate::odata::expand;
use crate::odata::select::{Projection, close, push_type};
use crate::record::{Builder, Record};
use crate::reply::{GraphError, Reply, Result};
use crate::schema::{Schema, assignment, eligibility, eligibility_instance, instance, schedule};
use crate::state::roles::{Assignment, Eligibility};
use crate::state::{Oid, Tenant};
use crate::text::iso;

/// A row and what it links.
type Linked = (Record, Oid, Oid);

fn assignment_row(t: &Tenant, a: &Assignment) -> Record {
    let mut b = Builder::default();
    b.str(assignment::ID, &a.id).str(assignment::PRINCIPAL, &t.id(a.principal));
    b.str(assignment::SCOPE, &t.scope_text(a.scope)).str(assignment::ROLE, &t.id(a.role));
    b.finish()
}

/// When something holds, in the form that schedules have.
fn info(start: i64, end: Option<i64>) -> Value {
    let expiration = match end {
        Some(end) => json!({"duration": null, "endDateTime": iso(end), "type": "afterDateTime"}),
        None => json!({"duration": null, "endDateTime": null, "type": "noExpiration"}),
    };
    json!({"expiration": expiration, "recurrence": null, "startDateTime": iso(start)})
}

fn instance_row(t: &Tenant, a: &Assignment) -> Record {
    let mut b = Builder::default();
    b.str(instance::ID, &a.id).str(instance::PRINCIPAL, &t.id(a.principal));
    b.str(instance::ROLE, &t.id(a.role)).str(instance::SCOPE, &t.scope_text(a.scope));
    b.date(instance::START, a.start);
    if let Some(end) = a.end {
        b.date(instance::END, end);
    }
    b.str(instance::TYPE, if a.activated { "Activated" } else { "Assigned" }).str(instance::MEMBER, "Direct");
    b.str(instance::ORIGIN, &a.id).str(instance::SCHEDULE, &a.schedule.to_string());
    b.finish()
}

fn schedule_row(t: &Tenant, a: &Assignment) -> Record {
    let mut b = Builder::default();
    b.str(schedule::ID, &a.schedule.to_string()).str(schedule::PRINCIPAL, &t.id(a.principal));
    b.str(schedule::ROLE, &t.id(a.role)).str(schedule::SCOPE, &t.scope_text(a.scope));
    b.str(schedule::CREATED_USING, &a.schedule.to_string()).date(schedule::CREATED, a.start);
    b.str(schedule::STATUS, "Provisioned");
    b.str(schedule::TYPE, if a.activated { "Activated" } else { "Assigned" }).str(schedule::MEMBER, "Direct");
    b.raw(schedule::INFO, info(a.start, a.end).to_string().as_bytes());
    b.finish()
}

fn eligibility_row(t: &Tenant, e: &Eligibility) -> Record {
    let mut b = Builder::default();
    b.str(eligibility::ID, &e.id.to_string()).str(eligibility::PRINCIPAL, &t.id(e.principal));
    b.str(eligibility::ROLE, &t.id(e.role)).str(eligibility::SCOPE, &t.scope_text(e.scope));
    b.str(eligibility::CREATED_USING, &e.id.to_string()).date(eligibility::CREATED, e.start);
    b.str(eligibility::STATUS, "Provisioned").str(eligibility::MEMBER, "Direct");
    b.raw(eligibility::INFO, info(e.start, e.end).to_string().as_bytes());
    b.finish()
}

fn eligibility_instance_row(t: &Tenant, e: &Eligibility) -> Record {
    let mut b = Builder::default();
    b.str(eligibility_instance::ID, &format!("{}-1", e.id))
        .str(eligibility_instance::PRINCIPAL, &t.id(e.principal));
    b.str(eligibility_instance::ROLE, &t.id(e.role)).str(eligibility_instance::SCOPE, &t.scope_text(e.scope));
    b.date(eligibility_instance::START, e.start);
    if let Some(end) = e.end {
        b.date(eligibility_instance::END, end);
    }
    b.str(eligibility_instance::MEMBER, "Direct").str(eligibility_instance::SCHEDULE, &e.id.to_string());
    b.finish()
}

fn assigned(t: &Tenant, row: fn(&Tenant, &Assignment) -> Record) -> Vec<Linked> {
    let shown = t.assignments.iter().filter(|a| t.shown(a.principal, a.role, a.scope));
    shown.map(|a| (row(t, a), a.principal, a.role)).collect()
}

fn eligible(t: &Tenant, row: fn(&Tenant, &Eligibility) -> Record) -> Vec<Linked> {
    let shown = t.eligibilities.iter().filter(|e| t.shown(e.principal, e.role, e.scope));
    shown.map(|e| (row(t, e), e.principal, e.role)).collect()
}

/// Instances are what is now, schedules also what begins later.
fn eligible_now(t: &Tenant) -> Vec<Linked> {
    let begun = t.eligibilities.iter().filter(|e| e.start <= t.now);
    let shown = begun.filter(|e| t.shown(e.principal, e.role, e.scope));
    shown.map(|e| (eligibility_instance_row(t, e), e.principal, e.role)).collect()
}

/// A list with `$expand=principal,roleDefinition`.
fn answer(call: &Call, t: &Tenant, schema: &Schema, linked: Vec<Linked>) -> Result<Reply> {
    let expand = expand::parse(
        call.query.expand.as_deref(),
        &["principal", "roleDefinition", "directoryScope", "appScope"],
    )?;
    let projection = Projection::new(schema, call.query.select.as_deref())?;
    let (rows, ends): (Vec<_>, Vec<_>) = linked.into_iter().map(|(row, p, r)| (row, (p, r))).unzip();
    list::rows_with(call, schema, &rows, |out, row, i| {
        projection.row(out, row);
        out.pop();
        for e in &expand {
            let oid = match e.nav.as_str() {
                "principal" => ends[i].0,
                "roleDefinition" => ends[i].1,
                _ => continue,
            };
            out.extend_from_slice(format!(",\"{}\":", e.nav).as_bytes());
            push_end(call, t, out, oid, e.select.as_deref());
        }
        out.push(b'}');
    })
}

fn push_end(call: &Call, t: &Tenant, out: &mut Vec<u8>, oid: Oid, select: Option<&[String]>) {
    let at = out.len();
    let kind = t.object(oid).kind;
    push_type(out, kind);
    list::seen(&Projection::lenient(kind.schema(), select), sight(call, kind), t, out, oid);
    close(out, at);
}

/// One of them by id.
fn one(call: &Call, schema: &Schema, rows: Vec<Linked>) -> Result<Reply> {
    let found = rows.iter().find(|(row, ..)| row.str(0).as_deref() == Some(call.arg(0)));
    list::row(call, schema, &found.ok_or_else(|| GraphError::not_found(call.arg(0)))?.0, 200)
}

pub(crate) fn assignments(call: &Call, t: &Tenant) -> Result<Reply> {
    answer(call, t, &assignment::SCHEMA, assigned(t, assignment_row))
}

pub(crate) fn assignment(call: &Call, t: &Tenant) -> Result<Reply> {
    one(call, &assignment::SCHEMA, assigned(t, assignment_row))
}

/// Answers a creation with what was made.
pub(crate) fn created(call: &Call, t: &Tenant, at: usize) -> Result<Reply> {
    list::row(call, &assignment::SCHEMA, &assignment_row(t, &t.assignments[at]), 201)
}

pub(crate) fn instances(call: &Call, t: &Tenant) -> Result<Reply> {
    answer(call, t, &instance::SCHEMA, assigned(t, instance_row))
}

pub(crate) fn instance(call: &Call, t: &Tenant) -> Result<Reply> {
    one(call, &instance::SCHEMA, assigned(t, instance_row))
}

/// Schedules, those that begin later included.
fn scheduled(t: &Tenant) -> Vec<Linked> {
    let mut rows = assigned(t, schedule_row);
    let planned = t.planned.iter().filter(|p| t.shown(p.principal, p.role, p.scope));
    rows.extend(planned.map(|p| {
        let a = Assignment {
            id: String::new(),
            schedule: p.schedule,
            principal: p.principal,
            role: p.role,
            scope: p.scope,
            start: p.start,
            end: p.end,
            activated: false,
        };
        (schedule_row(t, &a), p.principal, p.role)
    }));
    rows
}

pub(crate) fn schedules(call: &Call, t: &Tenant) -> Result<Reply> {
    answer(call, t, &schedule::SCHEMA, scheduled(t))
}

pub(crate) fn schedule(call: &Call, t: &Tenant) -> Result<Reply> {
    one(call, &schedule::SCHEMA, scheduled(t))
}

pub(crate) fn eligibilities(call: &Call, t: &Tenant) -> Result<Reply> {
    answer(call, t, &eligibility::SCHEMA, eligible(t, eligibility_row))
}

pub(crate) fn eligibility(call: &Call, t: &Tenant) -> Result<Reply> {
    one(call, &eligibility::SCHEMA, eligible(t, eligibility_row))
}

pub(crate) fn eligibility_instances(call: &Call, t: &Tenant) -> Result<Reply> {
    answer(call, t, &eligibility_instance::SCHEMA, eligible_now(t))
}

pub(crate) fn eligibility_instance(call: &Call, t: &Tenant) -> Result<Reply> {
    one(call, &eligibility_instance::SCHEMA, eligible_now(t))
}
