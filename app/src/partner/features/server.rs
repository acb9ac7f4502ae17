//! What the pages about features ask of the server.

use crate::error::AppError;
use domain::feature::{FeatureLevel, FeaturesView};
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use {
    crate::context::{self, partner_id},
    store::scope::PartnerActor,
    uuid::Uuid,
};

/// What is on at a plan, a partner or an organization; without an id, at one's own partner.
#[server]
pub async fn features(level: FeatureLevel, #[server(default)] id: String) -> Result<FeaturesView, AppError> {
    let actor = context::partner_actor().await?;
    let id = place(&actor, level, &id)?;
    Ok(context::portal()?.features(&actor, level, id).await?)
}

/// Switches features there: "on", "off", or nothing for what is inherited.
#[server]
pub async fn save_features(
    level: FeatureLevel,
    #[server(default)] id: String,
    #[server(default)] features: BTreeMap<String, String>,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let id = place(&actor, level, &id)?;
    Ok(context::portal()?.set_features(&actor, level, id, &features).await?)
}

#[cfg(feature = "ssr")]
fn place(actor: &PartnerActor, level: FeatureLevel, id: &str) -> Result<Uuid, AppError> {
    match (level, id) {
        (FeatureLevel::Partner, "") => Ok(actor.scope().partner()),
        _ => partner_id(id),
    }
}
