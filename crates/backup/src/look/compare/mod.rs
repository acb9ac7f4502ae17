//! What differs between two snapshots, as pages show it.

mod attributes;
pub(crate) mod changes;
mod object;
mod page;
mod who;

pub(crate) use object::object;
pub(crate) use page::page;
