//! Lists of many customers and of many entries of the audit log: what a filter says and what its rows say agree.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::Kind;
use domain::access::PartnerRole;
use domain::audit::AuditFilter;
use domain::capture::{CaptureProfile, Gap, GapReason, ReadScope};
use domain::partner::{CredentialStatus, Health, OrganizationFilter, OrganizationRow, Standing};
use domain::permission::{Granted, NEEDS};
use domain::subscription::{Move, State};
use domain::view::{Completeness, JobState, Trigger};
use portal::Error;
use store::Store;
use store::audit::{AuditCheck, Entry};
use store::history::{NewVersion, Publication, Tally};
use store::jobs::Work;
use store::scope::{OrgScope, TenantScope};
use store::tenants::{NewConnection, NewTenant};
use uuid::Uuid;

use crate::partner::{Trade, person};

/// Everything that backups ask for.
fn enough() -> Granted {
    NEEDS.iter().filter(|n| !n.restore).map(|n| n.permission.least()).collect()
}

fn without(granted: &Granted, permission: &str) -> Granted {
    granted.0.iter().filter(|name| *name != permission).cloned().collect()
}

/// A connected directory, without anything captured.
pub(crate) async fn connect(
    store: &Store,
    org: OrgScope,
    granted: Granted,
    now: DateTime<Utc>,
) -> TenantScope {
    let new = NewTenant {
        directory: Uuid::new_v4(),
        name: "Directory".into(),
        domain: "directory.example".into(),
        connection: NewConnection {
            cloud: "global".into(),
            client_id: "app".into(),
            proof: domain::connection::ProofKind::Secret,
            secret: "secret".to_owned().into(),
            expires_at: None,
            granted,
        },
        every_min: 60,
        full_every_min: 10_080,
    };
    store.create_tenant(org, new, now).await.unwrap()
}

