//! What is owed: periods, the share of a price that falls on days, the price of a change, and the lines of a
//! bill.
//!
//! Everything counts in whole UTC days, half-open: a period that begins on the 1st and ends on the 1st holds the
//! first day and not the last. A day is billed by what was in force at its end, so that a day never counts
//! twice: a plan bought at noon pays for that day, and one given up at noon does not.

mod error;
mod invoice;
mod ledger;
mod period;
mod preview;
mod prorate;

pub use error::BillingError;
pub use invoice::{Invoice, InvoiceLine, LineKind, Segment, invoice};
pub use ledger::{Charge, Held, PlanHeld, charges, cycle_of};
pub use period::{Cycle, Period};
pub use preview::{Holding, Preview, preview};
pub use prorate::share;
