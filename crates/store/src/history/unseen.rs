//! What single objects did not show. Rows have intervals like versions and links: at snapshot `s` an aspect was
//! unseen when `from_seq <= s < to_seq`. What was known of it is carried forward, and compared with nothing.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::LinkKind;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::batch::ROWS;
use super::write::Writer;
use super::{Num, OPEN};
use crate::entity::unseen;
use crate::scope::TenantScope;
use crate::time::instant;
use crate::{Result, Store};

/// What of an object was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// Whether it is still there: it is missing from lists and from the recycle bin, which is not proof enough.
    Existence,
    /// All of its links, from either end.
    Links,
    /// Its links of one kind, from either end.
    Relation(LinkKind),
}

impl Aspect {
    /// The number that stands for it in the database. Never reused, never changed.
    const fn code(self) -> i16 {
        match self {
            Aspect::Existence => -1,
            Aspect::Links => 0,
            Aspect::Relation(kind) => kind.code(),
        }
    }

    fn from_code(code: i16) -> Option<Aspect> {
        match code {
            -1 => Some(Aspect::Existence),
            0 => Some(Aspect::Links),
            other => LinkKind::from_code(other).map(Aspect::Relation),
        }
    }
}

/// An aspect of an object that is unseen in the newest snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    pub num: Num,
    pub aspect: Aspect,
    /// When the capture began that first missed it.
    pub since: DateTime<Utc>,
}

/// The aspects that were unseen at one or more snapshots.
#[derive(Clone, Debug, Default)]
pub struct UnseenAt(HashSet<(Num, Aspect)>);

impl UnseenAt {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether links of `kind` of this object were unseen.
    #[must_use]
    pub fn links(&self, num: Num, kind: LinkKind) -> bool {
        self.0.contains(&(num, Aspect::Links)) || self.0.contains(&(num, Aspect::Relation(kind)))
    }

    /// Whether it was unclear that the object is there.
    #[must_use]
    pub fn existence(&self, num: Num) -> bool {
        self.0.contains(&(num, Aspect::Existence))
    }

    /// Every object and aspect.
    pub fn iter(&self) -> impl Iterator<Item = (Num, Aspect)> {
        self.0.iter().copied()
    }
}

impl Writer {
    /// What is unseen up to now, what this capture noted included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unseen(&self) -> Result<Vec<Unseen>> {
        let rows = unseen::Entity::find()
            .filter(unseen::Column::Tenant.eq(self.tenant.id()))
            .filter(unseen::Column::ToSeq.eq(OPEN))
            .all(self.store.db().read())
            .await?;
        let row = |m: unseen::Model| {
            Some(Unseen { num: m.object, aspect: Aspect::from_code(m.aspect)?, since: instant(m.since) })
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }

    /// Notes that an aspect of some objects could not be seen; what is noted already stays as it is.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn note_unseen(&mut self, nums: &[Num], aspect: Aspect, since: DateTime<Utc>) -> Result<()> {
        let open: HashSet<Num> =
            self.unseen().await?.into_iter().filter(|u| u.aspect == aspect).map(|u| u.num).collect();
        // One statement may write a row only once.
        let fresh: HashSet<Num> = nums.iter().copied().filter(|n| !open.contains(n)).collect();
        let fresh: Vec<Num> = fresh.into_iter().collect();
        for chunk in fresh.chunks(ROWS) {
            let rows = chunk.iter().map(|num| unseen::ActiveModel {
                tenant: Set(self.tenant.id()),
                object: Set(*num),
                aspect: Set(aspect.code()),
                from_seq: Set(self.seq),
                to_seq: Set(OPEN),
                since: Set(since.timestamp_millis()),
            });
            // Noted, seen and noted again within one capture.
            let again = OnConflict::columns([
                unseen::Column::Tenant,
                unseen::Column::Object,
                unseen::Column::Aspect,
                unseen::Column::FromSeq,
            ])
            .update_columns([unseen::Column::ToSeq, unseen::Column::Since])
            .to_owned();
            let tx = self.store.begin_held().await?;
            unseen::Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notes that an aspect of some objects is seen again from this snapshot on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_seen(&mut self, nums: &[Num], aspect: Aspect) -> Result<()> {
        for chunk in nums.chunks(ROWS) {
            let tx = self.store.begin_held().await?;
            unseen::Entity::update_many()
                .filter(unseen::Column::Tenant.eq(self.tenant.id()))
                .filter(unseen::Column::Object.is_in(chunk.iter().copied()))
                .filter(unseen::Column::Aspect.eq(aspect.code()))
                .filter(unseen::Column::ToSeq.eq(OPEN))
                .col_expr(unseen::Column::ToSeq, Expr::value(self.seq))
                .exec(&tx)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notes that nothing of some objects is unseen any more, because they are gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_unseen(&mut self, nums: &[Num]) -> Result<()> {
        let tx = self.store.begin_held().await?;
        for chunk in nums.chunks(ROWS) {
            unseen::Entity::update_many()
                .filter(unseen::Column::Tenant.eq(self.tenant.id()))
                .filter(unseen::Column::Object.is_in(chunk.iter().copied()))
                .filter(unseen::Column::ToSeq.eq(OPEN))
                .col_expr(unseen::Column::ToSeq, Expr::value(self.seq))
                .exec(&tx)
                .await?;
        }
        tx.commit().await
    }
}

impl Store {
    /// What was unseen at any of these snapshots.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unseen_at(&self, tenant: TenantScope, seqs: &[i64]) -> Result<UnseenAt> {
        let mut out = UnseenAt::default();
        for seq in seqs {
            let rows = unseen::Entity::find()
                .filter(unseen::Column::Tenant.eq(tenant.id()))
                .filter(unseen::Column::FromSeq.lte(*seq))
                .filter(unseen::Column::ToSeq.gt(*seq))
                .all(self.db().read())
                .await?;
            out.0.extend(rows.into_iter().filter_map(|m| Some((m.object, Aspect::from_code(m.aspect)?))));
        }
        Ok(out)
    }
}
