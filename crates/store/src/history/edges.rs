//! How a capture writes edges of a later snapshot.

use std::collections::BTreeMap;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::batch::{LINK_COLUMNS, ROWS, chunks, link_values, links};
use super::bulk::Bulk;
use super::write::Writer;
use super::{Link, LinkKey, Num, OPEN};
use crate::Result;
use crate::db::Tx;
use crate::dialect::statement;
use crate::entity::{link, seen_link};

impl Writer {
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
            let tx = self.store.begin_held().await?;
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
            let tx = self.store.begin_held().await?;
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
        // A list may name a link twice, and a statement may write a row only once. The later word counts.
        let last: BTreeMap<LinkKey, Link> = links.into_iter().map(|link| (link.key.clone(), link)).collect();
        for chunk in chunks(last.into_values().collect(), ROWS) {
            let tx = self.store.begin_held().await?;
            rows.insert(&tx, link_values(chunk)).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Forgets noted edges, because a direct read showed that they are not there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unsee_links(&mut self, keys: &[LinkKey]) -> Result<()> {
        let tx = self.store.begin_held().await?;
        for k in keys {
            seen_link::Entity::delete_by_id((
                self.tenant.id(),
                k.kind.code(),
                k.source,
                k.target,
                k.disc.clone(),
            ))
            .exec(&tx)
            .await?;
        }
        tx.commit().await
    }

    /// Forgets every noted edge of one kind from one source.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unsee_source(&mut self, kind: domain::LinkKind, source: Num) -> Result<()> {
        let tx = self.store.begin_held().await?;
        seen_link::Entity::delete_many()
            .filter(seen_link::Column::Tenant.eq(self.tenant.id()))
            .filter(seen_link::Column::Kind.eq(kind.code()))
            .filter(seen_link::Column::Source.eq(source))
            .exec(&tx)
            .await?;
        tx.commit().await
    }

    /// The open edges of `kind` that a full read did not see, by source, but for those with an end in the recycle
    /// bin; and how many edges of `kind` are open in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unseen_links(&self, kind: domain::LinkKind) -> Result<(Vec<Link>, i64)> {
        let (tenant, schema, db) = (self.tenant.id(), self.store.db().schema(), self.store.db().read());
        let sql = format!(
            "SELECT * FROM link WHERE tenant = ? AND kind = ? AND to_seq = 2147483647 AND NOT EXISTS \
             (SELECT 1 FROM seen_link s WHERE s.tenant = link.tenant AND s.kind = link.kind AND s.source = link.source \
             AND s.target = link.target AND s.disc = link.disc) AND NOT {BINNED}"
        );
        let values = [tenant.into(), kind.code().into()];
        let rows = link::Entity::find().from_raw_sql(statement(schema, &sql, values)).all(db).await?;
        let open = link::Entity::find()
            .filter(link::Column::Tenant.eq(tenant))
            .filter(link::Column::Kind.eq(kind.code()))
            .filter(link::Column::ToSeq.eq(OPEN))
            .count(db)
            .await?;
        let links = rows.into_iter().filter_map(super::read::link_of).collect();
        Ok((links, i64::try_from(open).unwrap_or(i64::MAX)))
    }

    /// After a full read of the edges of `kind`: opens those seen that were not open and ends those open
    /// that were not seen, except where an end lies in the recycle bin (there Graph hides the edge).
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn settle_links(&mut self, kind: domain::LinkKind) -> Result<()> {
        let (tenant, seq, schema) = (self.tenant.id(), self.seq, self.store.db().schema());
        let tx = self.store.begin_held().await?;
        let gone = format!(
            "UPDATE link SET to_seq = ? WHERE tenant = ? AND kind = ? AND to_seq = 2147483647 AND NOT EXISTS \
             (SELECT 1 FROM seen_link s WHERE s.tenant = link.tenant AND s.kind = link.kind AND s.source = link.source \
             AND s.target = link.target AND s.disc = link.disc AND COALESCE(s.details, '') = COALESCE(link.details, '')) \
             AND NOT ({BINNED} AND NOT EXISTS (SELECT 1 FROM seen_link s WHERE s.tenant = link.tenant AND s.kind = link.kind \
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

    /// The open edges of `kind` to these targets.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_links_to(&self, kind: domain::LinkKind, targets: &[Num]) -> Result<Vec<Link>> {
        let mut out = Vec::new();
        for chunk in targets.chunks(ROWS) {
            let rows = link::Entity::find()
                .filter(link::Column::Tenant.eq(self.tenant.id()))
                .filter(link::Column::Kind.eq(kind.code()))
                .filter(link::Column::Target.is_in(chunk.iter().copied()))
                .filter(link::Column::ToSeq.eq(OPEN))
                .all(self.store.db().read())
                .await?;
            out.extend(rows.into_iter().filter_map(super::read::link_of));
        }
        Ok(out)
    }

    /// The sources that any kept snapshot shows with an edge of `kind` to one of these targets.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sources_ever(&self, kind: domain::LinkKind, targets: &[Num]) -> Result<Vec<Num>> {
        let mut out = Vec::new();
        for chunk in targets.chunks(ROWS) {
            let rows: Vec<Num> = link::Entity::find()
                .select_only()
                .column(link::Column::Source)
                .distinct()
                .filter(link::Column::Tenant.eq(self.tenant.id()))
                .filter(link::Column::Kind.eq(kind.code()))
                .filter(link::Column::Target.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(self.store.db().read())
                .await?;
            out.extend(rows);
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
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

/// Whether an end of an edge lies in the recycle bin.
const BINNED: &str = "EXISTS (SELECT 1 FROM version v WHERE v.tenant = link.tenant AND v.object IN (link.source, link.target) \
    AND v.to_seq = 2147483647 AND v.deleted_at IS NOT NULL)";

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
