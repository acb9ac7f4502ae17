//! Node.js and the packages that package-lock.json names.

use super::{House, ask, fingerprint, run, say, when_changed};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

const OLDEST_NODE: u32 = 20;

pub(crate) fn ensure_node() -> Result<()> {
    let mend = format!(
        "Install Node.js {OLDEST_NODE} or newer (Debian: `apt-get install nodejs npm`), then run this again"
    );
    let Some(version) = ask(Command::new("node").arg("--version")) else {
        bail!("no `node` on PATH. {mend}");
    };
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|v| v.parse().ok()).unwrap_or(0);
    if major < OLDEST_NODE {
        bail!("Node.js {version} is too old. {mend}");
    }
    if ask(Command::new("npm").arg("--version")).is_none() {
        bail!("no `npm` on PATH. {mend}");
    }
    Ok(())
}

/// Installs the packages of one folder, when they are not those of its lock file.
pub(crate) fn ensure_npm(house: &House, dir: &str, why: &str) -> Result<()> {
    ensure_node()?;
    let dir = house.root.join(dir);
    let modules = dir.join("node_modules");
    let print = fingerprint(&[Path::new(&dir.join("package-lock.json"))])?;
    when_changed(&modules.join(".stamp"), &print, &[&modules], || {
        say("installing npm packages", why);
        run(Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            // Browsers come from the system's packages, never from a download at install.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&dir))
        .with_context(|| {
            format!(
                "`npm ci` failed in {}. If the registry cannot be reached, name one that can in ~/.npmrc \
                 (`registry=https://…`) and run this again",
                dir.display()
            )
        })
    })
}
