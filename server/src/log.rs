//! The log, on standard error: standard output is for what the person who started us has to read.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::cli::{LogFormat, Settings};

/// Starts logging; `usual` applies where the settings say nothing.
pub(crate) fn start(settings: &Settings, usual: &str) {
    let wanted = settings.log.as_deref().unwrap_or(usual);
    // A browser that comes back with an ended session is no event.
    let filter = EnvFilter::new(format!(
        "{wanted},tower_sessions=error,tower_sessions_core=error,sea_orm_migration=warn"
    ));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // Only a test could have started it before.
    let _ = match settings.log_format {
        LogFormat::Pretty => log.compact().try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}
