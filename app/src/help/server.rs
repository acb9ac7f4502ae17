//! What the help pages ask of the server.

use crate::error::AppError;
use domain::help::{HelpPage, HelpTopic};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context;

/// A page of help, for the portal at hand.
#[server]
pub async fn help(topic: HelpTopic) -> Result<HelpPage, AppError> {
    let portal = context::portal()?;
    Ok(portal.help(&context::who().await?, topic).await?)
}