/// A snapshot with so many more people in it, that many of them disabled.
pub(crate) async fn publish(
    store: &Store,
    tenant: TenantScope,
    people: usize,
    disabled: usize,
    completeness: Completeness,
    now: DateTime<Utc>,
) {
    let profile = CaptureProfile::of(&enough());
    let gap = |reason| vec![Gap::whole(ReadScope::Objects(Kind::Group), reason)];
    let gaps = match completeness {
        Completeness::Complete => Vec::new(),
        Completeness::Partial => gap(GapReason::Unknown),
        Completeness::Suspicious => gap(GapReason::Unconfirmed),
    };
    let mut writer = store.begin_snapshot(tenant, &profile).await.unwrap();
    for n in 0..people {
        let num = writer.number(Uuid::new_v4(), Kind::User, None);
        writer.put(NewVersion {
            num,
            kind: Kind::User,
            deleted_at: None,
            name: format!("Person {n}"),
            detail: String::new(),
            flags: i32::from(n < disabled),
            digest: [0; 16],
            changed: Vec::new(),
            sealed: None,
            replaces: None,
            renamed: true,
        });
    }
    let publication = Publication {
        reason: Trigger::Person,
        full: true,
        started_at: now,
        now,
        profile,
        gaps,
        changes: Tally::default(),
        cursors: Vec::new(),
        requests: 0,
        units: 0,
        ends_job: false,
    };
    writer.publish(publication, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_shows_what_its_rows_say() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let now = portal.now();
        let entra = t.plan(&t.below, "backup-entra", "EUR").await;
        let mail = t.plan(&t.below, "backup", "EUR").await;
        let mut made = Vec::new();
        for name in [
            "none",
            "waiting",
            "protected",
            "partly",
            "unnamed",
            "late",
            "failed",
            "failing",
            "mail",
            "stopped",
        ] {
            let plan = if name == "mail" { mail } else { entra };
            let id = t.organization(&t.below, plan, &format!("{name}@x.example")).await;
            made.push((name, store.organization_below(t.below.scope(), id).await.unwrap().unwrap().scope()));
        }
        for (name, org) in made.iter().filter(|(name, _)| !["none", "mail"].contains(name)) {
            let granted = match *name {
                "partly" => Granted::default(),
                // Everything is in the backup; only devices are not named.
                "unnamed" => without(&enough(), "Device.Read.All"),
                _ => enough(),
            };
            let tenant = connect(store, *org, granted, now).await;
            let due = if *name == "late" { now - Duration::hours(3) } else { now + Duration::hours(1) };
            store.set_next_backup(tenant, due).await.unwrap();
            if *name == "waiting" {
                continue;
            }
            let whole = if *name == "partly" { Completeness::Partial } else { Completeness::Complete };
            publish(store, tenant, 10, 3, whole, now).await;
            match *name {
                "failed" => {
                    let work = Work::Capture { reason: Trigger::Person, full: false };
                    store.enqueue(tenant, &work, "Ada", now).await.unwrap();
                    let lease = store.claim(now).await.unwrap().unwrap();
                    store.finish(&lease, JobState::Failed, Some("No."), now).await.unwrap();
                }
                "failing" => {
                    store.set_connection_health(tenant, None, Some("Refused."), now).await.unwrap();
                }
                "stopped" => {
                    let id = org.organization();
                    portal.move_organization(&t.below, id, Move::Unsubscribe, "").await.unwrap();
                }
                _ => {}
            }
        }

        let asked = async |filter: OrganizationFilter| {
            portal.organizations(&t.root, &filter, None).await.unwrap().rows
        };
        let names = |rows: &[domain::partner::OrganizationRow]| -> BTreeSet<String> {
            rows.iter().map(|row| row.email.split('@').next().unwrap().to_owned()).collect()
        };
        let expected = [
            (Health::Late, vec!["failed", "late"]),
            (Health::Partly, vec!["partly", "unnamed"]),
            (Health::NotConnected, vec!["none"]),
            (Health::Waiting, vec!["waiting"]),
            (Health::Protected, vec!["failing", "protected"]),
            (Health::NoEntra, vec!["mail"]),
            (Health::Stopped, vec!["stopped"]),
        ];
        for (health, who) in expected {
            let state = (health == Health::Stopped).then_some(State::Unsubscribed);
            let rows = asked(OrganizationFilter { health: Some(health), state, ..Default::default() }).await;
            assert!(rows.iter().all(|row| standing(row).health == health), "{health:?}: {rows:?}");
            assert_eq!(names(&rows), who.iter().map(|w| (*w).to_owned()).collect(), "{health:?}");
        }
        let expected = [
            (CredentialStatus::None, vec!["mail", "none"]),
            (CredentialStatus::Failing, vec!["failing"]),
            (CredentialStatus::PermissionMissing, vec!["partly", "unnamed"]),
            (CredentialStatus::Connected, vec!["failed", "late", "protected", "waiting"]),
        ];
        for (credential, who) in expected {
            let rows = asked(OrganizationFilter { credential: Some(credential), ..Default::default() }).await;
            assert!(
                rows.iter().all(|row| standing(row).credential == credential),
                "{credential:?}: {rows:?}"
            );
            assert_eq!(names(&rows), who.iter().map(|w| (*w).to_owned()).collect(), "{credential:?}");
        }
        let rows = asked(OrganizationFilter::default()).await;
        for row in &rows {
            let named: &[&str] = if row.email.starts_with("unnamed") { &["Device.Read.All"] } else { &[] };
            assert!(row.email.starts_with("partly") || standing(row).lacking == named, "{row:?}");
        }
        let rows = asked(OrganizationFilter { health: Some(Health::Protected), ..Default::default() }).await;
        assert!(rows.iter().all(|row| row.seats_used == 7), "three of ten cannot sign in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_filtered_and_paged() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let start = portal.now();
        let first = start.date_naive();
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let org = store.organization_below(t.below.scope(), id).await.unwrap().unwrap().scope();
        for n in 0..250_i64 {
            let (actor, event) = if n % 5 == 0 { ("ada", "sign-in") } else { ("eve", "backup-asked") };
            let object = if n == 7 { "needle" } else { "hay" };
            let entry = Entry { actor, event, object, detail: "", address: "" };
            // A day a hundred; the clock goes back for a moment.
            let at = start + Duration::days(n / 100 + 1) - Duration::seconds(if n == 120 { 40 } else { 0 });
            if n % 2 == 0 {
                store.append_audit(org, &entry, at).await.unwrap();
            } else {
                store.append_partner_audit(t.below.scope(), &entry, at).await.unwrap();
            }
        }
        let count = async |filter: AuditFilter| {
            let (mut all, mut before) = (Vec::new(), None);
            loop {
                let page = portal.audit_log(&t.below, &filter, before).await.unwrap();
                assert!(page.entries.len() <= 100);
                all.extend(page.entries);
                before = page.next;
                if before.is_none() {
                    break all;
                }
            }
        };
        let all = count(AuditFilter::default()).await;
        assert!(all.windows(2).all(|pair| pair[0].number == pair[1].number + 1), "each once, newest first");
        let ada = count(AuditFilter { actor: "ada".into(), ..Default::default() }).await;
        assert_eq!(ada.len(), 50);
        let both = AuditFilter { actor: "ada".into(), organization: Some(id), ..Default::default() };
        assert_eq!(count(both).await.len(), 25);
        let read = AuditFilter::read("", "Backup asked", " eve ", "", "", "", "");
        assert_eq!(count(read).await.len(), 200);
        assert_eq!(count(AuditFilter { object: "needle".into(), ..Default::default() }).await.len(), 1);
        let day = |n: i64| -> Option<NaiveDate> { Some(first + Duration::days(n)) };
        let on = AuditFilter { from: day(2), to: day(2), event: "sign-in".into(), ..Default::default() };
        assert_eq!(count(on).await.len(), 20);
        assert_eq!(count(AuditFilter { from: day(4), ..Default::default() }).await.len(), 0);
        assert_eq!(count(AuditFilter { to: day(9), ..Default::default() }).await.len(), all.len());
        // What was made for the organization is about it, whoever did it.
        let about = count(AuditFilter { organization: Some(id), ..Default::default() }).await;
        assert_eq!(about.len(), 126);
        assert_eq!(about.last().unwrap().event, "organization-created");

        // A partner below is read from above, and a stranger's log is not there.
        let top = AuditFilter { partner: Some(t.below.scope().partner()), ..Default::default() };
        assert_eq!(portal.audit_log(&t.root, &top, None).await.unwrap().entries[0].number, all[0].number);
        let stranger = AuditFilter { partner: Some(t.beside.scope().partner()), ..Default::default() };
        assert!(matches!(portal.audit_log(&t.below, &stranger, None).await, Err(Error::NotFound)));
        let support = person(&t.house, t.below.scope(), "s@b.example", PartnerRole::Support).await;
        assert!(matches!(portal.audit_log(&support, &top, None).await, Err(Error::Forbidden)));
        assert!(matches!(store.verify_audit(t.below.scope()).await.unwrap(), AuditCheck::Intact { .. }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_is_logged_with_what_was_before_and_after() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let name = portal.organization(&t.below, id).await.unwrap().row.name;
        portal.change_seats(&t.below, id, "11", true, "").await.unwrap();
        portal.set_brand_name(&t.below, "Blue, the \u{2192}").await.unwrap();
        portal.set_brand_name(&t.below, "Green").await.unwrap();
        portal.reset_brand(&t.below, "name").await.unwrap();
        portal.move_organization(&t.below, id, Move::Suspend, "").await.unwrap();

        let log = portal.audit_page(&t.below, None).await.unwrap().entries;
        let changes: Vec<(&str, Vec<(&str, &str, &str)>)> = log
            .iter()
            .take(5)
            .map(|entry| {
                let all = entry.detail.changes.iter();
                (&*entry.event, all.map(|c| (&*c.what, &*c.before, &*c.after)).collect())
            })
            .collect();
        let expected = [
            ("organization-suspended", vec![("State", "Active", "Suspended")]),
            ("brand-changed", vec![("Name", "Green", "the one from above")]),
            ("brand-changed", vec![("Name", "Blue, the \u{2192}", "Green")]),
            ("brand-changed", vec![("Name", "the one from above", "Blue, the \u{2192}")]),
            ("seats-changed", vec![("Seats", "10", "11"), ("Auto license", "Off", "On")]),
        ];
        assert_eq!(changes, expected);

        // The file has a line for each, with names beside the ids.
        let filter = AuditFilter { event: "seats-changed".into(), ..Default::default() };
        let file = portal.audit_csv(&t.below, &filter).await.unwrap();
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len(), 3, "{file}");
        for (line, change) in lines[1..].iter().zip(["Seats,10,11", "Auto license,Off,On"]) {
            let expected = format!(",seats-changed,{name},{id},{name},{id},{change},,");
            assert!(line.contains(&expected), "{line} has no {expected}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_is_told_nothing_of_how_backups_stand() {
    for t in Trade::all().await {
        let portal = &t.house.portal;
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        let id = t.organization(&t.below, plan, "it@n.example").await;
        let finance = person(&t.house, t.below.scope(), "f@b.example", PartnerRole::Finance).await;
        assert_eq!(portal.organization(&finance, id).await.unwrap().row.standing, None);
        // Not by what a filter leaves over, either.
        for health in [Health::Late, Health::NotConnected] {
            let filter = OrganizationFilter { health: Some(health), ..Default::default() };
            let rows = portal.organizations(&finance, &filter, None).await.unwrap().rows;
            assert_eq!(
                rows.iter().map(|row| (row.id, row.standing.is_none())).collect::<Vec<_>>(),
                [(id, true)]
            );
        }
        let file = portal.organizations_csv(&finance, &OrganizationFilter::default()).await.unwrap();
        assert!(!file.to_lowercase().contains("backup,") && !file.contains("Not connected"), "{file}");
    }
}

/// What the bench fills a database with is what the product itself would have written, as far as lists can tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_filled_for_the_bench_reads_like_any_other() {
    for t in Trade::all().await {
        let (portal, store) = (&t.house.portal, t.house.portal.store());
        let plan = t.plan(&t.below, "backup-entra", "EUR").await;
        store.fill_customers(t.below.scope(), plan, 40, portal.now()).await.unwrap();
        store.fill_audit(t.below.scope(), 150, portal.now()).await.unwrap();
        let late = OrganizationFilter { health: Some(Health::Late), ..Default::default() };
        let rows = portal.organizations(&t.below, &late, None).await.unwrap().rows;
        assert!(!rows.is_empty() && rows.iter().all(|row| standing(row).health == Health::Late));
        assert!(portal.audit_page(&t.below, None).await.unwrap().next.is_some());
        portal.dashboard(&t.below).await.unwrap();
    }
}

fn standing(row: &OrganizationRow) -> &Standing {
    row.standing.as_ref().expect("a role that sees how backups stand")
}
