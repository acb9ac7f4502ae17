//! Making a snapshot: read what changed (or everything), write it under a number that nobody reads yet,
//! publish.

mod apply;
pub(crate) mod canon;
mod confirm;
mod facts;
mod fetch;
mod licences;
mod links;
mod returned;
mod roles;
mod watch;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::capture::{CaptureProfile, Gap, GapReason, ReadScope, View};
use domain::descriptor::{self, DESCRIPTORS};
use domain::permission::Granted;
use domain::view::{SnapshotRow, Trigger};
use domain::{Kind, LinkKind};
use graph::{Client, Meaning};
use store::Store;
use store::history::{Cursor, Link, LinkKey, Num, Publication, Writer};
use store::scope::TenantScope;
use store::seal::{Keys, Sealer};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::look::compare::{self, Point};
use crate::{Clock, Error, Result};
use canon::Layout;
use fetch::Event;

pub use watch::Watch;

/// Rows that may wait before they are written.
const BATCH: usize = 30_000;
/// A collection that lost more than one object in so many without an explanation is suspicious.
const SUSPICIOUS: usize = 20;

/// What a capture works on.
pub(crate) struct Capture {
    client: Client,
    writer: Writer,
    keys: Keys,
    sealer: Sealer,
    layouts: HashMap<Kind, Layout>,
    now_ms: i64,
    /// Kinds that are read wholly, with the objects seen so far.
    wholly: HashMap<Kind, HashSet<Num>>,
    /// Ids that delta said are gone, and those it said are there.
    removed: HashMap<Kind, HashSet<Uuid>>,
    alive: HashSet<Uuid>,
    /// What delta said of links: there, gone, or both.
    link_changes: BTreeMap<LinkKey, LinkNews>,
    /// Users whose manager delta named.
    managers: HashMap<Num, Option<Link>>,
    /// Users whose licences must be read again, because delta does not track them.
    licences: HashMap<Num, Uuid>,
    /// Objects that came back from the recycle bin: what happened to their links before they went there
    /// could not be seen, so they are read anew.
    returned: HashMap<Kind, Vec<Uuid>>,
    seen_links: Vec<Link>,
    gaps: Vec<Gap>,
}

#[derive(Default)]
struct LinkNews {
    there: Option<Link>,
    gone: bool,
}

/// What to capture.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub reason: Trigger,
    /// Read everything anew rather than what changed.
    pub full: bool,
    /// Whether the job that it is made for ends with it.
    pub ends_job: bool,
}

/// Makes one snapshot and publishes it.
///
/// # Errors
/// When Graph cannot be reached, refuses everything, or the database fails; nothing is visible then.
pub async fn run(
    store: &Store,
    client: &Client,
    clock: &Arc<dyn Clock>,
    tenant: TenantScope,
    request: Request,
    watch: &mut Watch,
) -> Result<SnapshotRow> {
    let started_at = clock.now();
    let before = client.meter();
    watch.report("Signing in", 0, 0).await?;
    let granted: Granted = client.roles().await?.into_iter().collect();
    store.set_connection_health(tenant, Some(&granted), None, started_at).await?;

    let profile = CaptureProfile::of(&granted);
    let cursors = if request.full { Vec::new() } else { store.cursors(tenant, &profile).await? };
    let writer = store.begin_snapshot(tenant, &profile).await?;
    let keys = store.keys(tenant).await?;
    let mut capture = Capture {
        client: client.clone(),
        sealer: keys.sealer()?,
        keys,
        writer,
        layouts: DESCRIPTORS.into_iter().map(|d| (d.kind, Layout::of(d))).collect(),
        now_ms: started_at.timestamp_millis(),
        wholly: HashMap::new(),
        removed: HashMap::new(),
        alive: HashSet::new(),
        link_changes: BTreeMap::new(),
        managers: HashMap::new(),
        licences: HashMap::new(),
        returned: HashMap::new(),
        seen_links: Vec::new(),
        gaps: Vec::new(),
    };
    let full = cursors.is_empty();
    let cursors = capture.read(cursors, watch).await?;
    watch.report("Publishing", 0, 0).await?;
    capture.writer.flush().await?;
    let point = Point {
        seq: capture.writer.seq(),
        ended: clock.now(),
        view: View { profile: profile.clone(), gaps: capture.gaps.clone() },
    };
    let changes = compare::tally(store, tenant, point).await?;

    let spent = client.meter() - before;
    let publication = Publication {
        reason: if capture.writer.is_first() { Trigger::First } else { request.reason },
        full,
        started_at,
        now: clock.now(),
        profile,
        gaps: capture.gaps,
        changes,
        cursors,
        requests: i64::try_from(spent.requests).unwrap_or(i64::MAX),
        units: i64::try_from(spent.resource_units).unwrap_or(i64::MAX),
        ends_job: request.ends_job,
    };
    Ok(capture.writer.publish(publication, watch.lease()).await?)
}

