//! What the product says of two snapshots, in the words of the oracle.

use std::collections::{BTreeMap, BTreeSet};

use domain::capture::{NotCompared, ReadScope};
use domain::change::{Filter, ObjectRef, Sort};

use super::oracle::{Expected, Item, link_of};
use crate::world::World;

pub struct Said {
    pub rows: BTreeMap<ObjectRef, Sort>,
    pub items: BTreeSet<Item>,
    pub not_compared: Vec<NotCompared>,
    /// Where the product contradicts itself.
    pub problems: Vec<String>,
}

impl Said {
    pub async fn of(world: &World, from: i64, to: i64) -> Said {
        let mut said = Said {
            rows: BTreeMap::new(),
            items: BTreeSet::new(),
            not_compared: Vec::new(),
            problems: Vec::new(),
        };
        let mut after: Option<String> = None;
        loop {
            let page = world
                .backup
                .compare(&world.actor, world.id(), from, to, &Filter::default(), after.as_deref())
                .await
                .unwrap();
            for row in &page.rows {
                said.rows.insert(row.object, row.sort);
                said.object(
                    world,
                    from,
                    to,
                    row.object,
                    (row.attributes, row.links_added, row.links_removed),
                )
                .await;
            }
            after = page.next;
            if after.is_none() {
                let tallied: i64 = page.tallies.iter().map(|t| t.total()).sum();
                let rows = said.rows.len() as i64;
                if (page.shown, tallied) != (rows, rows) {
                    said.problems
                        .push(format!("{rows} rows, but shown {} and tallied {tallied}", page.shown));
                }
                said.not_compared = page.not_compared;
                return said;
            }
        }
    }

    async fn object(
        &mut self,
        world: &World,
        from: i64,
        to: i64,
        object: ObjectRef,
        counts: (i64, i64, i64),
    ) {
        let change = world.backup.object_change(&world.actor, world.id(), from, to, object).await.unwrap();
        let sort = change.row.sort;
        if sort == Sort::Updated && change.attributes.is_empty() && change.links.is_empty() {
            self.problems.push(format!("{object} is said to be updated, but nothing of it is"));
        }
        if counts.0 != change.attributes.len() as i64 {
            self.problems.push(format!(
                "{object} has {} attributes, not {}",
                change.attributes.len(),
                counts.0
            ));
        }
        if sort != Sort::Updated {
            self.items.insert(Item::Life { object, sort });
        }
        // What was deleted or restored is told as a whole; its attributes are not the oracle's business.
        if sort == Sort::Updated {
            let names = change.attributes.iter().map(|a| Item::Attribute { object, name: a.name.clone() });
            self.items.extend(names);
        }
        self.items.extend(change.links.iter().filter_map(|l| link_of(object, l)));
    }

    /// Whether an object is an end of a link that is told.
    pub fn links(&self, id: uuid::Uuid) -> bool {
        self.items
            .iter()
            .any(|item| matches!(item, Item::Link { source, target, .. } if *source == id || *target == id))
    }

    pub fn has_attributes(&self, object: &ObjectRef) -> bool {
        self.items.iter().any(|item| matches!(item, Item::Attribute { object: o, .. } if o == object))
    }

    fn lacks(&self, scope: ReadScope) -> bool {
        self.not_compared.iter().any(|n| n.scope == scope)
    }

    /// Whether an object is said to be gone in another way, where the recycle bin could not be read.
    pub fn tells_deletion_otherwise(&self, item: &Item) -> bool {
        let Item::Life { object, sort } = item else { return false };
        sort.is_deletion()
            && self.lacks(ReadScope::RecycleBin(object.kind))
            && self.rows.get(object).is_some_and(|said| said.is_deletion())
    }

    /// Whether a part that is not told is named as not compared.
    pub fn names(&self, item: &Item, expected: &Expected) -> bool {
        super::scopes(item, expected).into_iter().any(|scope| self.lacks(scope))
    }
}
