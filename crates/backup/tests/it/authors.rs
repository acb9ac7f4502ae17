//! Who made a change, told from the simulated directory's audit log.

use std::sync::Arc;

use backup::{Backup, Clock};
use chrono::{DateTime, TimeDelta, Utc};
use domain::author::{AuditLog, Author, Authored, Part};
use domain::change::{Filter, ObjectRef, Selection};
use domain::view::ComparePage;
use domain::{Kind, LinkKind, Seq};
use serde_json::{Value, json};

use crate::world::{World, small};

const LOG: &str = "GET /auditLogs/directoryAudits";

/// A clock that goes on from some time after the real one.
#[derive(Debug)]
struct Later(TimeDelta);

impl Clock for Later {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.0
    }
}

/// A world whose connection knows its permissions, with a first snapshot.
async fn scene(seed: u64) -> World {
    let world = World::new(small(seed)).await;
    world.backup.retest(&world.actor, world.id()).await.unwrap();
    world.capture(true).await;
    world
}

/// People of the directory who can be worked on there: their id and principal name.
fn people(world: &World) -> Vec<(ObjectRef, String)> {
    let export = world.sim.export();
    let cloud = export["users"].as_array().unwrap().iter();
    cloud
        .filter(|u| u["onPremisesSyncEnabled"] != true && u["jobTitle"].is_string())
        .map(|u| {
            let id = u["id"].as_str().unwrap().parse().unwrap();
            (ObjectRef { kind: Kind::User, id }, u["userPrincipalName"].as_str().unwrap().to_owned())
        })
        .collect()
}

async fn does(world: &World, who: &str, method: &str, path: &str, body: Value) {
    let ask = json!({"method": method, "path": path, "body": body, "actor": who});
    let answer = world.control("POST", "/sim/apply", ask).await;
    assert!(answer["status"].as_i64().unwrap() < 300, "{method} {path}: {answer}");
}

/// A page waits two seconds for the log and goes without it then; on a busy machine one looks again.
async fn page(backup: &Backup, world: &World, from: Seq, to: Seq) -> ComparePage {
    loop {
        let filter = Filter::default();
        let page = backup.compare(&world.actor, world.id(), from, to, &filter, None).await.unwrap();
        if page.authors.log != AuditLog::Failed {
            return page;
        }
    }
}

async fn authors(backup: &Backup, world: &World, from: Seq, to: Seq, object: ObjectRef) -> Authored {
    loop {
        let change = backup.object_change(&world.actor, world.id(), from, to, object).await.unwrap();
        if change.by.log != AuditLog::Failed {
            return change.by;
        }
    }
}

#[tokio::test]
async fn who_changed_the_title_is_named_and_who_did_something_else_is_not() {
    let world = scene(31).await;
    let people = people(&world);
    let [(maya, _), (_, eve), (_, bob)] = &people[..3] else { panic!("{people:?}") };
    let path = format!("/users/{}", maya.id);
    let before = world.sim.now();
    does(&world, eve, "PATCH", &path, json!({"jobTitle": "Contractor"})).await;
    let after = world.sim.now();
    let password = json!({"passwordProfile": {"password": "Aa1!Aa1!Aa1!Aa1!"}});
    does(&world, bob, "PATCH", &path, password).await;
    let second = world.capture(false).await.seq;
    world.control("POST", "/sim/clock", json!({"advanceSeconds": 60})).await;
    does(&world, bob, "PATCH", &path, json!({"jobTitle": "Chief"})).await;

    let told = authors(&world.backup, &world, 1, second, *maya).await;
    assert_eq!(told.log, AuditLog::NotYetComplete, "the later read was just now");
    assert_eq!(told.by.len(), 1, "{told:?}");
    let by = &told.by[0];
    assert!(matches!(&by.author, Author::Person { principal_name, .. } if principal_name == eve), "{by:?}");
    assert_eq!((by.activity.as_str(), by.times), ("Update user", 1));
    assert_eq!(by.parts, [Part::Attribute("jobTitle".into())]);
    assert!((before..=after).contains(&by.at.timestamp()));

    let backwards = authors(&world.backup, &world, second, 1, *maya).await;
    assert_eq!(backwards, told, "whichever way one looks");
    let later = world.at(Arc::new(Later(TimeDelta::hours(1))));
    assert_eq!(authors(&later, &world, 1, second, *maya).await.log, AuditLog::Read);
}

