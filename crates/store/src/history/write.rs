//! How a capture writes: in small transactions, under a number that nobody reads yet.

use std::collections::HashMap;

use domain::Kind;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::batch::{
    Batch, LINK_COLUMNS, NewObject, NewVersion, ROWS, Target, chunks, close_words, link_values, links,
};
use super::bulk::Bulk;
use super::{Link, LinkKey, Num, OPEN};
use crate::db::Tx;
use crate::dialect::statement;
use crate::entity::{link, object, seen_link, version};
use crate::scope::TenantScope;
use crate::seal::Digest;
use crate::{Error, Result, Store};

/// What a capture remembers of an object: at most 64 bytes each, so that a million objects fit.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub kind: Kind,
    /// The open version: its digest and where it began. None for a stub.
    pub version: Option<(Digest, i32)>,
    pub in_bin: bool,
}

/// All objects of a tenant by number and by Entra id.
#[derive(Debug, Default)]
pub struct Objects {
    by_id: HashMap<Uuid, u32>,
    known: Vec<Known>,
}

impl Objects {
    #[must_use]
    pub fn num(&self, id: Uuid) -> Option<Num> {
        self.by_id.get(&id).map(|n| Num::from(*n))
    }

    #[must_use]
    pub fn get(&self, num: Num) -> Option<&Known> {
        self.known.get(usize::try_from(num - 1).ok()?)
    }

    #[must_use]
    pub fn get_mut(&mut self, num: Num) -> Option<&mut Known> {
        self.known.get_mut(usize::try_from(num - 1).ok()?)
    }

    /// Every number with what is known of it.
    pub fn iter(&self) -> impl Iterator<Item = (Num, &Known)> {
        (1..).zip(self.known.iter())
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The Entra ids of some numbers.
    #[must_use]
    pub fn ids_of(&self, nums: &std::collections::HashSet<Num>) -> HashMap<Num, Uuid> {
        self.by_id
            .iter()
            .filter(|(_, n)| nums.contains(&Num::from(**n)))
            .map(|(id, n)| (Num::from(*n), *id))
            .collect()
    }

    /// Numbers `id`, if it has no number yet. Returns the number and whether it is new.
    fn number(&mut self, id: Uuid, kind: Kind) -> (Num, bool) {
        let next = u32::try_from(self.known.len() + 1).unwrap_or(u32::MAX);
        let num = *self.by_id.entry(id).or_insert(next);
        if num == next {
            self.known.push(Known { kind, version: None, in_bin: false });
        }
        (Num::from(num), num == next)
    }
}

/// Writes one snapshot of one tenant.
pub struct Writer {
    pub(super) store: Store,
    pub(super) tenant: TenantScope,
    pub(super) seq: i64,
    pub(super) profile: i32,
    objects: Objects,
    batch: Batch,
    /// The batch that is being written.
    under_way: Option<JoinHandle<Result<i64>>>,
    pub(super) links_opened: i64,
    pub(super) links_closed: i64,
}

impl Drop for Writer {
    /// A capture that ends early must not go on writing behind the next one's back.
    fn drop(&mut self) {
        if let Some(task) = self.under_way.take() {
            task.abort();
        }
    }
}

impl Store {
    /// Prepares the next snapshot: undoes what an earlier, unfinished capture left behind and reads what
    /// is known of the tenant's objects.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn begin_snapshot(&self, tenant: TenantScope, profile: &str) -> Result<Writer> {
        let published = self.tenant(tenant).await?.published;
        roll_back(self, tenant, published).await?;
        let profile = super::publish::profile(self, tenant, profile).await?;
        let objects = load(self, tenant).await?;
        Ok(Writer {
            store: self.clone(),
            tenant,
            seq: published + 1,
            profile,
            objects,
            batch: Batch::default(),
            under_way: None,
            links_opened: 0,
            links_closed: 0,
        })
    }
}

impl Writer {
    /// The number the snapshot will have.
    #[must_use]
    pub const fn seq(&self) -> i64 {
        self.seq
    }

    /// Nothing of the tenant was published yet.
    #[must_use]
    pub const fn is_first(&self) -> bool {
        self.seq == 1
    }

    #[must_use]
    pub const fn objects(&self) -> &Objects {
        &self.objects
    }

