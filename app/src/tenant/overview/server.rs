//! What the overview asks of the server.

use crate::error::AppError;
use domain::view::{JobView, Overview};
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::{
    context::{self, Event, tenant_id as id},
    reply,
    tenant::paths,
};

#[server]
pub async fn read_overview(tenant: String) -> Result<Overview, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.overview(&actor, id(&tenant)?).await?)
}

/// Asking twice gives the same job.
#[server]
pub async fn back_up_now(tenant: String) -> Result<Uuid, AppError> {
    let actor = context::actor().await?;
    let job = context::backup()?.back_up_now(&actor, id(&tenant)?).await?;
    context::record(&actor, Event::BackupAsked, &tenant, &format!("job {job}")).await?;
    Ok(job)
}

/// Like [`back_up_now`], but reads everything, not only what changed.
#[server]
pub async fn back_up_in_full(tenant: String) -> Result<Uuid, AppError> {
    let actor = context::actor().await?;
    let job = context::backup()?.back_up_in_full(&actor, id(&tenant)?).await?;
    context::record(&actor, Event::BackupAsked, &tenant, &format!("full, job {job}")).await?;
    Ok(job)
}

#[server]
pub async fn job(tenant: String, job: String) -> Result<JobView, AppError> {
    let actor = context::actor().await?;
    Ok(context::backup()?.job(&actor, id(&tenant)?, id(&job)?).await?)
}

/// Reads the tenant as it is now, and leads to the comparison with it.
#[server]
pub async fn compare_live(tenant: String, from: Option<i64>) -> Result<(), AppError> {
    let actor = context::actor().await?;
    let backup = context::backup()?;
    let id = id(&tenant)?;
    let from = match from {
        Some(from) => from,
        None => backup.snapshots(&actor, id, None).await?.first().map_or(1, |newest| newest.seq),
    };
    let job = backup.read_live(&actor, id).await?.to_string();
    let query = [("from", from.to_string()), ("to", "live".to_owned()), ("job", job)];
    let query: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
    reply::redirect(&paths::with_query(&format!("/t/{tenant}/compare"), &query));
    Ok(())
}
