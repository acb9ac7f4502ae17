//! How a snapshot becomes visible: one short transaction.

use chrono::{DateTime, Utc};
use domain::Kind;
use domain::capture::{CaptureProfile, Completeness, Gap, KindProfile, View};
use domain::seats::ProtectionRule;
use domain::view::{JobState, SnapshotRow, Trigger};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use super::Writer;
use crate::entity::{delta_cursor, organization, plan, profile, snapshot, tenant, version};
use crate::jobs::{self, Lease};
use crate::scope::{OrgScope, TenantScope};
use crate::seal::{Place, Table};
use crate::time::instant;
use crate::{Error, Result, Store};

/// Where the next incremental capture of a kind goes on.
#[derive(Debug, Clone)]
pub struct Cursor {
    pub kind: Kind,
    pub link: String,
}

/// How many objects a snapshot changed against the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Created, or back from the recycle bin.
    pub created: i64,
    /// Changed, their links included.
    pub updated: i64,
    /// Deleted, for good or not.
    pub deleted: i64,
}

/// What is said about a finished snapshot.
#[derive(Debug, Clone)]
pub struct Publication {
    pub reason: Trigger,
    pub full: bool,
    pub started_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
    /// What the permissions let it read.
    pub profile: CaptureProfile,
    /// The parts of that which could not be read.
    pub gaps: Vec<Gap>,
    /// What changed since the snapshot before it; of the first one nothing is asked.
    pub changes: Tally,
    pub cursors: Vec<Cursor>,
    pub requests: i64,
    pub units: i64,
    /// Whether the job that the snapshot was made for ends with it.
    pub ends_job: bool,
}

fn cursor_place(kind: Kind) -> Place {
    Place { table: Table::Cursor, kind: kind.code(), object: 0 }
}

/// The number under which a capture profile is kept, given at first mention.
pub(super) async fn profile(store: &Store, tenant: TenantScope, content: &str) -> Result<i32> {
    let all = profile::Entity::find()
        .filter(profile::Column::Tenant.eq(tenant.id()))
        .order_by_asc(profile::Column::Id)
        .all(store.db().read())
        .await?;
    if let Some(found) = all.iter().find(|p| p.content == content) {
        return Ok(found.id);
    }
    let id = all.last().map_or(1, |p| p.id + 1);
    profile::Entity::insert(profile::ActiveModel {
        tenant: Set(tenant.id()),
        id: Set(id),
        content: Set(content.to_owned()),
    })
    .exec_without_returning(store.db().write())
    .await?;
    Ok(id)
}

/// Versions of users that take a seat.
fn seated(tenant: TenantScope, rule: ProtectionRule) -> Select<version::Entity> {
    let aside = i64::from(rule.aside());
    version::Entity::find()
        .filter(version::Column::Tenant.eq(tenant.id()))
        .filter(version::Column::Kind.eq(Kind::User.code()))
        .filter(version::Column::DeletedAt.is_null())
        .filter(Expr::col(version::Column::Flags).bit_and(aside).eq(0))
}

