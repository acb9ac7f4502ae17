//! Measures the engine against the simulator, each in a process of its own, and prints a table.
//!
//! `bench <graph-sim binary> <users> [<users> …]`, `bench --lists <database>` for the lists of a large installation, or `bench --one <users> <base> <tenant> <client> <secret>
//! <database>` for one size in this process, which the former starts so that its peak memory is its own.

mod lists;
mod one;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().map(String::as_str) == Some("--one") {
        return one::run(&args[1..]);
    }
    if args.first().map(String::as_str) == Some("--lists") {
        return lists::run(args.get(1).context("the database")?);
    }
    let Some((simulator, sizes)) = args.split_first() else {
        bail!("usage: bench <graph-sim binary> <users> [<users> …]");
    };
    for users in sizes {
        let users: usize = users.parse().context("the number of users")?;
        let sim = Simulator::start(simulator, users)?;
        let dir = tempfile::tempdir()?;
        let database = format!("sqlite://{}", dir.path().join("bench.db").display());
        let text = |key: &str| sim.ready[key].as_str().unwrap_or_default().to_owned();
        let status = Command::new(std::env::current_exe()?)
            .args(["--one", &users.to_string()])
            .args([text("base"), text("tenant_id"), text("client_id"), text("client_secret"), database])
            .status()?;
        if !status.success() {
            bail!("measuring {users} users failed");
        }
    }
    let dir = tempfile::tempdir()?;
    lists::run(&format!("sqlite://{}", dir.path().join("lists.db").display()))?;
    Ok(())
}

/// A running simulator; it ends with its owner.
struct Simulator {
    child: Child,
    ready: Value,
}

impl Simulator {
    fn start(binary: &str, users: usize) -> Result<Simulator> {
        let mut child = Command::new(binary)
            .args(["--listen", "127.0.0.1:0", "--seed", "7"])
            .args(["--users", &users.to_string()])
            .args(["--groups", &(users / 20).to_string(), "--members", "20"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {binary}"))?;
        let mut line = String::new();
        let out = child.stdout.take().context("the simulator's output")?;
        BufReader::new(out).read_line(&mut line)?;
        Ok(Simulator { child, ready: serde_json::from_str(&line).context("the simulator's first line")? })
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
