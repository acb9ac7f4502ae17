//! How a capture writes: in small transactions, under a number that nobody reads yet.

use std::collections::HashMap;

use domain::Kind;
use domain::capture::{CaptureProfile, Gap};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::batch::{Batch, NewObject, NewVersion, ROWS, Target, close_words};
use super::roll_back::{drop_empty, roll_back};
use super::{Link, Num, OPEN};
use crate::entity::{link, object, version};
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

/// All objects of a tenant by number and by Entra id. Numbers may be missing: a capture that was killed while it wrote
/// has left some out.
#[derive(Debug, Default)]
pub struct Objects {
    by_id: HashMap<Uuid, u32>,
    known: Vec<Option<Known>>,
}

impl Objects {
    #[must_use]
    pub fn num(&self, id: Uuid) -> Option<Num> {
        self.by_id.get(&id).map(|n| Num::from(*n))
    }

    #[must_use]
    pub fn get(&self, num: Num) -> Option<&Known> {
        self.known.get(usize::try_from(num - 1).ok()?)?.as_ref()
    }

    #[must_use]
    pub fn get_mut(&mut self, num: Num) -> Option<&mut Known> {
        self.known.get_mut(usize::try_from(num - 1).ok()?)?.as_mut()
    }

    /// Every number with what is known of it.
    pub fn iter(&self) -> impl Iterator<Item = (Num, &Known)> {
        (1..).zip(&self.known).filter_map(|(num, known)| Some((num, known.as_ref()?)))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
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
            self.known.push(Some(Known { kind, version: None, in_bin: false }));
        }
        (Num::from(num), num == next)
    }

    /// Takes in an object that has its number already; numbers come in their order.
    fn take_in(&mut self, id: Uuid, num: Num, kind: Kind) -> Result<()> {
        let at = num.checked_sub(1).and_then(|at| usize::try_from(at).ok());
        let at = at.filter(|at| *at >= self.known.len()).ok_or(Error::Inconsistent("object"))?;
        let num = u32::try_from(num).map_err(|_| Error::Inconsistent("object"))?;
        self.known.resize_with(at, || None);
        self.known.push(Some(Known { kind, version: None, in_bin: false }));
        self.by_id.insert(id, num);
        Ok(())
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
    pub async fn begin_snapshot(&self, tenant: TenantScope, profile: &CaptureProfile) -> Result<Writer> {
        let published = self.tenant(tenant).await?.published;
        roll_back(self, tenant, published).await?;
        let profile = super::publish::profile(self, tenant, &profile.to_text()).await?;
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
            let tx = self.store.begin_held().await?;
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

    /// Of some objects, those that were put into the recycle bin before a time (Unix milliseconds).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deleted_before(&self, nums: &[Num], limit: i64) -> Result<Vec<Num>> {
        let mut out = Vec::new();
        for chunk in nums.chunks(ROWS) {
            let rows: Vec<Num> = version::Entity::find()
                .select_only()
                .column(version::Column::Object)
                .filter(version::Column::Tenant.eq(self.tenant.id()))
                .filter(version::Column::Object.is_in(chunk.iter().copied()))
                .filter(version::Column::DeletedAt.lt(limit))
                .filter(version::Column::ToSeq.eq(OPEN))
                .into_tuple()
                .all(self.store.db().read())
                .await?;
            out.extend(rows);
        }
        Ok(out)
    }

    /// What the snapshot before this one could not read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn gaps_before(&self) -> Result<Vec<Gap>> {
        Ok(self.store.view_at(self.tenant, self.seq - 1).await?.gaps)
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
            objects.take_in(row.entra_id, row.num, Kind::from_code(row.kind))?;
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
