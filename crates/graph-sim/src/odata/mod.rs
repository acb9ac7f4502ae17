//! The query options of OData that Graph has.

pub(crate) mod expand;
pub(crate) mod filter;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod search;
pub(crate) mod select;
