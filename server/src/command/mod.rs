//! What `holdfast` can be told to do.

#[cfg(feature = "demo")]
mod demo;
mod healthcheck;
mod password_link;
mod serve;

use anyhow::Result;

use crate::cli::Settings;
use crate::{config, log};

#[cfg(feature = "demo")]
pub(crate) use demo::demo;
pub(crate) use healthcheck::healthcheck;
pub(crate) use password_link::password_link;
pub(crate) use serve::serve;

/// Brings the database up to date and ends.
pub(crate) async fn migrate(settings: &Settings) -> Result<()> {
    log::start(settings, "info");
    config::open_store(settings).await?.close().await?;
    println!("The database has this version's schema.");
    Ok(())
}
