//! What a capture writes in one go, in the background, while the next part is being read.
//!
//! Rows whose place in an index is random (words, ids) are written in the order of that index, so that a
//! page of it is touched once a batch and not once a row.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use domain::{Kind, fold};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Value};
use uuid::Uuid;

use super::bulk::Bulk;
use super::{Link, Num, OPEN};
use crate::db::Schema;
use crate::db::Tx;
use crate::dialect::statement;
use crate::entity::{version, word};
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

/// An object that was never mentioned before.
#[derive(Debug)]
pub(super) struct NewObject {
    pub(super) num: Num,
    pub(super) kind: Kind,
    pub(super) entra_id: Uuid,
    /// Of an object that is never captured itself.
    pub(super) name: Option<String>,
}

/// Rows that wait to be written.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) objects: Vec<NewObject>,
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
        let schema = target.store.db().schema();
        let mut objects = objects(schema, target.tenant);
        self.objects.sort_unstable_by_key(|o| o.entra_id);
        for chunk in chunks(self.objects, ROWS) {
            let own = chunk
                .into_iter()
                .flat_map(|o| [o.num.into(), o.kind.code().into(), o.entra_id.into(), Value::String(o.name)]);
            objects.insert(turns.transaction().await?, own.collect()).await?;
        }
        let mut tables = Tables::of(&target);
        let mut words = Vec::new();
        for chunk in chunks(self.versions, ROWS) {
            tables.write(turns.transaction().await?, &target, chunk, &mut words).await?;
        }
        words.sort_unstable();
        for chunk in chunks(words, ROWS * 2) {
            let own = chunk.into_iter().flat_map(|(word, object)| [word.into(), object.into()]);
            tables.words.insert(turns.transaction().await?, own.collect()).await?;
        }
        let mut opened = 0;
        let mut links = links(schema, target.tenant, target.seq);
        for chunk in chunks(self.links, ROWS) {
            opened += links.insert(turns.transaction().await?, link_values(chunk)).await?;
        }
        turns.end().await?;
        Ok(opened)
    }
}

/// A transaction that is committed and begun anew every [`TURN`].
struct Turns<'a> {
    store: &'a Store,
    open: Option<(Tx, Instant)>,
}

impl Turns<'_> {
    async fn transaction(&mut self) -> Result<&Tx> {
        if self.open.as_ref().is_some_and(|(_, begun)| begun.elapsed() > TURN) {
            self.end().await?;
        }
        let (tx, _) = match self.open.take() {
            Some(open) => self.open.insert(open),
            None => self.open.insert((self.store.begin_held().await?, Instant::now())),
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

/// Where versions go, with their bodies and words.
struct Tables {
    versions: Bulk,
    bodies: Bulk,
    words: Bulk,
}

impl Tables {
    fn of(target: &Target) -> Tables {
        let (schema, tenant, seq) = (target.store.db().schema(), target.tenant.id(), target.seq);
        Tables {
            versions: Bulk::new(
                schema,
                "version",
                vec![
                    ("tenant", tenant),
                    ("from_seq", seq),
                    ("to_seq", OPEN),
                    ("profile", target.profile.into()),
                ],
                &[
                    ("object", "bigint"),
                    ("kind", "smallint"),
                    ("deleted_at", "bigint"),
                    ("sort", "text"),
                    ("name", "text"),
                    ("detail", "text"),
                    ("flags", "integer"),
                    ("digest", "bytea"),
                    ("changed", "text"),
                ],
                "",
            ),
            bodies: Bulk::new(
                schema,
                "body",
                vec![("tenant", tenant), ("from_seq", seq)],
                &[("object", "bigint"), ("sealed", "bytea")],
                "ON CONFLICT (tenant, object, from_seq) DO UPDATE SET sealed = excluded.sealed",
            ),
            words: Bulk::new(
                schema,
                "word",
                vec![("tenant", tenant), ("from_seq", seq), ("to_seq", OPEN)],
                &[("word", "text"), ("object", "bigint")],
                "ON CONFLICT (tenant, word, object, from_seq) DO UPDATE SET to_seq = excluded.to_seq",
            ),
        }
    }

    async fn write(
        &mut self,
        tx: &Tx,
        target: &Target,
        versions: Vec<NewVersion>,
        words: &mut Vec<(String, Num)>,
    ) -> Result<()> {
        let (tenant, seq) = (target.tenant.id(), target.seq);
        let mut bodies: Vec<Value> = Vec::with_capacity(versions.len() * 2);
        let mut rows: Vec<Value> = Vec::with_capacity(versions.len() * 9);
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
                    words.push((w, v.num));
                }
            }
            if let Some(sealed) = v.sealed {
                bodies.extend([v.num.into(), sealed.into()]);
            }
            rows.extend([
                v.num.into(),
                v.kind.code().into(),
                Value::BigInt(v.deleted_at),
                fold::fold(&v.name).into(),
                v.name.into(),
                v.detail.into(),
                v.flags.into(),
                v.digest.to_vec().into(),
                Value::String((!v.changed.is_empty()).then(|| v.changed.join(","))),
            ]);
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
        self.versions.insert(tx, rows).await?;
        self.bodies.insert(tx, bodies).await?;
        Ok(())
    }
}

