//! Holdfast as a process: command line, configuration, HTTP, worker loop. The only crate that reads the
//! environment.

mod cli;
mod command;
mod config;
pub mod http;
mod key;
mod log;
mod site;
mod worker;

use anyhow::Result;
use clap::Parser;
use cli::{Cli, Command};

/// Does what the command line says.
///
/// # Errors
/// When it cannot be done; the error says what to do about it.
pub async fn run() -> Result<()> {
    let cli = Cli::parse();
    // reqwest and sqlx share one TLS stack; whoever installed it before has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => command::serve(&cli.settings).await,
        #[cfg(feature = "demo")]
        Command::Demo(demo) => command::demo(&cli.settings, &demo).await,
        Command::Migrate => command::migrate(&cli.settings).await,
        Command::PasswordLink { email } => command::password_link(&cli.settings, &email).await,
        Command::Healthcheck => command::healthcheck(&cli.settings).await,
        Command::Version => {
            println!("holdfast {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
    }
}
