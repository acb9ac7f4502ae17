//! A tenant as it was at a snapshot.

use std::collections::{HashMap, HashSet};

use domain::{Kind, LinkKind, fold};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::batch::searchable;
use super::{Identity, Link, LinkKey, Num, Version};
use crate::entity::{body, link, object, version, word};
use crate::scope::TenantScope;
use crate::seal::{Keys, Place, Table};
use crate::{Error, Result, Store};

/// Numbers a query: SQLite allows 32,766 parameters, PostgreSQL 65,535.
const NUMS: usize = 10_000;
/// So many objects are sooner looked at one by one than searched for among all.
const FEW: usize = 1_000;

/// What to list.
#[derive(Debug, Clone)]
pub struct BrowseAt<'a> {
    pub seq: i64,
    pub kind: Kind,
    /// Free words; every one must begin a word of the object's name.
    pub words: &'a str,
    /// The last row of the page before.
    pub after: Option<(String, Num)>,
    pub limit: u64,
}

/// One end of the links that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinksOf {
    Source,
    Target,
}

/// A link as seen from one end.
#[derive(Debug, Clone)]
pub struct FarEnd {
    pub link: Link,
    pub from_source: bool,
}

impl FarEnd {
    #[must_use]
    pub const fn num(&self) -> Num {
        if self.from_source { self.link.key.target } else { self.link.key.source }
    }
}

pub(super) fn link_of(row: link::Model) -> Option<Link> {
    Some(Link {
        key: LinkKey {
            kind: LinkKind::from_code(row.kind)?,
            source: row.source,
            target: row.target,
            disc: row.disc,
        },
        details: row.details,
    })
}

/// Where a body lies.
#[must_use]
pub const fn body_place(kind: Kind, num: Num) -> Place {
    Place { table: Table::Body, kind: kind.code(), object: num }
}

/// Objects with a word that begins with `prefix`.
fn named(tenant: TenantScope, prefix: &str, seq: i64) -> SelectStatement {
    Query::select()
        .column(word::Column::Object)
        .from(word::Entity)
        .and_where(word::Column::Tenant.eq(tenant.id()))
        .and_where(word::Column::Word.gte(prefix))
        .and_where(word::Column::Word.lt(after_prefix(prefix)))
        .and_where(word::Column::FromSeq.lte(seq))
        .and_where(word::Column::ToSeq.gt(seq))
        .to_owned()
}

fn held_at(seq: i64) -> Condition {
    Condition::all().add(version::Column::FromSeq.lte(seq)).add(version::Column::ToSeq.gt(seq))
}

