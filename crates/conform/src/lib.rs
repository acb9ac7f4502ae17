//! The conformance kit: every assumption about Microsoft Graph that Holdfast or its simulator rests on, as a
//! small program that asks.
//!
//! A [`Probe`] makes what it needs under a name of its own, asks, compares the answer with what Microsoft's
//! page says, and takes away what it made. [`run`] asks all of them of the simulator or of a real tenant, those
//! that only read first; [`Report`] is what came of it, without names, ids or secrets.
#![warn(missing_docs)]

mod answer;
mod connection;
mod document;
mod guard;
mod lab;
mod needs;
mod probe;
pub mod probes;
mod report;
mod run;
mod scrub;
mod seen;
mod source;
mod verdict;
mod world;

pub use answer::Answer;
pub use connection::{Account, Connection};
pub use document::document;
pub use lab::Lab;
pub use probe::{Basis, Effect, Probe};
pub use report::{Line, Outcome, Report};
pub use run::{Run, run};
pub use scrub::scrub;
pub use seen::{Place, Seen};
pub use verdict::{Stop, Verdict};
pub use world::World;
