//! What differs between two snapshots: decided in one place, shown by pages, followed by plans.

pub(crate) mod attributes;
mod changes;
pub(crate) mod difference;
mod object;
mod page;
mod rules;
mod who;

pub(crate) use changes::{Changes, tally};
pub(crate) use difference::{Change, Point};
pub(crate) use object::object;
pub(crate) use page::page;
pub(crate) use rules::details;
pub(crate) use who::Logs;
