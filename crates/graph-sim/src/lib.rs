//! A simulated Microsoft Graph v1.0 and login authority over real HTTP.
//!
//! It serves a tenant that it makes up from a seed, in memory. What it answers follows Microsoft's
//! documentation; what no service would offer (moving the clock, injecting faults, reading the
//! ground truth) lives under `/sim/` and as methods of [`Sim`].

mod auth;
mod call;
mod clock;
mod computed;
mod control;
mod counters;
mod directories;
mod faults;
mod graph;
mod login;
mod odata;
mod options;
mod past;
mod record;
mod reply;
mod routes;
mod schema;
mod seed;
mod server;
mod shared;
mod sim;
mod state;
mod struck;
mod text;
mod throttle;
mod tls;

pub use counters::Counters;
pub use faults::{
    Duplicate, FaultAction, FaultMatch, FaultRule, FaultWhen, ItemEdit, LinkDrop, LinkEdit, LoopContent,
    Manners, Normalization, OneOrMany, Place, PropertyEdit, Reads, Slice, Stale, StatusAction, TokenKind,
};
pub use options::{Error, Options, Profile, TlsOptions};
pub use sim::Sim;
pub use throttle::RetryAfter;

/// Locks; a panic elsewhere does not make the state unusable.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
