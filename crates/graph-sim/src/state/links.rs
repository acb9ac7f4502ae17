//! Members, owners and managers. Links outlive a stay in the recycle bin; only a purge cuts them.

use super::history::Fact;
use super::log::{Rel, What};
use super::{Kind, NONE, Oid, Out, Tenant};

fn insert(list: &mut Vec<Oid>, oid: Oid) -> bool {
    match list.binary_search(&oid) {
        Ok(_) => false,
        Err(at) => {
            list.insert(at, oid);
            true
        }
    }
}

fn remove(list: &mut Vec<Oid>, oid: Oid) -> bool {
    list.binary_search(&oid).map(|at| list.remove(at)).is_ok()
}

impl Tenant {
    /// The links of an object, in ascending order of their targets.
    pub(crate) fn links(&self, rel: Rel, oid: Oid) -> &[Oid] {
        match (&self.object(oid).out, rel) {
            (Some(out), Rel::Members) => &out.members,
            (Some(out), Rel::Owners) => &out.owners,
            _ => &[],
        }
    }

    pub(crate) fn reports(&self, oid: Oid) -> &[Oid] {
        self.object(oid).out.as_ref().map_or(&[], |out| &out.reports)
    }

    pub(crate) fn owned(&self, oid: Oid) -> &[Oid] {
        self.object(oid).out.as_ref().map_or(&[], |out| &out.owns)
    }

    pub(crate) fn linked(&self, rel: Rel, oid: Oid, target: Oid) -> bool {
        match rel {
            Rel::Manager => self.object(oid).manager == target,
            _ => self.links(rel, oid).binary_search(&target).is_ok(),
        }
    }

    pub(crate) fn out_mut(&mut self, oid: Oid) -> &mut Out {
        self.object_mut(oid).out.get_or_insert_with(Default::default)
    }

    /// Adds a member or an owner; false when it was there already.
    pub(crate) fn link(&mut self, rel: Rel, oid: Oid, target: Oid) -> bool {
        let out = self.out_mut(oid);
        let added = match rel {
            Rel::Members => insert(&mut out.members, target),
            Rel::Owners => insert(&mut out.owners, target),
            Rel::Manager => return self.set_manager(oid, target),
        };
        if added {
            match rel {
                Rel::Members => {
                    insert(&mut self.object_mut(target).up, oid);
                    self.inherit_licences(oid, target);
                }
                _ => {
                    insert(&mut self.out_mut(target).owns, oid);
                }
            }
            self.remember(oid, Fact::Link(rel, target, true));
            self.note(oid, What::Link(rel, target));
        }
        added
    }

    /// Removes a member or an owner; false when there was none.
    pub(crate) fn unlink(&mut self, rel: Rel, oid: Oid, target: Oid) -> bool {
        let Some(out) = &mut self.object_mut(oid).out else { return false };
        let removed = match rel {
            Rel::Members => remove(&mut out.members, target),
            Rel::Owners => remove(&mut out.owners, target),
            Rel::Manager => false,
        };
        if removed {
            match rel {
                Rel::Members => {
                    remove(&mut self.object_mut(target).up, oid);
                    self.disinherit_licences(oid, target);
                }
                _ => {
                    remove(&mut self.out_mut(target).owns, oid);
                }
            }
            self.remember(oid, Fact::Link(rel, target, false));
            self.note(oid, What::Link(rel, target));
        }
        removed
    }

    /// Sets (or with `NONE` clears) a user's manager; false when nothing changed.
    pub(crate) fn set_manager(&mut self, oid: Oid, manager: Oid) -> bool {
        let old = self.object(oid).manager;
        if old == manager {
            return false;
        }
        if old != NONE {
            remove(&mut self.out_mut(old).reports, oid);
            self.remember(oid, Fact::Link(Rel::Manager, old, false));
            self.note(oid, What::Link(Rel::Manager, old));
        }
        self.object_mut(oid).manager = manager;
        if manager != NONE {
            insert(&mut self.out_mut(manager).reports, oid);
            self.remember(oid, Fact::Link(Rel::Manager, manager, true));
            self.note(oid, What::Link(Rel::Manager, manager));
        }
        true
    }

    /// Members that a listing shows: those in the recycle bin are hidden.
    pub(crate) fn live_links(&self, rel: Rel, oid: Oid) -> impl Iterator<Item = Oid> + '_ {
        self.links(rel, oid).iter().copied().filter(|target| self.is_live(*target))
    }

    /// Whether an object is in an administrative unit that restricts who manages it.
    pub(crate) fn restricted_by(&self, oid: Oid) -> Option<Oid> {
        self.object(oid).up.iter().copied().find(|up| {
            let unit = self.object(*up);
            unit.kind == Kind::Unit && self.is_live(*up) && unit.rec.is_true(crate::schema::unit::RESTRICTED)
        })
    }

    /// Every live object that is reached from one by following `next`, itself excluded.
    pub(crate) fn closure(&self, start: Oid, next: impl Fn(Oid) -> Vec<Oid>) -> Vec<Oid> {
        let mut seen = Vec::new();
        let mut todo = vec![start];
        while let Some(oid) = todo.pop() {
            for reached in next(oid) {
                if self.is_live(reached) && insert(&mut seen, reached) {
                    todo.push(reached);
                }
            }
        }
        remove(&mut seen, start);
        seen
    }
}
