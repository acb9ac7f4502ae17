//! The client against a server that misbehaves on command.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod batches;
mod logs;
mod oidc;
mod reads;
mod sign_in;
mod simulator;
mod stub;
mod walls;
mod writes;
