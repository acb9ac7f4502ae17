//! Making a snapshot: read what changed (or everything), write it under a number that nobody reads yet,
//! publish.
//!
//! An answer that takes much away is doubted: it is confirmed by another road before it counts, and what nothing
//! confirms is carried forward, named, and compared with nothing.

mod apply;
mod ask;
mod attributes;
mod bin;
pub(crate) mod canon;
mod containers;
mod cut;
mod direct;
mod doubt;
mod existence;
mod facts;
mod fetch;
mod gaps;
mod licences;
mod links;
mod names;
mod news;
mod roles;
mod settle;
mod watch;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::capture::{CaptureProfile, Gap, ReadScope, View};
use domain::descriptor::DESCRIPTORS;
use domain::permission::Granted;
use domain::view::{SnapshotRow, Trigger};
use domain::{Kind, LinkKind};
use graph::Client;
use store::Store;
use store::history::{Cursor, Link, LinkKey, Num, Publication, Writer};
use store::scope::TenantScope;
use store::seal::{Keys, Sealer};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::look::compare::{self, Point};
use crate::{Clock, Error, Result};
use canon::Layout;
use fetch::{Event, Source};

pub use watch::Watch;

/// Rows that may wait before they are written.
const BATCH: usize = 30_000;
/// More than one in so many is much, where an answer takes something away.
const MUCH: usize = 20;
/// So few are never much.
const FEW: usize = 10;
/// How often a capture begins anew because the app's permissions changed under it.
const RESTARTS: usize = 3;

/// Whether losing `lost` of `all` is more than daily life explains.
const fn is_much(lost: usize, all: usize) -> bool {
    lost > all / MUCH + FEW
}

/// What a capture works on.
pub(crate) struct Capture {
    client: Client,
    writer: Writer,
    keys: Keys,
    sealer: Sealer,
    layouts: HashMap<Kind, Layout>,
    granted: Granted,
    profile: CaptureProfile,
    started_at: DateTime<Utc>,
    now_ms: i64,
    /// Kinds that are read wholly, with the objects seen so far.
    wholly: HashMap<Kind, HashSet<Num>>,
    /// How many objects of a kind Graph counts.
    counts: HashMap<Kind, usize>,
    /// Ids that delta said are gone, and those that were read live.
    removed: HashMap<Kind, HashMap<Uuid, Removal>>,
    alive: HashSet<Uuid>,
    /// What delta said of links: there, gone, or both.
    link_changes: BTreeMap<LinkKey, LinkNews>,
    /// Users whose manager delta named.
    managers: HashMap<Num, Option<Link>>,
    /// Users whose licences must be read again, because delta does not track them.
    licences: HashMap<Num, Uuid>,
    /// Live objects whose links are read from their own end, because what happened to them could not be seen.
    direct: BTreeMap<Num, (Kind, Uuid)>,
    /// Sources of a full read whose members this app may not see.
    hidden: HashSet<Num>,
    /// Objects that lost the value of an attribute.
    emptied: BTreeMap<(Kind, &'static str), BTreeSet<Num>>,
    /// Objects that lost most of theirs.
    stripped: HashMap<Kind, BTreeSet<Num>>,
    /// Objects that a full read named without any attribute.
    bare: HashMap<Kind, HashSet<Num>>,
    /// Where the published version of an object began that this capture has written.
    published: HashMap<Num, i64>,
    /// Objects of the kind being settled that delta called deleted for good.
    said_gone: HashSet<Num>,
    /// Relations of which a full read named at least one link.
    named: HashSet<LinkKind>,
    seen_links: Vec<Link>,
    /// Licenses of groups that delta named.
    group_licenses: HashMap<Num, Vec<Link>>,
    gaps: Vec<Gap>,
}

/// How delta says that an object is gone.
/// Source: <https://learn.microsoft.com/graph/delta-query-overview>, `@removed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Removal {
    /// In the recycle bin, from which it can come back.
    Soft,
    /// Gone for good.
    Final,
}

impl Removal {
    /// What stands in `@removed`; without a reason, the recycle bin is asked.
    fn of(removed: &str) -> Removal {
        #[derive(serde::Deserialize)]
        struct Said {
            reason: Option<String>,
        }
        match serde_json::from_str::<Said>(removed).ok().and_then(|said| said.reason).as_deref() {
            Some("deleted") => Removal::Final,
            _ => Removal::Soft,
        }
    }
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
    let mut granted: Granted = client.roles().await?.into_iter().collect();
    let mut restarts = RESTARTS;
    let (capture, full, cursors) = loop {
        store.set_connection_health(tenant, Some(&granted), None, started_at).await?;
        let profile = CaptureProfile::of(&granted);
        let cursors = if request.full { Vec::new() } else { store.cursors(tenant, &profile).await? };
        let full = cursors.is_empty();
        let keys = store.keys(tenant).await?;
        let mut capture = Capture::new(
            client.clone(),
            store.begin_snapshot(tenant, &profile).await?,
            keys,
            granted,
            profile,
            started_at,
        )?;
        let cursors = capture.read(cursors, full, watch).await?;
        // A state read with two sets of permissions would show what one of them hides as removed.
        let now: Granted = client.current_roles().await?.into_iter().collect();
        if CaptureProfile::of(&now) == capture.profile || restarts == 0 {
            break (capture, full, cursors);
        }
        tracing::info!("the app's permissions changed during the capture; it begins anew");
        restarts -= 1;
        granted = now;
    };
    watch.report("Publishing", 0, 0).await?;
    let Capture { mut writer, profile, gaps, .. } = capture;
    writer.flush().await?;
    let view = View { profile: profile.clone(), gaps: gaps.clone() };
    let point = Point { seq: writer.seq(), ended: clock.now(), view };
    let changes = compare::tally(store, tenant, point).await?;

