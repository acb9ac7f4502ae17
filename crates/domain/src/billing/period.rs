//! Billing periods and the cycle that they follow.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::error::BillingError;
use crate::price_plan::Periodicity;

/// The days `[start, end)` that one price pays for: never empty, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Bounds", into = "Bounds")]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
    periodicity: Periodicity,
}

/// A period as it travels.
#[derive(Serialize, Deserialize)]
struct Bounds {
    start: NaiveDate,
    end: NaiveDate,
    periodicity: Periodicity,
}

impl Period {
    /// # Errors
    /// `Empty` unless `end` comes after `start`.
    pub fn new(start: NaiveDate, end: NaiveDate, periodicity: Periodicity) -> Result<Period, BillingError> {
        if start < end {
            Ok(Period { start, end, periodicity })
        } else {
            Err(BillingError::Empty { from: start, to: end })
        }
    }

    /// The first day.
    #[must_use]
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The day after the last, on which the next period starts.
    #[must_use]
    pub const fn end(self) -> NaiveDate {
        self.end
    }

    #[must_use]
    pub const fn periodicity(self) -> Periodicity {
        self.periodicity
    }

    /// How many days it has, at least 1.
    #[must_use]
    pub fn days(self) -> i64 {
        (self.end - self.start).num_days()
    }

    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }

    /// The days `[from, to)` as far as they lie in the period, counted from its start: two places between 0 and
    /// `days()`, the second never before the first.
    pub(super) fn places(self, from: NaiveDate, to: NaiveDate) -> (i64, i64) {
        let place = |day: NaiveDate| (day - self.start).num_days().clamp(0, self.days());
        let from = place(from);
        (from, place(to).max(from))
    }
}

impl From<Period> for Bounds {
    fn from(Period { start, end, periodicity }: Period) -> Bounds {
        Bounds { start, end, periodicity }
    }
}

impl TryFrom<Bounds> for Period {
    type Error = BillingError;

    fn try_from(Bounds { start, end, periodicity }: Bounds) -> Result<Period, BillingError> {
        Period::new(start, end, periodicity)
    }
}

/// When periods begin: on the anchor's day of every month, or of its month every year. A month that lacks the
/// day begins on its last one; the next goes back to the anchor's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cycle {
    /// A day on which a period begins.
    pub anchor: NaiveDate,
    pub periodicity: Periodicity,
}

impl Cycle {
    /// The period that holds a day, before the anchor as well as after it.
    ///
    /// # Errors
    /// `Calendar` for a day at the far ends of the calendar, some 260,000 years away.
    pub fn period_at(self, day: NaiveDate) -> Result<Period, BillingError> {
        let length = i64::from(self.periodicity.months());
        // Counted from the anchor and not from period to period, or the 31st would become the 28th for good.
        let begins = |number: i64| {
            let months = u32::try_from((number * length).unsigned_abs()).ok().map(Months::new)?;
            if number < 0 {
                self.anchor.checked_sub_months(months)
            } else {
                self.anchor.checked_add_months(months)
            }
        };
        let month = |d: NaiveDate| i64::from(d.year()) * 12 + i64::from(d.month0());
        let number = (month(day) - month(self.anchor)).div_euclid(length);
        let period = |number: i64| Some((begins(number)?, begins(number + 1)?));
        let (start, end) = period(number)
            .and_then(|(start, end)| if day < start { period(number - 1) } else { Some((start, end)) })
            .ok_or(BillingError::Calendar(day))?;
        Period::new(start, end, self.periodicity)
    }

