//! The lists of a large installation: 10,000 customers, 2,000,000 entries of the audit log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use domain::access::PartnerRole;
use domain::audit::AuditFilter;
use domain::partner::{CredentialStatus, Health, OrganizationFilter};
use portal::{Cost, NewPlan, Portal};
use store::scope::PartnerActor;
use store::{MasterKey, Store};

const CUSTOMERS: i64 = 10_000;
const ENTRIES: i64 = 2_000_000;
const ROUNDS: usize = 100;

pub(crate) fn run(database: &str) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(measure(database))
}

async fn measure(database: &str) -> Result<()> {
    let store = Store::open(database, MasterKey::generate()).await?;
    let portal = Portal::new(store.clone(), Cost::CHEAP, Arc::new(chrono::Utc::now))?;
    let now = portal.now();
    let root = store.create_partner(None, "Bench", now).await?;
    let password = "lanterns at the zugspitze".to_owned();
    let actor = portal
        .create_partner_account(root, "Ada", "ada@x.example", password.into(), PartnerRole::Owner)
        .await?;
    let plan = NewPlan {
        partner: root.partner().to_string(),
        name: "Entra Backup".into(),
        product: "backup-entra".into(),
        currency: "EUR".into(),
        price: "4.20".into(),
        periodicity: "monthly".into(),
        kind: "standard".into(),
        rule: "enabled-members".into(),
    };
    let plan = portal.create_plan(&actor, plan).await?;
    store.fill_customers(root, plan, CUSTOMERS, now).await?;
    store.fill_audit(root, ENTRIES, now).await?;
    organizations(&portal, &actor).await?;
    audit(&portal, &actor).await?;
    let mut took = Vec::new();
    for _ in 0..10 {
        let begun = Instant::now();
        portal.dashboard(&actor).await?;
        took.push(begun.elapsed());
    }
    line("the first page, bills of two months included", took);
    Ok(())
}

async fn organizations(portal: &Portal, actor: &PartnerActor) -> Result<()> {
    let words = |words: &str| OrganizationFilter { words: words.into(), ..Default::default() };
    let asked = [
        ("all", OrganizationFilter::default()),
        ("late", OrganizationFilter { health: Some(Health::Late), ..Default::default() }),
        (
            "partly covered, of which there are none",
            OrganizationFilter { health: Some(Health::Partly), ..Default::default() },
        ),
        (
            "permission missing",
            OrganizationFilter {
                credential: Some(CredentialStatus::PermissionMissing),
                ..Default::default()
            },
        ),
        ("part of a name", words("mer 77")),
        ("a name that nobody has", words("nobody")),
    ];
    for (what, filter) in asked {
        let (mut took, mut after) = (Vec::new(), None);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let page = portal.organizations(actor, &filter, after.as_deref()).await?;
            took.push(begun.elapsed());
            after = page.next;
        }
        line(&format!("organizations, page after page: {what}"), took);
    }
    Ok(())
}

async fn audit(portal: &Portal, actor: &PartnerActor) -> Result<()> {
    let today = portal.now().date_naive();
    let some = portal.organizations(actor, &OrganizationFilter::default(), None).await?;
    let text = |text: &str| text.to_owned();
    let asked = [
        ("all", AuditFilter::default()),
        ("an event", AuditFilter { event: text("event-7"), ..Default::default() }),
        ("a person", AuditFilter { actor: text("person7@x.example"), ..Default::default() }),
        ("an object", AuditFilter { object: text("object-7"), ..Default::default() }),
        (
            "an organization",
            AuditFilter { organization: some.rows.first().map(|row| row.id), ..Default::default() },
        ),
        (
            "an event of a person who never did it",
            AuditFilter { event: text("event-3"), actor: text("person4@x.example"), ..Default::default() },
        ),
        ("what nobody did", AuditFilter { event: text("nothing"), ..Default::default() }),
        (
            "a day two years ago",
            AuditFilter {
                from: today.checked_sub_days(chrono::Days::new(730)),
                to: today.checked_sub_days(chrono::Days::new(730)),
                ..Default::default()
            },
        ),
        (
            "a person in a week of long ago",
            AuditFilter {
                actor: text("person7@x.example"),
                from: today.checked_sub_days(chrono::Days::new(900)),
                to: today.checked_sub_days(chrono::Days::new(893)),
                ..Default::default()
            },
        ),
    ];
    for (what, filter) in asked {
        let (mut took, mut before) = (Vec::new(), None);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let page = portal.audit_log(actor, &filter, before).await?;
            took.push(begun.elapsed());
            before = page.next;
        }
        line(&format!("audit log, page after page: {what}"), took);
    }
    Ok(())
}

fn line(what: &str, mut took: Vec<Duration>) {
    took.sort();
    let at =
        |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    println!("| {what} | {:.1} ms | {:.1} ms |", at(50), at(95));
}
