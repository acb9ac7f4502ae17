//! Microsoft Graph over HTTP.
//!
//! A [`Client`] is one app's connection to one tenant. It signs in, paces itself by the quotas that
//! all clients of the process share ([`Budgets`]), tries again what may be tried again, and says of
//! every failure what it means to a person ([`Meaning`]) and, for a write, whether it may have
//! happened ([`Error::outcome_unknown`]).
//!
//! Nothing here knows what a backup is.
#![warn(missing_docs)]

mod batch;
mod bucket;
mod budget;
mod client;
mod cost;
mod credential;
mod error;
mod hosts;
mod http;
mod meaning;
mod meter;
pub mod oidc;
mod pages;
pub mod path;
mod places;
mod retry;
mod text;
mod token;
mod write;

pub use batch::{BatchAnswer, BatchItem};
pub use bucket::Quota;
pub use budget::{Budgets, Quotas};
pub use client::Client;
pub use credential::{BadKey, Credential, Proof};
pub use error::{Detail, Error};
pub use hosts::{Cloud, Hosts, UnknownCloud};
pub use http::{Http, Timeouts, install_crypto};
pub use meaning::Meaning;
pub use meter::MeterReading;
pub use pages::{Page, Pages};
pub use retry::Patience;
pub use write::{Method, Write};
