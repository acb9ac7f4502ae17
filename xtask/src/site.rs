//! The site: the browser's half, styles, fonts and icons, under names that change with their content.
//!
//! Everything lands beside the server's binary, in `site/` with `hash.txt`, so that the two are found, copied and
//! packed together. The same steps as `cargo leptos build`, from the same `[workspace.metadata.leptos]`.

use crate::steps::{
    House, ensure_npm, ensure_wasm_bindgen, ensure_wasm_target, fingerprint, run, say, when_changed,
};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

const WASM: &str = "wasm32-unknown-unknown";

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    fn dir(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Release => "release",
        }
    }
}

/// Builds the site and returns its folder.
pub(crate) fn build_site(house: &House, profile: Profile) -> Result<PathBuf> {
    let beside = house.target.join(profile.dir());
    let site = beside.join("site");
    let hashes = beside.join("hash.txt");
    let pack = pack_wasm(house, profile, "hydrate")?;

    let style = house.root.join(house.leptos("style-file")?);
    let public = house.root.join(house.leptos("assets-dir")?);
    let script = house.root.join("xtask/js/assets.mjs");
    let style_dir = style.parent().context("style-file has no folder")?;
    let print = fingerprint(&[&pack, style_dir, &public, &script])?;
    when_changed(&beside.join("site.stamp"), &print, &[&site, &hashes], || {
        say(
            "laying out the site",
            "styles bundled, names hashed, files compressed where they are for release",
        );
        let mut cmd = house.cmd("node");
        cmd.arg(&script).arg(&style).arg(&public).arg(&pack).arg(&site).arg(&hashes);
        cmd.args([house.leptos("output-name")?, house.leptos("site-pkg-dir")?, profile.dir()]);
        run(&mut cmd)
    })?;
    Ok(site)
}

/// Builds the `holdfast` binary and returns it.
pub(crate) fn build_server(house: &House, profile: Profile) -> Result<PathBuf> {
    say("building the server", "the `holdfast` binary: pages, API, workers");
    let bin = house.leptos("bin-target")?;
    let mut cmd = house.cargo();
    cmd.args(["build", "--package", house.leptos("bin-package")?, "--bin", bin]);
    if profile == Profile::Release {
        cmd.arg("--release");
    }
    run(&mut cmd)?;
    Ok(house.target.join(profile.dir()).join(bin))
}

/// Builds the component gallery and returns its folder. Trunk builds the same from Trunk.toml.
pub(crate) fn build_gallery(house: &House) -> Result<PathBuf> {
    let out = house.target.join("gallery");
    let pack = pack_wasm(house, Profile::Dev, "csr")?;
    say("laying out the gallery", "one page with every component in every state");
    run(house
        .cmd("node")
        .arg("xtask/js/gallery.mjs")
        .arg(house.root.join("frontend/gallery.html"))
        .arg(house.root.join(house.leptos("style-file")?))
        .arg(house.root.join(house.leptos("assets-dir")?))
        .arg(&pack)
        .arg(&out)
        .arg(house.leptos("output-name")?))?;
    Ok(out)
}

/// Compiles the frontend with one feature and returns the folder of its JavaScript and WASM.
fn pack_wasm(house: &House, profile: Profile, feature: &str) -> Result<PathBuf> {
    ensure_wasm_target(house)?;
    let bindgen = ensure_wasm_bindgen(house)?;
    ensure_npm(house, ".", "wasm-opt makes the WASM small, lightningcss bundles the styles")?;

    let front = house.target.join("front");
    let lib = house.leptos("lib-package")?;
    let cargo_profile = match profile {
        Profile::Dev => "dev",
        Profile::Release => house.leptos("lib-profile-release")?,
    };
    say(&format!("building the browser's half ({feature})"), "the same pages, compiled to WASM");
    run(house
        .cargo()
        .args(["build", "--package", lib, "--lib", "--target", WASM, "--no-default-features"])
        .args(["--features", feature, "--profile", cargo_profile, "--target-dir"])
        .arg(&front))?;

    let built = if profile == Profile::Dev { "debug" } else { cargo_profile };
    let wasm = front.join(WASM).join(built).join(lib.replace('-', "_")).with_extension("wasm");
    let name = house.leptos("output-name")?;
    let pack = front.join(format!("pack-{feature}-{}", profile.dir()));
    let print = fingerprint(&[&wasm])?;
    when_changed(&pack.with_extension("stamp"), &print, &[&pack], || {
        bind(house, &bindgen, &wasm, &pack, name, profile)
    })?;
    Ok(pack)
}

/// Where the loader of the parts is imported from. The underscores stand in for a hash: the name is written inside
/// the WASM as well, where nothing can grow.
const LOADER: &str = "./__wasm_split.______________________.js";

fn bind(house: &House, bindgen: &Path, wasm: &Path, pack: &Path, name: &str, profile: Profile) -> Result<()> {
    say("splitting the WASM", "each portal's pages are fetched when one of them is first asked for");
    let _ = std::fs::remove_dir_all(pack);
    let whole = std::fs::read(wasm)?;
    let main = wasm.with_extension("main.wasm");
    let module = format!("./{name}.js");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = pack;
    options.main_out_path = &main;
    options.main_module = &module;
    options.link_name = LOADER;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow::anyhow!("the WASM could not be split: {error:#}"))?;
    std::fs::write(pack.join("__wasm_split_manifest.json"), serde_json::to_vec(&split.prefetch_map)?)?;

    say("binding the WASM", "wasm-bindgen writes the JavaScript that loads it");
    let mut cmd = house.cmd(bindgen);
    cmd.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--no-demangle"]);
    cmd.args(["--out-name", name, "--out-dir"]).arg(pack);
    if profile == Profile::Release {
        cmd.args(["--remove-name-section", "--remove-producers-section"]);
    }
    run(cmd.arg(&main))?;
    let bound = pack.join(format!("{name}_bg.wasm"));
    if profile == Profile::Release {
        say("shrinking the WASM", "wasm-opt halves what a browser downloads and compiles");
        for part in split.split_modules.iter().chain([&bound]) {
            run(house
                .cmd(house.root.join("node_modules/.bin/wasm-opt"))
                .args([
                    "-Oz",
                    "--enable-bulk-memory",
                    "--enable-nontrapping-float-to-int",
                    "--enable-sign-ext",
                ])
                .args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"])
                .arg(part)
                .arg("-o")
                .arg(part))?;
        }
    }
    std::fs::rename(&bound, pack.join(format!("{name}.wasm"))).context("wasm-bindgen left no WASM behind")
}