    #[must_use]
    pub const fn tenant(&self) -> TenantScope {
        self.tenant
    }

    /// The number of an object, given at first mention. `name` is kept for objects that are never
    /// captured themselves.
    pub fn number(&mut self, id: Uuid, kind: Kind, name: Option<&str>) -> Num {
        let (num, new) = self.objects.number(id, kind);
        if new {
            let name = name.map(str::to_owned);
            self.batch.objects.push(NewObject { num, kind, entra_id: id, name });
        }
        num
    }

    /// Adds a version to the batch; the object's open version ends here.
    pub fn put(&mut self, version: NewVersion) {
        if let Some(known) = self.objects.get_mut(version.num) {
            known.kind = version.kind;
            known.version = Some((version.digest, i32::try_from(self.seq).unwrap_or(i32::MAX)));
            known.in_bin = version.deleted_at.is_some();
        }
        self.batch.put(version);
    }

    /// Adds an edge of the first snapshot to the batch; one that is there already is left as it is.
    pub fn put_link(&mut self, link: Link) {
        self.batch.links.push(link);
    }

    /// How many rows wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.batch.rows()
    }

    /// Hands the batch over to be written while the caller goes on; waits for the one before.
    ///
    /// # Errors
    /// When the batch before could not be written.
    pub async fn spill(&mut self) -> Result<()> {
        self.wait().await?;
        let target =
            Target { store: self.store.clone(), tenant: self.tenant, seq: self.seq, profile: self.profile };
        self.under_way = Some(tokio::spawn(std::mem::take(&mut self.batch).write(target)));
        Ok(())
    }

    /// Writes the batch and waits until it lies in the database.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn flush(&mut self) -> Result<()> {
        if self.batch.rows() > 0 {
            self.spill().await?;
        }
        self.wait().await
    }

    async fn wait(&mut self) -> Result<()> {
        if let Some(task) = self.under_way.take() {
            self.links_opened += task.await.map_err(|_| Error::Inconsistent("a batch"))??;
        }
        Ok(())
    }

    /// Ends the open versions of objects that are gone, and every link that touches them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end(&mut self, nums: &[Num]) -> Result<()> {
        self.flush().await?;
        let (tenant, seq) = (self.tenant.id(), self.seq);
        for chunk in nums.chunks(ROWS) {
            let tx = self.store.db().begin().await?;
            version::Entity::update_many()
                .filter(version::Column::Tenant.eq(tenant))
                .filter(version::Column::Object.is_in(chunk.iter().copied()))
                .filter(version::Column::ToSeq.eq(OPEN))
                .col_expr(version::Column::ToSeq, Expr::value(seq))
                .exec(&tx)
                .await?;
            close_words(&tx, tenant, seq, chunk).await?;
            let closed = link::Entity::update_many()
                .filter(link::Column::Tenant.eq(tenant))
                .filter(link::Column::ToSeq.eq(OPEN))
                .filter(
                    link::Column::Source
                        .is_in(chunk.iter().copied())
                        .or(link::Column::Target.is_in(chunk.iter().copied())),
                )
                .col_expr(link::Column::ToSeq, Expr::value(seq))
                .exec(&tx)
                .await?;
            tx.commit().await?;
            self.links_closed += closed.rows_affected as i64;
            for num in chunk {
                if let Some(known) = self.objects.get_mut(*num) {
                    known.version = None;
                    known.in_bin = false;
                }
            }
        }
        // What was both opened and ended by this snapshot never was.
        drop_empty(&self.store, self.tenant, seq).await
    }

    /// Opens and ends edges of a later snapshot. An edge that is open already stays as it is, unless its
    /// details differ.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn change_links(&mut self, open: Vec<Link>, close: Vec<LinkKey>) -> Result<()> {
        self.flush().await?;
        let (tenant, seq) = (self.tenant.id(), self.seq);
        let mut rows = links(self.store.db().schema(), self.tenant, seq);
        for chunk in open.chunks(ROWS) {
            let keys: Vec<&LinkKey> = chunk.iter().map(|l| &l.key).collect();
            let tx = self.store.db().begin().await?;
            let there = current(&tx, tenant, seq, &keys).await?;
            let mut fresh = Vec::new();
            for l in chunk {
                let known: Vec<&link::Model> = there.iter().filter(|r| is(r, &l.key)).collect();
                if let Some(row) = known.iter().find(|r| r.to_seq == OPEN) {
                    if row.details == l.details {
                        continue;
                    }
                    end_link(&tx, row, seq).await?;
                } else if let Some(row) =
                    known.iter().find(|r| r.to_seq == seq && r.from_seq < seq && r.details == l.details)
                {
                    // Ended earlier in this very capture: it holds on.
                    set_end(&tx, row, OPEN).await?;
                    self.links_closed -= 1;
                    continue;
                }
                fresh.push(l.clone());
            }
            self.links_opened += rows.insert(&tx, link_values(fresh)).await?;
            tx.commit().await?;
        }
        for chunk in close.chunks(ROWS) {
            let keys: Vec<&LinkKey> = chunk.iter().collect();
            let tx = self.store.db().begin().await?;
            for row in current(&tx, tenant, seq, &keys).await? {
                if row.to_seq == OPEN && chunk.iter().any(|k| is(&row, k)) {
                    end_link(&tx, &row, seq).await?;
                    self.links_closed += 1;
                }
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notes edges that a full read saw; [`Writer::settle_links`] then opens and ends what differs.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn see_links(&mut self, links: Vec<Link>) -> Result<()> {
        self.flush().await?;
        let mut rows = Bulk::new(
            self.store.db().schema(),
            "seen_link",
            vec![("tenant", self.tenant.id())],
            LINK_COLUMNS,
            "ON CONFLICT (tenant, kind, source, target, disc) DO UPDATE SET details = excluded.details",
        );
        for chunk in chunks(links, ROWS) {
            rows.insert(self.store.db().write(), link_values(chunk)).await?;
        }
        Ok(())
    }

    /// Forgets noted edges, because a direct read showed that they are not there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unsee_links(&mut self, keys: &[LinkKey]) -> Result<()> {
        for k in keys {
            seen_link::Entity::delete_by_id((
                self.tenant.id(),
                k.kind.code(),
                k.source,
                k.target,
                k.disc.clone(),
            ))
            .exec(self.store.db().write())
            .await?;
        }
        Ok(())
    }

    /// Forgets every noted edge of one kind from one source.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unsee_source(&mut self, kind: domain::LinkKind, source: Num) -> Result<()> {
        seen_link::Entity::delete_many()
            .filter(seen_link::Column::Tenant.eq(self.tenant.id()))
            .filter(seen_link::Column::Kind.eq(kind.code()))
            .filter(seen_link::Column::Source.eq(source))
            .exec(self.store.db().write())
            .await?;
        Ok(())
    }

    /// The bodies of some versions, unsealed, those of this snapshot included once they are flushed.
    ///
    /// # Errors
    /// When the database cannot be read or a body was altered.
    pub async fn bodies(
        &self,
        keys: &crate::seal::Keys,
        wanted: &[(Kind, Num, i64)],
    ) -> Result<Vec<Vec<u8>>> {
        self.store.bodies(self.tenant, keys, wanted).await
    }

    /// After a full read of the edges of `kind`: opens those seen that were not open and ends those open
    /// that were not seen, except where an end lies in the recycle bin (there Graph hides the edge).
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn settle_links(&mut self, kind: domain::LinkKind) -> Result<()> {
        let (tenant, seq, schema) = (self.tenant.id(), self.seq, self.store.db().schema());
        let tx = self.store.db().begin().await?;
        let binned = "EXISTS (SELECT 1 FROM version v WHERE v.tenant = link.tenant AND v.object IN (link.source, link.target) \
                      AND v.to_seq = 2147483647 AND v.deleted_at IS NOT NULL)";
        let gone = format!(
            "UPDATE link SET to_seq = ? WHERE tenant = ? AND kind = ? AND to_seq = 2147483647 AND NOT EXISTS \
             (SELECT 1 FROM seen_link s WHERE s.tenant = link.tenant AND s.kind = link.kind AND s.source = link.source \
             AND s.target = link.target AND s.disc = link.disc AND COALESCE(s.details, '') = COALESCE(link.details, '')) \
             AND NOT ({binned} AND NOT EXISTS (SELECT 1 FROM seen_link s WHERE s.tenant = link.tenant AND s.kind = link.kind \
             AND s.source = link.source AND s.target = link.target AND s.disc = link.disc))"
        );
        let closed =
            tx.execute_raw(statement(schema, &gone, [seq.into(), tenant.into(), kind.code().into()])).await?;
        let come = "INSERT INTO link (tenant, kind, source, target, disc, from_seq, to_seq, details) \
             SELECT s.tenant, s.kind, s.source, s.target, s.disc, CAST(? AS bigint), 2147483647, s.details FROM seen_link s \
             WHERE s.tenant = ? AND s.kind = ? AND NOT EXISTS (SELECT 1 FROM link l WHERE l.tenant = s.tenant \
             AND l.kind = s.kind AND l.source = s.source AND l.target = s.target AND l.disc = s.disc \
             AND l.to_seq = 2147483647)";
        let opened =
            tx.execute_raw(statement(schema, come, [seq.into(), tenant.into(), kind.code().into()])).await?;
        seen_link::Entity::delete_many()
            .filter(seen_link::Column::Tenant.eq(tenant))
            .filter(seen_link::Column::Kind.eq(kind.code()))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        self.links_closed += closed.rows_affected() as i64;
        self.links_opened += opened.rows_affected() as i64;
        Ok(())
    }

    /// The edges of `kind` that the snapshot before this one showed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn links_before(&self, kind: domain::LinkKind) -> Result<Vec<Link>> {
        self.store.links_at(self.tenant, kind, self.seq - 1).await
    }

    /// The open edges of `kind` from these sources.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_links(&self, kind: domain::LinkKind, sources: &[Num]) -> Result<Vec<Link>> {
        let mut out = Vec::new();
        for chunk in sources.chunks(ROWS) {
            let rows = link::Entity::find()
                .filter(link::Column::Tenant.eq(self.tenant.id()))
                .filter(link::Column::Kind.eq(kind.code()))
                .filter(link::Column::Source.is_in(chunk.iter().copied()))
                .filter(link::Column::ToSeq.eq(OPEN))
                .all(self.store.db().read())
                .await?;
            out.extend(rows.into_iter().filter_map(super::read::link_of));
        }
        Ok(out)
    }
}

