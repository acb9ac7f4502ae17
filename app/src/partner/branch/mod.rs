//! The partners below: the tree, one of them, a new one.

mod close;
mod form;
mod list;
mod new;
mod one;
pub mod server;

pub use list::{PartnersPage, PartnersView};
pub use new::NewPartnerPage;
pub use one::PartnerPage;
