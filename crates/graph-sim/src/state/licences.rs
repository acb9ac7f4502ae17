//! Licences: direct ones, and those that come with a group.

use uuid::Uuid;

use super::history::Fact;
use super::log::What;
use super::{Kind, Life, NONE, Oid, Tenant};
use crate::schema;

/// A product that the tenant subscribes to.
#[derive(Clone)]
pub(crate) struct Sku {
    pub(crate) id: Uuid,
    pub(crate) part: &'static str,
    pub(crate) enabled: u32,
    pub(crate) consumed: u32,
    pub(crate) plans: Vec<(Uuid, &'static str)>,
}

/// One product assigned to one user or group, one way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Licence {
    pub(crate) sku: u8,
    /// Bit `i`: the product's plan `i` is switched off.
    pub(crate) disabled: u32,
    /// The group it comes with, or `NONE` for a direct one.
    pub(crate) by: Oid,
    pub(crate) at: i64,
    /// Why it is not in effect.
    pub(crate) trouble: Option<Trouble>,
}

impl Licence {
    pub(crate) fn direct(sku: u8, disabled: u32, at: i64) -> Self {
        Self { sku, disabled, by: NONE, at, trouble: None }
    }
}

/// Why an assignment failed (<https://learn.microsoft.com/graph/api/resources/licenseassignmentstate>).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    CountViolation,
    MutuallyExclusiveViolation,
    DependencyViolation,
    ProhibitedInUsageLocationViolation,
    UniquenessViolation,
    Other,
}

impl Trouble {
    const ALL: [Self; 6] = [
        Self::CountViolation,
        Self::MutuallyExclusiveViolation,
        Self::DependencyViolation,
        Self::ProhibitedInUsageLocationViolation,
        Self::UniquenessViolation,
        Self::Other,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CountViolation => "CountViolation",
            Self::MutuallyExclusiveViolation => "MutuallyExclusiveViolation",
            Self::DependencyViolation => "DependencyViolation",
            Self::ProhibitedInUsageLocationViolation => "ProhibitedInUsageLocationViolation",
            Self::UniquenessViolation => "UniquenessViolation",
            Self::Other => "Other",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.name() == name)
    }
}

impl Tenant {
    pub(crate) fn licences_of(&self, oid: Oid) -> &[Licence] {
        self.licences.get(&oid).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn sku(&self, id: &str) -> Option<u8> {
        let id = Uuid::try_parse(id).ok()?;
        self.skus.iter().position(|s| s.id == id).map(|i| i as u8)
    }

    /// Products in effect: a plan is off only when every assignment switches it off. An assignment in an
    /// error state gives nothing.
    pub(crate) fn effective_licences(&self, oid: Oid) -> Vec<(u8, u32)> {
        let mut effective: Vec<(u8, u32)> = Vec::new();
        for licence in self.licences_of(oid).iter().filter(|l| l.trouble.is_none()) {
            match effective.iter_mut().find(|(sku, _)| *sku == licence.sku) {
                Some((_, disabled)) => *disabled &= licence.disabled,
                None => effective.push((licence.sku, licence.disabled)),
            }
        }
        effective
    }

    /// Adds or replaces one licence, keeping the counts, and lets a group's members inherit it.
    pub(crate) fn put_licence(&mut self, oid: Oid, licence: Licence) {
        self.edit_licences(oid, |list| match list.iter_mut().find(|l| same_source(l, &licence)) {
            Some(old) => *old = licence,
            None => {
                list.push(licence);
                list.sort_by_key(|l| (l.sku, l.by != NONE, l.by));
            }
        });
        if self.object(oid).kind == Kind::Group {
            for member in self.links(super::log::Rel::Members, oid).to_vec() {
                self.inherit_licences(oid, member);
            }
        }
    }

    pub(crate) fn take_licence(&mut self, oid: Oid, sku: u8, by: Oid) {
        self.edit_licences(oid, |list| list.retain(|l| l.sku != sku || l.by != by));
        if self.object(oid).kind == Kind::Group {
            for member in self.links(super::log::Rel::Members, oid).to_vec() {
                self.take_licence(member, sku, oid);
            }
        }
    }

    /// Puts an assignment into an error state or takes it out of it; false when there is none.
    pub(crate) fn trouble_licence(&mut self, oid: Oid, sku: u8, by: Oid, trouble: Option<Trouble>) -> bool {
        let Some(held) = self.licences_of(oid).iter().find(|l| l.sku == sku && l.by == by).copied() else {
            return false;
        };
        let at = self.now;
        self.put_licence(oid, Licence { at, trouble, ..held });
        true
    }

    /// Whether a member has an error with a license that comes with a group.
    pub(crate) fn troubled_members(&self, group: Oid) -> bool {
        self.live_links(super::log::Rel::Members, group)
            .any(|m| self.licences_of(m).iter().any(|l| l.by == group && l.trouble.is_some()))
    }

    /// A new member gets what the group gives.
    pub(super) fn inherit_licences(&mut self, group: Oid, member: Oid) {
        if self.object(member).kind != Kind::User || self.object(group).kind != Kind::Group {
            return;
        }
        for licence in self.licences_of(group).to_vec() {
            let at = self.now;
            self.put_licence(member, Licence { by: group, at, ..licence });
        }
    }

    pub(super) fn disinherit_licences(&mut self, group: Oid, member: Oid) {
        for licence in self.licences_of(group).to_vec() {
            self.take_licence(member, licence.sku, group);
        }
    }

    pub(super) fn clear_licences(&mut self, oid: Oid) {
        for licence in self.licences_of(oid).to_vec() {
            self.take_licence(oid, licence.sku, licence.by);
        }
    }

    fn edit_licences(&mut self, oid: Oid, edit: impl FnOnce(&mut Vec<Licence>)) {
        let before = self.effective_licences(oid);
        let held = self.licences_of(oid).to_vec();
        edit(self.licences.entry(oid).or_default());
        if self.licences_of(oid).is_empty() {
            self.licences.remove(&oid);
        }
        let after = self.effective_licences(oid);
        if self.recording && held != self.licences_of(oid) {
            let now = self.licences_of(oid).to_vec();
            self.remember(oid, Fact::Licences(held, now));
        }
        if self.object(oid).kind == Kind::User {
            for (sku, _) in &before {
                self.skus[*sku as usize].consumed -= 1;
            }
            for (sku, _) in &after {
                self.skus[*sku as usize].consumed += 1;
            }
        }
        // Delta tracks the products in effect, not how they came about.
        if before != after && self.object(oid).life == Life::Live {
            let prop = match self.object(oid).kind {
                Kind::User => schema::user::ASSIGNED_LICENSES,
                _ => schema::group::ASSIGNED_LICENSES,
            };
            self.note(oid, What::Props(1 << prop));
        }
    }
}

fn same_source(a: &Licence, b: &Licence) -> bool {
    a.sku == b.sku && a.by == b.by
}
