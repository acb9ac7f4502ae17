//! What differs between two snapshots: two indexed reads of the rows that began or ended in between,
//! whatever the size of the tenant.

use std::collections::{BTreeMap, HashMap};

use domain::change::Sort;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{LinkKey, Num, OPEN, Version};
use crate::entity::{link, version};
use crate::scope::TenantScope;
use crate::{Result, Store};

/// An object whose two states differ.
#[derive(Clone, Debug)]
pub struct ObjectDifference {
    pub num: Num,
    pub old: Option<Version>,
    pub new: Option<Version>,
}

impl ObjectDifference {
    /// How the two states differ; none where both are in the recycle bin, or where the object came and went
    /// into the bin in between.
    #[must_use]
    pub fn sort(&self) -> Option<Sort> {
        match (self.old.as_ref().map(Version::is_live), self.new.as_ref().map(Version::is_live)) {
            (Some(_), None) => Some(Sort::PermanentlyDeleted),
            (Some(true), Some(true)) => Some(Sort::Updated),
            (Some(true), Some(false)) => Some(Sort::Deleted),
            (Some(false), Some(true)) => Some(Sort::Restored),
            (None, Some(true)) => Some(Sort::Created),
            (Some(false) | None, Some(false)) | (None, None) => None,
        }
    }
}

/// An edge that differs: there before, there now, with what details.
#[derive(Clone, Debug)]
pub struct LinkDifference {
    pub key: LinkKey,
    pub old: Option<Option<String>>,
    pub new: Option<Option<String>>,
}

/// All that differs between two snapshots.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    pub objects: HashMap<Num, ObjectDifference>,
    pub links: Vec<LinkDifference>,
}

impl Store {
    /// What differs between two snapshots, net. `from` may be after `to`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn difference(&self, tenant: TenantScope, from: i64, to: i64) -> Result<Difference> {
        let (a, b) = (from.min(to), from.max(to));
        let mut objects: HashMap<Num, ObjectDifference> = HashMap::new();
        // The literals repeat the conditions of the partial indexes, so that they can be used. They come
        // last: SQLite bounds its walk through the index by the first condition of either direction.
        let ended = version::Entity::find()
            .filter(version::Column::Tenant.eq(tenant.id()))
            .filter(version::Column::ToSeq.gt(a))
            .filter(version::Column::ToSeq.lte(b))
            .filter(version::Column::FromSeq.lte(a))
            .filter(version::Column::ToSeq.lt(OPEN))
            .all(self.db().read())
            .await?;
        let begun = version::Entity::find()
            .filter(version::Column::Tenant.eq(tenant.id()))
            .filter(version::Column::FromSeq.gt(a))
            .filter(version::Column::FromSeq.lte(b))
            .filter(version::Column::ToSeq.gt(b))
            .filter(version::Column::FromSeq.gt(1))
            .all(self.db().read())
            .await?;
        for row in ended {
            let num = row.object;
            let slot = objects.entry(num).or_insert(ObjectDifference { num, old: None, new: None });
            slot.old = Some(Version::try_from(row)?);
        }
        for row in begun {
            let num = row.object;
            let slot = objects.entry(num).or_insert(ObjectDifference { num, old: None, new: None });
            slot.new = Some(Version::try_from(row)?);
        }
        // Net: what changed and changed back is no difference.
        objects.retain(|_, o| match (&o.old, &o.new) {
            (Some(old), Some(new)) => old.digest != new.digest || old.is_live() != new.is_live(),
            _ => true,
        });

        let ended = link::Entity::find()
            .filter(link::Column::Tenant.eq(tenant.id()))
            .filter(link::Column::ToSeq.gt(a))
            .filter(link::Column::ToSeq.lte(b))
            .filter(link::Column::FromSeq.lte(a))
            .filter(link::Column::ToSeq.lt(OPEN))
            .all(self.db().read())
            .await?;
        let begun = link::Entity::find()
            .filter(link::Column::Tenant.eq(tenant.id()))
            .filter(link::Column::FromSeq.gt(a))
            .filter(link::Column::FromSeq.lte(b))
            .filter(link::Column::ToSeq.gt(b))
            .filter(link::Column::FromSeq.gt(1))
            .all(self.db().read())
            .await?;
        let mut links: BTreeMap<LinkKey, LinkDifference> = BTreeMap::new();
        for (row, is_old) in ended.into_iter().map(|r| (r, true)).chain(begun.into_iter().map(|r| (r, false)))
        {
            let Some(l) = super::read::link_of(row) else { continue };
            if !l.key.kind.is_change() {
                continue;
            }
            let slot =
                links.entry(l.key.clone()).or_insert(LinkDifference { key: l.key, old: None, new: None });
            *(if is_old { &mut slot.old } else { &mut slot.new }) = Some(l.details);
        }
        let mut links: Vec<LinkDifference> = links.into_values().filter(|l| l.old != l.new).collect();

        if from > to {
            for o in objects.values_mut() {
                std::mem::swap(&mut o.old, &mut o.new);
            }
            for l in &mut links {
                std::mem::swap(&mut l.old, &mut l.new);
            }
        }
        Ok(Difference { objects, links })
    }
}
