//! The WASM target and the wasm-bindgen that Cargo.lock names.

use super::{House, ask, run, say};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The browser's half compiles for `wasm32-unknown-unknown`.
pub(crate) fn ensure_wasm_target(house: &House) -> Result<()> {
    let sysroot = ask(house.cmd("rustc").args(["--print", "sysroot"])).context(
        "no `rustc` on PATH. Install Rust from https://rustup.rs, open a new shell, and run this again",
    )?;
    let lib = PathBuf::from(sysroot).join("lib/rustlib/wasm32-unknown-unknown/lib");
    if lib.is_dir() {
        return Ok(());
    }
    say("installing the WASM target", "the pages' browser half compiles for wasm32-unknown-unknown");
    run(house.cmd("rustup").args(["target", "add", "wasm32-unknown-unknown"])).context(
        "could not add the WASM target. With rustup: `rustup target add wasm32-unknown-unknown`; \
         with a distribution's Rust: install its wasm32 standard library",
    )
}

/// Returns the `wasm-bindgen` to call. Its version has to equal the library's, or it refuses the file.
pub(crate) fn ensure_wasm_bindgen(house: &House) -> Result<PathBuf> {
    let version = locked_version(house, "wasm-bindgen")?;
    let home = house.target.join("tools").join(format!("wasm-bindgen-{version}"));
    let own = home.join("bin/wasm-bindgen");
    let wanted = format!("wasm-bindgen {version}");
    for candidate in [PathBuf::from("wasm-bindgen"), own.clone()] {
        if ask(Command::new(&candidate).arg("--version")).is_some_and(|v| v.starts_with(&wanted)) {
            return Ok(candidate);
        }
    }
    say(
        &format!("installing wasm-bindgen {version} (about 3 minutes, once)"),
        "it writes the JavaScript that loads the WASM, and has to match Cargo.lock",
    );
    // Without --locked: the lock file published with it may name releases that a mirror does not carry.
    run(house
        .cargo()
        .args(["install", "wasm-bindgen-cli", "--version", &version, "--root"])
        .arg(&home)
        .arg("--target-dir")
        .arg(house.target.join("tools/build")))
    .with_context(|| {
        format!(
            "could not install wasm-bindgen. Try by hand: `cargo install wasm-bindgen-cli --version {version}`; \
             a `wasm-bindgen` of that version on PATH is used as it is"
        )
    })?;
    Ok(own)
}

fn locked_version(house: &House, package: &str) -> Result<String> {
    let lock = std::fs::read_to_string(house.root.join("Cargo.lock")).context("could not read Cargo.lock")?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name {package}"))
}
