//! Looking at a small history that is written without any directory behind it.

use std::sync::Arc;

use backup::{Backup, BrowseQuery, Error, Settings, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::OrgRole;
use domain::author::AuditLog;
use domain::capture::{CaptureProfile, Gap, GapReason, ReadScope};
use domain::change::{Choice, Filter, LinkFate, ObjectRef, Shown, Sort};
use domain::descriptor::Obstacle;
use domain::permission::Granted;
use domain::view::{ChangeRow, Trigger};
use domain::{Kind, LinkKind, flags};
use store::accounts::NewAccount;
use store::history::{Link, LinkKey, NewVersion, Num, Publication, Tally, Writer, body_place};
use store::scope::{Actor, OrgScope, TenantScope};
use store::seal::{Keys, Sealer};
use store::tenants::{NewConnection, NewTenant};
use store::{MasterKey, Store};
use uuid::Uuid;

/// An object as a test writes it.
#[derive(Clone, Copy)]
struct Draft {
    id: u128,
    kind: Kind,
    name: &'static str,
    detail: &'static str,
    flags: i32,
    body: &'static str,
    in_bin: bool,
}

const fn user(id: u128, name: &'static str, detail: &'static str, body: &'static str) -> Draft {
    Draft { id, kind: Kind::User, name, detail, flags: 0, body, in_bin: false }
}

const MAYA: Draft = user(
    1,
    "Maya Okafor",
    "maya@contoso.example",
    r#"{"accountEnabled":true,"displayName":"Maya Okafor","employeeOrgData":{"costCenter":"42"},"jobTitle":"Head of Treasury","proxyAddresses":["SMTP:maya@contoso.example"],"~":{"lastPasswordChangeDateTime":"2026-01-02T03:04:05Z"}}"#,
);
const LIV: Draft = Draft {
    flags: flags::SYNCED,
    ..user(
        2,
        "Liv Øster",
        "liv@contoso.example",
        r#"{"city":"Oslo","displayName":"Liv Øster","onPremisesSyncEnabled":true}"#,
    )
};
const TOM: Draft = user(3, "Tom Reyes", "tom@contoso.example", r#"{"displayName":"Tom Reyes"}"#);
const NEW: Draft = user(4, "New Hire", "new@contoso.example", r#"{"displayName":"New Hire"}"#);
const FINANCE: Draft = Draft {
    id: 10,
    kind: Kind::Group,
    name: "Finance",
    detail: "",
    flags: 0,
    body: r#"{"displayName":"Finance","securityEnabled":true}"#,
    in_bin: false,
};
const EVERYONE: Draft = Draft {
    id: 11,
    name: "Everyone",
    flags: flags::DYNAMIC,
    body: r#"{"displayName":"Everyone"}"#,
    ..FINANCE
};
const ADMIN: Draft = Draft {
    id: 20,
    kind: Kind::Role,
    name: "User Administrator",
    detail: "Manages users",
    flags: flags::BUILT_IN,
    body: r#"{"displayName":"User Administrator","isBuiltIn":true}"#,
    in_bin: false,
};
const NORWAY: Draft = Draft {
    id: 30,
    kind: Kind::AdministrativeUnit,
    name: "Norway",
    detail: "",
    flags: 0,
    body: r#"{"displayName":"Norway"}"#,
    in_bin: false,
};
const LICENCE: u128 = 40;
/// Two service plans that are disabled.
const PLANS: &str = "00000000-0000-0000-0000-00000000002a,00000000-0000-0000-0000-00000000002b";
const DEVICE: u128 = 41;

const fn id(of: u128) -> Uuid {
    Uuid::from_u128(of)
}

fn object(draft: &Draft) -> ObjectRef {
    ObjectRef { kind: draft.kind, id: id(draft.id) }
}

struct Scene {
    backup: Backup,
    store: Store,
    actor: Actor,
    org: OrgScope,
    tenant: TenantScope,
    _files: tempfile::TempDir,
}

fn began() -> DateTime<Utc> {
    "2026-05-01T00:00:00Z".parse().unwrap()
}

impl Scene {
    async fn new() -> Scene {
        let files = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", files.path().join("holdfast.db").display());
        let store = Store::open(&url, MasterKey::from_bytes([3; 32])).await.unwrap();
        let partner = store.create_partner(None, "Northwind", began()).await.unwrap();
        let org = store.create_organization(partner, "Contoso", began()).await.unwrap();
        let actor = person(&store, org, "ana@northwind.example", OrgRole::FullAdmin).await;
        let new = NewTenant {
            directory: id(99),
            name: "Contoso".into(),
            domain: "contoso.example".into(),
            connection: NewConnection {
                cloud: "global".into(),
                client_id: id(98).to_string(),
                proof: domain::connection::ProofKind::Secret,
                secret: "s".to_owned().into(),
                expires_at: None,
                granted: ["User.Read.All", "Group.Read.All"].into_iter().collect::<Granted>(),
            },
            every_min: 60,
            full_every_min: 10_080,
        };
        let tenant = store.create_tenant(org, new, began()).await.unwrap();
        let backup = Backup::new(store.clone(), Settings::default(), Arc::new(SystemClock));
        Scene { backup, store, actor, org, tenant, _files: files }
    }

    fn tenant(&self) -> Uuid {
        self.tenant.public_id()
    }

    async fn draw(&self) -> Drawing {
        let keys = self.store.keys(self.tenant).await.unwrap();
        Drawing {
            writer: self.store.begin_snapshot(self.tenant, &everything()).await.unwrap(),
            sealer: keys.sealer().unwrap(),
            keys,
        }
    }

    /// Three snapshots: at the second, Maya has another title, Liv another city, Tom lies in the bin,
    /// somebody is new, and Finance has lost Maya and the device; the third has Maya's title as it was.
    async fn history(&self) {
        let mut d = self.draw().await;
        for draft in [MAYA, LIV, TOM, FINANCE, EVERYONE, ADMIN, NORWAY] {
            d.put(&draft, None, &[]);
        }
        let licence = d.writer.number(id(LICENCE), Kind::Licence, Some("ENTERPRISEPACK"));
        d.writer.number(id(DEVICE), Kind::Device, Some("LAPTOP-7"));
        let norway = format!("/administrativeUnits/{}", id(NORWAY.id));
        for link in [
            d.link(LinkKind::Member, FINANCE.id, MAYA.id, "", None),
            d.link(LinkKind::Member, FINANCE.id, TOM.id, "", None),
            d.link(LinkKind::Member, FINANCE.id, DEVICE, "", None),
            d.link(LinkKind::Member, EVERYONE.id, LIV.id, "", None),
            d.link(LinkKind::Manager, TOM.id, MAYA.id, "", None),
            d.link(LinkKind::RoleAssignment, ADMIN.id, MAYA.id, &norway, None),
            d.link(LinkKind::Licence, MAYA.id, LICENCE, "", Some(PLANS)),
            d.link(LinkKind::Licence, MAYA.id, LICENCE, &id(FINANCE.id).to_string(), None),
        ] {
            d.writer.put_link(link);
        }
        assert_eq!(licence, d.num(LICENCE));
        d.publish(1, &[]).await;

        let mut d = self.draw().await;
        let retitled = MAYA.body.replace("Head of Treasury", "Contractor");
        let maya = Draft { body: retitled.leak(), ..MAYA };
        d.put(&maya, Some(1), &["jobTitle"]);
        let liv = Draft {
            body: r#"{"city":"Bergen","displayName":"Liv Øster","onPremisesSyncEnabled":true}"#,
            ..LIV
        };
        d.put(&liv, Some(1), &["city"]);
        d.put(&Draft { in_bin: true, ..TOM }, Some(1), &[]);
        d.put(&NEW, None, &[]);
        let close = [
            d.link(LinkKind::Member, FINANCE.id, MAYA.id, "", None).key,
            d.link(LinkKind::Member, FINANCE.id, DEVICE, "", None).key,
            d.link(LinkKind::Member, EVERYONE.id, LIV.id, "", None).key,
        ];
        let open = vec![
            d.link(LinkKind::Member, FINANCE.id, NEW.id, "", None),
            d.link(LinkKind::RoleAssignment, ADMIN.id, LIV.id, "/", None),
        ];
        d.writer.change_links(open, close.to_vec()).await.unwrap();
        d.publish(2, &[]).await;

        let mut d = self.draw().await;
        d.put(&MAYA, Some(2), &["jobTitle"]);
        d.publish(3, &[]).await;
    }

    async fn changes(&self, from: i64, to: i64, filter: &Filter) -> Vec<ChangeRow> {
        self.backup.compare(&self.actor, self.tenant(), from, to, filter, None).await.unwrap().rows
    }
}

async fn person(store: &Store, org: OrgScope, email: &str, role: OrgRole) -> Actor {
    let account = NewAccount { email: email.into(), name: "Ana Ruiz".into(), password_hash: "none".into() };
    store.create_account(org, account, role, began()).await.unwrap()
}

/// A snapshot in the making.
struct Drawing {
    writer: Writer,
    keys: Keys,
    sealer: Sealer,
}

impl Drawing {
    fn num(&mut self, of: u128) -> Num {
        self.writer.number(id(of), Kind::Other, None)
    }

    fn put(&mut self, draft: &Draft, replaces: Option<i64>, changed: &[&str]) {
        let num = self.writer.number(id(draft.id), draft.kind, None);
        let deleted_at = draft.in_bin.then(|| (began() + TimeDelta::hours(1)).timestamp_millis());
        let sealed = self.sealer.seal(body_place(draft.kind, num), draft.body.as_bytes()).unwrap();
        self.writer.put(NewVersion {
            num,
            kind: draft.kind,
            deleted_at,
            name: draft.name.to_owned(),
            detail: draft.detail.to_owned(),
            flags: draft.flags,
            digest: self.keys.digest(&[draft.body.as_bytes(), &[u8::from(draft.in_bin)]]),
            changed: changed.iter().map(|c| (*c).to_owned()).collect(),
            sealed: Some(sealed),
            replaces,
            renamed: false,
        });
    }

    fn link(
        &mut self,
        kind: LinkKind,
        source: u128,
        target: u128,
        disc: &str,
        details: Option<&str>,
    ) -> Link {
        let (source, target) = (self.num(source), self.num(target));
        Link {
            key: LinkKey { kind, source, target, disc: disc.to_owned() },
            details: details.map(str::to_owned),
        }
    }

    async fn publish(self, hour: i64, missing: &[ReadScope]) {
        let started_at = began() + TimeDelta::hours(hour);
        let publication = Publication {
            reason: Trigger::Schedule,
            full: false,
            started_at,
            now: started_at + TimeDelta::seconds(2),
            profile: everything(),
            gaps: missing.iter().map(|scope| Gap::whole(*scope, GapReason::Unsupported)).collect(),
            changes: Tally::default(),
            cursors: Vec::new(),
            requests: 1,
            units: 1,
            ends_job: false,
        };
        self.writer.publish(publication, None).await.unwrap();
    }
}

/// The profile of an app that holds every permission that backups use.
fn everything() -> CaptureProfile {
    let asked = domain::permission::NEEDS.iter().filter(|n| !n.restore).map(|n| n.permission.least());
    CaptureProfile::of(&asked.collect())
}

fn row<'a>(rows: &'a [ChangeRow], of: &Draft) -> &'a ChangeRow {
    rows.iter().find(|r| r.object == object(of)).unwrap_or_else(|| panic!("no change of {}", of.name))
}

#[tokio::test]
async fn the_first_page_counts_what_the_newest_snapshot_holds() {
    let scene = Scene::new().await;
    let empty = scene.backup.overview(&scene.actor, scene.tenant()).await.unwrap();
    assert!(empty.last.is_none() && empty.counts.is_empty());

    scene.history().await;
    let page = scene.backup.overview(&scene.actor, scene.tenant()).await.unwrap();
    assert_eq!(
        page.counts,
        [(Kind::User, 3), (Kind::Group, 2), (Kind::Role, 1), (Kind::AdministrativeUnit, 1)]
    );
    assert_eq!((page.snapshots, page.links, page.every_min), (3, 7, 60));
    assert_eq!(page.since, Some(began() + TimeDelta::hours(1)));
    assert_eq!(page.last.map(|s| s.seq), Some(3));
    assert!(page.connection.signs_in && page.connection.permissions[0].granted_by.is_some());
    let older = scene.backup.snapshots(&scene.actor, scene.tenant(), Some(3)).await.unwrap();
    assert_eq!(older.iter().map(|s| s.seq).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn objects_are_listed_by_name_as_they_were() {
    let scene = Scene::new().await;
    scene.history().await;
    let query = |at, kind, words: &str| BrowseQuery { at, kind, words: words.to_owned(), after: None };
    let browse = async |q: BrowseQuery| scene.backup.browse(&scene.actor, scene.tenant(), &q).await.unwrap();

    let now = browse(query(None, Kind::User, "")).await;
    let names: Vec<&str> = now.rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["Liv Øster", "Maya Okafor", "New Hire", "Tom Reyes"]);
    assert_eq!(now.rows[0].marks, ["synced"]);
    assert!(now.rows[3].deleted && now.next.is_none());
    assert_eq!(now.at, 3);

    let then = browse(query(Some(1), Kind::User, "oster")).await;
    assert_eq!(then.rows.len(), 1);
    assert_eq!(then.counts[0], (Kind::User, 3));
    let groups = browse(query(Some(1), Kind::Group, "")).await;
    assert_eq!(groups.rows[1].detail, "Security group");
    assert_eq!(groups.rows[0].marks, ["dynamic"]);
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let scene = Scene::new().await;
    let mut d = scene.draw().await;
    for i in 0..1_100 {
        let detail = if i < 120 { "rare" } else { "other" };
        d.put(&user(1000 + i, "Same Name", detail, r#"{"displayName":"Same Name"}"#), None, &[]);
    }
    d.publish(1, &[]).await;
    // A word that few have is looked up from the word, one that most have from the list.
    for (words, count) in
        [("", 1_100_usize), ("same", 1_100), ("rar", 120), ("NAME rare", 120), ("rare oth", 0)]
    {
        let mut query = BrowseQuery { at: None, kind: Kind::User, words: words.to_owned(), after: None };
        let mut seen = std::collections::HashSet::new();
        let mut pages = 0;
        loop {
            let page = scene.backup.browse(&scene.actor, scene.tenant(), &query).await.unwrap();
            seen.extend(page.rows.iter().map(|r| r.object));
            pages += 1;
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!((pages, seen.len()), (count.div_ceil(50).max(1), count), "{words}");
    }
    let query = BrowseQuery { at: None, kind: Kind::Group, words: "rare".to_owned(), after: None };
    let groups = scene.backup.browse(&scene.actor, scene.tenant(), &query).await.unwrap();
    assert!(groups.rows.is_empty());
}

#[tokio::test]
async fn an_object_shows_its_values_links_and_past() {
    let scene = Scene::new().await;
    scene.history().await;
    let look = async |at, of: &Draft| scene.backup.object(&scene.actor, scene.tenant(), at, object(of)).await;

    let maya = look(Some(1), &MAYA).await.unwrap();
    let value = |name: &str| maya.attributes.iter().find(|a| a.name == name).unwrap();
    assert_eq!(value("jobTitle").value, Shown(vec!["Head of Treasury".into()]));
    assert_eq!(value("employeeOrgData").value, Shown(vec!["Cost centre: 42".into()]));
    assert_eq!(value("proxyAddresses").obstacle, Some(Obstacle::Exchange));
    let password = value("lastPasswordChangeDateTime");
    assert!(password.volatile);
    assert_eq!(password.value, Shown(vec!["2026-01-02 03:04:05 UTC".into()]));
    assert!(value("city").value.is_empty());

    let group = |kind, from_source| {
        maya.links.iter().find(|g| g.kind == kind && g.from_source == from_source).unwrap()
    };
    assert_eq!(group(LinkKind::Member, false).rows[0].name, "Finance");
    assert_eq!(group(LinkKind::RoleAssignment, false).rows[0].detail, "Administrative unit Norway");
    assert_eq!(group(LinkKind::Manager, false).rows[0].name, "Tom Reyes");
    let licences = group(LinkKind::Licence, true);
    assert_eq!((licences.total, licences.rows[0].name.as_str()), (2, "ENTERPRISEPACK"));
    let mut details: Vec<&str> = licences.rows.iter().map(|r| r.detail.as_str()).collect();
    details.sort_unstable();
    assert_eq!(details, ["Direct, 2 services off", "From group Finance"]);

    let now = look(None, &MAYA).await.unwrap();
    assert_eq!(now.at, 3);
    let past: Vec<(i64, Sort)> = now.history.iter().map(|h| (h.seq, h.sort)).collect();
    assert_eq!(past, [(3, Sort::Updated), (2, Sort::Updated), (1, Sort::Created)]);
    assert_eq!(now.history[0].changed, ["Job title"]);

    let liv = look(None, &LIV).await.unwrap();
    assert_eq!(liv.attributes.iter().find(|a| a.name == "city").unwrap().obstacle, Some(Obstacle::Synced));
    let tom = look(None, &TOM).await.unwrap();
    assert_eq!(tom.deleted_until, Some(began() + TimeDelta::hours(1) + TimeDelta::days(30)));
    assert_eq!(tom.history[0].sort, Sort::Deleted);
    let finance = look(None, &FINANCE).await.unwrap();
    assert!(finance.links[0].rows.iter().any(|r| r.name == "Tom Reyes" && r.deleted));

    assert!(matches!(look(Some(1), &NEW).await, Err(Error::NotFound)));
    assert!(matches!(look(Some(9), &MAYA).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_comparison_counts_links_at_both_ends_but_not_those_that_only_follow() {
    let scene = Scene::new().await;
    scene.history().await;
    let page =
        scene.backup.compare(&scene.actor, scene.tenant(), 1, 2, &Filter::default(), None).await.unwrap();
    let names: Vec<&str> = page.rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(
        names,
        ["Liv Øster", "Maya Okafor", "New Hire", "Tom Reyes", "Everyone", "Finance", "User Administrator"]
    );
    assert!(page.next.is_none() && page.not_compared.is_empty());
    assert_eq!(page.shown, 7);
    let users = page.tallies[0];
    assert_eq!((users.created, users.updated, users.deleted, users.restored), (1, 2, 1, 0));

    let counts = |of: &Draft| {
        let r = row(&page.rows, of);
        (r.sort, r.attributes, r.links_added, r.links_removed)
    };
    assert_eq!(counts(&MAYA), (Sort::Updated, 1, 0, 1));
    assert_eq!(counts(&LIV), (Sort::Updated, 1, 1, 1));
    assert_eq!(counts(&TOM), (Sort::Deleted, 0, 0, 0));
    assert_eq!(counts(&NEW), (Sort::Created, 0, 1, 0));
    // The device counts although it has no page; the new hire's membership is the new hire's change.
    assert_eq!(counts(&FINANCE), (Sort::Updated, 0, 0, 2));
    assert_eq!(counts(&ADMIN), (Sort::Updated, 0, 1, 0));
}

#[tokio::test]
async fn a_comparison_is_net_and_goes_both_ways() {
    let scene = Scene::new().await;
    scene.history().await;
    let net = scene.changes(1, 3, &Filter::default()).await;
    assert_eq!(row(&net, &MAYA).attributes, 0, "the title came back");
    assert_eq!(row(&net, &LIV).attributes, 1);

    let back = scene.changes(2, 1, &Filter::default()).await;
    assert_eq!(row(&back, &NEW).sort, Sort::PermanentlyDeleted);
    assert_eq!(row(&back, &TOM).sort, Sort::Restored);
    assert_eq!(row(&back, &MAYA).attributes, 1);
    assert_eq!(row(&back, &FINANCE).links_added, 2);
    assert!(scene.changes(2, 2, &Filter::default()).await.is_empty());
    let missing = scene.backup.compare(&scene.actor, scene.tenant(), 1, 9, &Filter::default(), None).await;
    assert!(matches!(missing, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_filter_narrows_rows_but_not_tallies() {
    let scene = Scene::new().await;
    scene.history().await;
    let filter = Filter { kind: Some(Kind::User), sort: Some(Sort::Updated), words: "OST".into() };
    let page = scene.backup.compare(&scene.actor, scene.tenant(), 1, 2, &filter, None).await.unwrap();
    assert_eq!((page.shown, page.rows.len(), page.tallies.len()), (1, 1, 3));
    assert_eq!(page.rows[0].object, object(&LIV));
    let beyond =
        scene.backup.compare(&scene.actor, scene.tenant(), 1, 2, &filter, Some("100")).await.unwrap();
    assert!(beyond.rows.is_empty());
    let wrong = scene.backup.compare(&scene.actor, scene.tenant(), 1, 2, &filter, Some("x")).await;
    assert!(matches!(wrong, Err(Error::Invalid { field: "after", .. })));
}

#[tokio::test]
async fn one_object_is_told_attribute_by_attribute_and_link_by_link() {
    let scene = Scene::new().await;
    scene.history().await;
    let change =
        async |of: &Draft| scene.backup.object_change(&scene.actor, scene.tenant(), 1, 2, object(of)).await;

    let maya = change(&MAYA).await.unwrap();
    assert_eq!(maya.attributes.len(), 1);
    let title = &maya.attributes[0];
    assert_eq!((title.label.as_str(), title.obstacle), ("Job title", None));
    assert_eq!(title.old, Shown(vec!["Head of Treasury".into()]));
    assert_eq!(title.new, Shown(vec!["Contractor".into()]));
    assert_eq!(maya.links.len(), 1);
    let lost = &maya.links[0];
    assert_eq!(
        (lost.fate, lost.from_source, lost.other, lost.other_name.as_str(), lost.obstacle),
        (LinkFate::Removed, false, object(&FINANCE), "Finance", None)
    );
    let choice = Choice::Link {
        kind: LinkKind::Member,
        source: id(FINANCE.id),
        target: id(MAYA.id),
        discriminator: String::new(),
    };
    assert_eq!(lost.choice, choice);
    assert!(maya.obstacle.is_none() && maya.by.by.is_empty());
    assert_eq!(maya.by.log, AuditLog::NoPermission);

    let liv = change(&LIV).await.unwrap();
    assert_eq!(liv.attributes[0].obstacle, Some(Obstacle::Synced));
    assert_eq!(liv.links[0].obstacle, Some(Obstacle::DynamicMembership));
    assert_eq!((liv.links[1].fate, liv.links[1].detail.as_str()), (LinkFate::Added, "Whole tenant"));

    let finance = change(&FINANCE).await.unwrap();
    let names: Vec<&str> = finance.links.iter().map(|l| l.other_name.as_str()).collect();
    assert_eq!(names, ["LAPTOP-7", "Maya Okafor"]);
    assert_eq!(change(&NEW).await.unwrap().obstacle, Some(Obstacle::CreatedSince));
    let tom = change(&TOM).await.unwrap();
    assert!(tom.obstacle.is_none() && tom.links.is_empty(), "he can come back from the bin");
    assert!(matches!(change(&NORWAY).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn what_is_gone_for_good_cannot_be_brought_back() {
    let scene = Scene::new().await;
    scene.history().await;
    let mut d = scene.draw().await;
    let finance = d.num(FINANCE.id);
    d.writer.end(&[finance]).await.unwrap();
    d.publish(4, &[]).await;
    let rows = scene.changes(1, 4, &Filter::default()).await;
    assert_eq!(row(&rows, &FINANCE).sort, Sort::PermanentlyDeleted);
    assert_eq!((row(&rows, &FINANCE).links_removed, row(&rows, &FINANCE).attributes), (3, 0));
    assert!(!rows.iter().any(|r| r.object == object(&MAYA)), "the group's end is the group's change");
    let change =
        scene.backup.object_change(&scene.actor, scene.tenant(), 1, 4, object(&FINANCE)).await.unwrap();
    assert_eq!(change.obstacle, Some(Obstacle::Purged));
    assert!(change.links.iter().all(|l| l.obstacle == Some(Obstacle::Purged)));
}

#[tokio::test]
async fn what_was_not_read_is_not_compared() {
    let scene = Scene::new().await;
    let mut d = scene.draw().await;
    d.put(&MAYA, None, &[]);
    let unread = [ReadScope::Objects(Kind::Group), ReadScope::Relation(LinkKind::RoleAssignment)];
    d.publish(1, &unread).await;
    let mut d = scene.draw().await;
    for draft in [FINANCE, ADMIN, TOM] {
        d.put(&draft, None, &[]);
    }
    let open = vec![
        d.link(LinkKind::Member, FINANCE.id, MAYA.id, "", None),
        d.link(LinkKind::RoleAssignment, ADMIN.id, MAYA.id, "/", None),
    ];
    d.writer.change_links(open, Vec::new()).await.unwrap();
    d.publish(2, &[]).await;
    let page =
        scene.backup.compare(&scene.actor, scene.tenant(), 1, 2, &Filter::default(), None).await.unwrap();
    assert_eq!(page.not_compared.iter().map(|n| n.scope).collect::<Vec<_>>(), unread);
    assert_eq!(page.from.gaps.iter().map(|g| g.scope).collect::<Vec<_>>(), unread);
    let names: Vec<&str> = page.rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["Tom Reyes", "User Administrator"]);
}

#[tokio::test]
async fn another_organization_finds_nothing_and_a_viewer_may_only_look() {
    let scene = Scene::new().await;
    scene.history().await;
    let partner = scene.store.root_partner().await.unwrap().unwrap();
    let other = scene.store.create_organization(partner, "Fabrikam", began()).await.unwrap();
    let stranger = person(&scene.store, other, "eve@fabrikam.example", OrgRole::FullAdmin).await;
    let tenant = scene.tenant();
    assert!(scene.backup.tenants(&stranger).await.unwrap().is_empty());
    assert!(matches!(scene.backup.overview(&stranger, tenant).await, Err(Error::NotFound)));
    assert!(matches!(scene.backup.back_up_now(&stranger, tenant).await, Err(Error::NotFound)));
    assert!(matches!(
        scene.backup.object(&stranger, tenant, None, object(&MAYA)).await,
        Err(Error::NotFound)
    ));

    let viewer = person(&scene.store, scene.org, "vic@contoso.example", OrgRole::Viewer).await;
    assert!(scene.backup.overview(&viewer, tenant).await.is_ok());
    assert!(matches!(scene.backup.back_up_now(&viewer, tenant).await, Err(Error::Forbidden(_))));
    assert!(matches!(scene.backup.back_up_in_full(&viewer, tenant).await, Err(Error::Forbidden(_))));
    assert!(matches!(scene.backup.back_up_in_full(&stranger, tenant).await, Err(Error::NotFound)));
    assert!(matches!(scene.backup.retest(&viewer, tenant).await, Err(Error::Forbidden(_))));

    let first = scene.backup.back_up_now(&scene.actor, tenant).await.unwrap();
    assert_eq!(scene.backup.read_live(&scene.actor, tenant).await.unwrap(), first, "asked twice, done once");
    let running = scene.backup.overview(&scene.actor, tenant).await.unwrap().running;
    assert_eq!(running.map(|j| j.id), Some(first));
    assert!(matches!(scene.backup.job(&stranger, tenant, first).await, Err(Error::NotFound)));
}
