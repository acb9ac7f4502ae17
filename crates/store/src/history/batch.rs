//! What a capture writes in one go, in the background, while the next part is being read.
//!
//! Rows whose place in an index is random (words, ids) are written in the order of that index, so that a
//! page of it is touched once a batch and not once a row.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use domain::{Kind, fold};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use super::{Link, Num, OPEN};
use crate::dialect::statement;
use crate::entity::{body, link, object, version, word};
use crate::scope::TenantScope;
use crate::seal::Digest;
use crate::{Result, Store};

/// Rows a statement: enough that the statement's own cost does not show, few enough for both databases'
/// limits on parameters.
pub(super) const ROWS: usize = 200;
/// A transaction is committed after so long, so that other writers get their turn.
const TURN: Duration = Duration::from_millis(20);

/// A version to write.
#[derive(Debug)]
pub struct NewVersion {
    pub num: Num,
    pub kind: Kind,
    /// When it was put into the recycle bin (Unix milliseconds).
    pub deleted_at: Option<i64>,
    pub name: String,
    pub detail: String,
    pub flags: i32,
    pub digest: Digest,
    pub changed: Vec<String>,
    /// None: the body of the version before holds on.
    pub sealed: Option<Vec<u8>>,
    /// Where the version that this one replaces began.
    pub replaces: Option<i64>,
    /// Whether the searchable text may differ from the replaced version's.
    pub renamed: bool,
}

/// Rows that wait to be written.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) objects: Vec<object::ActiveModel>,
    versions: Vec<NewVersion>,
    /// Where in the batch an object's version stands.
    places: HashMap<Num, usize>,
    pub(super) links: Vec<Link>,
}

/// Where a batch goes.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) store: Store,
    pub(super) tenant: TenantScope,
    pub(super) seq: i64,
    pub(super) profile: i32,
}

impl Batch {
    pub(super) fn rows(&self) -> usize {
        self.objects.len() + self.versions.len() * 3 + self.links.len()
    }

    pub(super) fn put(&mut self, mut version: NewVersion) {
        if let Some(earlier) = self.places.get(&version.num).and_then(|at| self.versions.get_mut(*at)) {
            // A page may repeat an object; the later word stands.
            version.replaces = earlier.replaces;
            version.renamed |= earlier.renamed;
            *earlier = version;
            return;
        }
        self.places.insert(version.num, self.versions.len());
        self.versions.push(version);
    }

    /// Writes everything; returns how many links were new.
    pub(super) async fn write(mut self, target: Target) -> Result<i64> {
        let mut turns = Turns { store: &target.store, open: None };
        self.objects.sort_unstable_by_key(|o| *o.entra_id.as_ref());
        for chunk in chunks(self.objects, ROWS) {
            object::Entity::insert_many(chunk).exec_without_returning(turns.transaction().await?).await?;
        }
        let mut words = Vec::new();
        for chunk in chunks(self.versions, ROWS) {
            write_versions(turns.transaction().await?, &target, chunk, &mut words).await?;
        }
        words.sort_unstable_by(|a, b| {
            (a.word.as_ref(), a.object.as_ref()).cmp(&(b.word.as_ref(), b.object.as_ref()))
        });
        for chunk in chunks(words, ROWS * 2) {
            insert_words(turns.transaction().await?, chunk).await?;
        }
        let mut opened = 0;
        let rows = self.links.into_iter().map(|l| link_row(target.tenant, target.seq, l)).collect();
        for chunk in chunks(rows, ROWS) {
            opened += insert_links(turns.transaction().await?, chunk).await?;
        }
        turns.end().await?;
        Ok(opened)
    }
}

/// A transaction that is committed and begun anew every [`TURN`].
struct Turns<'a> {
    store: &'a Store,
    open: Option<(DatabaseTransaction, Instant)>,
}

impl Turns<'_> {
    async fn transaction(&mut self) -> Result<&DatabaseTransaction> {
        if self.open.as_ref().is_some_and(|(_, begun)| begun.elapsed() > TURN) {
            self.end().await?;
        }
        let (tx, _) = match self.open.take() {
            Some(open) => self.open.insert(open),
            None => self.open.insert((self.store.db().begin().await?, Instant::now())),
        };
        Ok(tx)
    }

    async fn end(&mut self) -> Result<()> {
        if let Some((tx, _)) = self.open.take() {
            tx.commit().await?;
        }
        Ok(())
    }
}

