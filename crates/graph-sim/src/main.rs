//! `graph-sim`: the simulated Microsoft Graph on its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use graph_sim::{Manners, Options, Profile, Sim, TlsOptions};
use serde_json::json;

/// A simulated Microsoft Graph and login authority. Prints one line of JSON when it is ready.
#[derive(Parser)]
#[command(name = "graph-sim", version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// Users of the tenant.
    #[arg(long, default_value_t = 2000)]
    users: usize,
    /// Groups of the tenant; an eighth of the users when not given.
    #[arg(long)]
    groups: Option<usize>,
    /// Members of each group; sizes as they come in life when not given.
    #[arg(long, default_value_t = 0)]
    members: usize,
    /// The same seed gives the same tenant.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Latency and quota: instant or realistic.
    #[arg(long, default_value = "instant")]
    profile: Profile,
    /// Serve https with a certificate for localhost and 127.0.0.1.
    #[arg(long)]
    tls: bool,
    /// Where the certificate authority is written.
    #[arg(long, default_value = "graph-sim-ca.pem")]
    ca_out: PathBuf,
    /// Start of the simulated clock in seconds since 1970; the real time when not given.
    #[arg(long)]
    start: Option<i64>,
    /// A directory role of the application, by name or template id; may be repeated.
    #[arg(long = "directory-role")]
    directory_roles: Option<Vec<String>>,
    /// An address that the authority may send a browser back to; may be repeated.
    #[arg(long = "redirect-uri")]
    redirect_uris: Vec<String>,
    /// Extra passes in which a full groups/delta repeats its objects.
    #[arg(long, default_value_t = 0)]
    delta_repeats: u8,
    /// How clients are treated: polite or rough. Rough manners take the seed, and never hide the truth
    /// for good.
    #[arg(long, default_value = "polite")]
    manners: Manners,
    /// A national cloud: custom roles have no recycle bin.
    #[arg(long)]
    no_role_bin: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let a = Arguments::parse();
    let defaults = Options::default();
    let options = Options {
        users: a.users,
        groups: a.groups.unwrap_or(a.users / 8),
        members: a.members,
        seed: a.seed,
        profile: a.profile,
        listen: a.listen,
        tls: a.tls.then(|| TlsOptions { ca_out: Some(a.ca_out.clone()) }),
        start: a.start,
        directory_roles: a.directory_roles.unwrap_or(defaults.directory_roles),
        redirect_uris: a.redirect_uris,
        delta_repeats: a.delta_repeats,
        manners: a.manners,
        role_bin: !a.no_role_bin,
        undelete_tells_links: defaults.undelete_tells_links,
    };
    let sim = match Sim::start(options).await {
        Ok(sim) => sim,
        Err(error) => {
            eprintln!("graph-sim: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut ready = json!({
        "base": sim.base(),
        "tenant_id": sim.tenant_id(),
        "client_id": sim.client_id(),
        "client_secret": sim.client_secret(),
    });
    if a.tls {
        ready["ca"] = json!(a.ca_out);
    }
    println!("{ready}");
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    ExitCode::SUCCESS
}
