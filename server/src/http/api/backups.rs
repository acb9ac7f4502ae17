//! Back up now.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use portal::Event;

use super::caller::Caller;
use super::model::Job;
use super::problem::{Problem, Problems};
use super::{Api, BASE};

const KEY: &str = "idempotency-key";

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
    headers: HeaderMap,
) -> Result<(StatusCode, [(header::HeaderName, String); 1], Json<Job>), Problem> {
    // What cannot be read as text cannot be a key either, and is told so.
    let key = headers.get(KEY).map(|value| value.to_str().unwrap_or_default());
    let (actor, tenant) = caller.at_tenant(&api, &tenant).await?;
    let asked = api.services.backup.back_up_once(&actor, tenant, key).await?;
    if !asked.again {
        api.services.portal.audit(&actor, Event::BackupAsked, &tenant.to_string(), "").await?;
    }
    let job = api.services.backup.job_record(&actor, tenant, asked.job).await?;
    let location = format!("{BASE}/tenants/{tenant}/jobs/{}", asked.job);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(job.into())))
}
