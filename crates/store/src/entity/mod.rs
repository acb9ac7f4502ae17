//! The rows as they lie in the database.


mod backup;
mod portal;

pub(crate) use backup::*;
pub(crate) use portal::*;
