//! `cargo xtask test`: everything that must hold, in stages. Cheap ones first, so that a slip shows early.

use crate::site::{self, Profile};
use crate::steps::{
    House, ensure_chromium, ensure_node, ensure_npm, ensure_postgres, ensure_wasm_target, run, took,
};
use anyhow::{Result, bail};
use std::{process::Command, time::SystemTime};

struct Stage {
    name: &'static str,
    why: &'static str,
    run: fn(&House) -> Result<()>,
}

const STAGES: &[Stage] = &[
    Stage { name: "fmt", why: "one way to lay out code, so that diffs show what changed", run: fmt },
    Stage {
        name: "clippy",
        why: "lints on the server's half and on the browser's, each with its own features",
        run: clippy,
    },
    Stage {
        name: "unit",
        why: "unit and integration tests of every crate, on SQLite and PostgreSQL",
        run: unit,
    },
    Stage { name: "site", why: "the release build that the browser tests drive", run: release },
    Stage {
        name: "e2e",
        why: "the story of the README in a real browser, with accessibility checks",
        run: e2e,
    },
    Stage { name: "postgres", why: "the same stories with their data in PostgreSQL", run: e2e_postgres },
    Stage {
        name: "sdk",
        why: "an official Microsoft Graph SDK signs in to and works against graph-sim",
        run: sdk,
    },
];

pub(crate) fn describe() -> String {
    STAGES.iter().map(|stage| format!("  {:<8} {}\n", stage.name, stage.why)).collect()
}

/// Runs the stages named, or all of them; stops at the first that fails.
pub(crate) fn all(house: &House, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        bail!("there is no stage `{unknown}`. The stages:\n{}", describe());
    }
    let mut done = Vec::new();
    let start = SystemTime::now();
    for stage in STAGES.iter().filter(|s| names.is_empty() || names.iter().any(|name| name == s.name)) {
        println!("\n== {}: {}", stage.name, stage.why);
        let since = SystemTime::now();
        let outcome = (stage.run)(house);
        done.push(format!(
            "{:<8} {:<7} {}",
            stage.name,
            if outcome.is_ok() { "ok" } else { "FAILED" },
            took(since)
        ));
        if let Err(error) = outcome {
            println!("\n{}", done.join("\n"));
            return Err(
                error.context(format!("stage `{0}` failed; again: `cargo xtask test {0}`", stage.name))
            );
        }
    }
    println!("\n{}\nall ok in {}", done.join("\n"), took(start));
    Ok(())
}

fn fmt(house: &House) -> Result<()> {
    run(house.cargo().args(["fmt", "--all", "--check"]))
}

/// The server's half and the browser's are two worlds of one source: never both features at once.
fn clippy(house: &House) -> Result<()> {
    ensure_wasm_target(house)?;
    // A test may unwrap: that is how it fails.
    for more in [
        &["--", "-D", "warnings"][..],
        &["--all-targets", "--", "-D", "warnings", "-A", "clippy::unwrap_used"],
    ] {
        run(house.cargo().args(["clippy", "--workspace", "--exclude", "frontend"]).args(more))?;
    }
    for feature in ["hydrate", "csr"] {
        run(house
            .cargo()
            .args(["clippy", "-p", "app", "-p", "frontend", "--target", "wasm32-unknown-unknown"])
            .args(["--no-default-features", "--features"])
            .arg(format!("frontend/{feature}"))
            .arg("--target-dir")
            .arg(house.target.join("front"))
            .args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn unit(house: &House) -> Result<()> {
    let postgres = ensure_postgres()?;
    run(house
        .cargo()
        .args(["test", "--workspace", "--exclude", "frontend", "--no-fail-fast"])
        .env("HOLDFAST_TEST_PG_BIN", postgres))
}

fn release(house: &House) -> Result<()> {
    site::build_site(house, Profile::Release)?;
    site::build_server(house, Profile::Release)?;
    Ok(())
}

fn e2e(house: &House) -> Result<()> {
    run(&mut stories(house)?)
}

fn e2e_postgres(house: &House) -> Result<()> {
    let postgres = ensure_postgres()?;
    run(house.cargo().args(["build", "--package", "testbed", "--bin", "database"]))?;
    run(stories(house)?
        .env("HOLDFAST_TEST_DATABASE", house.target.join("debug/database"))
        .env("HOLDFAST_TEST_PG_BIN", postgres))
}

/// The browser tests, against the release build, on the demo's own database.
fn stories(house: &House) -> Result<Command> {
    ensure_npm(house, "end2end", "Playwright drives the browser, axe checks accessibility")?;
    let chromium = ensure_chromium()?;
    site::build_site(house, Profile::Release)?;
    let server = site::build_server(house, Profile::Release)?;
    let mut stories = house.cmd("npx");
    stories
        .args(["--no-install", "playwright", "test"])
        .current_dir(house.root.join("end2end"))
        .env("HOLDFAST_BIN", server)
        .env("HOLDFAST_CHROMIUM", chromium);
    Ok(stories)
}

fn sdk(house: &House) -> Result<()> {
    let dir = "crates/graph-sim/sdk";
    ensure_node()?;
    ensure_npm(house, dir, "the Microsoft Graph SDK, as its users install it")?;
    run(house.cargo().args(["build", "--release", "--package", "graph-sim"]))?;
    run(house
        .cmd("npm")
        .args(["test", "--silent", "--"])
        .arg(house.target.join("release/graph-sim"))
        .current_dir(house.root.join(dir)))
}