impl Store {
    /// Objects of a kind at a snapshot, by name, those in the recycle bin included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn browse(&self, tenant: TenantScope, query: BrowseAt<'_>) -> Result<Vec<Version>> {
        let words = fold::words(query.words);
        if let Some(few) = self.few_named(tenant, &words, query.seq).await? {
            return self.browse_few(tenant, &query, &words, &few).await;
        }
        let mut select = version::Entity::find()
            .filter(version::Column::Tenant.eq(tenant.id()))
            .filter(version::Column::Kind.eq(query.kind.code()))
            .filter(held_at(query.seq));
        for w in &words {
            select = select.filter(version::Column::Object.in_subquery(named(tenant, w, query.seq)));
        }
        if let Some((sort, num)) = query.after {
            select = select.filter(
                Expr::tuple([Expr::col(version::Column::Sort), Expr::col(version::Column::Object)])
                    .gt(Expr::tuple([Expr::value(sort), Expr::value(num)])),
            );
        }
        select
            .order_by_asc(version::Column::Sort)
            .order_by_asc(version::Column::Object)
            .limit(query.limit)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(Version::try_from)
            .collect()
    }

    /// The objects that the rarest of the words begins a word of; none when all of them are common. Walking
    /// all objects by name would be slow just where little is found.
    async fn few_named(&self, tenant: TenantScope, words: &[String], seq: i64) -> Result<Option<Vec<Num>>> {
        let mut fewest: Option<Vec<Num>> = None;
        for w in words {
            let query = named(tenant, w, seq).limit(FEW as u64 + 1).to_owned();
            let rows = self.db().read().query_all(&query).await?;
            if rows.len() <= FEW && fewest.as_ref().is_none_or(|f| rows.len() < f.len()) {
                let nums = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
                fewest = Some(nums);
            }
        }
        Ok(fewest)
    }

    /// [`Store::browse`] among a few objects.
    async fn browse_few(
        &self,
        tenant: TenantScope,
        query: &BrowseAt<'_>,
        words: &[String],
        few: &[Num],
    ) -> Result<Vec<Version>> {
        let mut found: Vec<((String, Num), Version)> = self
            .versions_at(tenant, few, query.seq)
            .await?
            .into_values()
            .filter(|v| v.kind == query.kind)
            .filter(|v| {
                let have = fold::words(&searchable(&v.name, &v.detail));
                words.iter().all(|w| have.iter().any(|h| h.starts_with(w)))
            })
            .map(|v| ((fold::fold(&v.name), v.num), v))
            .filter(|(place, _)| query.after.as_ref().is_none_or(|after| place > after))
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
        Ok(found.into_iter().map(|(_, v)| v).collect())
    }

    /// The tenant's number for an Entra id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn number_of(&self, tenant: TenantScope, id: Uuid) -> Result<Option<Identity>> {
        Ok(object::Entity::find()
            .filter(object::Column::Tenant.eq(tenant.id()))
            .filter(object::Column::EntraId.eq(id))
            .one(self.db().read())
            .await?
            .map(identity))
    }

    /// The tenant's numbers for several Entra ids; ids that it never met are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn numbers_of(&self, tenant: TenantScope, ids: &[Uuid]) -> Result<Vec<Identity>> {
        let mut out = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(NUMS) {
            let rows = object::Entity::find()
                .filter(object::Column::Tenant.eq(tenant.id()))
                .filter(object::Column::EntraId.is_in(chunk.iter().copied()))
                .all(self.db().read())
                .await?;
            out.extend(rows.into_iter().map(identity));
        }
        Ok(out)
    }

    /// The links of a kind that some sources have at a snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn links_from(
        &self,
        tenant: TenantScope,
        kind: LinkKind,
        sources: &[Num],
        seq: i64,
    ) -> Result<Vec<Link>> {
        let mut out = Vec::new();
        for chunk in sources.chunks(NUMS) {
            let rows = link::Entity::find()
                .filter(link::Column::Tenant.eq(tenant.id()))
                .filter(link::Column::Kind.eq(kind.code()))
                .filter(link::Column::Source.is_in(chunk.iter().copied()))
                .filter(link::Column::FromSeq.lte(seq))
                .filter(link::Column::ToSeq.gt(seq))
                .all(self.db().read())
                .await?;
            out.extend(rows.into_iter().filter_map(link_of));
        }
        Ok(out)
    }

    /// Which objects these numbers stand for, with the name they had at `seq` or, failing that, last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn identities(
        &self,
        tenant: TenantScope,
        nums: &HashSet<Num>,
        seq: i64,
    ) -> Result<HashMap<Num, Identity>> {
        let mut out = HashMap::with_capacity(nums.len());
        let nums: Vec<Num> = nums.iter().copied().collect();
        for chunk in nums.chunks(NUMS) {
            let rows = object::Entity::find()
                .filter(object::Column::Tenant.eq(tenant.id()))
                .filter(object::Column::Num.is_in(chunk.iter().copied()))
                .all(self.db().read())
                .await?;
            out.extend(rows.into_iter().map(|r| (r.num, identity(r))));
            // Rows come by interval: the last name at or before `seq` wins.
            let names: Vec<(i64, i64, i16, String)> = version::Entity::find()
                .select_only()
                .columns([
                    version::Column::Object,
                    version::Column::FromSeq,
                    version::Column::Kind,
                    version::Column::Name,
                ])
                .filter(version::Column::Tenant.eq(tenant.id()))
                .filter(version::Column::Object.is_in(chunk.iter().copied()))
                .filter(version::Column::FromSeq.lte(seq))
                .order_by_asc(version::Column::FromSeq)
                .into_tuple()
                .all(self.db().read())
                .await?;
            for (num, _, kind, name) in names {
                if let Some(found) = out.get_mut(&num) {
                    found.name = name;
                    found.kind = Kind::from_code(kind);
                }
            }
        }
        Ok(out)
    }

    /// The versions that these objects had at a snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn versions_at(
        &self,
        tenant: TenantScope,
        nums: &[Num],
        seq: i64,
    ) -> Result<HashMap<Num, Version>> {
        let mut out = HashMap::with_capacity(nums.len());
        for chunk in nums.chunks(NUMS) {
            for row in version::Entity::find()
                .filter(version::Column::Tenant.eq(tenant.id()))
                .filter(version::Column::Object.is_in(chunk.iter().copied()))
                .filter(held_at(seq))
                .all(self.db().read())
                .await?
            {
                out.insert(row.object, Version::try_from(row)?);
            }
        }
        Ok(out)
    }

    /// The live objects of a kind that carry all of some flags at a snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn flagged(&self, tenant: TenantScope, kind: Kind, flags: i32, seq: i64) -> Result<Vec<Num>> {
        Ok(version::Entity::find()
            .select_only()
            .column(version::Column::Object)
            .filter(version::Column::Tenant.eq(tenant.id()))
            .filter(version::Column::Kind.eq(kind.code()))
            .filter(Expr::col(version::Column::Flags).bit_and(flags).eq(flags))
            .filter(version::Column::DeletedAt.is_null())
            .filter(held_at(seq))
            .into_tuple()
            .all(self.db().read())
            .await?)
    }

    /// Every version of one object up to a snapshot, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn versions_of(
        &self,
        tenant: TenantScope,
        num: Num,
        seq: i64,
        limit: u64,
    ) -> Result<Vec<Version>> {
        version::Entity::find()
            .filter(version::Column::Tenant.eq(tenant.id()))
            .filter(version::Column::Object.eq(num))
            .filter(version::Column::FromSeq.lte(seq))
            .order_by_desc(version::Column::FromSeq)
            .limit(limit)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(Version::try_from)
            .collect()
    }

    /// The bodies of some versions, unsealed, in the order asked for.
    ///
    /// # Errors
    /// When the database cannot be read or a body was altered.
    pub async fn bodies(
        &self,
        tenant: TenantScope,
        keys: &Keys,
        wanted: &[(Kind, Num, i64)],
    ) -> Result<Vec<Vec<u8>>> {
        let mut found: HashMap<(Num, i64), Vec<u8>> = HashMap::with_capacity(wanted.len());
        for chunk in wanted.chunks(NUMS / 2) {
            let tuple = Expr::tuple([Expr::col(body::Column::Object), Expr::col(body::Column::FromSeq)]);
            let rows = body::Entity::find()
                .filter(body::Column::Tenant.eq(tenant.id()))
                .filter(tuple.in_tuples(chunk.iter().map(|(_, num, from)| (*num, *from))))
                .all(self.db().read())
                .await?;
            found.extend(rows.into_iter().map(|r| ((r.object, r.from_seq), r.sealed)));
        }
        wanted
            .iter()
            .map(|(kind, num, from)| {
                let sealed = found.get(&(*num, *from)).ok_or(Error::Inconsistent("body"))?;
                keys.open(body_place(*kind, *num), sealed)
            })
            .collect()
    }

    /// The links of one object at a snapshot, from one end, at most `limit` of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn links_of(
        &self,
        tenant: TenantScope,
        num: Num,
        end: LinksOf,
        seq: i64,
        limit: u64,
    ) -> Result<Vec<FarEnd>> {
        let from_source = end == LinksOf::Source;
        let of = link::Entity::find().filter(link::Column::Tenant.eq(tenant.id()));
        let of = if from_source {
            // Found through the primary key, which begins with the kind.
            of.filter(link::Column::Kind.is_in(LinkKind::ALL.map(LinkKind::code)))
                .filter(link::Column::Source.eq(num))
        } else {
            // Naming the kinds here would lead SQLite to walk every edge of the tenant.
            of.filter(link::Column::Target.eq(num))
        };
        Ok(of
            .filter(link::Column::FromSeq.lte(seq))
            .filter(link::Column::ToSeq.gt(seq))
            .limit(limit)
            .all(self.db().read())
            .await?
            .into_iter()
            .filter_map(link_of)
            .map(|link| FarEnd { link, from_source })
            .collect())
    }

    /// Every edge of a kind at a snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn links_at(&self, tenant: TenantScope, kind: LinkKind, seq: i64) -> Result<Vec<Link>> {
        Ok(link::Entity::find()
            .filter(link::Column::Tenant.eq(tenant.id()))
            .filter(link::Column::Kind.eq(kind.code()))
            .filter(link::Column::FromSeq.lte(seq))
            .filter(link::Column::ToSeq.gt(seq))
            .all(self.db().read())
            .await?
            .into_iter()
            .filter_map(link_of)
            .collect())
    }
}

fn identity(m: object::Model) -> Identity {
    Identity {
        num: m.num,
        kind: Kind::from_code(m.kind),
        id: m.entra_id,
        name: m.name.filter(|n| !n.is_empty()).unwrap_or_else(|| m.entra_id.to_string()),
    }
}

/// The first text after everything that begins with `prefix`, as both databases compare bytes.
fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
