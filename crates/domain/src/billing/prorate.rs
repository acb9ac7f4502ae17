//! The share of a price that falls on some days of its period.

use chrono::NaiveDate;

use super::error::BillingError;
use super::period::Period;
use crate::money::{Money, MoneyError};

/// The part of `whole`, the price of the whole period, that falls on the days `[from, to)`; days outside the
/// period cost nothing.
///
/// The price is dealt to the days by largest remainder: each day gets the quotient, and the minor units left
/// over go one by one to single days. All days have the same remainder, so the tie decides: the units are spread
/// evenly over the period. The share of some days is the sum of theirs. Hence any split of the period adds up to
/// the whole to the minor unit, a share depends on nothing but its own days, and a line once shown never moves
/// because of a later change.
///
/// # Errors
/// `Money(TooLarge)` when the share leaves the range, which a price that fits never does.
pub fn share(whole: Money, period: Period, from: NaiveDate, to: NaiveDate) -> Result<Money, BillingError> {
    let (from, to) = period.places(from, to);
    let size = whole.minor.unsigned_abs();
    let minor = dealt(size, period.days(), to) - dealt(size, period.days(), from);
    let minor = i64::try_from(minor * i128::from(whole.minor.signum())).map_err(|_| MoneyError::TooLarge)?;
    Ok(Money::new(minor, whole.currency))
}

/// What the first `first` of `days` days get together: the nearest whole unit, a half counted up.
fn dealt(whole: u64, days: i64, first: i64) -> i128 {
    let (days, first) = (i128::from(days), i128::from(first));
    (2 * i128::from(whole) * first + days).div_euclid(2 * days)
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;
    use crate::price_plan::Periodicity;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::from_code(code).unwrap())
    }

    fn period(start: &str, end: &str) -> Period {
        Period::new(day(start), day(end), Periodicity::Monthly).unwrap()
    }

    #[test]
    fn half_of_april_is_half_the_price() {
        let april = period("2026-04-01", "2026-05-01");
        let half = |from, to| share(money(420, "EUR"), april, day(from), day(to)).unwrap().minor;
        assert_eq!(half("2026-04-01", "2026-04-16"), 210);
        assert_eq!(half("2026-04-16", "2026-05-01"), 210);
        assert_eq!(half("2026-04-01", "2026-05-01"), 420);
        assert_eq!(half("2026-04-10", "2026-04-10"), 0);
    }

    #[test]
    fn days_outside_the_period_cost_nothing() {
        let april = period("2026-04-01", "2026-05-01");
        let of = |from, to| share(money(420, "EUR"), april, day(from), day(to)).unwrap().minor;
        assert_eq!(of("2026-01-01", "2027-01-01"), 420);
        assert_eq!(of("2026-05-01", "2026-06-01"), 0);
        assert_eq!(of("2026-03-01", "2026-04-01"), 0);
        assert_eq!(of("2026-04-20", "2026-04-10"), 0);
    }

    #[test]
    fn the_same_days_weigh_more_in_a_short_month() {
        let ten = |start: &str, end: &str| {
            let p = period(start, end);
            share(money(1_000, "USD"), p, p.start(), p.start() + Days::new(10)).unwrap().minor
        };
        assert_eq!(ten("2026-02-01", "2026-03-01"), 357);
        assert_eq!(ten("2028-02-01", "2028-03-01"), 345);
        assert_eq!(ten("2026-03-01", "2026-04-01"), 323);
    }

    #[test]
    fn whole_yen_stay_whole() {
        let march = period("2026-03-01", "2026-04-01");
        let days: Vec<i64> = (0..31)
            .map(|n| {
                let from = march.start() + Days::new(n);
                share(money(10, "JPY"), march, from, from + Days::new(1)).unwrap().minor
            })
            .collect();
        assert_eq!(days.iter().sum::<i64>(), 10);
        assert!(days.iter().all(|d| *d == 0 || *d == 1));
    }

    #[test]
    fn the_largest_amount_does_not_overflow() {
        let p = period("2026-01-01", "2027-01-01");
        for minor in [i64::MAX, i64::MIN + 1] {
            let whole = money(minor, "EUR");
            assert_eq!(share(whole, p, p.start(), p.end()).unwrap(), whole);
            let half = share(whole, p, p.start(), p.start() + Days::new(100)).unwrap();
            assert_eq!(
                half.plus(share(whole, p, p.start() + Days::new(100), p.end()).unwrap()).unwrap(),
                whole
            );
        }
    }

    proptest! {
        #[test]
        fn any_split_of_a_period_sums_to_the_whole(
            minor in -4_000_000_000_000i64..4_000_000_000_000,
            currency in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
            days in 1u64..=366,
            cuts in prop::collection::vec(0u64..=366, 0..12),
        ) {
            let start = day("2026-01-31");
            let end = start + Days::new(days);
            let period = Period::new(start, end, Periodicity::Yearly).unwrap();
            let whole = money(minor, currency);
            let mut at: Vec<NaiveDate> = cuts.iter().map(|c| start + Days::new(*c % (days + 1))).collect();
            at.extend([start, end]);
            at.sort_unstable();
            let parts: Vec<Money> =
                at.windows(2).map(|pair| share(whole, period, pair[0], pair[1]).unwrap()).collect();
            prop_assert_eq!(Money::sum(whole.currency, parts.iter().copied()).unwrap(), whole);
            for part in parts {
                // No part has the other sign, and none is larger than the whole.
                prop_assert!(part.minor.signum() * whole.minor.signum() >= 0);
                prop_assert!(part.minor.abs() <= whole.minor.abs());
            }
        }

        #[test]
        fn it_is_the_largest_remainder_by_day(minor in 0i64..4_000_000_000_000, days in 1u64..=366) {
            let start = day("2026-01-31");
            let period = Period::new(start, start + Days::new(days), Periodicity::Yearly).unwrap();
            let each = i64::try_from(days).unwrap();
            let (quotient, left_over) = (minor / each, minor % each);
            let mut extra = 0;
            for n in 0..days {
                let from = start + Days::new(n);
                let part = share(money(minor, "EUR"), period, from, from + Days::new(1)).unwrap().minor;
                prop_assert!(part == quotient || part == quotient + 1);
                extra += part - quotient;
            }
            prop_assert_eq!(extra, left_over);
        }

        #[test]
        fn a_share_is_less_than_one_unit_off_the_exact_one(
            minor in 0i64..4_000_000_000_000,
            from in 0i64..365,
            length in 0i64..365,
        ) {
            let start = day("2026-01-01");
            let period = Period::new(start, day("2027-01-01"), Periodicity::Yearly).unwrap();
            let to = (from + length).min(365);
            let at = |n: i64| start + Days::new(u64::try_from(n).unwrap());
            let part = share(money(minor, "EUR"), period, at(from), at(to)).unwrap().minor;
            let off = i128::from(part) * 365 - i128::from(minor) * i128::from(to - from);
            prop_assert!(off.abs() <= 365, "off by {off}/365");
        }
    }
}
