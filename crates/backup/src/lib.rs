//! The backup engine: capture, compare, browse, restore. Its face is [`Backup`]; permission is decided
//! there, before anything is read.

pub mod capture;
mod clock;
mod connect;
mod error;
mod look;
mod obstacle;
mod restore;
mod service;
mod shown;

pub use clock::{Clock, SystemClock};
pub use connect::{ConsentAnswer, ConsentFlow, ConsentNext, Credentials, InstallationApp};
pub use error::Error;
pub use look::BrowseQuery;
pub use service::{Backup, Settings};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