/// Users of the coming snapshot that take a seat: those of the one before, with those whose versions began and without
/// those whose versions ended, so that a capture that changes little counts little. Counted anew when those of the one
/// before were counted by another rule.
async fn protected(
    store: &Store,
    tenant: TenantScope,
    seq: i64,
    before: Option<&snapshot::Model>,
    rule: ProtectionRule,
) -> Result<i64> {
    let db = store.db().read();
    let row = tenant::Entity::find_by_id(tenant.id()).one(db).await?.ok_or(Error::Inconsistent("tenant"))?;
    if before.is_none() || row.rule != rule.slug() {
        return store.count_protected(tenant, seq, rule).await;
    }
    // The literals repeat the conditions of the partial indexes, so that they can be used.
    let begun = seated(tenant, rule)
        .filter(version::Column::FromSeq.eq(seq))
        .filter(version::Column::ToSeq.gt(seq))
        .filter(version::Column::FromSeq.gt(1));
    let ended = seated(tenant, rule)
        .filter(version::Column::ToSeq.eq(seq))
        .filter(version::Column::FromSeq.lt(seq))
        .filter(version::Column::ToSeq.lt(super::OPEN));
    Ok(row.protected + whole(begun.count(db).await?) - whole(ended.count(db).await?))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Writer {
    /// Makes the snapshot visible and ends the job that made it.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker took the job over meanwhile; nothing is visible then.
    pub async fn publish(mut self, publication: Publication, lease: Option<&Lease>) -> Result<SnapshotRow> {
        self.flush().await?;
        let store = self.store.clone();
        let id = self.tenant.id();
        let before = store.snapshot_model(self.tenant, self.seq - 1).await?;
        let mut live: Vec<(i16, i64)> = Vec::new();
        for kind in Kind::CAPTURED {
            let count = self
                .objects()
                .iter()
                .filter(|(_, k)| k.kind == kind && k.version.is_some() && !k.in_bin)
                .count();
            live.push((kind.code(), count as i64));
        }
        let total: i64 = live.iter().map(|(_, n)| n).sum();
        let changes = match &before {
            Some(_) => publication.changes,
            None => Tally { created: total, updated: 0, deleted: 0 },
        };
        let completeness = Completeness::of(&publication.gaps);
        let whole = profile(&store, self.tenant, &publication.profile.to_text()).await?;
        let links = before.as_ref().map_or(0, |b| b.links) + self.links_opened - self.links_closed;
        let keys = store.keys(self.tenant).await?;
        let mut cursors = Vec::new();
        for c in &publication.cursors {
            let Some(own) = publication.profile.kind(c.kind) else { continue };
            cursors.push(delta_cursor::ActiveModel {
                tenant: Set(id),
                kind: Set(c.kind.code()),
                profile: Set(profile(&store, self.tenant, &own.cursor_text(c.kind)).await?),
                sealed: Set(keys.seal(cursor_place(c.kind), c.link.as_bytes())?),
            });
        }
        let rule = store.protection_rule(self.tenant).await?;
        let protected = protected(&store, self.tenant, self.seq, before.as_ref(), rule).await?;
        let row = snapshot::Model {
            tenant: id,
            seq: self.seq,
            reason: publication.reason.slug().to_owned(),
            is_full: i16::from(publication.full),
            started_at: publication.started_at.timestamp_millis(),
            took_ms: (publication.now - publication.started_at).num_milliseconds(),
            completeness: completeness.slug().to_owned(),
            missing: Gap::to_text(&publication.gaps),
            created: changes.created,
            updated: changes.updated,
            deleted: changes.deleted,
            counts: text(&live)?,
            protected,
            links,
            profile: whole,
            requests: publication.requests,
            units: publication.units,
        };

        let complete = completeness == Completeness::Complete;

        let tx = store.db().begin().await?;
        snapshot::Entity::insert(snapshot::ActiveModel::from(row.clone()))
            .exec_without_returning(&tx)
            .await?;
        let mut update = tenant::Entity::update_many()
            .filter(tenant::Column::Id.eq(id))
            .filter(tenant::Column::PublishedSeq.eq(self.seq - 1))
            .col_expr(tenant::Column::PublishedSeq, Expr::value(self.seq))
            .col_expr(tenant::Column::Protected, Expr::value(protected))
            .col_expr(tenant::Column::Rule, Expr::value(rule.slug()))
            .col_expr(tenant::Column::LastBackupAt, Expr::value(publication.now.timestamp_millis()))
            .col_expr(tenant::Column::Complete, Expr::value(i16::from(complete)))
            .col_expr(tenant::Column::Failed, Expr::value(0_i16));
        if publication.full {
            update = update
                .col_expr(tenant::Column::LastFullAt, Expr::value(publication.started_at.timestamp_millis()));
        }
        if update.exec(&tx).await?.rows_affected != 1 {
            return Err(Error::LeaseLost);
        }
        for c in cursors {
            delta_cursor::Entity::insert(c)
                .on_conflict(
                    OnConflict::columns([delta_cursor::Column::Tenant, delta_cursor::Column::Kind])
                        .update_columns([delta_cursor::Column::Profile, delta_cursor::Column::Sealed])
                        .to_owned(),
                )
                .exec_without_returning(&tx)
                .await?;
        }
        if let Some(lease) = lease {
            if publication.ends_job {
                jobs::finish_in(&tx, lease, JobState::Done, None, Some(self.seq), publication.now).await?;
            } else {
                crate::leases::hold(&tx, lease).await?;
            }
        }
        tx.commit().await?;
        snapshot_row(row)
    }
}

impl Store {
    /// Where an incremental capture goes on, for the kinds of which the same is read as when the cursor was made.
    ///
    /// # Errors
    /// When the database cannot be read or a cursor cannot be unsealed.
    pub async fn cursors(&self, tenant: TenantScope, now: &CaptureProfile) -> Result<Vec<Cursor>> {
        let kept = profile::Entity::find()
            .filter(profile::Column::Tenant.eq(tenant.id()))
            .all(self.db().read())
            .await?;
        let same = |kind: Kind, own: &KindProfile, id: i32| {
            kept.iter().any(|p| p.id == id && p.content == own.cursor_text(kind))
        };
        let keys = self.keys(tenant).await?;
        let rows = delta_cursor::Entity::find()
            .filter(delta_cursor::Column::Tenant.eq(tenant.id()))
            .all(self.db().read())
            .await?;
        let mut cursors = Vec::with_capacity(rows.len());
        for row in rows {
            let kind = Kind::from_code(row.kind);
            if !now.kind(kind).is_some_and(|own| same(kind, own, row.profile)) {
                continue;
            }
            let link = String::from_utf8(keys.open(cursor_place(kind), &row.sealed)?)
                .map_err(|_| Error::Inconsistent("delta_cursor"))?;
            cursors.push(Cursor { kind, link });
        }
        Ok(cursors)
    }

    /// What a published snapshot shows: its profile and its gaps.
    ///
    /// # Errors
    /// When there is no such snapshot, or the database cannot be read.
    pub async fn view_at(&self, tenant: TenantScope, seq: i64) -> Result<View> {
        let row = self.snapshot_model(tenant, seq).await?.ok_or(Error::Inconsistent("snapshot"))?;
        let kept = profile::Entity::find_by_id((tenant.id(), row.profile)).one(self.db().read()).await?;
        let profile = kept.and_then(|p| CaptureProfile::from_text(&p.content));
        Ok(View { profile: profile.ok_or(Error::Inconsistent("profile"))?, gaps: gaps(&row.missing)? })
    }

    /// Who takes a seat in a tenant, as the organization's plan has it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn protection_rule(&self, tenant: TenantScope) -> Result<ProtectionRule> {
        let organization = tenant::Entity::find_by_id(tenant.id())
            .select_only()
            .column(tenant::Column::OrganizationId)
            .into_query();
        let plan = organization::Entity::find()
            .select_only()
            .column(organization::Column::PlanId)
            .filter(organization::Column::Id.in_subquery(organization))
            .filter(organization::Column::PlanId.is_not_null())
            .into_query();
        let found: Option<String> = plan::Entity::find()
            .select_only()
            .column(plan::Column::Rule)
            .filter(plan::Column::Id.in_subquery(plan))
            .into_tuple()
            .one(self.db().read())
            .await?;
        found.map_or(Ok(ProtectionRule::default()), |rule| crate::plans::rule(&rule))
    }

    /// Counts the seats of an organization's tenants anew, after its plan has changed. Where a backup ends meanwhile, it
    /// or the next one counts by the new plan.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn recount_protected(&self, scope: OrgScope) -> Result<()> {
        for health in self.tenant_health(scope).await? {
            let Some(tenant) = self.open_tenant(scope, health.tenant.link.id).await? else { continue };
            let (rule, row) = (self.protection_rule(tenant).await?, self.tenant(tenant).await?);
            let protected = self.count_protected(tenant, row.published, rule).await?;
            tenant::Entity::update_many()
                .filter(tenant::Column::Id.eq(tenant.id()))
                .filter(tenant::Column::PublishedSeq.eq(row.published))
                .col_expr(tenant::Column::Protected, Expr::value(protected))
                .col_expr(tenant::Column::Rule, Expr::value(rule.slug()))
                .exec(self.db().write())
                .await?;
        }
        Ok(())
    }

    /// Users of a snapshot that take a seat, counted one by one; what is carried from snapshot to snapshot is the same.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_protected(&self, tenant: TenantScope, seq: i64, rule: ProtectionRule) -> Result<i64> {
        let held = seated(tenant, rule)
            .filter(version::Column::FromSeq.lte(seq))
            .filter(version::Column::ToSeq.gt(seq));
        Ok(whole(held.count(self.db().read()).await?))
    }

    pub(super) async fn snapshot_model(
        &self,
        tenant: TenantScope,
        seq: i64,
    ) -> Result<Option<snapshot::Model>> {
        Ok(snapshot::Entity::find_by_id((tenant.id(), seq)).one(self.db().read()).await?)
    }

    /// One published snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snapshot(&self, tenant: TenantScope, seq: i64) -> Result<Option<SnapshotRow>> {
        self.snapshot_model(tenant, seq).await?.map(snapshot_row).transpose()
    }

    /// Published snapshots before `before`, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn snapshots(
        &self,
        tenant: TenantScope,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<SnapshotRow>> {
        let mut query = snapshot::Entity::find().filter(snapshot::Column::Tenant.eq(tenant.id()));
        if let Some(before) = before {
            query = query.filter(snapshot::Column::Seq.lt(before));
        }
        query
            .order_by_desc(snapshot::Column::Seq)
            .limit(limit)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(snapshot_row)
            .collect()
    }

    /// How many snapshots are kept, and when the oldest began.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history_length(&self, tenant: TenantScope) -> Result<(i64, Option<DateTime<Utc>>)> {
        let found: Option<(i64, Option<i64>)> = snapshot::Entity::find()
            .select_only()
            .column_as(snapshot::Column::Seq.count(), "n")
            .column_as(snapshot::Column::StartedAt.min(), "first")
            .filter(snapshot::Column::Tenant.eq(tenant.id()))
            .into_tuple()
            .one(self.db().read())
            .await?;
        Ok(found.map_or((0, None), |(n, first)| (n, first.map(instant))))
    }

    /// Live objects of a kind at a snapshot, from the snapshot's own counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn counts(&self, tenant: TenantScope, seq: i64) -> Result<(Vec<(Kind, i64)>, i64)> {
        let Some(row) = self.snapshot_model(tenant, seq).await? else { return Ok((Vec::new(), 0)) };
        let counts: Vec<(i16, i64)> = parse(&row.counts)?;
        Ok((counts.into_iter().map(|(k, n)| (Kind::from_code(k), n)).collect(), row.links))
    }
}

fn snapshot_row(m: snapshot::Model) -> Result<SnapshotRow> {
    let counts: Vec<(i16, i64)> = parse(&m.counts)?;
    Ok(SnapshotRow {
        seq: m.seq,
        trigger: Trigger::from_slug(&m.reason),
        full: m.is_full != 0,
        at: instant(m.started_at),
        took_ms: m.took_ms,
        completeness: Completeness::from_slug(&m.completeness),
        gaps: gaps(&m.missing)?,
        created: m.created,
        updated: m.updated,
        deleted: m.deleted,
        objects: counts.iter().map(|(_, n)| n).sum(),
        links: m.links,
    })
}

fn gaps(text: &str) -> Result<Vec<Gap>> {
    Gap::from_text(text).ok_or(Error::Inconsistent("snapshot"))
}

fn text<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Inconsistent("snapshot"))
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Inconsistent("snapshot"))
}
