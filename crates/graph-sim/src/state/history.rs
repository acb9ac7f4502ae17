//! What was done to the directory, in order, with the value before: an oracle of changes.
//!
//! The audit log tells as much as Microsoft's does and names what was asked for; this tells what came of
//! it, whoever may see it, down to what time did by itself.

use super::audit::Actor;
use super::licences::Licence;
use super::log::Rel;
use super::roles::{Assignment, Eligibility, Scope};
use super::{Life, Oid, Tenant};
use crate::record::{PropId, Record};

/// The raw text of a property's value; nothing when it is unset.
pub(crate) type Text = Option<Box<[u8]>>;

/// One thing that was done.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) at: i64,
    pub(crate) by: Actor,
    /// Whom or what it was done to.
    pub(crate) oid: Oid,
    pub(crate) fact: Fact,
}

/// What was done.
#[derive(Clone)]
pub(crate) enum Fact {
    Created(Record),
    /// Deleted, restored or purged.
    Life(Life, Life),
    Set(PropId, Text, Text),
    /// The other end, and whether the link is there now.
    Link(Rel, Oid, bool),
    /// A role held at a scope, before and now.
    Role(Oid, Scope, Option<Box<Assignment>>, Option<Box<Assignment>>),
    Eligible(Oid, Scope, Option<Box<Eligibility>>, Option<Box<Eligibility>>),
    Licences(Vec<Licence>, Vec<Licence>),
}

impl Tenant {
    /// Writes down what was just done.
    pub(crate) fn remember(&mut self, oid: Oid, fact: Fact) {
        if self.recording {
            let (at, by) = (self.now, self.actor.clone());
            self.history.push(Entry { at, by, oid, fact });
        }
    }

    /// The position of the first entry after a time.
    pub(crate) fn history_after(&self, at: i64) -> usize {
        self.history.partition_point(|entry| entry.at <= at)
    }
}