    let spent = client.meter() - before;
    let publication = Publication {
        reason: if writer.is_first() { Trigger::First } else { request.reason },
        full,
        started_at,
        now: clock.now(),
        profile,
        gaps,
        changes,
        cursors,
        requests: i64::try_from(spent.requests).unwrap_or(i64::MAX),
        units: i64::try_from(spent.resource_units).unwrap_or(i64::MAX),
        ends_job: request.ends_job,
    };
    Ok(writer.publish(publication, watch.lease()).await?)
}

impl Capture {
    fn new(
        client: Client,
        writer: Writer,
        keys: Keys,
        granted: Granted,
        profile: CaptureProfile,
        started_at: DateTime<Utc>,
    ) -> Result<Capture> {
        Ok(Capture {
            client,
            sealer: keys.sealer()?,
            keys,
            writer,
            layouts: DESCRIPTORS.into_iter().map(|d| (d.kind, Layout::of(d))).collect(),
            granted,
            profile,
            started_at,
            now_ms: started_at.timestamp_millis(),
            wholly: HashMap::new(),
            counts: HashMap::new(),
            removed: HashMap::new(),
            alive: HashSet::new(),
            link_changes: BTreeMap::new(),
            managers: HashMap::new(),
            licences: HashMap::new(),
            direct: BTreeMap::new(),
            hidden: HashSet::new(),
            emptied: BTreeMap::new(),
            stripped: HashMap::new(),
            bare: HashMap::new(),
            published: HashMap::new(),
            said_gone: HashSet::new(),
            named: HashSet::new(),
            seen_links: Vec::new(),
            group_licenses: HashMap::new(),
            gaps: Vec::new(),
        })
    }

    /// Reads everything that this snapshot needs; returns where the next one goes on.
    async fn read(&mut self, cursors: Vec<Cursor>, full: bool, watch: &mut Watch) -> Result<Vec<Cursor>> {
        watch.report("Reading licences", 0, 0).await?;
        let (named, total) = tokio::join!(licences::names(&self.client), self.client.count("/users/$count"));
        self.name_licences(named).await?;
        if let Ok(total) = total {
            self.counts.insert(Kind::User, usize::try_from(total).unwrap_or(usize::MAX));
        }
        let sources = DESCRIPTORS.into_iter().filter_map(|d| {
            let own = self.profile.kind(d.kind)?.clone();
            let cursor = cursors.iter().find(|c| c.kind == d.kind).map(|c| c.link.clone());
            Some(Source { descriptor: d, own, cursor, other_route: false })
        });
        let sources: Vec<Source> = sources.collect();
        for d in DESCRIPTORS {
            if self.profile.kind(d.kind).is_none() {
                self.not_granted(ReadScope::Objects(d.kind));
            }
        }
        let next = self.read_collections(sources, watch).await?;
        self.read_what_was_cut(watch).await?;
        self.doubt_emptied_attributes().await?;
        watch.report("Reading role assignments", 0, 0).await?;
        self.read_assignments().await?;
        watch.report("Reading the recycle bin", 0, 0).await?;
        self.settle_objects().await?;
        self.ask_again_for_unseen().await?;
        self.read_links_directly().await?;
        watch.report("Reading licences of changed users", 0, 0).await?;
        self.read_changed_licences().await?;
        watch.report("Comparing links", 0, 0).await?;
        self.settle_group_licenses().await?;
        self.doubt_no_links().await?;
        self.settle_links().await?;
        self.name_hidden_members().await?;
        self.name_stubs(full).await?;
        Ok(next)
    }

    /// Reads collections side by side; returns their cursors. What one of them could not give is named.
    async fn read_collections(&mut self, sources: Vec<Source>, watch: &mut Watch) -> Result<Vec<Cursor>> {
        let total = self.counts.get(&Kind::User).map_or(0, |n| i64::try_from(*n).unwrap_or(i64::MAX));
        let (tx, mut rx) = mpsc::channel(4);
        let running = sources.len();
        for source in sources {
            if source.cursor.is_none() {
                self.wholly.entry(source.descriptor.kind).or_default();
            }
            tokio::spawn(fetch::fetch(self.client.clone(), source, tx.clone()));
        }
        drop(tx);

        let mut next = Vec::new();
        let mut done = 0;
        let mut failed: Vec<graph::Error> = Vec::new();
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
                    self.wholly.remove(&kind);
                    failed.push(error.clone());
                    self.unreadable(ReadScope::Objects(kind), &error)?;
                }
            }
        }
        if failed.len() == running {
            // Nothing at all could be read: that is no partial snapshot.
            return match failed.into_iter().find(graph::Error::is_transient) {
                Some(error) => Err(error.into()),
                None => Err(Error::Refused(
                    "The app has no read permissions in this tenant. Grant it the backup permissions, consent to them, and try again."
                        .to_owned(),
                )),
            };
        }
        self.writer.flush().await?;
        Ok(next)
    }

    fn layout(&self, kind: Kind) -> Result<&Layout> {
        self.layouts.get(&kind).ok_or(Error::NotFound)
    }

    /// How many live objects of a kind were known before this capture.
    fn live(&self, kind: Kind) -> usize {
        let objects = self.writer.objects().iter();
        objects.filter(|(_, k)| k.kind == kind && k.version.is_some() && !k.in_bin).count()
    }
}
