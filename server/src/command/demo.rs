//! `holdfast demo`: a simulated tenant, a seeded partner, and nothing that stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result, bail};
use backup::{Clock, InstallationApp};
use chrono::{DateTime, Duration, Utc};
use domain::access::{OrgRole, PartnerRole};
use domain::seats::ProtectionRule;
use graph_sim::{Options, Sim};
use portal::{NewOrganization, NewPlan, Portal};
use secrecy::SecretString;
use serde_json::json;
use store::{MasterKey, Store};
use tokio::sync::mpsc;

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

/// Whom the demo's customers belong to.
const OWNER: (&str, &str, PartnerRole) = ("Alba Reyes", "alba@lighthouse.example", PartnerRole::Owner);
const COLLEAGUES: [(&str, &str, PartnerRole); 2] = [
    ("Sten Lund", "sten@lighthouse.example", PartnerRole::Support),
    ("Fay Abara", "fay@lighthouse.example", PartnerRole::Finance),
];

/// Somebody with two roles: Owner of the partner below, and looking after one customer from the inside.
const BOTH: (&str, &str) = ("Bela Quist", "bela@harbour.example");
const BELOW: &str = "Harbour IT";
const INSIDE: &str = "Adventure Works";

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
    let own = format!("sqlite://{}", dir.0.join("holdfast.db").display());
    let url = settings.database_url.as_deref().unwrap_or(&own);
    // Its master key is a new one, so a database that holds something is refused here.
    let store = Store::open(url, MasterKey::generate())
        .await
        .context("the demo keeps nothing, so it needs an empty database: give it one, or none")?;
    let base = Some(sim.base().to_owned());
    let elsewhere = Settings {
        graph_url: base.clone(),
        login_url: base,
        microsoft_client_id: Some(sim.client_id().to_owned()),
        microsoft_secret: Some(SecretString::from(sim.client_secret())),
        data_location: settings.data_location.clone().or_else(|| Some("this computer".to_owned())),
        ..settings.clone()
    };
    let app = InstallationApp::with_secret(sim.client_id().to_owned(), sim.client_secret().to_owned().into());
    let clock = Arc::new(Ahead::default());
    let house = House::open(&elsewhere, store, Some(app), clock.clone()).await?;
    sim.register_redirect_uri(&format!("{}/consent/return", house.address()));
    if let Some(microsoft) = house.services.portal.microsoft() {
        sim.register_redirect_uri(microsoft.return_address());
    }
    seed(&house.services.portal).await?;
    if demo.json {
        print_json(&house, &sim);
        tokio::spawn(listen(clock, house.services.portal.clone()));
    } else {
        print_words(&house, &sim, demo.users);
    }
    house.run().await
}

/// The machine's clock, so many days ahead.
#[derive(Debug, Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + Duration::days(self.0.load(Ordering::Relaxed))
    }
}

/// Whoever started the demo as a program may let time pass: `later 31` on its input brings what 31 days bring, and is
/// answered with the time that it is then.
async fn listen(clock: Arc<Ahead>, portal: Portal) {
    let (told, mut lines) = mpsc::channel(1);
    // A thread of its own: one of the runtime's would keep the demo from ending until there is a line.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(|line| line.ok()) {
            if told.blocking_send(line).is_err() {
                break;
            }
        }
    });
    while let Some(line) = lines.recv().await {
        let Some(days) = line.strip_prefix("later ").and_then(|days| days.trim().parse().ok()) else {
            continue;
        };
        clock.0.fetch_add(days, Ordering::Relaxed);
        let error = portal.sweep().await.err().map(|error| error.to_string());
        println!("{}", json!({ "now": clock.now(), "error": error }));
    }
}

/// Plans of the distributor and of the partner below it: name, product type, price of a seat.
const PLANS: [(&str, &str, &str); 4] = [
    ("Entra Backup", "backup-entra", "4.20"),
    ("Entra Archive", "archiver-entra", "5.90"),
    ("Mail Backup", "backup", "2.80"),
    ("Mail Archive", "archiver", "3.60"),
];

