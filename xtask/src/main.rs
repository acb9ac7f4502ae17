//! The chores of this repository: `cargo xtask <chore>`.
//!
//! Small on purpose: it has to be compiling within seconds on a machine that has nothing yet. It calls the same
//! tools a person would call by hand, and says which and why.

mod long;
mod site;
mod steps;
mod test;

use anyhow::{Result, bail};
use site::Profile;
use steps::House;

const HELP: &str = "\
cargo xtask <chore>

  demo                builds, then runs Holdfast with a simulated tenant and prints how to sign in
  build [--release]   the browser's half, the site's files and the `holdfast` binary
  gallery             the component gallery: every UI component in every state, no server
  test [STAGE...]     everything that must hold: all stages, or only those named
  bench [USERS...]    the figures of docs/PERFORMANCE.md, measured here
  conform [--help]    asks the simulator, or a tenant, whether what Holdfast assumes of Graph holds
  soak                the random tests at their full counts (hours)
";

fn main() {
    if let Err(error) = run() {
        eprintln!("\nerror: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (chore, rest) = match args.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("help", &[][..]),
    };
    match chore {
        "help" | "-h" | "--help" => {
            print!("{HELP}\nStages of `test`:\n{}", test::describe());
            Ok(())
        }
        "build" => {
            let house = House::find()?;
            let profile = if rest.iter().any(|a| a == "--release") { Profile::Release } else { Profile::Dev };
            let site = site::build_site(&house, profile)?;
            let server = site::build_server(&house, profile)?;
            println!("\nReady: {}\nSite:  {}", server.display(), site.display());
            Ok(())
        }
        "gallery" => {
            let page = site::build_gallery(&House::find()?)?;
            println!("\nServe the folder {} with any static file server.", page.display());
            Ok(())
        }
        "demo" => long::demo(&House::find()?, rest),
        "bench" => long::bench(&House::find()?, rest),
        "conform" => long::conform(&House::find()?, rest),
        "soak" => long::soak(&House::find()?),
        "test" => test::all(&House::find()?, rest),
        other => bail!("there is no chore `{other}`.\n\n{HELP}"),
    }
}
