//! The change log of each kind, and what a delta reads out of it.

use std::collections::HashMap;

use super::{Kind, Oid, Tenant};

/// One thing that happened to an object.
#[derive(Clone)]
pub(crate) struct Change {
    pub(crate) oid: Oid,
    pub(crate) what: What,
}

/// What happened.
#[derive(Clone, Copy)]
pub(crate) enum What {
    /// Properties were written: a bit a property.
    Props(u128),
    /// Created, deleted, restored or purged.
    Life,
    /// A link was added or removed; which one it is now is asked when the delta is read.
    Link(Rel, Oid),
}

/// The relations that delta tracks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rel {
    Members,
    Owners,
    Manager,
}

/// Everything that happened to one object since a position.
#[derive(Default)]
pub(crate) struct Net {
    pub(crate) props: u128,
    pub(crate) life: bool,
    pub(crate) links: Vec<(Rel, Oid)>,
}

impl Tenant {
    /// The objects of a kind that changed in `from..to`, in order of their first change.
    pub(crate) fn changes(&self, kind: Kind, from: usize, to: usize) -> Vec<(Oid, Net)> {
        let log = &self.logs[kind as usize];
        let mut place: HashMap<Oid, usize> = HashMap::new();
        let mut nets: Vec<(Oid, Net)> = Vec::new();
        for change in log.get(from..to.min(log.len())).unwrap_or_default() {
            let at = *place.entry(change.oid).or_insert_with(|| {
                nets.push((change.oid, Net::default()));
                nets.len() - 1
            });
            let net = &mut nets[at].1;
            match change.what {
                What::Props(mask) => net.props |= mask,
                What::Life => net.life = true,
                What::Link(rel, target) => net.links.push((rel, target)),
            }
        }
        for (_, net) in &mut nets {
            net.links.sort_unstable_by_key(|(rel, target)| (*rel as u8, *target));
            net.links.dedup();
        }
        nets
    }
}
