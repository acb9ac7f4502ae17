//! Changing the number of seats by hand: more at once, fewer at the renewal and never below use.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::supply::Supply;
use crate::money::ungrouped;

/// The most seats that one subscription can have.
pub const SEATS_MAX: u32 = 1_000_000;

/// When the wish comes true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeatChange {
    /// As many as now; a reduction that was waiting is taken back.
    Same,
    /// Today, charged for the days left in the period.
    Now { from: u32, to: u32 },
    /// When the next period begins.
    AtRenewal { from: u32, to: u32 },
}

/// Why a number of seats is refused. Each message is fit to show beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SeatRefusal {
    #[error("A subscription has at least 1 seat. To end it, unsubscribe the organization.")]
    None,
    #[error(
        "{used} seats are in use, and {wanted} would be too few. Nothing was changed. Enter {used} or more, or change \
         who is counted."
    )]
    BelowUse { used: u32, wanted: u32 },
    #[error("A subscription can have at most {} seats. Check the number of digits.", most())]
    TooMany,
    #[error("Enter a whole number of seats, from 1 to {}.", most())]
    NotANumber,
}

/// The most seats, as people read it.
fn most() -> String {
    format!("{},{:03},{:03}", SEATS_MAX / 1_000_000, SEATS_MAX / 1_000 % 1_000, SEATS_MAX % 1_000)
}

/// A number of seats as it was typed, with or without signs between its thousands.
///
/// # Errors
/// `NotANumber`, for no seats at all as well, and `TooMany`.
pub fn seats_typed(typed: &str) -> Result<u32, SeatRefusal> {
    let digits =
        ungrouped(typed.trim()).filter(|digits| !digits.is_empty()).ok_or(SeatRefusal::NotANumber)?;
    // What does not fit a number of this width is too much for certain.
    match digits.parse().unwrap_or(u32::MAX) {
        0 => Err(SeatRefusal::NotANumber),
        seats if seats > SEATS_MAX => Err(SeatRefusal::TooMany),
        seats => Ok(seats),
    }
}

/// What becomes of a wish for `wanted` seats.
///
/// # Errors
/// `None` for no seats at all, `TooMany`, and `BelowUse` for fewer than now and fewer than are in use. Adding
/// seats is never refused for being too few: a shortage may be made good bit by bit.
pub fn seat_change(supply: Supply, wanted: u32) -> Result<SeatChange, SeatRefusal> {
    let Supply { bought: from, used } = supply;
    if wanted == 0 {
        return Err(SeatRefusal::None);
    }
    if wanted > SEATS_MAX {
        return Err(SeatRefusal::TooMany);
    }
    match wanted.cmp(&from) {
        std::cmp::Ordering::Equal => Ok(SeatChange::Same),
        std::cmp::Ordering::Greater => Ok(SeatChange::Now { from, to: wanted }),
        std::cmp::Ordering::Less if wanted < used => Err(SeatRefusal::BelowUse { used, wanted }),
        std::cmp::Ordering::Less => Ok(SeatChange::AtRenewal { from, to: wanted }),
    }
}

/// The seats with which the next period begins, when a reduction to `waiting` was agreed. Users may have been
/// added meanwhile, so it stops at use; a reduction never adds seats either.
#[must_use]
pub fn at_renewal(supply: Supply, waiting: u32) -> u32 {
    waiting.max(supply.used).min(supply.bought)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn supply(bought: u32, used: u32) -> Supply {
        Supply { bought, used }
    }

    #[test]
    fn seats_are_read_as_people_write_them() {
        for typed in ["1200", " 1,200 ", "1.200", "1 200", "1’200", "1\u{a0}200"] {
            assert_eq!(seats_typed(typed), Ok(1200), "{typed}");
        }
        assert_eq!(seats_typed("1,000,000"), Ok(SEATS_MAX));
        for typed in ["", "0", "-3", "1,20", "12.5", "many", "1,200 seats"] {
            assert_eq!(seats_typed(typed), Err(SeatRefusal::NotANumber), "{typed}");
        }
        for typed in ["1,000,001", "99999999999999999999"] {
            let why = seats_typed(typed).unwrap_err();
            assert_eq!(why, SeatRefusal::TooMany);
            assert!(why.to_string().contains("1,000,000 seats"), "{why}");
        }
    }

    #[test]
    fn more_now_fewer_later_and_never_below_use() {
        assert_eq!(seat_change(supply(10, 8), 12), Ok(SeatChange::Now { from: 10, to: 12 }));
        assert_eq!(seat_change(supply(10, 8), 10), Ok(SeatChange::Same));
        assert_eq!(seat_change(supply(10, 8), 9), Ok(SeatChange::AtRenewal { from: 10, to: 9 }));
        assert_eq!(seat_change(supply(10, 8), 8), Ok(SeatChange::AtRenewal { from: 10, to: 8 }));
        assert_eq!(seat_change(supply(10, 8), 7), Err(SeatRefusal::BelowUse { used: 8, wanted: 7 }));
        assert_eq!(seat_change(supply(10, 14), 12), Ok(SeatChange::Now { from: 10, to: 12 }));
        assert_eq!(seat_change(supply(10, 0), 0), Err(SeatRefusal::None));
        assert_eq!(seat_change(supply(10, 0), SEATS_MAX + 1), Err(SeatRefusal::TooMany));
        assert_eq!(
            SeatRefusal::BelowUse { used: 8, wanted: 7 }.to_string(),
            "8 seats are in use, and 7 would be too few. Nothing was changed. Enter 8 or more, or change who is \
             counted."
        );
    }

    #[test]
    fn a_reduction_that_waited_stops_at_use() {
        assert_eq!(at_renewal(supply(10, 5), 7), 7);
        assert_eq!(at_renewal(supply(10, 9), 7), 9);
        assert_eq!(at_renewal(supply(10, 12), 7), 10);
    }

    proptest! {
        #[test]
        fn an_agreed_reduction_never_goes_below_use(bought in 0u32..2_000, used in 0u32..2_000, wanted in 0u32..2_000) {
            match seat_change(supply(bought, used), wanted) {
                Ok(SeatChange::AtRenewal { to, .. }) => {
                    prop_assert!(used <= to && to < bought);
                    prop_assert_eq!(at_renewal(supply(bought, used), to), to);
                }
                Ok(SeatChange::Now { to, .. }) => prop_assert!(to > bought),
                Ok(SeatChange::Same) => prop_assert_eq!(wanted, bought),
                Err(_) => prop_assert!(wanted == 0 || (wanted < bought && wanted < used)),
            }
        }
    }
}