impl Capture {
    /// Reads everything that this snapshot needs; returns where the next one goes on.
    async fn read(&mut self, cursors: Vec<Cursor>, watch: &mut Watch) -> Result<Vec<Cursor>> {
        watch.report("Reading licences", 0, 0).await?;
        let (named, total) = tokio::join!(licences::names(&self.client), self.client.count("/users/$count"));
        self.name_licences(named)?;
        let total = i64::try_from(total.unwrap_or(0)).unwrap_or(0);

        let (tx, mut rx) = mpsc::channel(4);
        let mut running = 0;
        for d in DESCRIPTORS {
            let cursor = cursors.iter().find(|c| c.kind == d.kind).map(|c| c.link.clone());
            if cursor.is_none() {
                self.wholly.insert(d.kind, HashSet::new());
            }
            running += 1;
            tokio::spawn(fetch::fetch(self.client.clone(), d, cursor, tx.clone()));
        }
        drop(tx);

        let mut next = Vec::new();
        let mut done = 0;
        let mut refused = 0;
        while let Some(event) = rx.recv().await {
            match event {
                Event::Page { kind, mode, items } => {
                    if kind == Kind::User {
                        done += items.len() as i64;
                    }
                    self.apply(kind, mode, &items).await?;
                    watch.report("Reading users, groups and roles", done, total.max(done)).await?;
                }
                Event::Wholly(kind) => {
                    self.wholly.insert(kind, HashSet::new());
                }
                Event::Done { kind, cursor } => {
                    next.extend(cursor.map(|link| Cursor { kind, link }));
                }
                Event::Failed { kind, error } => {
                    self.unreadable(ReadScope::Objects(kind), error)?;
                    self.wholly.remove(&kind);
                    refused += 1;
                }
            }
        }
        if refused == running {
            return Err(Error::Refused(
                "The app may read nothing in this tenant. Grant it the backup permissions, consent to them, and try again."
                    .to_owned(),
            ));
        }
        self.writer.flush().await?;
        watch.report("Reading role assignments", 0, 0).await?;
        self.read_assignments().await?;
        watch.report("Reading licences of changed users", 0, 0).await?;
        self.read_changed_licences().await?;
        watch.report("Reading the recycle bin", 0, 0).await?;
        self.settle_objects().await?;
        watch.report("Comparing links", 0, 0).await?;
        self.read_returned().await?;
        self.settle_links().await?;
        Ok(next)
    }

    /// A part that the app may not read makes the snapshot partial; anything else ends the capture.
    fn unreadable(&mut self, scope: ReadScope, error: graph::Error) -> Result<()> {
        let reason = match error.meaning() {
            Meaning::PermissionMissing => GapReason::PermissionMissing { permission: permission(scope) },
            Meaning::LicenceMissing => GapReason::LicenseMissing,
            Meaning::Unsupported => GapReason::Unsupported,
            _ => return Err(error.into()),
        };
        tracing::warn!(?scope, %error, "could not be read");
        self.gaps.push(Gap::whole(scope, reason));
        Ok(())
    }

    /// Whether nothing of a scope could be read.
    fn lacks(&self, scope: ReadScope) -> bool {
        self.gaps.iter().any(|g| g.scope == scope && g.objects.is_none())
    }

