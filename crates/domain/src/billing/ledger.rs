//! What some days of a whole history cost: of a month, a year, or a customer's time with one partner.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::BillingError;
use super::invoice::{InvoiceLine, Segment, invoice};
use super::period::{Cycle, Period};
use crate::money::Currency;
use crate::price_plan::PlanTerms;

/// What a customer held from a day on, until the next entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The UTC day on which it began. Of several on a day, the last one holds: a day is billed by its end.
    pub from: NaiveDate,
    /// Whose customer it was.
    pub partner: Uuid,
    /// None while nothing is billed: backups are stopped, or another's customer.
    pub holding: Option<PlanHeld>,
}

/// A plan and so many seats of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanHeld {
    pub plan: Uuid,
    pub name: String,
    pub terms: PlanTerms,
    pub seats: u32,
}

/// A line of a bill, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    pub partner: Uuid,
    pub line: InvoiceLine,
}

/// The cycle in which the customer is billed at the end of a history: begun with the first plan, and anew with another
/// periodicity or another partner. A pause does not move it.
#[must_use]
pub fn cycle_of(history: &[Held]) -> Option<Cycle> {
    let mut follower = Follower::default();
    for held in ends_of_days(history) {
        follower.follow(held);
    }
    follower.cycle
}

/// What the days `[from, to)` cost, in the order of the days; `used` says how many seats were in use on a day. Each day
/// costs its share of the period that it lies in, so that the days of a period add up to its bill whichever way they are
/// cut into months. The history must be in the order of time.
///
/// # Errors
/// `Money` when an amount is too large, `Calendar` for a day at the far ends of the calendar.
pub fn charges(
    history: &[Held],
    from: NaiveDate,
    to: NaiveDate,
    used: impl Fn(NaiveDate) -> u32,
) -> Result<Vec<Charge>, BillingError> {
    let ends = ends_of_days(history);
    let mut follower = Follower::default();
    let mut stretches: Vec<Stretch> = Vec::new();
    for (at, held) in ends.iter().enumerate() {
        follower.follow(held);
        let until = ends.get(at + 1).map_or(to, |next| next.from.min(to));
        let (Some(cycle), Some(held_plan)) = (follower.cycle, &held.holding) else { continue };
        let mut day = held.from.max(from);
        while day < until {
            let period = cycle.period_at(day)?;
            let end = period.end().min(until);
            let key = (held.partner, period, held_plan.terms.currency);
            if stretches.last().is_none_or(|last| last.key != key) {
                stretches.push(Stretch { key, segments: Vec::new() });
            }
            if let Some(stretch) = stretches.last_mut() {
                stretch.segments.extend(segments(held_plan, day, end, &used));
            }
            day = end;
        }
    }
    let mut out = Vec::new();
    for Stretch { key: (partner, period, currency), segments } in stretches {
        let lines = invoice(period, currency, &segments)?.lines;
        out.extend(lines.into_iter().map(|line| Charge { partner, line }));
    }
    Ok(out)
}

/// Days of one period, with one partner and in one currency.
struct Stretch {
    key: (Uuid, Period, Currency),
    segments: Vec<Segment>,
}

/// A stretch for each run of days on which as many seats were used beyond those bought.
fn segments(
    held: &PlanHeld,
    from: NaiveDate,
    to: NaiveDate,
    used: &impl Fn(NaiveDate) -> u32,
) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    for day in from.iter_days().take_while(|day| *day < to) {
        let used = used(day).max(held.seats);
        let next = day.succ_opt().unwrap_or(to);
        match out.last_mut() {
            Some(last) if last.used == used => last.to = next,
            _ => out.push(Segment {
                from: day,
                to: next,
                plan: held.plan,
                plan_name: held.name.clone(),
                terms: held.terms,
                seats: held.seats,
                used,
            }),
        }
    }
    out
}

/// The last entry of each day.
fn ends_of_days(history: &[Held]) -> Vec<&Held> {
    let mut out: Vec<&Held> = Vec::with_capacity(history.len());
    for held in history {
        if out.last().is_some_and(|last| last.from >= held.from) {
            out.pop();
        }
        out.push(held);
    }
    out
}

/// Keeps the cycle as the history goes by.
#[derive(Default)]
struct Follower {
    partner: Option<Uuid>,
    cycle: Option<Cycle>,
}

