//! The words and rules that the browser and the server share. No input or output happens here, and
//! everything compiles to WASM.

pub mod access;
pub mod account;
pub mod api_token;
pub mod audit;
pub mod author;
pub mod bill;
pub mod billing;
pub mod brand;
pub mod bulk;
pub mod capture;
pub mod change;
pub mod colour;
pub mod connection;
pub mod country;
pub mod descriptor;
pub mod feature;
pub mod flags;
pub mod fold;
pub mod help;
pub mod kind;
pub mod link;
pub mod mail;
pub mod money;
pub mod notice;
pub mod partner;
pub mod people;
pub mod permission;
pub mod plan;
pub mod price_plan;
pub mod product;
pub mod seats;
pub mod subscription;
pub mod transfer;
pub mod view;

pub use kind::{Kind, LinkKind};

/// The number of a published snapshot within its tenant, counted from 1.
pub type Seq = i64;
