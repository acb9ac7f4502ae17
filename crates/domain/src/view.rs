//! What pages are given: plain data, ready to show, safe to put into HTML.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Seq;
use crate::access::Action;
use crate::author::{Authored, Authors};
use crate::brand::BrandView;
pub use crate::capture::Completeness;
use crate::capture::{Coverage, Gap, NotCompared, ReadScope};
use crate::change::{AttributeChange, LinkChange, ObjectRef, Shown, Sort};
use crate::connection::{ConnectionState, ProofKind};
use crate::descriptor::Obstacle;
use crate::feature::Feature;
use crate::kind::{Kind, LinkKind};

/// A point in time, UTC.
pub type Instant = DateTime<Utc>;

/// Who is signed in, and what the frame around every page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub name: String,
    pub email: String,
    pub organization: String,
    pub role: String,
    pub may: Vec<Action>,
    /// What is switched off for the organization.
    pub off: Vec<Feature>,
    pub tenants: Vec<TenantLink>,
    /// Set when a partner's user is looking in.
    pub visit: Option<VisitView>,
    /// Whether this person has other roles to change to.
    pub has_others: bool,
    /// Whether a directory can be connected by consent to the installation's own app.
    pub consent: bool,
    /// How the portal looks.
    pub brand: BrandView,
}

/// A partner's user in a customer's portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitView {
    pub partner: String,
    pub reason: String,
    pub until: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantLink {
    pub id: Uuid,
    pub name: String,
    pub domain: String,
}

/// Why a capture ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// The first one after connecting.
    First,
    Schedule,
    /// A person pressed Back up now.
    Person,
    /// Someone compared with live.
    Live,
    /// The state just before a restore wrote anything.
    BeforeRestore,
    /// The state just after a restore.
    AfterRestore,
}

impl Trigger {
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Trigger::First => "first",
            Trigger::Schedule => "schedule",
            Trigger::Person => "person",
            Trigger::Live => "live",
            Trigger::BeforeRestore => "before-restore",
            Trigger::AfterRestore => "after-restore",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Trigger {
        match slug {
            "first" => Trigger::First,
            "person" => Trigger::Person,
            "live" => Trigger::Live,
            "before-restore" => Trigger::BeforeRestore,
            "after-restore" => Trigger::AfterRestore,
            _ => Trigger::Schedule,
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Trigger::First => "First backup",
            Trigger::Schedule => "Scheduled",
            Trigger::Person => "Back up now",
            Trigger::Live => "Live comparison",
            Trigger::BeforeRestore => "Before restore",
            Trigger::AfterRestore => "After restore",
        }
    }
}

/// A snapshot in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRow {
    pub seq: Seq,
    pub trigger: Trigger,
    /// Whether everything was read anew, or only what changed.
    pub full: bool,
    /// When the capture began: what was so then is in it.
    pub at: Instant,
    pub took_ms: i64,
    pub completeness: Completeness,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    pub created: i64,
    pub updated: i64,
    pub deleted: i64,
    pub objects: i64,
    pub links: i64,
}

/// How a connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionView {
    pub directory: String,
    pub client_id: String,
    pub cloud: String,
    pub proof: ProofKind,
    /// When the secret or certificate ends, where that is known.
    pub expires: Option<Instant>,
    /// Whether the last sign-in worked, with what backups cannot begin without.
    pub signs_in: bool,
    /// What is wrong and what to do, when it does not.
    pub problem: Option<String>,
    pub tested_at: Option<Instant>,
    pub permissions: Vec<PermissionRow>,
}

impl ConnectionView {
    /// What backups ask for and do not have.
    pub fn lacking(&self) -> impl Iterator<Item = &PermissionRow> {
        self.permissions.iter().filter(|row| row.is_lacking())
    }

    #[must_use]
    pub fn state(&self) -> ConnectionState {
        match (self.signs_in, self.lacking().next()) {
            (false, _) => ConnectionState::ActionRequired,
            (true, Some(_)) => ConnectionState::Limited,
            (true, None) => ConnectionState::Healthy,
        }
    }
}

/// One row of the list of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRow {
    /// The least permission that suffices.
    pub permission: String,
    pub why: String,
    /// What there is not without it.
    pub without: String,
    pub restore: bool,
    pub essential: bool,
    /// The granted permission that covers it.
    pub granted_by: Option<String>,
}

impl PermissionRow {
    /// Backups ask for it, and nothing that is granted covers it.
    #[must_use]
    pub const fn is_lacking(&self) -> bool {
        !self.restore && self.granted_by.is_none()
    }
}

/// What a test of credentials found before anything was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTest {
    pub organization: String,
    pub domain: String,
    pub permissions: Vec<PermissionRow>,
    /// Backups can run.
    pub can_back_up: bool,
    /// Everything that a restore may need is granted.
    pub can_restore: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> JobState {
        match slug {
            "queued" => JobState::Queued,
            "running" => JobState::Running,
            "done" => JobState::Done,
            "cancelled" => JobState::Cancelled,
            _ => JobState::Failed,
        }
    }

    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }
}

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRecord {
    pub view: JobView,
    /// "capture" or "restore".
    pub what: String,
    pub created: Instant,
    pub ended: Option<Instant>,
}

/// Work in the background, as a page follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    pub id: Uuid,
    pub state: JobState,
    /// What it is doing: "Reading users".
    pub phase: String,
    pub done: i64,
    /// Unknown: 0.
    pub total: i64,
    /// What went wrong, what was kept, what to do next.
    pub problem: Option<String>,
    /// The snapshot that it published.
    pub snapshot: Option<Seq>,
}

