//! The lines of a bill, from what a subscription held on which days.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::BillingError;
use super::period::Period;
use super::prorate::share;
use crate::money::{Currency, Money};
use crate::price_plan::{PlanKind, PlanTerms};

/// The days `[from, to)` over which plan, seats and use stayed the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub plan: Uuid,
    pub plan_name: String,
    pub terms: PlanTerms,
    /// Seats bought.
    pub seats: u32,
    /// Seats in use: protected users.
    pub used: u32,
}

/// Why a line stands on the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// Seats bought.
    Seats,
    /// Seats used beyond those bought, at the plan's price.
    Overage,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    pub kind: LineKind,
    pub plan: Uuid,
    pub plan_name: String,
    pub terms: PlanTerms,
    /// The days `[from, to)`.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub seats: u32,
    /// How many days of the period the line covers, and how many the period has.
    pub days: i64,
    pub of_days: i64,
    pub amount: Money,
}

/// What a period costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub period: Period,
    /// Seats in the order of their days, then overage likewise.
    pub lines: Vec<InvoiceLine>,
    /// The sum of the lines.
    pub total: Money,
}

impl InvoiceLine {
    /// In words: "Entra for schools, 12 seats, 2026-03-01 to 2026-03-15 (15 of 31 days)". Both days are billed.
    #[must_use]
    pub fn description(&self) -> String {
        let seats = match (self.kind, self.seats) {
            (LineKind::Seats, 1) => "1 seat".to_owned(),
            (LineKind::Seats, n) => format!("{n} seats"),
            (LineKind::Overage, 1) => "1 seat used beyond those bought".to_owned(),
            (LineKind::Overage, n) => format!("{n} seats used beyond those bought"),
        };
        let free = match self.terms.kind {
            PlanKind::Standard => String::new(),
            kind => format!(", {}", kind.label().to_lowercase()),
        };
        let last = self.to.checked_sub_days(Days::new(1)).unwrap_or(self.to);
        let (name, from, days, of) = (&self.plan_name, self.from, self.days, self.of_days);
        format!("{name}{free}, {seats}, {from} to {last} ({days} of {of} days)")
    }
}

/// The bill of a period. Segments may reach beyond the period, and days without one cost nothing; they must be
/// in the order of their days. Neighbours that hold the same become one line. A trial and a plan not for resale
/// appear and cost nothing; with them nobody pays for seats beyond those bought.
///
/// # Errors
/// `Overlap` when a day has two segments or they are out of order; `Periodicity` when a plan is billed in other
/// periods; `Money` when a plan has another currency than `currency`, or an amount is too large.
pub fn invoice(period: Period, currency: Currency, history: &[Segment]) -> Result<Invoice, BillingError> {
    let mut seats: Vec<InvoiceLine> = Vec::new();
    let mut overage: Vec<InvoiceLine> = Vec::new();
    let mut billed_until = period.start();
    for segment in history {
        let (from, to) = (segment.from.max(period.start()), segment.to.min(period.end()));
        if from >= to {
            continue;
        }
        if from < billed_until {
            return Err(BillingError::Overlap(from));
        }
        billed_until = to;
        if segment.terms.periodicity != period.periodicity() {
            return Err(BillingError::Periodicity);
        }
        let line = |kind, seats| InvoiceLine {
            kind,
            plan: segment.plan,
            plan_name: segment.plan_name.clone(),
            terms: segment.terms,
            from,
            to,
            seats,
            days: 0,
            of_days: period.days(),
            amount: Money::zero(segment.terms.currency),
        };
        append(&mut seats, line(LineKind::Seats, segment.seats));
        if segment.terms.kind.is_billed() {
            append(&mut overage, line(LineKind::Overage, segment.used.saturating_sub(segment.seats)));
        }
    }
    seats.append(&mut overage);
    for line in &mut seats {
        line.days = (line.to - line.from).num_days();
        line.amount = share(line.terms.billed_price().times(line.seats)?, period, line.from, line.to)?;
    }
    let total = Money::sum(currency, seats.iter().map(|line| line.amount))?;
    Ok(Invoice { period, lines: seats, total })
}

