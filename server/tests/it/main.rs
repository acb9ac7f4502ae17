//! The server as a browser meets it, in process, on a database of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod brand;
mod browser;
mod cross_origin;
mod headers;
mod matrix;
mod partner;
mod sessions;
mod set_up;
mod sign_in;
mod tenant;
mod walk;
