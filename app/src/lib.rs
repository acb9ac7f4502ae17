//! What people see: pages, components and server functions.

// `#[component]` and `#[server]` put their functions where this lint cannot see them used.
#![allow(unreachable_pub)]

pub mod account;
pub mod address;
pub mod api;
pub mod brand;
pub mod consent;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
#[cfg(feature = "ssr")]
mod failure;
pub mod frame;
#[cfg(feature = "csr")]
pub mod gallery;
pub mod help;
pub mod live;
#[cfg(not(feature = "csr"))]
mod pages;
pub mod partner;
pub mod people;
pub mod reply;
#[cfg(not(feature = "csr"))]
mod routes;
#[cfg(feature = "ssr")]
mod shell;
pub mod tenant;
pub mod theme;
pub mod ui;
pub mod wire;

#[cfg(not(feature = "csr"))]
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
