//! What the page about branding asks of the server. Pictures go to addresses of their own, as files in a form.

use crate::error::AppError;
use domain::brand::BrandingPage as Page;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// How it looks, and where each part comes from.
#[server]
pub async fn branding_page() -> Result<Page, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.branding(&actor).await?)
}

#[server]
pub async fn set_brand_name(name: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.set_brand_name(&actor, &name).await?)
}

#[server]
pub async fn set_brand_accent(accent: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.set_brand_accent(&actor, &accent).await?)
}

/// Goes back to what comes from above.
#[server]
pub async fn reset_brand(field: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.reset_brand(&actor, &field).await?)
}
