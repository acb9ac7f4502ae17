//! The engine, mostly against a simulated directory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authors;
mod capture;
mod connect;
mod consent;
mod credentials;
mod databases;
mod earlier;
mod faults;
mod field;
mod kill;
mod look;
mod property;
mod random;
mod restore;
mod throttled;
mod world;