async fn write_versions(
    tx: &DatabaseTransaction,
    target: &Target,
    versions: Vec<NewVersion>,
    words: &mut Vec<word::ActiveModel>,
) -> Result<()> {
    let (tenant, seq) = (target.tenant.id(), target.seq);
    let mut bodies = Vec::with_capacity(versions.len());
    let mut rows = Vec::with_capacity(versions.len());
    let mut replaced = Vec::new();
    let mut rewritten = Vec::new();
    let mut copied = Vec::new();
    let mut renamed = Vec::new();
    for v in versions {
        match v.replaces {
            Some(from) if from == seq => rewritten.push(v.num),
            Some(from) => {
                replaced.push(v.num);
                if v.sealed.is_none() {
                    copied.push((v.num, from));
                }
            }
            None => {}
        }
        if v.renamed || v.replaces.is_none() {
            if v.replaces.is_some() {
                renamed.push(v.num);
            }
            for w in fold::words(&searchable(&v.name, &v.detail)) {
                words.push(word::ActiveModel {
                    tenant: Set(tenant),
                    word: Set(w),
                    object: Set(v.num),
                    from_seq: Set(seq),
                    to_seq: Set(OPEN),
                });
            }
        }
        if let Some(sealed) = v.sealed {
            bodies.push(body::ActiveModel {
                tenant: Set(tenant),
                object: Set(v.num),
                from_seq: Set(seq),
                sealed: Set(sealed),
            });
        }
        rows.push(version::ActiveModel {
            tenant: Set(tenant),
            object: Set(v.num),
            from_seq: Set(seq),
            to_seq: Set(OPEN),
            kind: Set(v.kind.code()),
            deleted_at: Set(v.deleted_at),
            sort: Set(fold::fold(&v.name)),
            name: Set(v.name),
            detail: Set(v.detail),
            flags: Set(v.flags),
            digest: Set(v.digest.to_vec()),
            changed: Set((!v.changed.is_empty()).then(|| v.changed.join(","))),
            profile: Set(target.profile),
        });
    }
    if !rewritten.is_empty() {
        forget(tx, tenant, seq, &rewritten).await?;
    }
    if !replaced.is_empty() {
        version::Entity::update_many()
            .filter(version::Column::Tenant.eq(tenant))
            .filter(version::Column::Object.is_in(replaced))
            .filter(version::Column::ToSeq.eq(OPEN))
            .col_expr(version::Column::ToSeq, Expr::value(seq))
            .exec(tx)
            .await?;
    }
    if !renamed.is_empty() {
        close_words(tx, tenant, seq, &renamed).await?;
    }
    for (num, from) in copied {
        copy_body(tx, target.store.db().schema(), tenant, num, from, seq).await?;
    }
    if !rows.is_empty() {
        version::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    if !bodies.is_empty() {
        body::Entity::insert_many(bodies)
            .on_conflict(
                OnConflict::columns([body::Column::Tenant, body::Column::Object, body::Column::FromSeq])
                    .update_column(body::Column::Sealed)
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

async fn insert_words(tx: &DatabaseTransaction, rows: Vec<word::ActiveModel>) -> Result<()> {
    word::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                word::Column::Tenant,
                word::Column::Word,
                word::Column::Object,
                word::Column::FromSeq,
            ])
            .update_column(word::Column::ToSeq)
            .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Takes back what this snapshot has written of some objects before. A version without a new body keeps
/// the one that this snapshot wrote.
async fn forget(tx: &DatabaseTransaction, tenant: i64, seq: i64, nums: &[Num]) -> Result<()> {
    version::Entity::delete_many()
        .filter(version::Column::Tenant.eq(tenant))
        .filter(version::Column::Object.is_in(nums.iter().copied()))
        .filter(version::Column::FromSeq.eq(seq))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn close_words(tx: &DatabaseTransaction, tenant: i64, seq: i64, nums: &[Num]) -> Result<()> {
    // The words of an object are found by the words themselves: their table has no index by object, since
    // nothing else asks that way.
    let names = version::Entity::find()
        .filter(version::Column::Tenant.eq(tenant))
        .filter(version::Column::Object.is_in(nums.iter().copied()))
        .filter(version::Column::FromSeq.lte(seq))
        .order_by_asc(version::Column::FromSeq)
        .all(tx)
        .await?;
    for v in names {
        let words = fold::words(&searchable(&v.name, &v.detail));
        word::Entity::update_many()
            .filter(word::Column::Tenant.eq(tenant))
            .filter(word::Column::Word.is_in(words))
            .filter(word::Column::Object.eq(v.object))
            .filter(word::Column::ToSeq.eq(OPEN))
            .col_expr(word::Column::ToSeq, Expr::value(seq))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// The text that an object is found by: its name and its detail.
pub(super) fn searchable(name: &str, detail: &str) -> String {
    format!("{name} {detail}")
}

async fn copy_body(
    tx: &DatabaseTransaction,
    schema: crate::Schema,
    tenant: i64,
    num: Num,
    from: i64,
    to: i64,
) -> Result<()> {
    tx.execute_raw(statement(
        schema,
        "INSERT INTO body (tenant, object, from_seq, sealed) SELECT tenant, object, CAST(? AS bigint), sealed FROM body \
         WHERE tenant = ? AND object = ? AND from_seq = ?",
        [to.into(), tenant.into(), num.into(), from.into()],
    ))
    .await?;
    Ok(())
}

pub(super) fn chunks<T>(mut rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        if rows.is_empty() {
            return None;
        }
        let rest = rows.split_off(rows.len().min(size));
        Some(std::mem::replace(&mut rows, rest))
    })
}

pub(super) async fn insert_links<C: ConnectionTrait>(db: &C, rows: Vec<link::ActiveModel>) -> Result<i64> {
    let inserted = link::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                link::Column::Tenant,
                link::Column::Kind,
                link::Column::Source,
                link::Column::Target,
                link::Column::Disc,
                link::Column::FromSeq,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(inserted as i64)
}

pub(super) fn link_row(tenant: TenantScope, seq: i64, l: Link) -> link::ActiveModel {
    link::ActiveModel {
        tenant: Set(tenant.id()),
        kind: Set(l.key.kind.code()),
        source: Set(l.key.source),
        target: Set(l.key.target),
        disc: Set(l.key.disc),
        from_seq: Set(seq),
        to_seq: Set(OPEN),
        details: Set(l.details),
    }
}