/// Customers: name, first name, last name, e-mail, country, plan, seats.
const CUSTOMERS: [(&str, &str, &str, &str, &str, &str, &str); 5] = [
    (ORGANIZATION, "Maya", "Okafor", "it@northwind.example", "GB", "Entra Backup", "2200"),
    ("Fabrikam GmbH", "Jule", "Brandt", "it@fabrikam.example", "DE", "Entra Archive", "850"),
    ("Adventure Works", "Tom", "Reyes", "admin@adventure.example", "US", "Entra Backup", "150"),
    ("Tailspin Toys", "Ines", "Duarte", "office@tailspin.example", "PT", "Mail Backup", "60"),
    ("Woodgrove Bank", "Arjun", "Mehta", "security@woodgrove.example", "IN", "Mail Archive", "9700"),
];

async fn seed(portal: &Portal) -> Result<()> {
    let (store, now) = (portal.store(), portal.now());
    let root = store.create_partner(None, "Lighthouse Distribution", now).await?;
    let below = store.create_partner(Some(root), BELOW, now).await?;
    let (name, email, role) = OWNER;
    let owner = portal.create_partner_account(root, name, email, SecretString::from(PASSWORD), role).await?;
    for (name, email, role) in COLLEAGUES {
        portal.create_partner_account(root, name, email, SecretString::from(PASSWORD), role).await?;
    }
    store.set_entra(below, true).await?;
    let (name, email) = BOTH;
    let both = portal
        .create_partner_account(below, name, email, SecretString::from(PASSWORD), PartnerRole::Owner)
        .await?;
    for (name, product, price) in PLANS {
        portal
            .create_plan(
                &owner,
                NewPlan {
                    partner: root.partner().to_string(),
                    name: name.to_owned(),
                    product: product.to_owned(),
                    currency: "EUR".to_owned(),
                    price: price.to_owned(),
                    periodicity: "monthly".to_owned(),
                    kind: "standard".to_owned(),
                    rule: ProtectionRule::default().slug().to_owned(),
                },
            )
            .await?;
    }
    let plans = portal.plans(&owner).await?.plans;
    for (name, first_name, last_name, email, country, plan, seats) in CUSTOMERS {
        let plan = plans.iter().find(|p| p.name == plan).map(|p| p.id.to_string()).unwrap_or_default();
        let made = portal
            .create_organization(
                &owner,
                NewOrganization {
                    first_name: first_name.to_owned(),
                    last_name: last_name.to_owned(),
                    email: email.to_owned(),
                    country: country.to_owned(),
                    partner: root.partner().to_string(),
                    plan,
                    name: name.to_owned(),
                    seats: seats.to_owned(),
                    auto_license: false,
                    auto_license_cap: String::new(),
                    send_email: false,
                },
            )
            .await?;
        let Some(organization) = store.organization_below(root, made.id).await? else { continue };
        if name == INSIDE {
            store.set_role(organization.scope(), both.account, OrgRole::ItAdmin, now).await?;
        }
        if name == ORGANIZATION {
            for (name, email, role) in PEOPLE {
                let password = SecretString::from(PASSWORD);
                portal.create_account(organization.scope(), name, email, password, role).await?;
            }
        }
    }
    Ok(())
}

fn print_words(house: &House, sim: &Sim, users: usize) {
    println!("Holdfast is at {}\n\nSign in to {ORGANIZATION}'s portal as", house.address());
    for (name, email, role) in PEOPLE {
        println!("  {email:<28} {PASSWORD}   {name}, {}", role.label());
    }
    println!("\nSign in to the Partner Portal as");
    for (name, email, role) in [OWNER].into_iter().chain(COLLEAGUES) {
        println!("  {email:<28} {PASSWORD}   {name}, {}", role.label());
    }
    let (name, email) = BOTH;
    println!("  {email:<28} {PASSWORD}   {name}, Owner of {BELOW}, IT Admin of {INSIDE}");
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
    let partners: Vec<_> = [OWNER]
        .into_iter()
        .chain(COLLEAGUES)
        .map(|(name, email, role)| json!({"name": name, "email": email, "password": PASSWORD, "role": role.slug()}))
        .collect();
    let line = json!({
        "address": house.address(),
        "organization": ORGANIZATION,
        "people": people,
        "partners": partners,
        "both": {"name": BOTH.0, "email": BOTH.1, "password": PASSWORD, "role": PartnerRole::Owner.slug()},
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