impl Follower {
    fn follow(&mut self, held: &Held) {
        if self.partner != Some(held.partner) {
            self.partner = Some(held.partner);
            self.cycle = None;
        }
        if let Some(holding) = &held.holding {
            let periodicity = holding.terms.periodicity;
            if self.cycle.is_none_or(|cycle| cycle.periodicity != periodicity) {
                self.cycle = Some(Cycle { anchor: held.from, periodicity });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Days, Months};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    use super::super::prorate::share;
    use super::*;
    use crate::money::Money;
    use crate::price_plan::{Periodicity, PlanKind};
    use crate::product::ProductType;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn terms(price_minor: i64, code: &str, periodicity: Periodicity, kind: PlanKind) -> PlanTerms {
        let currency = Currency::from_code(code).unwrap();
        PlanTerms { product: ProductType::BackupEntra, currency, price_minor, periodicity, kind }
    }

    fn held(from: &str, partner: u128, terms: PlanTerms, seats: u32) -> Held {
        let holding = Some(PlanHeld { plan: Uuid::from_u128(1), name: "Plan".into(), terms, seats });
        Held { from: day(from), partner: Uuid::from_u128(partner), holding }
    }

    fn stopped(from: &str, partner: u128) -> Held {
        Held { from: day(from), partner: Uuid::from_u128(partner), holding: None }
    }

    fn said(charges: &[Charge]) -> Vec<(u128, String, i64)> {
        charges.iter().map(|c| (c.partner.as_u128(), c.line.description(), c.line.amount.minor)).collect()
    }

    #[test]
    fn a_month_with_a_change_a_shortage_and_a_transfer() {
        let monthly = |price| terms(price, "EUR", Periodicity::Monthly, PlanKind::Standard);
        let history = [
            held("2026-01-01", 1, monthly(310), 10),
            held("2026-03-11", 1, monthly(310), 20),
            held("2026-03-21", 2, monthly(620), 20),
        ];
        let used = |on: NaiveDate| if on.day() <= 2 { 11 } else { 5 };
        let lines = charges(&history, day("2026-03-01"), day("2026-04-01"), used).unwrap();
        let expected = [
            (1, "Plan, 10 seats, 2026-03-01 to 2026-03-10 (10 of 31 days)", 1000),
            (1, "Plan, 20 seats, 2026-03-11 to 2026-03-20 (10 of 31 days)", 2000),
            (1, "Plan, 1 seat used beyond those bought, 2026-03-01 to 2026-03-02 (2 of 31 days)", 20),
            // The new partner's cycle begins on the day of the transfer.
            (2, "Plan, 20 seats, 2026-03-21 to 2026-03-31 (11 of 31 days)", 4400),
        ];
        assert_eq!(said(&lines), expected.map(|(p, text, minor)| (p, text.to_owned(), minor)));
    }

    #[test]
    fn days_without_backups_cost_nothing_and_a_day_is_what_it_was_at_its_end() {
        let plan = terms(3100, "JPY", Periodicity::Monthly, PlanKind::Standard);
        let history = [
            held("2026-03-01", 1, plan, 1),
            stopped("2026-03-05", 1),
            held("2026-03-05", 1, plan, 1),
            stopped("2026-03-11", 1),
            held("2026-03-21", 1, plan, 1),
        ];
        let lines = charges(&history, day("2026-03-01"), day("2026-04-01"), |_| 0).unwrap();
        let days: Vec<(i64, i64)> = lines.iter().map(|c| (c.line.days, c.line.amount.minor)).collect();
        assert_eq!(days, [(10, 1000), (11, 1100)]);
    }

    #[test]
    fn another_periodicity_begins_a_cycle_and_a_pause_does_not() {
        let monthly = terms(310, "EUR", Periodicity::Monthly, PlanKind::Standard);
        let yearly = terms(3650, "EUR", Periodicity::Yearly, PlanKind::Standard);
        let mut history = vec![held("2026-01-31", 1, monthly, 1), stopped("2026-02-10", 1)];
        history.push(held("2026-02-20", 1, monthly, 1));
        assert_eq!(cycle_of(&history).unwrap().anchor, day("2026-01-31"));
        history.push(held("2026-03-10", 1, yearly, 1));
        assert_eq!(
            cycle_of(&history).unwrap(),
            Cycle { anchor: day("2026-03-10"), periodicity: Periodicity::Yearly }
        );
        let year = charges(&history, day("2026-03-10"), day("2027-03-10"), |_| 0).unwrap();
        assert_eq!(year.iter().map(|c| c.line.amount.minor).sum::<i64>(), 3650);
        assert_eq!(cycle_of(&[]), None);
    }

    #[test]
    fn a_trial_stands_on_the_bill_and_costs_nothing() {
        let trial = terms(310, "EUR", Periodicity::Monthly, PlanKind::Trial);
        let history = [held("2026-03-01", 1, trial, 10)];
        let lines = charges(&history, day("2026-03-01"), day("2026-04-01"), |_| 50).unwrap();
        assert_eq!(
            said(&lines),
            [(1, "Plan, trial, 10 seats, 2026-03-01 to 2026-03-31 (31 of 31 days)".to_owned(), 0)]
        );
    }

    fn any_history() -> impl Strategy<Value = Vec<Held>> {
        let entry = (0_u64..60, 0_u128..3, 0_i64..100_000, 0_usize..3, any::<bool>(), 0_u32..500, 0_u8..6);
        prop::collection::vec(entry, 1..12).prop_map(|entries| {
            let mut at = day("2026-01-29");
            entries
                .into_iter()
                .map(|(later, partner, price, currency, yearly, seats, what)| {
                    at = at + Days::new(later);
                    // Currencies of no, two and three decimals.
                    let code = ["JPY", "EUR", "KWD"][currency];
                    let periodicity = if yearly { Periodicity::Yearly } else { Periodicity::Monthly };
                    let kind = if what == 1 { PlanKind::Trial } else { PlanKind::Standard };
                    let terms = terms(price, code, periodicity, kind);
                    let plan =
                        PlanHeld { plan: Uuid::from_u128(price as u128), name: "Plan".into(), terms, seats };
                    Held { from: at, partner: Uuid::from_u128(partner), holding: (what != 0).then_some(plan) }
                })
                .collect()
        })
    }

    /// Sums by partner and currency.
    fn sums(charges: &[Charge]) -> BTreeMap<(Uuid, &'static str), i64> {
        let mut out = BTreeMap::new();
        for Charge { partner, line } in charges {
            *out.entry((*partner, line.amount.currency.code())).or_default() += line.amount.minor;
        }
        out.retain(|_, sum| *sum != 0);
        out
    }

    /// The same, day by day, with nothing remembered from one day to the next but the cycle's first day.
    fn oracle(
        history: &[Held],
        from: NaiveDate,
        to: NaiveDate,
        used: impl Fn(NaiveDate) -> u32,
    ) -> BTreeMap<(Uuid, &'static str), i64> {
        let mut out = BTreeMap::new();
        let at_end = |on: NaiveDate| history.iter().rfind(|held| held.from <= on);
        for on in from.iter_days().take_while(|on| *on < to) {
            let Some(now) = at_end(on) else { continue };
            let Some(plan) = &now.holding else { continue };
            // Back to the day on which this partner's run of this periodicity began; pauses belong to it.
            let (mut anchor, mut look) = (on, on);
            while let Some(before) = look.pred_opt().and_then(|d| at_end(d).map(|held| (d, held))) {
                if before.1.partner != now.partner {
                    break;
                }
                match &before.1.holding {
                    Some(p) if p.terms.periodicity != plan.terms.periodicity => break,
                    Some(_) => anchor = before.0,
                    None => {}
                }
                look = before.0;
            }
            let period = Cycle { anchor, periodicity: plan.terms.periodicity }.period_at(on).unwrap();
            let seats = if plan.terms.kind.is_billed() { plan.seats.max(used(on)) } else { 0 };
            let whole =
                |seats: u32| Money::new(plan.terms.price_minor * i64::from(seats), plan.terms.currency);
            let over = seats.saturating_sub(plan.seats);
            let bought = if plan.terms.kind.is_billed() { plan.seats } else { 0 };
            for seats in [bought, over] {
                let part = share(whole(seats), period, on, on + Days::new(1)).unwrap();
                *out.entry((now.partner, plan.terms.currency.code())).or_default() += part.minor;
            }
        }
        out.retain(|_, sum| *sum != 0);
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn months_add_up_to_the_whole_in_every_currency(history in any_history(), seed in 0_u32..1000) {
            let (from, to) = (day("2026-01-01"), day("2028-06-01"));
            let used = |on: NaiveDate| (on.ordinal() * 7919 + seed) % 600;
            let whole = sums(&charges(&history, from, to, used).unwrap());
            let mut months = Vec::new();
            let mut at = from;
            while at < to {
                let next = at + Months::new(1);
                months.extend(charges(&history, at, next, used).unwrap());
                at = next;
            }
            prop_assert_eq!(&sums(&months), &whole);
            prop_assert_eq!(&oracle(&history, from, to, used), &whole);
        }

        #[test]
        fn what_nobody_changes_costs_exactly_its_price(price in 0_i64..1_000_000, seats in 1_u32..5000, yearly: bool, currency in 0_usize..3, later in 0_u64..800) {
            let periodicity = if yearly { Periodicity::Yearly } else { Periodicity::Monthly };
            let plan = terms(price, ["JPY", "EUR", "KWD"][currency], periodicity, PlanKind::Standard);
            let history = [held("2026-01-31", 1, plan, seats)];
            let period = cycle_of(&history).unwrap().period_at(day("2026-01-31") + Days::new(later)).unwrap();
            let sum: i64 = charges(&history, period.start(), period.end(), |_| 0).unwrap().iter().map(|c| c.line.amount.minor).sum();
            prop_assert_eq!(sum, price * i64::from(seats));
        }
    }
}
