//! Organizations that go to another partner, or come from one.

mod give;
mod list;
mod preview;
pub mod server;

pub use give::Give;
pub use list::TransfersPage;
pub use preview::TransferPage;
