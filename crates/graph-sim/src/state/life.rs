//! Soft delete, restore, purge.

use super::audit::Actor;
use super::history::Fact;
use super::log::{Rel, What};
use super::{BIN_SECS, Kind, Life, NONE, Oid, Tenant};

impl Tenant {
    /// Whether deleting a kind of object puts it in the recycle bin.
    pub(crate) fn has_bin(&self, oid: Oid) -> bool {
        use crate::schema::group;
        let object = self.object(oid);
        match object.kind {
            Kind::User | Kind::Unit | Kind::Sp => true,
            Kind::RoleDef => self.role_bin,
            // Groups that Exchange masters have no bin here.
            Kind::Group => {
                !object.rec.is_true(group::MAIL_ENABLED)
                    || object.rec.strs(group::GROUP_TYPES).iter().any(|t| t == "Unified")
            }
            Kind::Role | Kind::Device | Kind::Contact => false,
        }
    }

    /// Deletes: into the bin where there is one, for good where there is none.
    pub(crate) fn delete(&mut self, oid: Oid) {
        if self.has_bin(oid) {
            self.hold_keys(oid, false);
            let now = self.now;
            let object = self.object_mut(oid);
            object.life = Life::Bin;
            object.deleted_at = now;
            self.bin.insert((now, oid));
            self.remember(oid, Fact::Life(Life::Live, Life::Bin));
            self.note(oid, What::Life);
            self.dynamic_follow(oid);
        } else {
            self.purge(oid);
        }
    }

    /// Brings an object back from the bin with every link it had. Delta tells that it is back, and no
    /// page promises that it also tells the links.
    pub(crate) fn restore(&mut self, oid: Oid) {
        let at = self.object(oid).deleted_at;
        self.bin.remove(&(at, oid));
        let object = self.object_mut(oid);
        object.life = Life::Live;
        object.deleted_at = 0;
        self.hold_keys(oid, true);
        self.remember(oid, Fact::Life(Life::Bin, Life::Live));
        self.note(oid, What::Life);
        if self.undelete_tells_links {
            self.note_links(oid);
        }
        self.dynamic_follow(oid);
    }

    /// Makes delta tell every link of an object, and of others to it.
    fn note_links(&mut self, oid: Oid) {
        for rel in [Rel::Members, Rel::Owners] {
            for target in self.links(rel, oid).to_vec() {
                self.note(oid, What::Link(rel, target));
            }
        }
        let manager = self.object(oid).manager;
        if manager != NONE {
            self.note(oid, What::Link(Rel::Manager, manager));
        }
        for up in self.object(oid).up.clone() {
            self.note(up, What::Link(Rel::Members, oid));
        }
        for owned in self.owned(oid).to_vec() {
            self.note(owned, What::Link(Rel::Owners, oid));
        }
        for report in self.reports(oid).to_vec() {
            self.note(report, What::Link(Rel::Manager, oid));
        }
    }

    /// Ends an object for good and cuts its links.
    pub(crate) fn purge(&mut self, oid: Oid) {
        if self.object(oid).life == Life::Live {
            self.hold_keys(oid, false);
        }
        let at = self.object(oid).deleted_at;
        self.bin.remove(&(at, oid));
        for up in self.object(oid).up.clone() {
            self.unlink(Rel::Members, up, oid);
        }
        for owned in self.owned(oid).to_vec() {
            self.unlink(Rel::Owners, owned, oid);
        }
        for report in self.reports(oid).to_vec() {
            self.set_manager(report, NONE);
        }
        for rel in [Rel::Members, Rel::Owners] {
            for target in self.links(rel, oid).to_vec() {
                self.unlink(rel, oid, target);
            }
        }
        self.set_manager(oid, NONE);
        self.drop_roles_of(oid);
        self.clear_licences(oid);
        self.dynamic.retain(|group| *group != oid);
        let before = std::mem::replace(&mut self.object_mut(oid).life, Life::Purged);
        self.remember(oid, Fact::Life(before, Life::Purged));
        self.note(oid, What::Life);
    }

    /// Lets time pass: what was 30 days in the bin goes, roles begin and end, each at its own time.
    pub(crate) fn tick(&mut self, now: i64) {
        while let Some(due) = self.due().filter(|due| *due <= now) {
            self.now = due;
            self.actor = Actor::Directory;
            while let Some((at, oid)) = self.bin.first().copied().filter(|(at, _)| at + BIN_SECS <= due) {
                debug_assert_eq!(self.object(oid).deleted_at, at);
                self.purge(oid);
            }
            self.end_roles();
            self.begin_roles();
        }
        self.now = now;
    }

    /// When the next thing happens by itself.
    fn due(&self) -> Option<i64> {
        self.bin.first().map(|(at, _)| at + BIN_SECS).into_iter().chain(self.roles_due()).min()
    }

    /// Whether `tick` has something to do, so that reads need no exclusive lock.
    pub(crate) fn overdue(&self, now: i64) -> bool {
        self.due().is_some_and(|due| due <= now)
    }
}
