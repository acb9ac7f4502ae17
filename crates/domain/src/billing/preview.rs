//! What a change of plan or seats costs, before anyone agrees to it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::error::BillingError;
use super::period::Cycle;
use super::prorate::share;
use crate::money::{Money, MoneyError};
use crate::price_plan::PlanTerms;

/// What a subscription holds: a plan's terms and a number of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub terms: PlanTerms,
    pub seats: u32,
}

impl Holding {
    /// The price of a whole period.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn whole(&self) -> Result<Money, MoneyError> {
        self.terms.billed_price().times(self.seats)
    }
}

/// The price of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The first day of the new holding: today, or the renewal when the change only gives seats back.
    pub from: NaiveDate,
    /// The end of the period that the charge pays for, and the day of the next renewal.
    pub until: NaiveDate,
    /// What is given back for the days of the old holding that will not be used; never below zero.
    pub credit: Money,
    /// What the new holding costs until the period's end; never below zero.
    pub charge: Money,
    /// `charge` less `credit`; below zero when money comes back.
    pub net: Money,
    /// Seats in force until the renewal. Fewer seats wait for it.
    pub seats_now: u32,
    /// What the first whole period after the renewal costs.
    pub at_renewal: Money,
}

/// The price of changing from `old` to `new` on a day. Whether the change is allowed is another question, for
/// `subscription::plan_change` and `seats::seat_change`.
///
/// More seats and another plan take effect that day; fewer seats at the renewal, so the charge counts the seats
/// that are held now. The net is exactly what the change adds to the period's bill. A plan with another
/// periodicity begins a cycle of its own on that day and is charged for its whole first period.
///
/// # Errors
/// `Periodicity` when `cycle` is not that of the old plan, `Money` when the currencies differ or an amount is too
/// large, `Calendar` for a day at the far ends of the calendar.
pub fn preview(cycle: Cycle, on: NaiveDate, old: &Holding, new: &Holding) -> Result<Preview, BillingError> {
    if cycle.periodicity != old.terms.periodicity {
        return Err(BillingError::Periodicity);
    }
    let currency = old.terms.currency;
    if new.terms.currency != currency {
        return Err(MoneyError::Currencies(currency, new.terms.currency).into());
    }
    let period = cycle.period_at(on)?;
    let at_renewal = new.whole()?;
    if old.terms == new.terms && new.seats <= old.seats {
        let nothing = Money::zero(currency);
        return Ok(Preview {
            from: if new.seats == old.seats { on } else { period.end() },
            until: period.end(),
            credit: nothing,
            charge: nothing,
            net: nothing,
            seats_now: old.seats,
            at_renewal,
        });
    }
    let seats_now = new.seats.max(old.seats);
    let held = Holding { seats: seats_now, ..*new };
    let paid_period = if new.terms.periodicity == cycle.periodicity {
        period
    } else {
        Cycle { anchor: on, periodicity: new.terms.periodicity }.period_at(on)?
    };
    let credit = share(old.whole()?, period, on, period.end())?;
    let charge = share(held.whole()?, paid_period, on, paid_period.end())?;
    let net = charge.minus(credit)?;
    Ok(Preview { from: on, until: paid_period.end(), credit, charge, net, seats_now, at_renewal })
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::invoice::{Segment, invoice};
    use super::*;
    use crate::money::Currency;
    use crate::price_plan::{Periodicity, PlanKind};
    use crate::product::ProductType;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holding(price_minor: i64, code: &str, seats: u32) -> Holding {
        let terms = PlanTerms {
            product: ProductType::BackupEntra,
            currency: Currency::from_code(code).unwrap(),
            price_minor,
            periodicity: Periodicity::Monthly,
            kind: PlanKind::Standard,
        };
        Holding { terms, seats }
    }

    fn yearly(h: Holding) -> Holding {
        Holding { terms: PlanTerms { periodicity: Periodicity::Yearly, ..h.terms }, ..h }
    }

    fn kind(h: Holding, kind: PlanKind) -> Holding {
        Holding { terms: PlanTerms { kind, ..h.terms }, ..h }
    }

    fn monthly_from(anchor: &str) -> Cycle {
        Cycle { anchor: day(anchor), periodicity: Periodicity::Monthly }
    }

    fn amounts(p: &Preview) -> (i64, i64, i64) {
        (p.credit.minor, p.charge.minor, p.net.minor)
    }

    #[test]
    fn an_upgrade_in_the_middle_of_april() {
        let cycle = monthly_from("2026-01-01");
        let p =
            preview(cycle, day("2026-04-16"), &holding(420, "EUR", 10), &holding(590, "EUR", 10)).unwrap();
        assert_eq!(amounts(&p), (2_100, 2_950, 850));
        assert_eq!((p.from, p.until), (day("2026-04-16"), day("2026-05-01")));
        assert_eq!(p.at_renewal.minor, 5_900);
    }

    #[test]
    fn more_seats_are_charged_for_the_days_left() {
        let cycle = monthly_from("2026-01-01");
        let p =
            preview(cycle, day("2026-04-21"), &holding(300, "EUR", 10), &holding(300, "EUR", 13)).unwrap();
        // Ten days of thirty: 3 seats at a third of €3.00.
        assert_eq!(p.net.minor, 300);
        assert_eq!(p.seats_now, 13);
    }

    #[test]
    fn fewer_seats_wait_for_the_renewal_and_move_no_money() {
        let cycle = monthly_from("2026-01-01");
        let p = preview(cycle, day("2026-04-21"), &holding(300, "EUR", 10), &holding(300, "EUR", 7)).unwrap();
        assert_eq!(amounts(&p), (0, 0, 0));
        assert_eq!((p.from, p.seats_now, p.at_renewal.minor), (day("2026-05-01"), 10, 2_100));
        // With an upgrade the plan changes now and the seats still wait.
        let p = preview(cycle, day("2026-04-16"), &holding(420, "EUR", 10), &holding(590, "EUR", 7)).unwrap();
        assert_eq!(amounts(&p), (2_100, 2_950, 850));
        assert_eq!((p.seats_now, p.at_renewal.minor), (10, 4_130));
    }

    #[test]
    fn no_change_moves_no_money_and_waits_for_nothing() {
        let same = holding(300, "EUR", 10);
        let p = preview(monthly_from("2026-01-01"), day("2026-04-21"), &same, &same).unwrap();
        assert_eq!(amounts(&p), (0, 0, 0));
        assert_eq!((p.from, p.seats_now, p.at_renewal.minor), (day("2026-04-21"), 10, 3_000));
    }

    #[test]
    fn from_trial_to_standard_there_is_nothing_to_credit() {
        let cycle = monthly_from("2026-01-01");
        let trial = kind(holding(420, "EUR", 10), PlanKind::Trial);
        let p = preview(cycle, day("2026-04-16"), &trial, &holding(420, "EUR", 10)).unwrap();
        assert_eq!(amounts(&p), (0, 2_100, 2_100));
        let p = preview(cycle, day("2026-04-16"), &holding(420, "EUR", 10), &trial).unwrap();
        assert_eq!(amounts(&p), (2_100, 0, -2_100));
    }

    #[test]
    fn another_periodicity_begins_a_period_of_its_own() {
        let cycle = monthly_from("2026-01-01");
        let p =
            preview(cycle, day("2026-04-16"), &holding(420, "EUR", 10), &yearly(holding(4_200, "EUR", 10)))
                .unwrap();
        assert_eq!(amounts(&p), (2_100, 42_000, 39_900));
        assert_eq!(p.until, day("2027-04-16"));
    }

    #[test]
    fn on_the_first_day_everything_is_given_back_and_on_the_last_one_day() {
        let cycle = monthly_from("2026-01-31");
        let (old, new) = (holding(310, "EUR", 1), holding(620, "EUR", 1));
        // [28 February, 31 March) has 31 days.
        assert_eq!(amounts(&preview(cycle, day("2026-02-28"), &old, &new).unwrap()), (310, 620, 310));
        assert_eq!(amounts(&preview(cycle, day("2026-03-30"), &old, &new).unwrap()), (10, 20, 10));
    }

    #[test]
    fn currencies_and_cycles_must_fit() {
        let cycle = monthly_from("2026-01-01");
        let on = day("2026-04-16");
        assert!(matches!(
            preview(cycle, on, &holding(420, "EUR", 1), &holding(420, "USD", 1)),
            Err(BillingError::Money(MoneyError::Currencies(..)))
        ));
        assert_eq!(
            preview(cycle, on, &yearly(holding(420, "EUR", 1)), &holding(420, "EUR", 1)),
            Err(BillingError::Periodicity)
        );
    }

    proptest! {
        #[test]
        fn a_change_never_costs_or_returns_more_than_a_whole_period(
            code in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
            anchor in 0u64..366,
            on in 0u64..3_000,
            old in (0i64..1_000_000, 0u32..10_000, 0usize..3, any::<bool>()),
            new in (0i64..1_000_000, 0u32..10_000, 0usize..3, any::<bool>()),
        ) {
            let make = |(price, seats, free, years): (i64, u32, usize, bool)| {
                let h = kind(holding(price, code, seats), PlanKind::ALL[free]);
                if years { yearly(h) } else { h }
            };
            let (old, new) = (make(old), make(new));
            let start = day("2023-01-01");
            let cycle = Cycle { anchor: start + Days::new(anchor), periodicity: old.terms.periodicity };
            let p = preview(cycle, start + Days::new(on), &old, &new).unwrap();
            let most = Holding { seats: old.seats.max(new.seats), ..new }.whole().unwrap().minor;
            prop_assert!(0 <= p.credit.minor && p.credit.minor <= old.whole().unwrap().minor);
            prop_assert!(0 <= p.charge.minor && p.charge.minor <= most);
            prop_assert_eq!(p.net.minor, p.charge.minor - p.credit.minor);
            prop_assert!(p.net.minor >= -old.whole().unwrap().minor && p.net.minor <= most);
        }

        #[test]
        fn the_net_is_what_the_change_adds_to_the_bill(
            code in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
            anchor in 0u64..366,
            on in 0u64..3_000,
            old in (0i64..1_000_000, 0u32..10_000),
            new in (0i64..1_000_000, 0u32..10_000),
        ) {
            let (old, new) = (holding(old.0, code, old.1), holding(new.0, code, new.1));
            let start = day("2023-01-01");
            let on = start + Days::new(on);
            let cycle = Cycle { anchor: start + Days::new(anchor), periodicity: Periodicity::Monthly };
            let p = preview(cycle, on, &old, &new).unwrap();
            let period = cycle.period_at(on).unwrap();
            let segment = |from, to, h: &Holding, seats| Segment {
                from, to, plan: Uuid::nil(), plan_name: String::new(), terms: h.terms, seats, used: 0,
            };
            let total = |history: &[Segment]| invoice(period, old.terms.currency, history).unwrap().total.minor;
            let before = total(&[segment(period.start(), period.end(), &old, old.seats)]);
            let after = total(&[
                segment(period.start(), on, &old, old.seats),
                segment(on, period.end(), &new, p.seats_now),
            ]);
            prop_assert_eq!(p.net.minor, after - before);
        }
    }
}
