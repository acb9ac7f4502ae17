//! `holdfast demo`: a simulated tenant, a seeded partner, and nothing that stays.

use anyhow::{Result, bail};
use domain::access::OrgRole;
use graph_sim::{Options, Sim};
use portal::Portal;
use secrecy::SecretString;
use serde_json::json;
use store::{MasterKey, Store};

use super::serve::House;
use crate::cli::{Demo, Settings};
use crate::log;

const ORGANIZATION: &str = "Northwind Harbour";
const PASSWORD: &str = "lantern-harbour-demo";
const PEOPLE: [(&str, &str, OrgRole); 3] = [
    ("Maya Okafor", "maya@northwind.example", OrgRole::FullAdmin),
    ("Jonas Weber", "jonas@northwind.example", OrgRole::RestoreOperator),
    ("Lin Chen", "lin@northwind.example", OrgRole::Viewer),
];

pub(crate) async fn demo(settings: &Settings, demo: &Demo) -> Result<()> {
    log::start(settings, "warn");
    if !settings.listen.ip().is_loopback() {
        bail!("the demo's passwords are known to everybody, so it listens on this machine only (127.0.0.1)");
    }
    let sim = Sim::start(Options {
        users: demo.users,
        groups: (demo.users / 8).max(12),
        seed: demo.seed,
        listen: demo.graph_listen,
        ..Options::default()
    })
    .await?;

    // In memory there would be one connection only; a file in a directory that goes away is as fleeting.
    let dir = Fleeting::new()?;
    let url = format!("sqlite://{}", dir.0.join("holdfast.db").display());
    let store = Store::open(&url, MasterKey::generate()).await?;
    let base = Some(sim.base().to_owned());
    let elsewhere = Settings { graph_url: base.clone(), login_url: base, ..settings.clone() };
    let house = House::open(&elsewhere, store).await?;
    seed(&house.services.portal).await?;
    if demo.json {
        print_json(&house, &sim)
    } else {
        print_words(&house, &sim, demo.users)
    }
    house.run().await
}

async fn seed(portal: &Portal) -> Result<()> {
    let (store, now) = (portal.store(), portal.now());
    let partner = store.create_partner(None, "Lighthouse Distribution", now).await?;
    let organization = store.create_organization(partner, ORGANIZATION, now).await?;
    for (name, email, role) in PEOPLE {
        portal.create_account(organization, name, email, SecretString::from(PASSWORD), role).await?;
    }
    Ok(())
}

fn print_words(house: &House, sim: &Sim, users: usize) {
    println!("Holdfast is at {}\n\nSign in as", house.address());
    for (name, email, role) in PEOPLE {
        println!("  {email:<28} {PASSWORD}   {name}, {}", role.label());
    }
    println!("\nA simulated tenant of {users} users waits to be connected:");
    println!("  Directory (tenant) ID    {}", sim.tenant_id());
    println!("  Application (client) ID  {}", sim.client_id());
    println!("  Client secret            {}", sim.client_secret());
    println!("  Its Microsoft Graph      {}", sim.base());
    println!("\nThen play an incident, compare, and restore:");
    println!("  curl -X POST {}/sim/incidents/group-strip", sim.base());
    println!("\nCtrl-C stops it all; nothing is kept.");
}

fn print_json(house: &House, sim: &Sim) {
    let people: Vec<_> = PEOPLE
        .iter()
        .map(|(name, email, role)| json!({"name": name, "email": email, "password": PASSWORD, "role": role.slug()}))
        .collect();
    let line = json!({
        "address": house.address(),
        "organization": ORGANIZATION,
        "people": people,
        "sim": {
            "base": sim.base(),
            "tenant_id": sim.tenant_id(),
            "client_id": sim.client_id(),
            "client_secret": sim.client_secret(),
        },
    });
    println!("{line}");
}

/// A directory that goes away with this value.
struct Fleeting(std::path::PathBuf);

impl Fleeting {
    fn new() -> Result<Fleeting> {
        use std::os::unix::fs::DirBuilderExt;
        let name = format!("holdfast-demo-{}", uuid::Uuid::new_v4().simple());
        let dir = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&dir)?;
        Ok(Fleeting(dir))
    }
}

impl Drop for Fleeting {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
