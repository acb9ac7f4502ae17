//! One tenant: its snapshots and its jobs.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use uuid::Uuid;

use super::Api;
use super::caller::Caller;
use super::model::{Job, Jobs, Paging, Snapshots, Tenant};
use super::organizations::read;
use super::problem::{Problem, Problems};

/// Jobs and snapshots of a page.
const PAGE: usize = 50;

/// One tenant.
#[utoipa::path(
    get,
    path = "/tenants/{tenant}",
    tag = "Tenants",
    operation_id = "getTenant",
    security(("token" = [])),
    params(("tenant" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The tenant", body = Tenant), Problems)
)]
pub(super) async fn one(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Tenant>, Problem> {
    let (actor, id) = caller.at_tenant(&api, &id).await?;
    let all = api.services.backup.standing(&actor).await?;
    let found = all.into_iter().find(|t| t.tenant.link.id == id).ok_or_else(Problem::not_found)?;
    Ok(Json(Tenant::new(actor.scope().organization(), found)))
}

/// The snapshots of a tenant, the newest first, 50 at a time.
#[utoipa::path(
    get,
    path = "/tenants/{tenant}/snapshots",
    tag = "Snapshots",
    operation_id = "listSnapshots",
    security(("token" = [])),
    params(("tenant" = Uuid, Path, description = "The tenant's id"), Paging),
    responses((status = 200, description = "A page of them", body = Snapshots), Problems)
)]
pub(super) async fn snapshots(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Result<Query<Paging>, QueryRejection>,
) -> Result<Json<Snapshots>, Problem> {
    let before = mark::<i64>(read(paging)?)?;
    let (actor, id) = caller.at_tenant(&api, &id).await?;
    let rows = api.services.backup.snapshots(&actor, id, before).await?;
    let next = rows.last().filter(|_| rows.len() == PAGE).map(|row| row.seq.to_string());
    Ok(Json(Snapshots { items: rows.into_iter().map(Into::into).collect(), next }))
}

/// The jobs of a tenant, the newest first, 50 at a time.
#[utoipa::path(
    get,
    path = "/tenants/{tenant}/jobs",
    tag = "Jobs",
    operation_id = "listJobs",
    security(("token" = [])),
    params(("tenant" = Uuid, Path, description = "The tenant's id"), Paging),
    responses((status = 200, description = "A page of them", body = Jobs), Problems)
)]
pub(super) async fn jobs(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Result<Query<Paging>, QueryRejection>,
) -> Result<Json<Jobs>, Problem> {
    let before = mark::<Uuid>(read(paging)?)?;
    let (actor, id) = caller.at_tenant(&api, &id).await?;
    let rows = api.services.backup.job_records(&actor, id, before, PAGE as u64).await?;
    let next = rows.last().filter(|_| rows.len() == PAGE).map(|row| row.view.id.to_string());
    Ok(Json(Jobs { items: rows.into_iter().map(Into::into).collect(), next }))
}

/// One job.
#[utoipa::path(
    get,
    path = "/tenants/{tenant}/jobs/{job}",
    tag = "Jobs",
    operation_id = "getJob",
    security(("token" = [])),
    params(
        ("tenant" = Uuid, Path, description = "The tenant's id"),
        ("job" = Uuid, Path, description = "Its id")
    ),
    responses((status = 200, description = "The job", body = Job), Problems)
)]
pub(super) async fn job(
    State(api): State<Api>,
    caller: Caller,
    Path((tenant, job)): Path<(String, String)>,
) -> Result<Json<Job>, Problem> {
    let job: Uuid = job.parse().map_err(|_| Problem::not_found())?;
    let (actor, tenant) = caller.at_tenant(&api, &tenant).await?;
    Ok(Json(api.services.backup.job_record(&actor, tenant, job).await?.into()))
}

/// Where the page begins.
fn mark<T: std::str::FromStr>(paging: Paging) -> Result<Option<T>, Problem> {
    paging.after.map(|after| after.parse().map_err(|_| Problem::bad_mark())).transpose()
}
