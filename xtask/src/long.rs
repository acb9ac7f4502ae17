//! The chores that take their time: the demo that stays up, the bench, the conformance kit, the long run of the
//! tests.

use crate::site::{self, Profile};
use crate::steps::{House, ensure_postgres, run};
use anyhow::{Context, Result};

/// Builds what is missing, then keeps a simulated tenant and Holdfast running until Ctrl-C.
pub(crate) fn demo(house: &House, rest: &[String]) -> Result<()> {
    site::build_site(house, Profile::Dev)?;
    let server = site::build_server(house, Profile::Dev)?;
    println!();
    run(house.cmd(server).arg("demo").args(rest))
}

/// Prints the figures of docs/PERFORMANCE.md, measured here and now.
pub(crate) fn bench(house: &House, rest: &[String]) -> Result<()> {
    run(house.cargo().args(["build", "--release", "--package", "bench", "--package", "graph-sim"]))?;
    let default = ["10000".to_owned(), "100000".to_owned()];
    let sizes = if rest.is_empty() { &default[..] } else { rest };
    run(house
        .cmd(house.target.join("release/bench"))
        .arg(house.target.join("release/graph-sim"))
        .args(sizes))?;
    let site = site::build_site(house, Profile::Release)?;
    for file in std::fs::read_dir(site.join("pkg")).context("the site's scripts")?.flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm.br") || name.ends_with(".js.br") || name.ends_with(".css.br") {
            println!("| site | {name} | {:.1} kB | brotli |", file.metadata()?.len() as f64 / 1000.0);
        }
    }
    Ok(())
}

/// Asks the simulator, or the tenant that is named, every assumption about Graph.
pub(crate) fn conform(house: &House, rest: &[String]) -> Result<()> {
    run(house.cargo().args(["run", "--quiet", "--package", "conform", "--"]).args(rest))
}

/// Runs the random tests at their full counts; `test` runs samples of them.
pub(crate) fn soak(house: &House) -> Result<()> {
    let postgres = ensure_postgres()?;
    run(house
        .cargo()
        .args(["test", "--release", "--package", "backup", "--test", "it", "--"])
        .args(["property", "random", "kill", "faults", "--nocapture", "--test-threads", "1"])
        .env("HOLDFAST_TEST_PG_BIN", postgres)
        .env("HOLDFAST_WORLDS", "1000")
        .env("HOLDFAST_RANDOM_WORLDS", "100")
        .env("HOLDFAST_KILLS", "1000")
        .env("HOLDFAST_FAULT_SEEDS", "100"))
}
