//! What a capture leaves behind that was killed while it wrote, and what the next one makes of it.

use chrono::TimeDelta;
use domain::capture::CaptureProfile;
use domain::view::{SnapshotRow, Trigger};
use domain::{Kind, LinkKind};
use store::Store;
use store::history::{Aspect, BrowseAt, Link, LinkKey, NewVersion, Publication, Tally, Writer, body_place};
use store::jobs::Lease;
use store::scope::TenantScope;
use testbed::Database;
use uuid::Uuid;

use crate::jobs::{CAPTURE, customer, goes_silent};
use crate::{Fresh, at, stores};

/// More than go into one statement.
const MANY: u128 = 500;

fn profile() -> CaptureProfile {
    CaptureProfile::default()
}

/// Ids that are far from the order of their numbers, as Entra's are.
fn id(n: u128) -> Uuid {
    Uuid::from_u128(n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

/// A capture that works on a tenant.
struct Capture {
    store: Store,
    writer: Writer,
    lease: Lease,
}

impl Capture {
    async fn begin(store: &Store, tenant: TenantScope) -> Capture {
        store.enqueue(tenant, &CAPTURE, "ada", at(0)).await.unwrap();
        let lease = store.claim(at(1)).await.unwrap().unwrap();
        let store = store.under(&lease);
        let writer = store.begin_snapshot(tenant, &profile()).await.unwrap();
        Capture { store, writer, lease }
    }

    /// Sees these users for the first time, each the manager of the next.
    async fn see(&mut self, users: std::ops::Range<u128>) {
        let keys = self.store.keys(self.writer.tenant()).await.unwrap();
        let mut sealer = keys.sealer().unwrap();
        let first = self.writer.is_first();
        let mut links = Vec::new();
        for n in users {
            let num = self.writer.number(id(n), Kind::User, None);
            let body = format!("{{\"n\":{n}}}");
            self.writer.put(NewVersion {
                num,
                kind: Kind::User,
                deleted_at: None,
                name: format!("User {n}"),
                detail: String::new(),
                flags: 0,
                digest: keys.digest(&[body.as_bytes()]),
                changed: Vec::new(),
                sealed: Some(sealer.seal(body_place(Kind::User, num), body.as_bytes()).unwrap()),
                replaces: None,
                renamed: false,
            });
            let target = self.writer.number(id(n + 1), Kind::User, None);
            let key = LinkKey { kind: LinkKind::Manager, source: num, target, disc: String::new() };
            links.push(Link { key, details: None });
        }
        if first {
            links.into_iter().for_each(|link| self.writer.put_link(link));
            self.writer.flush().await.unwrap();
        } else {
            self.writer.see_links(links.clone()).await.unwrap();
            self.writer.change_links(links, Vec::new()).await.unwrap();
        }
    }

    async fn publish(self) -> SnapshotRow {
        let publication = Publication {
            reason: Trigger::Person,
            full: true,
            started_at: at(1),
            now: at(1) + TimeDelta::seconds(1),
            profile: profile(),
            gaps: Vec::new(),
            changes: Tally::default(),
            cursors: Vec::new(),
            requests: 0,
            units: 0,
            ends_job: true,
        };
        self.writer.publish(publication, Some(&self.lease)).await.unwrap()
    }

    /// Its process ends before it publishes.
    async fn dies(mut self, database: &Database) {
        let num = self.writer.objects().num(id(0)).unwrap();
        self.writer.note_unseen(&[num], Aspect::Links, at(1)).await.unwrap();
        drop(self);
        goes_silent(database);
    }
}

async fn users(store: &Store, tenant: TenantScope, seq: i64) -> usize {
    let query = BrowseAt { seq, kind: Kind::User, words: "", after: None, limit: 10_000 };
    store.browse(tenant, query).await.unwrap().len()
}

fn rows(database: &Database) -> Vec<i64> {
    ["object", "version", "body", "word", "link", "seen_link", "unseen"]
        .map(|table| database.number(&format!("SELECT count(*) FROM {table}")))
        .to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_of_a_capture_that_was_killed() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        let mut first = Capture::begin(&store, tenant).await;
        first.see(0..20).await;
        first.publish().await;
        let before = rows(&database);

        let mut killed = Capture::begin(&store, tenant).await;
        killed.see(20..MANY).await;
        killed.dies(&database).await;
        assert_ne!(rows(&database), before, "{}", database.name);

        let next = Capture::begin(&store, tenant).await;
        assert_eq!(rows(&database), before, "{}", database.name);
        assert_eq!(next.writer.objects().len(), 21, "{}", database.name);
    }
}

/// What databases look like in which it happened before roll-backs removed objects: some numbers are missing, and
/// later ones are in use.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_which_numbers_are_missing_heals() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        let mut first = Capture::begin(&store, tenant).await;
        first.see(0..20).await;
        first.publish().await;
        let mut killed = Capture::begin(&store, tenant).await;
        killed.see(20..MANY).await;
        killed.dies(&database).await;
        // Of those that were killed on the way some were written, some not; and the last one came to be used.
        database.meddle("DELETE FROM object WHERE num > 21 AND num % 3 = 0");
        let last = database.number("SELECT max(num) FROM object");
        database.meddle(&format!("UPDATE link SET target = {last} WHERE source = 3 AND target = 4"));

        for round in 0..3 {
            let mut next = Capture::begin(&store, tenant).await;
            let before = next.writer.objects().len();
            assert_eq!(next.writer.objects().iter().count(), before, "{}", database.name);
            let new = (round + 2) * MANY;
            next.see(new..new + MANY).await;
            let seen = next.writer.objects();
            assert!((new..new + MANY).all(|n| seen.num(id(n)).is_some_and(|num| num > last)));
            assert!((0..20).all(|n| seen.num(id(n)) == i64::try_from(n + 1).ok()), "{}", database.name);
            let row = next.publish().await;
            let expected = usize::try_from(20 + (round + 1) * MANY).unwrap();
            assert_eq!(users(&store, tenant, row.seq).await, expected, "{}", database.name);
            assert_eq!(users(&store, tenant, 1).await, 20, "{}", database.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_was_given_up_writes_nothing_more() {
    for Fresh { store, database } in stores().await {
        let (_, tenant) = customer(&store).await;
        let mut first = Capture::begin(&store, tenant).await;
        first.see(0..20).await;
        first.publish().await;

        let mut slow = Capture::begin(&store, tenant).await;
        slow.writer.number(id(1000), Kind::User, None);
        goes_silent(&database);
        let lease = store.claim(at(1)).await.unwrap().unwrap();
        let next = store.under(&lease).begin_snapshot(tenant, &profile()).await.unwrap();
        let before = rows(&database);

        let key = LinkKey { kind: LinkKind::Member, source: 1, target: 2, disc: String::new() };
        let link = Link { key: key.clone(), details: None };
        let lost = |result: store::Result<()>, what: &str| {
            assert!(matches!(result, Err(store::Error::LeaseLost)), "{}: {what}: {result:?}", database.name);
        };
        lost(slow.writer.flush().await, "a batch");
        lost(slow.writer.end(&[1]).await, "ended objects");
        lost(slow.writer.change_links(vec![link.clone()], vec![]).await, "links");
        lost(slow.writer.see_links(vec![link]).await, "seen links");
        lost(slow.writer.unsee_links(&[key]).await, "links that are not there");
        lost(slow.writer.unsee_source(LinkKind::Member, 1).await, "links of one object");
        lost(slow.writer.settle_links(LinkKind::Member).await, "settled links");
        lost(slow.writer.note_unseen(&[1], Aspect::Links, at(1)).await, "what was not seen");
        lost(slow.writer.note_seen(&[1], Aspect::Links).await, "what is seen");
        lost(slow.store.begin_snapshot(tenant, &profile()).await.map(drop), "a roll-back");
        lost(
            slow.store.set_outcomes(tenant, 1, &[(1, domain::plan::Outcome::Restored, None)]).await,
            "outcomes",
        );
        lost(slow.store.set_before_image(tenant, 1, 1).await, "the state before a restore");
        assert_eq!(rows(&database), before, "{}", database.name);

        let next = Capture { store: store.under(&lease), writer: next, lease };
        assert_eq!(next.publish().await.seq, 2, "{}", database.name);
    }
}
