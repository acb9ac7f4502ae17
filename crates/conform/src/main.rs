//! `cargo xtask conform`: asks the simulator or a tenant whether what Holdfast assumes of Graph holds.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use conform::{Account, Lab, Outcome, Run, Seen, document, probes};
use graph::Cloud;
use secrecy::SecretString;
use url::Url;

/// Where the days are kept, from the root of the repository.
const SEEN: &str = "crates/conform/seen.json";
/// The list that is made of probes and days.
const DOCUMENT: &str = "docs/CONFORMANCE.md";
/// Where the app's secret is taken from.
const SECRET: &str = "HOLDFAST_CONFORM_SECRET";

/// Asks whether what Holdfast assumes of Microsoft Graph holds: at the simulator, or at a tenant.
#[derive(Parser)]
#[command(name = "cargo xtask conform")]
struct Args {
    /// The tenant's id or one of its domains. The simulator is asked when there is none.
    #[arg(long, requires = "client")]
    tenant: Option<String>,
    /// The app's (client) id; its secret is taken from the variable HOLDFAST_CONFORM_SECRET.
    #[arg(long, requires = "tenant")]
    client: Option<String>,
    /// The tenant's cloud: global, usgov, usgovdod or china.
    #[arg(long, default_value = "global")]
    cloud: Cloud,
    /// Reach Graph and the authority there instead: a proxy, or a simulator that runs already.
    #[arg(long, value_name = "URL", requires = "tenant")]
    at: Option<Url>,
    /// Also ask at a tenant what takes objects of one's own. The simulator is always asked everything.
    #[arg(long)]
    write: bool,
    /// Ask only this; may be given several times.
    #[arg(long, value_name = "PROBE")]
    only: Vec<String>,
    /// How long something may take to show at a tenant.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    patience: u64,
    /// Write the report there, too.
    #[arg(long, value_name = "FILE")]
    report: Option<String>,
    /// Keep the day for everything that agrees, and write the list anew.
    #[arg(long)]
    record: bool,
    /// Ask nothing; write the list anew.
    #[arg(long)]
    document: bool,
    /// Ask nothing; name the probes.
    #[arg(long)]
    list: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    if args.list {
        for probe in probes::all() {
            println!("{:<34} {}", probe.id, probe.title);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.document {
        write_document(&kept()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let lab = match args.tenant {
        Some(_) => None,
        None => Some(Lab::start().await?),
    };
    let account = match (&lab, &args.tenant, &args.client) {
        (None, Some(tenant), Some(client)) => Account {
            tenant: tenant.clone(),
            client_id: client.clone(),
            secret: SecretString::from(
                std::env::var(SECRET).with_context(|| format!("{SECRET} is not set"))?,
            ),
            cloud: args.cloud,
            at: args.at.clone(),
            patience: Duration::from_secs(args.patience),
        },
        (Some(lab), ..) => lab.account()?,
        _ => unreachable!("clap asks for both"),
    };
    let what = Run { write: args.write || lab.is_some(), only: args.only.clone() };
    let report = conform::run(account, lab.as_ref(), &what, |line| {
        let word = match line.outcome {
            Outcome::Agrees(_) => "agrees",
            Outcome::Differs(_) => "DIFFERS",
            Outcome::NotTried(_) => "not tried",
        };
        eprintln!("{word:<10} {}", line.probe.id);
    })
    .await?;
    let text = report.markdown();
    println!("\n{text}");
    if let Some(file) = &args.report {
        std::fs::write(file, &text).with_context(|| format!("cannot write {file}"))?;
    }
    if args.record {
        let mut seen = kept()?;
        seen.note(&report);
        std::fs::write(SEEN, seen.text()).with_context(|| format!("cannot write {SEEN}"))?;
        write_document(&seen)?;
    }
    let (_, differ, _) = report.counts();
    Ok(if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn kept() -> Result<Seen> {
    ensure!(Path::new("crates/conform").is_dir(), "this must be called at the root of the repository");
    let text = std::fs::read_to_string(SEEN).with_context(|| format!("cannot read {SEEN}"))?;
    Seen::read(&text).with_context(|| format!("{SEEN} cannot be read"))
}

fn write_document(seen: &Seen) -> Result<()> {
    std::fs::write(DOCUMENT, document(seen)).with_context(|| format!("cannot write {DOCUMENT}"))
}
