//! What needs root: packages of the system. Installed as root on Debian; elsewhere the command is printed.

use super::{ask, run, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn ensure_apt(packages: &[&str], why: &str) -> Result<()> {
    let by_hand =
        format!("apt-get update && apt-get install -y --no-install-recommends {}", packages.join(" "));
    let root = ask(Command::new("id").arg("-u")).as_deref() == Some("0");
    if !root || ask(Command::new("apt-get").arg("--version")).is_none() {
        bail!(
            "{} missing: {why}. On Debian or Ubuntu, run as root:\n    {by_hand}\n\
             Elsewhere, install what corresponds to it, then run this again",
            packages.join(", ")
        );
    }
    say(&format!("installing {}", packages.join(", ")), why);
    run(Command::new("apt-get").args(["update", "-qq"]))
        .context("`apt-get update` failed: see its message above")?;
    run(Command::new("apt-get")
        .args(["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
    .with_context(|| format!("could not install them. By hand: {by_hand}"))
}

/// Returns the browser that drives the end-to-end tests.
pub(crate) fn ensure_chromium() -> Result<PathBuf> {
    let found = || {
        let named = std::env::var_os("HOLDFAST_CHROMIUM").map(PathBuf::from);
        named.into_iter().chain([PathBuf::from("/usr/bin/chromium")]).find(|path| path.is_file())
    };
    if let Some(path) = found() {
        return Ok(path);
    }
    ensure_apt(&["chromium"], "the end-to-end tests drive a real browser")?;
    found().context("no Chromium at /usr/bin/chromium. Name yours in HOLDFAST_CHROMIUM")
}

/// Returns the folder of `initdb` and `postgres`: the tests make a private cluster and stop it afterwards.
pub(crate) fn ensure_postgres() -> Result<PathBuf> {
    if let Some(dir) = find_postgres() {
        return Ok(dir);
    }
    // The package would start a cluster of its own, which nobody here asked for.
    let conf = Path::new("/etc/postgresql-common/createcluster.conf");
    if !conf.exists() && conf.parent().is_some_and(|dir| std::fs::create_dir_all(dir).is_ok()) {
        let _ = std::fs::write(conf, "create_main_cluster = false\n");
    }
    ensure_apt(&["postgresql"], "the repositories' tests run on PostgreSQL as well as SQLite")?;
    find_postgres()
        .context("no `initdb` under /usr/lib/postgresql or on PATH, even after installing postgresql")
}

fn find_postgres() -> Option<PathBuf> {
    let mut homes: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|dir| dir.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    // The newest first: the folders are named by version.
    homes.sort_by_key(|home| {
        let version = home.parent().and_then(|v| v.file_name()).and_then(|v| v.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    homes.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    homes.into_iter().find(|home| home.join("initdb").is_file())
}