fn is(row: &link::Model, key: &LinkKey) -> bool {
    row.kind == key.kind.code()
        && row.source == key.source
        && row.target == key.target
        && row.disc == key.disc
}

/// The rows of these edges that are open, or were ended by this snapshot.
async fn current(tx: &Tx, tenant: i64, seq: i64, keys: &[&LinkKey]) -> Result<Vec<link::Model>> {
    let tuple = Expr::tuple([
        Expr::col(link::Column::Kind),
        Expr::col(link::Column::Source),
        Expr::col(link::Column::Target),
    ]);
    let tuples = keys.iter().map(|k| (k.kind.code(), k.source, k.target));
    Ok(link::Entity::find()
        .filter(link::Column::Tenant.eq(tenant))
        .filter(tuple.in_tuples(tuples))
        .filter(link::Column::ToSeq.eq(OPEN).or(link::Column::ToSeq.eq(seq)))
        .all(tx)
        .await?)
}

/// Ends an edge at `seq`; one that this snapshot opened never was.
async fn end_link(tx: &Tx, row: &link::Model, seq: i64) -> Result<()> {
    if row.from_seq == seq {
        link::Entity::delete_by_id((
            row.tenant,
            row.kind,
            row.source,
            row.target,
            row.disc.clone(),
            row.from_seq,
        ))
        .exec(tx)
        .await?;
        Ok(())
    } else {
        set_end(tx, row, seq).await
    }
}

