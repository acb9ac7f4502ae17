//! `holdfast password-link`: for the day when somebody is locked out and no mail can be sent.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::Utc;
use portal::{Cost, Portal};

use crate::cli::Settings;
use crate::{config, log};

pub(crate) async fn password_link(settings: &Settings, email: &str) -> Result<()> {
    log::start(settings, "warn");
    let front = config::front(settings, settings.listen)?;
    let store = config::open_store(settings).await?;
    let portal = Portal::new(store.clone(), Cost::STRONG, Arc::new(Utc::now))?;
    let link = portal
        .password_link_to_print(email)
        .await
        .with_context(|| format!("there is no link for {email}; is it the e-mail that they sign in with?"))?;
    println!("{}password/{}", front.public_url, link.token);
    println!(
        "(It works once, until {} UTC. A second factor is asked for as before.)",
        link.until.format("%H:%M")
    );
    store.close().await.context("the database could not be closed properly")
}
