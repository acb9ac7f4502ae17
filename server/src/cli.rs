//! The command line. Every setting is a flag and an environment variable.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use secrecy::SecretString;
use url::Url;

/// Backs up and restores Microsoft Entra ID.
#[derive(Debug, Parser)]
#[command(name = "holdfast", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves pages and works on jobs; what runs when no command is given.
    Serve,
    /// Serves with a simulated tenant and people who can sign in. Nothing is kept.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Brings the database to this version's schema, and ends.
    Migrate,
    /// Prints a link to a new password for whoever signs in with that e-mail: good once, for an hour.
    PasswordLink { email: String },
    /// Asks a running server whether it is ready, and ends: 0 when it is.
    Healthcheck,
    /// Prints the version.
    Version,
}

/// What an installation may set. The master key is read from `HOLDFAST_MASTER_KEY` only: a flag would show
/// in the list of processes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Settings {
    /// Where to listen.
    #[arg(long, env = "HOLDFAST_LISTEN", default_value = "127.0.0.1:4000", global = true)]
    pub(crate) listen: SocketAddr,
    /// Where the database file and the master key lie, unless they are elsewhere.
    #[arg(long, env = "HOLDFAST_DATA_DIR", default_value = "holdfast-data", global = true)]
    pub(crate) data_dir: PathBuf,
    /// `sqlite://path` or `postgresql://…`; `sqlite://<data-dir>/holdfast.db` when not given.
    #[arg(long, env = "HOLDFAST_DATABASE_URL", hide_env_values = true, global = true)]
    pub(crate) database_url: Option<String>,
    /// The address that people type; https, unless it is this very machine.
    #[arg(long, env = "HOLDFAST_PUBLIC_URL", global = true)]
    pub(crate) public_url: Option<Url>,
    /// Where Microsoft Graph is reached, instead of at the cloud's own address.
    #[arg(long, env = "HOLDFAST_GRAPH_URL", global = true)]
    pub(crate) graph_url: Option<String>,
    /// Where the login authority is reached, instead of at the cloud's own address.
    #[arg(long, env = "HOLDFAST_LOGIN_URL", global = true)]
    pub(crate) login_url: Option<String>,
    /// The installation's own app registration, with which people sign in with Microsoft; its secret is read from
    /// `HOLDFAST_MICROSOFT_CLIENT_SECRET` only.
    #[arg(long, env = "HOLDFAST_MICROSOFT_CLIENT_ID", global = true)]
    pub(crate) microsoft_client_id: Option<String>,
    /// A certificate of that registration (PEM), in place of a secret.
    #[arg(long, env = "HOLDFAST_MICROSOFT_CERTIFICATE", requires = "microsoft_key", global = true)]
    pub(crate) microsoft_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, env = "HOLDFAST_MICROSOFT_KEY", global = true)]
    pub(crate) microsoft_key: Option<PathBuf>,
    /// The demo's own, which no environment names.
    #[arg(skip)]
    pub(crate) microsoft_secret: Option<SecretString>,
    /// The client id of the installation's own app, which customers' administrators can consent to. Its secret is read
    /// from `HOLDFAST_APP_SECRET`, or its certificate with the private key from the file `HOLDFAST_APP_CERTIFICATE`.
    #[arg(long, env = "HOLDFAST_APP_CLIENT_ID", global = true)]
    pub(crate) app_client_id: Option<String>,
    /// A PEM file with the app's certificate and its private key.
    #[arg(long, env = "HOLDFAST_APP_CERTIFICATE", global = true)]
    pub(crate) app_certificate: Option<PathBuf>,
    /// Where the installation keeps its data, as customers are told: "Frankfurt, Germany".
    #[arg(long, env = "HOLDFAST_DATA_LOCATION", global = true)]
    pub(crate) data_location: Option<String>,
    /// The mail server, for partners without one of their own: `smtps://user:password@host`, or `smtp://…` for STARTTLS.
    #[arg(long, env = "HOLDFAST_MAIL_URL", hide_env_values = true, global = true)]
    pub(crate) mail_url: Option<String>,

    /// In whose name mail is sent: `Holdfast <backup@example.com>`.
    #[arg(long, env = "HOLDFAST_MAIL_FROM", global = true)]
    pub(crate) mail_from: Option<String>,
    /// Seconds for which notices gather before they are mailed, so that what happens together is one mail.
    #[arg(long, env = "HOLDFAST_NOTICE_DELAY", default_value_t = 120, global = true)]
    pub(crate) notice_delay: u32,

    /// Jobs worked on at a time; 0 for a server that only shows pages.
    #[arg(long, env = "HOLDFAST_WORKERS", default_value_t = 4, global = true)]
    pub(crate) workers: usize,
    /// Proxies whose X-Forwarded-For is believed, by address.
    #[arg(long, env = "HOLDFAST_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// How the log is written.
    #[arg(long, env = "HOLDFAST_LOG_FORMAT", default_value = "pretty", global = true)]
    pub(crate) log_format: LogFormat,
    /// What is logged: `info`, or `warn,backup=debug`.
    #[arg(long, env = "HOLDFAST_LOG", global = true)]
    pub(crate) log: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For a person.
    Pretty,
    /// One object a line.
    Json,
}

/// The simulated tenant.
#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Its users.
    #[arg(long, default_value_t = 2000)]
    pub(crate) users: usize,
    /// The same seed gives the same tenant.
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// Where the simulated Microsoft Graph listens.
    #[arg(long, default_value = "127.0.0.1:4010")]
    pub(crate) graph_listen: SocketAddr,
    /// Prints one line of JSON instead of words.
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
