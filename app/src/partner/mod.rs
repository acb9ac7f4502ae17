//! The Partner Portal: what a partner sells, to whom, and how their backups stand.

pub mod audit;
pub mod bills;
pub mod branch;
pub mod branding;
mod confirm;
pub mod dashboard;
pub mod features;
pub mod mail;
pub mod notices;
pub mod organizations;
#[cfg(not(feature = "csr"))]
mod pages;
pub(crate) mod parts;
pub mod paths;
pub mod plans;
pub mod security;
pub mod server;
pub mod transfers;
pub mod users;
mod words;

#[cfg(not(feature = "csr"))]
pub use pages::{Page, own};
pub use parts::{none, settle, trail};

pub(crate) use words::event;