    /// The period after this one.
    ///
    /// # Errors
    /// `Calendar` at the far end of the calendar.
    pub fn next(self, period: Period) -> Result<Period, BillingError> {
        self.period_at(period.end())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn cycle(anchor: &str, periodicity: Periodicity) -> Cycle {
        Cycle { anchor: day(anchor), periodicity }
    }

    fn bounds(cycle: Cycle, on: &str) -> (String, String, i64) {
        let p = cycle.period_at(day(on)).unwrap();
        (p.start().to_string(), p.end().to_string(), p.days())
    }

    #[test]
    fn months_from_the_first_are_calendar_months() {
        let c = cycle("2026-01-01", Periodicity::Monthly);
        assert_eq!(bounds(c, "2026-02-01"), ("2026-02-01".into(), "2026-03-01".into(), 28));
        assert_eq!(bounds(c, "2026-02-28"), ("2026-02-01".into(), "2026-03-01".into(), 28));
        assert_eq!(bounds(c, "2028-02-29"), ("2028-02-01".into(), "2028-03-01".into(), 29));
        assert_eq!(bounds(c, "2025-12-31"), ("2025-12-01".into(), "2026-01-01".into(), 31));
    }

    #[test]
    fn the_thirty_first_comes_back_after_short_months() {
        let c = cycle("2026-01-31", Periodicity::Monthly);
        assert_eq!(bounds(c, "2026-01-31"), ("2026-01-31".into(), "2026-02-28".into(), 28));
        assert_eq!(bounds(c, "2026-02-28"), ("2026-02-28".into(), "2026-03-31".into(), 31));
        assert_eq!(bounds(c, "2026-04-15"), ("2026-03-31".into(), "2026-04-30".into(), 30));
        assert_eq!(bounds(c, "2028-02-29"), ("2028-02-29".into(), "2028-03-31".into(), 31));
        assert_eq!(bounds(c, "2025-12-30"), ("2025-11-30".into(), "2025-12-31".into(), 31));
    }

    #[test]
    fn years_know_the_leap_day() {
        let c = cycle("2026-03-15", Periodicity::Yearly);
        assert_eq!(bounds(c, "2026-03-15"), ("2026-03-15".into(), "2027-03-15".into(), 365));
        assert_eq!(bounds(c, "2028-03-14"), ("2027-03-15".into(), "2028-03-15".into(), 366));
        assert_eq!(bounds(c, "2026-03-14"), ("2025-03-15".into(), "2026-03-15".into(), 365));
        let leap = cycle("2024-02-29", Periodicity::Yearly);
        assert_eq!(bounds(leap, "2025-02-28"), ("2025-02-28".into(), "2026-02-28".into(), 365));
        assert_eq!(bounds(leap, "2028-02-28"), ("2027-02-28".into(), "2028-02-29".into(), 366));
    }

    #[test]
    fn an_empty_period_is_refused_also_when_read() {
        let d = day("2026-03-01");
        assert_eq!(Period::new(d, d, Periodicity::Monthly), Err(BillingError::Empty { from: d, to: d }));
        let whole = Period::new(d, day("2026-04-01"), Periodicity::Monthly).unwrap();
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Period>(&text).unwrap(), whole);
        assert!(serde_json::from_str::<Period>(&text.replace("2026-04", "2026-02")).is_err());
    }

    #[test]
    fn the_end_of_the_calendar_is_an_error_and_no_panic() {
        let c = cycle("2026-01-01", Periodicity::Yearly);
        assert!(matches!(c.period_at(NaiveDate::MAX), Err(BillingError::Calendar(_))));
        assert!(matches!(c.period_at(NaiveDate::MIN), Err(BillingError::Calendar(_)) | Ok(_)));
    }

    proptest! {
        #[test]
        fn periods_follow_each_other_without_a_gap(
            anchor in 730_000i32..745_000,
            day in 730_000i32..745_000,
            yearly: bool,
        ) {
            let date = |n| NaiveDate::from_num_days_from_ce_opt(n).unwrap();
            let periodicity = if yearly { Periodicity::Yearly } else { Periodicity::Monthly };
            let cycle = Cycle { anchor: date(anchor), periodicity };
            let period = cycle.period_at(date(day)).unwrap();
            prop_assert!(period.contains(date(day)));
            let next = cycle.next(period).unwrap();
            prop_assert_eq!(next.start(), period.end());
            // Every day of a period leads to it, and each begins on the anchor's day or the month's last.
            prop_assert_eq!(cycle.period_at(period.start()).unwrap(), period);
            prop_assert_eq!(cycle.period_at(period.end().pred_opt().unwrap()).unwrap(), period);
            let last_of_month = period.start().succ_opt().unwrap().day() == 1;
            let (start, wanted) = (period.start().day(), cycle.anchor.day());
            prop_assert!(start == wanted || (last_of_month && start < wanted));
        }
    }
}
