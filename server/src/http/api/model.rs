//! What the API answers with. These are promises: a field may be added, and none is taken away or renamed in v1.

use chrono::{DateTime, Utc};
use domain::partner::OrganizationRow;
use domain::permission::lacking;
use domain::view::{JobRecord, SnapshotRow};
use serde::{Deserialize, Serialize};
use store::tenants::TenantHealth;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Where a list goes on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// `next` of the page before.
    pub(super) after: Option<String>,
}

/// An organization and how its backups stand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    /// What people call it by: "100482-17".
    pub(super) number: String,
    pub(super) name: String,
    pub(super) partner: String,
    /// active, suspended, unsubscribed or deleted.
    pub(super) state: String,
    /// protected, partly, late, waiting, not-connected, stopped or no-entra; null for who may not see it.
    pub(super) health: Option<String>,
    pub(super) last_backup: Option<DateTime<Utc>>,
    pub(super) next_backup: Option<DateTime<Utc>>,
}

impl Organization {
    pub(super) fn new(row: OrganizationRow) -> Organization {
        let standing = row.standing.as_ref();
        Organization {
            id: row.id,
            number: row.number,
            name: row.name,
            partner: row.partner,
            state: row.state.slug().to_owned(),
            health: standing.map(|s| s.health.slug().to_owned()),
            last_backup: standing.and_then(|s| s.last_backup),
            next_backup: standing.and_then(|s| s.next_backup),
        }
    }
}

/// A page of organizations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Organizations {
    pub(super) items: Vec<Organization>,
    /// Asks for the page after this one; null at the end.
    pub(super) next: Option<String>,
}

/// A connected directory and how its backups stand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tenant {
    pub(super) id: Uuid,
    /// The organization that it belongs to.
    pub(super) organization: Uuid,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) last_backup: Option<DateTime<Utc>>,
    pub(super) next_backup: Option<DateTime<Utc>>,
    /// Whether the newest snapshot saw everything.
    pub(super) complete: bool,
    /// Whether the last backup that ended failed.
    pub(super) failed: bool,
    /// Whether Holdfast can sign in to it.
    pub(super) connected: bool,
    /// What is wrong with the connection and what to do, where something is.
    pub(super) problem: Option<String>,
    /// Microsoft's names of the permissions that backups ask for and that are not granted.
    pub(super) missing_permissions: Vec<String>,
    /// Enabled members in the newest snapshot.
    pub(super) protected_users: i64,
}

impl Tenant {
    pub(super) fn new(organization: Uuid, t: TenantHealth) -> Tenant {
        Tenant {
            id: t.tenant.link.id,
            organization,
            name: t.tenant.link.name,
            domain: t.tenant.link.domain,
            last_backup: t.last_backup,
            next_backup: t.tenant.next_at,
            complete: t.complete,
            failed: t.failed,
            connected: t.healthy,
            missing_permissions: lacking(&t.granted).map(|need| need.permission.least().to_owned()).collect(),
            problem: t.problem,
            protected_users: t.tenant.protected,
        }
    }
}

/// The tenants of an organization, all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tenants {
    pub(super) items: Vec<Tenant>,
}

/// The state of a tenant at a time, numbered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Snapshot {
    pub(super) number: i64,
    pub(super) at: DateTime<Utc>,
    pub(super) took_ms: i64,
    /// first, schedule, person, live, before-restore or after-restore.
    pub(super) trigger: String,
    /// Whether everything was read anew.
    pub(super) full: bool,
    /// complete, partial or suspicious.
    pub(super) completeness: String,
    /// What could not be read, in words.
    pub(super) missing: Vec<String>,
    /// What could not be read, with the reason.
    pub(super) gaps: Vec<Gap>,
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) deleted: i64,
    pub(super) objects: i64,
    pub(super) links: i64,
}

impl From<SnapshotRow> for Snapshot {
    fn from(row: SnapshotRow) -> Snapshot {
        Snapshot {
            number: row.seq,
            at: row.at,
            took_ms: row.took_ms,
            trigger: row.trigger.slug().to_owned(),
            full: row.full,
            completeness: row.completeness.slug().to_owned(),
            missing: row.gaps.iter().map(|gap| gap.scope.label()).collect(),
            gaps: row.gaps.iter().map(Gap::from).collect(),
            created: row.created,
            updated: row.updated,
            deleted: row.deleted,
            objects: row.objects,
            links: row.links,
        }
    }
}

/// A part that a snapshot does not show as it was. What was known of it is carried forward.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Gap {
    /// The part, such as hidden-members/member or recycle-bin/group.
    pub(super) scope: String,
    /// The part in words.
    pub(super) label: String,
    /// permission-missing, license-missing, unsupported, failed, not-found, unconfirmed or unknown.
    pub(super) reason: String,
    /// The reason in words, and what to do.
    pub(super) why: String,
    /// The permission that the app lacks.
    pub(super) permission: Option<String>,
    /// How many objects it is about; null: all of them.
    pub(super) objects: Option<i64>,
}

impl From<&domain::capture::Gap> for Gap {
    fn from(gap: &domain::capture::Gap) -> Gap {
        Gap {
            scope: gap.scope.slug(),
            label: gap.scope.label(),
            reason: gap.reason.slug().to_owned(),
            why: gap.reason.sentence(),
            permission: gap.reason.permission().map(str::to_owned),
            objects: gap.objects,
        }
    }
}

/// A page of snapshots, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Snapshots {
    pub(super) items: Vec<Snapshot>,
    pub(super) next: Option<String>,
}

/// Work in the background.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Job {
    pub(super) id: Uuid,
    /// capture or restore.
    pub(super) kind: String,
    /// queued, running, done, failed or cancelled.
    pub(super) state: String,
    /// What it is doing.
    pub(super) phase: String,
    pub(super) done: i64,
    /// 0 while unknown.
    pub(super) total: i64,
    /// Why it failed, in words.
    pub(super) problem: Option<String>,
    /// The snapshot that it made.
    pub(super) snapshot: Option<i64>,
    pub(super) created: DateTime<Utc>,
    pub(super) ended: Option<DateTime<Utc>>,
}

impl From<JobRecord> for Job {
    fn from(record: JobRecord) -> Job {
        let JobRecord { view, what, created, ended } = record;
        Job {
            id: view.id,
            kind: what,
            state: view.state.slug().to_owned(),
            phase: view.phase,
            done: view.done,
            total: view.total,
            problem: view.problem,
            snapshot: view.snapshot,
            created,
            ended,
        }
    }
}

/// A page of jobs, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Jobs {
    pub(super) items: Vec<Job>,
    pub(super) next: Option<String>,
}
