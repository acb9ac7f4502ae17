//! The customers: all of them, a new one, and one of them.

mod bulk;
mod list;
mod new;
mod one;
pub mod server;

pub use bulk::{BulkPage, BulkView};
pub use list::{Filter, OrganizationsPage, OrganizationsView};
pub use new::{CreatedView, NewOrganizationPage, NewOrganizationView};
pub use one::{MadeLinkPage, OrganizationDetail, OrganizationPage, Tab};