    fn layout(&self, kind: Kind) -> Result<&Layout> {
        self.layouts.get(&kind).ok_or(Error::NotFound)
    }

    /// Links go straight into the first snapshot; later, what a full read sees is noted first and
    /// compared in the database.
    async fn see(&mut self, link: Link) -> Result<()> {
        if self.writer.is_first() {
            self.writer.put_link(link);
        } else {
            self.seen_links.push(link);
            if self.seen_links.len() >= BATCH {
                let links = std::mem::take(&mut self.seen_links);
                self.writer.see_links(links).await?;
            }
        }
        Ok(())
    }

    /// Sets the links of one kind that a source has to exactly these.
    async fn replace_links(&mut self, kind: LinkKind, wanted: HashMap<Num, Vec<Link>>) -> Result<()> {
        let owner = descriptor::owner(kind);
        let sources: Vec<Num> = wanted.keys().copied().collect();
        if self.wholly.contains_key(&owner) && !self.writer.is_first() {
            let seen = std::mem::take(&mut self.seen_links);
            self.writer.see_links(seen).await?;
            for source in sources {
                self.writer.unsee_source(kind, source).await?;
            }
            self.writer.see_links(wanted.into_values().flatten().collect()).await?;
            return Ok(());
        }
        self.writer.flush().await?;
        let open = self.writer.open_links(kind, &sources).await?;
        let close = open
            .into_iter()
            .filter(|l| !wanted.get(&l.key.source).is_some_and(|w| w.iter().any(|n| n.key == l.key)))
            .map(|l| l.key)
            .collect();
        Ok(self.writer.change_links(wanted.into_values().flatten().collect(), close).await?)
    }

    /// Brings what was read of links into the snapshot.
    async fn settle_links(&mut self) -> Result<()> {
        let managers = std::mem::take(&mut self.managers);
        if !managers.is_empty() {
            let wanted = managers.into_iter().map(|(user, m)| (user, m.into_iter().collect())).collect();
            self.replace_links(LinkKind::Manager, wanted).await?;
        }
        let seen = std::mem::take(&mut self.seen_links);
        self.writer.see_links(seen).await?;
        let (mut open, mut close) = (Vec::new(), Vec::new());
        for (key, news) in std::mem::take(&mut self.link_changes) {
            let there = match (&news.there, news.gone) {
                (Some(_), true) => self.is_there(&key).await?,
                (there, _) => there.is_some(),
            };
            if self.wholly.contains_key(&descriptor::owner(key.kind)) && !self.writer.is_first() {
                if there {
                    self.writer.see_links(news.there.into_iter().collect()).await?;
                } else {
                    self.writer.unsee_links(&[key]).await?;
                }
            } else if there {
                open.extend(news.there);
            } else {
                close.push(key);
            }
        }
        self.writer.change_links(open, close).await?;
        if self.writer.is_first() {
            return Ok(());
        }
        self.keep_assignments_over_binned_units().await?;
        for descriptor in DESCRIPTORS.into_iter().filter(|d| self.wholly.contains_key(&d.kind)) {
            for link in descriptor.links {
                if !self.lacks(ReadScope::Relation(link.kind)) {
                    self.writer.settle_links(link.kind).await?;
                }
            }
        }
        Ok(())
    }
}

/// The least permission that shows a scope.
fn permission(scope: ReadScope) -> String {
    let needed = match scope {
        ReadScope::Objects(kind) | ReadScope::Attributes(kind) | ReadScope::RecycleBin(kind) => {
            descriptor::of(kind).map(|d| d.read)
        }
        ReadScope::Relation(kind) => descriptor::link(kind).map(|l| l.read),
        ReadScope::HiddenMembers(_) => Some(domain::permission::READ_HIDDEN),
        ReadScope::AssignmentTypes => Some(domain::permission::READ_ROLE_INSTANCES),
        ReadScope::LicenseNames => Some(domain::permission::READ_LICENCES),
    };
    needed.map(domain::permission::AnyOf::least).unwrap_or_default().to_owned()
}
