//! Seats: who takes one, how many are bought, and what happens when they run short. Backups never stop for want
//! of seats.

mod auto_license;
mod change;
mod protected;
mod supply;

pub use auto_license::{AutoLicense, Growth};
pub use change::{SEATS_MAX, SeatChange, SeatRefusal, at_renewal, seat_change, seats_typed};
pub use protected::ProtectionRule;
pub use supply::{Level, Supply};