/// Adds a line, or lengthens the one before where only the days differ. No seats make no line.
fn append(lines: &mut Vec<InvoiceLine>, line: InvoiceLine) {
    if line.seats == 0 {
        return;
    }
    if let Some(last) = lines.last_mut()
        && last.to == line.from
        && (last.plan, &last.plan_name, last.terms, last.seats)
            == (line.plan, &line.plan_name, line.terms, line.seats)
    {
        last.to = line.to;
        return;
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::price_plan::Periodicity;
    use crate::product::ProductType;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn terms(minor: i64, code: &str) -> PlanTerms {
        PlanTerms {
            product: ProductType::BackupEntra,
            currency: Currency::from_code(code).unwrap(),
            price_minor: minor,
            periodicity: Periodicity::Monthly,
            kind: PlanKind::Standard,
        }
    }

    fn segment(from: &str, to: &str, terms: PlanTerms, seats: u32, used: u32) -> Segment {
        Segment {
            from: day(from),
            to: day(to),
            plan: Uuid::from_u128(1),
            plan_name: "Entra".into(),
            terms,
            seats,
            used,
        }
    }

    fn march() -> Period {
        Period::new(day("2026-03-01"), day("2026-04-01"), Periodicity::Monthly).unwrap()
    }

    fn eur() -> Currency {
        Currency::from_code("EUR").unwrap()
    }

    #[test]
    fn a_quiet_month_is_one_line() {
        let bill = invoice(march(), eur(), &[segment("2026-01-10", "2027-01-01", terms(420, "EUR"), 12, 9)]);
        let bill = bill.unwrap();
        assert_eq!(bill.total, Money::new(5_040, eur()));
        let [line] = &bill.lines[..] else { panic!("{:?}", bill.lines) };
        assert_eq!(line.description(), "Entra, 12 seats, 2026-03-01 to 2026-03-31 (31 of 31 days)");
    }

    #[test]
    fn more_seats_on_the_sixteenth_cost_from_that_day() {
        let history = [
            segment("2026-03-01", "2026-03-16", terms(310, "EUR"), 10, 10),
            segment("2026-03-16", "2026-04-01", terms(310, "EUR"), 12, 12),
        ];
        let bill = invoice(march(), eur(), &history).unwrap();
        let amounts: Vec<i64> = bill.lines.iter().map(|l| l.amount.minor).collect();
        // 31.00 for 15 of 31 days, 37.20 for 16 of 31.
        assert_eq!(amounts, [1_500, 1_920]);
        assert_eq!(bill.total.minor, 3_420);
    }

    #[test]
    fn seats_used_beyond_those_bought_are_a_line_of_their_own() {
        let history = [
            segment("2026-03-01", "2026-03-11", terms(310, "EUR"), 10, 10),
            segment("2026-03-11", "2026-03-21", terms(310, "EUR"), 10, 13),
            segment("2026-03-21", "2026-04-01", terms(310, "EUR"), 10, 8),
        ];
        let bill = invoice(march(), eur(), &history).unwrap();
        let lines: Vec<(String, i64)> =
            bill.lines.iter().map(|l| (l.description(), l.amount.minor)).collect();
        assert_eq!(
            lines,
            [
                ("Entra, 10 seats, 2026-03-01 to 2026-03-31 (31 of 31 days)".to_owned(), 3_100),
                (
                    "Entra, 3 seats used beyond those bought, 2026-03-11 to 2026-03-20 (10 of 31 days)"
                        .to_owned(),
                    300
                ),
            ]
        );
    }

    #[test]
    fn trial_and_not_for_resale_cost_nothing_even_beyond_their_seats() {
        for kind in [PlanKind::Trial, PlanKind::NotForResale] {
            let free = PlanTerms { kind, ..terms(420, "EUR") };
            let bill = invoice(march(), eur(), &[segment("2026-03-01", "2026-04-01", free, 5, 50)]).unwrap();
            assert_eq!(bill.total, Money::zero(eur()));
            assert_eq!(bill.lines.len(), 1, "the free seats are shown");
            assert!(bill.lines[0].description().contains(&kind.label().to_lowercase()));
        }
    }

    #[test]
    fn days_without_a_subscription_cost_nothing() {
        let bill = invoice(march(), eur(), &[segment("2026-03-17", "2026-03-27", terms(310, "EUR"), 10, 0)]);
        assert_eq!(bill.unwrap().total.minor, 1_000);
        assert_eq!(invoice(march(), eur(), &[]).unwrap().total, Money::zero(eur()));
    }

    #[test]
    fn a_pause_between_two_like_spans_is_not_billed() {
        let t = terms(310, "EUR");
        let history =
            [segment("2026-03-01", "2026-03-06", t, 1, 2), segment("2026-03-16", "2026-03-21", t, 1, 2)];
        let bill = invoice(march(), eur(), &history).unwrap();
        let amounts: Vec<i64> = bill.lines.iter().map(|l| l.amount.minor).collect();
        assert_eq!(amounts, [50, 50, 50, 50], "two of seats, two of overage");
    }

    #[test]
    fn a_history_that_cannot_be_billed_is_refused_whole() {
        let t = terms(310, "EUR");
        let overlapping =
            [segment("2026-03-01", "2026-03-11", t, 1, 0), segment("2026-03-10", "2026-03-20", t, 1, 0)];
        assert_eq!(invoice(march(), eur(), &overlapping), Err(BillingError::Overlap(day("2026-03-10"))));
        let yearly = PlanTerms { periodicity: Periodicity::Yearly, ..t };
        assert_eq!(
            invoice(march(), eur(), &[segment("2026-03-01", "2026-04-01", yearly, 1, 0)]),
            Err(BillingError::Periodicity)
        );
        let dollars = segment("2026-03-01", "2026-04-01", terms(310, "USD"), 1, 0);
        assert!(matches!(invoice(march(), eur(), &[dollars]), Err(BillingError::Money(_))));
    }

    proptest! {
        #[test]
        fn lines_sum_to_the_total_and_splitting_changes_nothing(
            code in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
            spans in prop::collection::vec(
                (1u64..12, 0i64..100_000, 0u32..5_000, 0u32..5_000, 0usize..3, any::<bool>()), 0..10),
            cut in 0u64..31,
        ) {
            let currency = Currency::from_code(code).unwrap();
            let mut from = day("2026-02-25");
            let mut history = Vec::new();
            for (days, price, seats, used, kind, gap) in spans {
                let to = from + Days::new(days);
                if !gap {
                    let terms = PlanTerms { kind: PlanKind::ALL[kind], ..terms(price, code) };
                    history.push(Segment { from, to, ..segment("2026-03-01", "2026-03-02", terms, seats, used) });
                }
                from = to;
            }
            let bill = invoice(march(), currency, &history).unwrap();
            // Summed here by hand, apart from the product's own sum.
            prop_assert_eq!(bill.lines.iter().map(|l| l.amount.minor).sum::<i64>(), bill.total.minor);
            prop_assert!(bill.lines.iter().all(|l| l.amount.minor >= 0 && l.seats > 0 && l.days > 0));

            // The same history told in more pieces costs the same, with the same lines.
            let cut = march().start() + Days::new(cut);
            let mut pieces = Vec::new();
            for s in &history {
                if s.from < cut && cut < s.to {
                    pieces.push(Segment { to: cut, ..s.clone() });
                    pieces.push(Segment { from: cut, ..s.clone() });
                } else {
                    pieces.push(s.clone());
                }
            }
            prop_assert_eq!(&invoice(march(), currency, &pieces).unwrap(), &bill);

            // And billed in two bills, up to the cut and from it, the parts sum to the whole.
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for s in pieces {
                if s.to <= cut { before.push(s) } else { after.push(s) }
            }
            let sum = invoice(march(), currency, &before).unwrap().total.minor
                + invoice(march(), currency, &after).unwrap().total.minor;
            prop_assert_eq!(sum, bill.total.minor);

            // Within a minor unit a line of the exact amount, reckoned in 31sts.
            let exact: i128 = history
                .iter()
                .filter(|s| s.terms.kind == PlanKind::Standard)
                .map(|s| {
                    let days = (s.to.min(march().end()) - s.from.max(march().start())).num_days().max(0);
                    i128::from(s.terms.price_minor) * i128::from(s.seats.max(s.used)) * i128::from(days)
                })
                .sum();
            let off = (i128::from(bill.total.minor) * 31 - exact).abs();
            prop_assert!(off <= 31 * i128::try_from(bill.lines.len()).unwrap());
        }

        #[test]
        fn constant_seats_cost_the_whole_price_however_the_month_is_split(
            code in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
            price in 0i64..1_000_000,
            seats in 1u32..10_000,
            cuts in prop::collection::btree_set(1u64..31, 0..8),
        ) {
            let currency = Currency::from_code(code).unwrap();
            let mut edges = vec![march().start()];
            edges.extend(cuts.iter().map(|c| march().start() + Days::new(*c)));
            edges.push(march().end());
            // Two plans of the same price in turn, so that no two neighbours become one line.
            let history: Vec<Segment> = edges
                .windows(2)
                .enumerate()
                .map(|(n, pair)| Segment {
                    from: pair[0],
                    to: pair[1],
                    plan: Uuid::from_u128(n as u128 % 2),
                    ..segment("2026-03-01", "2026-03-02", terms(price, code), seats, seats)
                })
                .collect();
            let bill = invoice(march(), currency, &history).unwrap();
            prop_assert_eq!(bill.lines.len(), history.len());
            prop_assert_eq!(bill.total.minor, price * i64::from(seats));
        }
    }
}
