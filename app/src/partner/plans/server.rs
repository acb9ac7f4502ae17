//! What the pages about plans ask of the server.

use crate::error::AppError;
use domain::partner::PlansPage;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{self, partner_id},
    partner::paths,
    reply,
};

/// Every plan of the partner and of those below it.
#[server]
pub async fn plans() -> Result<PlansPage, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.plans(&actor).await?)
}

/// Creates a plan and leads to the list.
#[server]
pub async fn create_plan(
    partner: String,
    name: String,
    product: String,
    currency: String,
    price: String,
    periodicity: String,
    kind: String,
    rule: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let plan = portal::NewPlan { partner, name, product, currency, price, periodicity, kind, rule };
    context::portal()?.create_plan(&actor, plan).await?;
    reply::redirect(paths::PLANS);
    Ok(())
}

/// Deletes a plan that no organization is or ever was on.
#[server]
pub async fn delete_plan(id: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.delete_plan(&actor, partner_id(&id)?).await?)
}

/// Takes a plan out of sale, or puts it back.
#[server]
pub async fn archive_plan(id: String, archived: bool) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.set_plan_archived(&actor, partner_id(&id)?, archived).await?)
}
