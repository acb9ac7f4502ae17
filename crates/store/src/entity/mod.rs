//! The rows as they lie in the database. They are this crate's own; the macros write `pub`.
#![allow(unreachable_pub)]

mod api;
mod backup;
mod consent;
mod look;
mod mail;
mod money;
mod notices;
mod people;
mod personal;
mod portal;

pub(crate) use api::*;
pub(crate) use backup::*;
pub(crate) use consent::*;
pub(crate) use look::*;
pub(crate) use mail::*;
pub(crate) use money::*;
pub(crate) use notices::*;
pub(crate) use people::*;
pub(crate) use personal::*;
pub(crate) use portal::*;
