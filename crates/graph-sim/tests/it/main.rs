//! The simulator over the wire, as its clients meet it.

// Clippy knows the tests themselves, not their helpers.
#![allow(clippy::unwrap_used)]

mod batch;
mod browser;
mod code_flow;
mod conformance;
mod consent;
mod control;
mod delta;
mod dynamic;
mod history;
mod lifecycle;
mod others;
mod permissions;
mod protection;
mod roles;
mod rude;
mod shapes;
mod sign_in;
mod support;
mod tenants;
mod throttling;
mod writes;
