//! The first round of a delta: every object, in pages that repeat and slice as the service's do.
//!
//! The first pass goes upwards and gives each object with its first members; the second goes
//! downwards with the members that are left, and repeats some objects; more passes repeat all.

use crate::state::log::Rel;
use crate::state::{Kind, Life, Oid, Tenant};

/// Members that come with an object's first appearance, and with each later one.
const FIRST_SLICE: usize = 50;
const LATER_SLICE: usize = 200;

/// Where the walk stands: the last object given, and in it the last member.
#[derive(Clone, Copy, Default)]
pub(super) struct Cursor {
    pub(super) pass: u8,
    pub(super) after: Option<Oid>,
    pub(super) member: Option<Oid>,
}

/// One appearance of an object.
pub(super) struct Appearance {
    pub(super) oid: Oid,
    pub(super) removed: bool,
    pub(super) members: Vec<Oid>,
    pub(super) owners: bool,
}

impl Cursor {
    /// The next appearance, or nothing when the round is over.
    pub(super) fn next(&mut self, t: &Tenant, kind: Kind, links: bool, repeats: u8) -> Option<Appearance> {
        loop {
            let found = match self.pass {
                0 => self.upwards(t, kind, links),
                1 if links => self.downwards(t, kind),
                n if links && n < 2 + repeats => self.again(t, kind),
                _ => return None,
            };
            if found.is_some() {
                return found;
            }
            *self = Self { pass: self.pass + 1, after: None, member: None };
        }
    }

    fn upwards(&mut self, t: &Tenant, kind: Kind, links: bool) -> Option<Appearance> {
        let set = &t.sets[kind as usize];
        let start = self.after.map_or(0, |after| set.partition_point(|oid| *oid <= after));
        let oid = *set[start..].iter().find(|oid| t.object(**oid).life != Life::Purged)?;
        self.after = Some(oid);
        if t.object(oid).life == Life::Bin {
            return Some(Appearance { oid, removed: true, members: Vec::new(), owners: false });
        }
        let members = if links { slice(t, oid, None, FIRST_SLICE) } else { Vec::new() };
        Some(Appearance { oid, removed: false, members, owners: links })
    }

    fn downwards(&mut self, t: &Tenant, kind: Kind) -> Option<Appearance> {
        let set = &t.sets[kind as usize];
        if let (Some(oid), Some(member)) = (self.after, self.member) {
            let members = slice(t, oid, Some(member), LATER_SLICE);
            if !members.is_empty() && t.is_live(oid) {
                self.member = members.last().copied();
                return Some(Appearance { oid, removed: false, members, owners: false });
            }
            self.member = None;
        }
        let end = self.after.map_or(set.len(), |after| set.partition_point(|oid| *oid < after));
        for (at, &oid) in set[..end].iter().enumerate().rev() {
            self.after = Some(oid);
            if !t.is_live(oid) {
                continue;
            }
            let first = slice(t, oid, None, FIRST_SLICE);
            let members = match first.last() {
                Some(last) if first.len() == FIRST_SLICE => slice(t, oid, Some(*last), LATER_SLICE),
                _ => Vec::new(),
            };
            if !members.is_empty() {
                self.member = members.last().copied();
            } else if at % 8 != 5 {
                continue;
            }
            return Some(Appearance { oid, removed: false, members, owners: false });
        }
        None
    }

    fn again(&mut self, t: &Tenant, kind: Kind) -> Option<Appearance> {
        let mut found = self.upwards(t, kind, false)?;
        if !found.removed {
            found.members = slice(t, found.oid, None, 2);
        }
        Some(found)
    }
}

fn slice(t: &Tenant, oid: Oid, after: Option<Oid>, limit: usize) -> Vec<Oid> {
    let all = t.links(Rel::Members, oid);
    let start = after.map_or(0, |after| all.partition_point(|m| *m <= after));
    all[start..].iter().copied().filter(|m| t.is_live(*m)).take(limit).collect()
}
