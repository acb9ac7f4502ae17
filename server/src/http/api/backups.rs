//! Back up now.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use portal::Event;
use serde::Deserialize;
use utoipa::IntoParams;

use super::caller::Caller;
use super::model::Job;
use super::organizations::read;
use super::problem::{Problem, Problems};
use super::{Api, BASE};

const KEY: &str = "idempotency-key";

/// Whether everything is read anew.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Extent {
    /// Reads everything anew, not only what changed since the last backup. It takes longer, and is done by itself once a
    /// week.
    #[serde(default)]
    full: bool,
}

/// Starts a backup. Sent again with the same Idempotency-Key within a day, the answer is the same job; without a key,
/// it is the one that waits or runs, if there is one.
#[utoipa::path(
    post,
    path = "/tenants/{tenant}/backups",
    tag = "Jobs",
    operation_id = "startBackup",
    security(("token" = [])),
    params(
        ("tenant" = Uuid, Path, description = "The tenant's id"),
        Extent,
        ("Idempotency-Key" = Option<String>, Header, description = "A name of your making, up to 200 characters")
    ),
    responses(
        (status = 202, description = "The job; Location is its address", body = Job,
         headers(("Location" = String, description = "The job's address"))),
        Problems
    )
)]
pub(super) async fn start(
    State(api): State<Api>,
    caller: Caller,
    Path(tenant): Path<String>,
    extent: Result<Query<Extent>, QueryRejection>,
    headers: HeaderMap,
) -> Result<(StatusCode, [(header::HeaderName, String); 1], Json<Job>), Problem> {
    // What cannot be read as text cannot be a key either, and is told so.
    let key = headers.get(KEY).map(|value| value.to_str().unwrap_or_default());
    let Extent { full } = read(extent)?;
    let (actor, tenant) = caller.at_tenant(&api, &tenant).await?;
    let asked = api.services.backup.back_up_once(&actor, tenant, full, key).await?;
    if !asked.again {
        let detail = if full { "full" } else { "" };
        api.services.portal.audit(&actor, Event::BackupAsked, &tenant.to_string(), detail).await?;
    }
    let job = api.services.backup.job_record(&actor, tenant, asked.job).await?;
    let location = format!("{BASE}/tenants/{tenant}/jobs/{}", asked.job);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(job.into())))
}