async fn set_end(tx: &Tx, row: &link::Model, to: i64) -> Result<()> {
    link::Entity::update_many()
        .filter(link::Column::Tenant.eq(row.tenant))
        .filter(link::Column::Kind.eq(row.kind))
        .filter(link::Column::Source.eq(row.source))
        .filter(link::Column::Target.eq(row.target))
        .filter(link::Column::Disc.eq(row.disc.clone()))
        .filter(link::Column::FromSeq.eq(row.from_seq))
        .col_expr(link::Column::ToSeq, Expr::value(to))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes rows that begin and end at `seq`.
async fn drop_empty(store: &Store, tenant: TenantScope, seq: i64) -> Result<()> {
    let bodies = "DELETE FROM body WHERE tenant = ? AND (object, from_seq) IN (SELECT object, from_seq FROM version \
                  WHERE tenant = ? AND from_seq > 1 AND from_seq = ? AND to_seq = ?)";
    let values = [tenant.id().into(), tenant.id().into(), seq.into(), seq.into()];
    store.db().write().execute_raw(statement(store.db().schema(), bodies, values)).await?;
    for table in ["version", "link", "word"] {
        let sql =
            format!("DELETE FROM {table} WHERE tenant = ? AND from_seq = ? AND to_seq = ? AND from_seq > 1");
        let values = [tenant.id().into(), seq.into(), seq.into()];
        store.db().write().execute_raw(statement(store.db().schema(), &sql, values)).await?;
    }
    Ok(())
}

/// Undoes what a capture that never published has written.
async fn roll_back(store: &Store, tenant: TenantScope, published: i64) -> Result<()> {
    let (db, id) = (store.db(), tenant.id());
    seen_link::Entity::delete_many().filter(seen_link::Column::Tenant.eq(id)).exec(db.write()).await?;
    let tx = db.begin().await?;
    if published == 0 {
        for table in ["version", "body", "word", "link", "object"] {
            let sql = format!("DELETE FROM {table} WHERE tenant = ?");
            tx.execute_raw(statement(db.schema(), &sql, [id.into()])).await?;
        }
    } else {
        // The conditions of the partial indexes come last; see `Store::difference`.
        let bodies = "DELETE FROM body WHERE tenant = ? AND (object, from_seq) IN (SELECT object, from_seq FROM version \
                      WHERE tenant = ? AND from_seq > ? AND from_seq > 1)";
        tx.execute_raw(statement(db.schema(), bodies, [id.into(), id.into(), published.into()])).await?;
        for table in ["version", "word", "link"] {
            let sql = format!("DELETE FROM {table} WHERE tenant = ? AND from_seq > ? AND from_seq > 1");
            tx.execute_raw(statement(db.schema(), &sql, [id.into(), published.into()])).await?;
            let sql = format!(
                "UPDATE {table} SET to_seq = 2147483647 WHERE tenant = ? AND to_seq < 2147483647 AND to_seq > ?"
            );
            tx.execute_raw(statement(db.schema(), &sql, [id.into(), published.into()])).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn load(store: &Store, tenant: TenantScope) -> Result<Objects> {
    let mut objects = Objects::default();
    let mut after = 0;
    loop {
        let page = object::Entity::find()
            .filter(object::Column::Tenant.eq(tenant.id()))
            .filter(object::Column::Num.gt(after))
            .order_by_asc(object::Column::Num)
            .limit(20_000)
            .all(store.db().read())
            .await?;
        let Some(last) = page.last() else { break };
        after = last.num;
        for row in page {
            let (num, _) = objects.number(row.entra_id, Kind::from_code(row.kind));
            if num != row.num {
                return Err(Error::Inconsistent("object"));
            }
        }
    }
    let mut after = 0;
    loop {
        let page: Vec<(i64, i64, i16, Vec<u8>, Option<i64>)> = version::Entity::find()
            .select_only()
            .columns([
                version::Column::Object,
                version::Column::FromSeq,
                version::Column::Kind,
                version::Column::Digest,
                version::Column::DeletedAt,
            ])
            .filter(version::Column::Tenant.eq(tenant.id()))
            .filter(version::Column::Object.gt(after))
            .filter(version::Column::ToSeq.eq(OPEN))
            .order_by_asc(version::Column::Object)
            .limit(20_000)
            .into_tuple()
            .all(store.db().read())
            .await?;
        let Some(last) = page.last() else { return Ok(objects) };
        after = last.0;
        for (num, from, kind, digest, deleted_at) in page {
            let known = objects.get_mut(num).ok_or(Error::Inconsistent("version"))?;
            let digest = digest.try_into().map_err(|_| Error::Inconsistent("version"))?;
            *known = Known {
                kind: Kind::from_code(kind),
                version: Some((digest, i32::try_from(from).unwrap_or(i32::MAX))),
                in_bin: deleted_at.is_some(),
            };
        }
    }
}