#[tokio::test]
async fn who_deleted_somebody_is_named_and_who_renamed_them_before_is_not() {
    let world = scene(32).await;
    let people = people(&world);
    let [(tom, _), (_, eve), (_, bob)] = &people[..3] else { panic!("{people:?}") };
    does(&world, bob, "PATCH", &format!("/users/{}", tom.id), json!({"mobilePhone": "+47 1"})).await;
    let second = world.capture(false).await.seq;
    does(&world, eve, "DELETE", &format!("/users/{}", tom.id), Value::Null).await;
    let third = world.capture(false).await.seq;

    // Both snapshots may lie in one second of the log.
    let told = authors(&world.backup, &world, second, third, *tom).await;
    let whole: Vec<&str> = told.by.iter().map(|by| by.author.address()).collect();
    assert_eq!(whole, [eve.as_str()]);
    assert_eq!(told.by[0].parts, [Part::Whole]);
    assert_eq!(told.by[0].activity, "Delete user");
}

#[tokio::test]
async fn a_page_of_many_objects_asks_the_log_once() {
    let world = scene(33).await;
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let second = world.capture(false).await.seq;
    world.sim.reset_counters();

    let page = page(&world.backup, &world, 1, second).await;
    let members: Vec<_> = page.rows.iter().filter(|row| row.links_removed > 0).collect();
    assert!(members.len() > 20, "{}", members.len());
    for row in members {
        let by = page.authors.of(row.object);
        let eve = |author: &Author| author.name() == "Eve Marchetti";
        assert!(by.iter().any(|by| eve(&by.author)), "{row:?}: {by:?}");
        assert!(by.iter().all(|by| by.parts == [Part::Links(LinkKind::Member)]), "{row:?}: {by:?}");
    }
    let first = page.rows[0].object;
    assert_eq!(authors(&world.backup, &world, 1, second, first).await.by, page.authors.of(first));
    assert_eq!(world.sim.counters().by_shape.get(LOG), Some(&1), "{:?}", world.sim.counters());
}

#[tokio::test]
async fn what_a_restore_wrote_is_told_apart_from_people() {
    let world = scene(34).await;
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let second = world.capture(false).await.seq;
    let (view, _) = world.restore(1, second, Selection::Everything(Filter::default())).await;
    let third = world.capture(false).await.seq;

    let page = page(&world.backup, &world, second, third).await;
    assert!(!page.rows.is_empty());
    for row in &page.rows {
        let by = page.authors.of(row.object);
        assert!(!by.is_empty(), "{row:?}");
        let own = Author::Holdfast { restore: Some(view.number) };
        assert!(by.iter().all(|by| by.author == own), "{by:?}");
    }
}

#[tokio::test]
async fn where_the_log_may_not_be_read_that_is_said() {
    let world = scene(35).await;
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let second = world.capture(false).await.seq;
    // The connection believes to have it still; the next token shows it otherwise. Graph would take either of them.
    let both = json!({"revoke": ["AuditLog.Read.All", "Directory.Read.All"]});
    world.control("POST", "/sim/permissions", both).await;
    world.control("POST", "/sim/tokens-revoke", json!({})).await;
    let refused = page(&world.backup, &world, 1, second).await.authors;
    assert_eq!((refused.log, refused.of.len()), (AuditLog::NoPermission, 0));
    world.control("POST", "/sim/permissions", json!({"grant": ["Directory.Read.All"]})).await;
    world.backup.retest(&world.actor, world.id()).await.unwrap();
    world.sim.reset_counters();
    let known = page(&world.backup, &world, 1, second).await;
    assert_eq!((known.authors.log, known.authors.of.len()), (AuditLog::NoPermission, 0));
    assert_eq!(
        authors(&world.backup, &world, 1, second, known.rows[0].object).await.log,
        AuditLog::NoPermission
    );
    assert_eq!(world.sim.counters().by_shape.get(LOG), None, "what is known to be refused is not asked");
}

#[tokio::test]
async fn what_the_log_keeps_no_longer_is_said() {
    let world = scene(36).await;
    world.control("POST", "/sim/incidents/group-strip", json!({})).await;
    let second = world.capture(false).await.seq;
    world.sim.reset_counters();
    let backup = world.at(Arc::new(Later(TimeDelta::days(40))));
    let told = page(&backup, &world, 1, second).await.authors;
    assert!(matches!(told.log, AuditLog::Expired { .. }) && told.of.is_empty(), "{told:?}");
    assert_eq!(world.sim.counters().by_shape.get(LOG), None);
}
