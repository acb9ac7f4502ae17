//! The End-User Portal: one tenant's snapshots, what is in them, what changed, and the way back.

pub mod browse;
pub mod compare;
pub mod connect;
pub mod connection;
pub mod notices;
pub mod object;
pub mod overview;
#[cfg(not(feature = "csr"))]
mod pages;
pub(crate) mod parts;
mod paths;
pub mod restore;
pub mod restores;
pub mod snapshots;
pub mod users;
pub mod visits;
pub(crate) mod words;

#[cfg(not(feature = "csr"))]
pub use pages::{Page, own};