/// The new objects of a tenant.
fn objects(schema: Schema, tenant: TenantScope) -> Bulk {
    let own = &[("num", "bigint"), ("kind", "smallint"), ("entra_id", "uuid"), ("name", "text")];
    Bulk::new(schema, "object", vec![("tenant", tenant.id())], own, "")
}

/// What says an edge.
pub(super) const LINK_COLUMNS: &[(&str, &str)] = &[
    ("kind", "smallint"),
    ("source", "bigint"),
    ("target", "bigint"),
    ("disc", "text"),
    ("details", "text"),
];

/// Edges that a snapshot opens; one that it opened already stays as it is.
pub(super) fn links(schema: Schema, tenant: TenantScope, seq: i64) -> Bulk {
    Bulk::new(
        schema,
        "link",
        vec![("tenant", tenant.id()), ("from_seq", seq), ("to_seq", OPEN)],
        LINK_COLUMNS,
        "ON CONFLICT (tenant, kind, source, target, disc, from_seq) DO NOTHING",
    )
}

/// The rows of [`links`].
pub(super) fn link_values(links: impl IntoIterator<Item = Link>) -> Vec<Value> {
    let row = |l: Link| {
        [
            l.key.kind.code().into(),
            l.key.source.into(),
            l.key.target.into(),
            l.key.disc.into(),
            Value::String(l.details),
        ]
    };
    links.into_iter().flat_map(row).collect()
}

/// Takes back what this snapshot has written of some objects before. A version without a new body keeps
/// the one that this snapshot wrote.
async fn forget(tx: &Tx, tenant: i64, seq: i64, nums: &[Num]) -> Result<()> {
    version::Entity::delete_many()
        .filter(version::Column::Tenant.eq(tenant))
        .filter(version::Column::Object.is_in(nums.iter().copied()))
        .filter(version::Column::FromSeq.eq(seq))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn close_words(tx: &Tx, tenant: i64, seq: i64, nums: &[Num]) -> Result<()> {
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

async fn copy_body(tx: &Tx, schema: crate::Schema, tenant: i64, num: Num, from: i64, to: i64) -> Result<()> {
    tx.execute_raw(statement(
        schema,
        "INSERT INTO body (tenant, object, from_seq, sealed) SELECT tenant, object, CAST(? AS bigint), sealed FROM body \
         WHERE tenant = ? AND object = ? AND from_seq = ?",
        [to.into(), tenant.into(), num.into(), from.into()],
    ))
    .await?;
    Ok(())
}

pub(super) fn chunks<T>(rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
