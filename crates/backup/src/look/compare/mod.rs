//! What differs between two snapshots, as pages show it.

mod attributes;
mod changes;
mod object;
mod page;
mod who;

pub(crate) use changes::tally;
pub(crate) use object::object;
pub(crate) use page::page;
