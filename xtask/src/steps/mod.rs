//! What every chore is made of: finding the house, running a command, and seeing to it that a tool is there.

mod apt;
mod npm;
mod rust;

pub(crate) use apt::{ensure_chromium, ensure_postgres};
pub(crate) use npm::{ensure_node, ensure_npm};
pub(crate) use rust::{ensure_wasm_bindgen, ensure_wasm_target};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// Where things are, and what `[workspace.metadata.leptos]` calls them.
pub(crate) struct House {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    leptos: Value,
}

impl House {
    pub(crate) fn find() -> Result<Self> {
        let out = cargo()
            .args(["metadata", "--format-version=1", "--no-deps"])
            .stderr(Stdio::inherit())
            .output()
            .context("could not run cargo")?;
        if !out.status.success() {
            bail!("`cargo metadata` failed; its message is above");
        }
        let meta: Value = serde_json::from_slice(&out.stdout)?;
        let path = |key: &str| meta[key].as_str().map(PathBuf::from).with_context(|| format!("no {key}"));
        Ok(Self {
            root: path("workspace_root")?,
            target: path("target_directory")?,
            leptos: meta["metadata"]["leptos"][0].clone(),
        })
    }

    /// A value of `[[workspace.metadata.leptos]]`: the one place that names the site's files.
    pub(crate) fn leptos(&self, key: &str) -> Result<&str> {
        self.leptos[key]
            .as_str()
            .with_context(|| format!("Cargo.toml: [workspace.metadata.leptos] lacks {key}"))
    }

    /// A command that runs at the root of the house.
    pub(crate) fn cmd(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut cmd = Command::new(program);
        cmd.current_dir(&self.root);
        cmd
    }

    pub(crate) fn cargo(&self) -> Command {
        let mut cmd = cargo();
        cmd.current_dir(&self.root);
        cmd
    }
}

/// Cargo, without the variables that `cargo run` set for this very process: they would make other crates believe
/// that their surroundings had changed.
fn cargo() -> Command {
    let mut cmd = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (key, _) in std::env::vars_os() {
        let key = key.to_string_lossy().into_owned();
        if key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_") {
            cmd.env_remove(key);
        }
    }
    cmd
}

/// Says what is about to happen, and why.
pub(crate) fn say(what: &str, why: &str) {
    println!("-- {what}: {why}");
}

/// Runs a command to its end; its failure is ours.
pub(crate) fn run(cmd: &mut Command) -> Result<()> {
    let line = show(cmd);
    let status = cmd.status().with_context(|| format!("could not start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// What a command prints, or nothing if it is not there or fails.
pub(crate) fn ask(cmd: &mut Command) -> Option<String> {
    let out = cmd.stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

fn show(cmd: &Command) -> String {
    let mut line = cmd.get_program().to_string_lossy().into_owned();
    for arg in cmd.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// A fingerprint of files and folders, for deciding whether a step has anything to do.
pub(crate) fn fingerprint(paths: &[&Path]) -> Result<String> {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    let mut stack: Vec<PathBuf> = paths.iter().map(|p| p.to_path_buf()).collect();
    while let Some(path) = stack.pop() {
        path.hash(&mut hasher);
        if path.is_dir() {
            let mut inside: Vec<_> =
                std::fs::read_dir(&path)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
            inside.sort();
            stack.extend(inside);
        } else if let Ok(bytes) = std::fs::read(&path) {
            bytes.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Does a step only when the fingerprint of what goes in differs from the last time.
pub(crate) fn when_changed(
    stamp: &Path,
    print: &str,
    outputs: &[&Path],
    step: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let same = std::fs::read_to_string(stamp).is_ok_and(|old| old == print);
    if same && outputs.iter().all(|o| o.exists()) {
        return Ok(());
    }
    step()?;
    if let Some(dir) = stamp.parent() {
        std::fs::create_dir_all(dir)?;
    }
    std::fs::write(stamp, print).with_context(|| format!("could not write {}", stamp.display()))
}

/// `2.4 s`, since a moment.
pub(crate) fn took(since: SystemTime) -> String {
    let secs = since.elapsed().unwrap_or_default().as_secs_f64();
    if secs < 90.0 {
        format!("{secs:.1} s")
    } else {
        format!("{} min {:02} s", secs as u64 / 60, secs as u64 % 60)
    }
}
