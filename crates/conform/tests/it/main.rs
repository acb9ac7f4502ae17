//! The kit against the simulator, and the list that is made of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod list;
mod simulator;