/// A tenant's first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub tenant: TenantLink,
    pub counts: Vec<(Kind, i64)>,
    /// How much of each kind the newest snapshot saw; empty before the first.
    pub coverage: Vec<(Kind, Coverage)>,
    pub links: i64,
    pub last: Option<SnapshotRow>,
    /// When the schedule runs again.
    pub next_at: Option<Instant>,
    /// Minutes between scheduled backups.
    pub every_min: i64,
    pub snapshots: i64,
    pub since: Option<Instant>,
    pub recent: Vec<SnapshotRow>,
    pub running: Option<JobView>,
    /// The newest backup that failed, if none succeeded since.
    pub failed: Option<JobView>,
    pub connection: ConnectionView,
}

/// One object in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowseRow {
    pub object: ObjectRef,
    pub name: String,
    /// Principal name, kind of group, description.
    pub detail: String,
    /// In the recycle bin.
    pub deleted: bool,
    /// Short facts: "disabled", "guest", "dynamic", "built-in".
    pub marks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowsePage {
    pub at: Seq,
    pub captured_at: Instant,
    pub kind: Kind,
    /// Per kind, how many live objects the snapshot holds.
    pub counts: Vec<(Kind, i64)>,
    pub rows: Vec<BrowseRow>,
    /// Hand back to get the following rows.
    pub next: Option<String>,
}

/// An attribute on an object's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeView {
    pub name: String,
    pub label: String,
    pub value: Shown,
    pub obstacle: Option<Obstacle>,
    /// Changes by itself: the value is of an earlier moment than the snapshot, perhaps.
    pub volatile: bool,
}

/// One far end of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRow {
    pub other: ObjectRef,
    pub name: String,
    pub detail: String,
    /// The far end is in the recycle bin.
    pub deleted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkGroup {
    pub kind: LinkKind,
    pub from_source: bool,
    pub total: i64,
    /// The first ones by name.
    pub rows: Vec<LinkRow>,
}

/// A snapshot in which an object changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    pub seq: Seq,
    pub at: Instant,
    pub sort: Sort,
    pub changed: Vec<String>,
}

/// What of an object a snapshot did not see. It is shown as it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotSeen {
    /// Whether it was still there.
    Existence,
    /// All of its links.
    Links,
    /// Its links of a kind.
    Relation(LinkKind),
    /// Its members, because it hides them and the app does not hold Member.Read.Hidden.
    HiddenMembers,
    /// A part of its kind that was not read at all.
    Scope(ReadScope),
}

/// An object as it was at a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectView {
    pub object: ObjectRef,
    pub at: Seq,
    pub captured_at: Instant,
    pub name: String,
    pub detail: String,
    pub marks: Vec<String>,
    /// In the recycle bin until then.
    pub deleted_until: Option<Instant>,
    /// What of it this snapshot did not see.
    pub not_seen: Vec<NotSeen>,
    pub attributes: Vec<AttributeView>,
    pub links: Vec<LinkGroup>,
    pub history: Vec<HistoryRow>,
}

/// One changed object in a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    pub object: ObjectRef,
    pub name: String,
    pub detail: String,
    pub sort: Sort,
    pub attributes: i64,
    pub links_added: i64,
    pub links_removed: i64,
}

/// How many objects of a kind changed how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindTally {
    pub kind: Kind,
    pub created: i64,
    pub updated: i64,
    pub deleted: i64,
    pub permanently_deleted: i64,
    pub restored: i64,
}

impl KindTally {
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.created + self.updated + self.deleted + self.permanently_deleted + self.restored
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparePage {
    pub from: SnapshotRow,
    pub to: SnapshotRow,
    /// Unfiltered.
    pub tallies: Vec<KindTally>,
    /// How many objects the filter shows.
    pub shown: i64,
    pub rows: Vec<ChangeRow>,
    pub next: Option<String>,
    /// What could not be compared, because one of the two did not show it.
    pub not_compared: Vec<NotCompared>,
    /// Who changed the objects of this page.
    pub authors: Authors,
}

/// One object's differences, attribute by attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectChange {
    pub row: ChangeRow,
    pub attributes: Vec<AttributeChange>,
    pub links: Vec<LinkChange>,
    /// The object as a whole: why it cannot be brought back.
    pub obstacle: Option<Obstacle>,
    /// Who made the change.
    pub by: Authored,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::{Granted, NEEDS, rows};

    fn connection(granted: &Granted) -> ConnectionView {
        ConnectionView {
            directory: String::new(),
            client_id: String::new(),
            cloud: "global".into(),
            proof: ProofKind::Secret,
            expires: None,
            signs_in: true,
            problem: None,
            tested_at: None,
            permissions: rows(granted),
        }
    }

    #[test]
    fn a_connection_without_a_backup_permission_is_limited_and_names_it() {
        let backup = || NEEDS.iter().filter(|n| !n.restore).map(|n| n.permission.least());
        assert_eq!(connection(&backup().collect()).state(), ConnectionState::Healthy);
        for need in NEEDS.iter().filter(|n| !n.restore) {
            let missing = need.permission.least();
            let granted: Granted = backup().filter(|name| *name != missing).collect();
            if need.permission.met_by(&granted) {
                // Another of those that are asked for shows the same.
                assert_eq!(connection(&granted).state(), ConnectionState::Healthy, "{missing}");
                continue;
            }
            let view = connection(&granted);
            assert_eq!(view.state(), ConnectionState::Limited, "{missing}");
            assert_eq!(view.lacking().map(|r| r.permission.as_str()).collect::<Vec<_>>(), [missing]);
        }
        let failing = ConnectionView { signs_in: false, ..connection(&backup().collect()) };
        assert_eq!(failing.state(), ConnectionState::ActionRequired);
    }
}
