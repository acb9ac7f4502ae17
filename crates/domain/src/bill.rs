//! Bills and figures of use, as the Partner Portal's pages are given them.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::billing::{InvoiceLine, Preview};
use crate::money::Money;
use crate::partner::PartnerOption;
use crate::view::Instant;

/// A calendar month, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month that holds a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Month {
        Month { first: day.with_day(1).unwrap_or(day) }
    }

    /// `2026-03`.
    #[must_use]
    pub fn read(text: &str) -> Option<Month> {
        format!("{text}-01").parse().ok().map(Month::of)
    }

    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// The day after the last.
    #[must_use]
    pub fn end(self) -> NaiveDate {
        self.first.checked_add_months(Months::new(1)).unwrap_or(self.first)
    }

    #[must_use]
    pub fn next(self) -> Month {
        Month { first: self.end() }
    }

    #[must_use]
    pub fn before(self) -> Month {
        Month { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(self.first) }
    }

    /// As an address has it: `2026-03`.
    #[must_use]
    pub fn slug(self) -> String {
        self.first.format("%Y-%m").to_string()
    }

    /// As people say it: `March 2026`.
    #[must_use]
    pub fn label(self) -> String {
        self.first.format("%B %Y").to_string()
    }
}

/// What one customer costs in a month, with one partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillRow {
    /// None when it is not the partner's customer any more.
    pub organization: Option<Uuid>,
    pub number: String,
    /// None when it was erased, or went to another partner.
    pub name: Option<String>,
    pub partner: String,
    pub lines: Vec<InvoiceLine>,
    /// By currency.
    pub totals: Vec<Money>,
    /// The most protected users of a day.
    pub peak: i64,
    /// Protected users, day by day, added up.
    pub user_days: i64,
}

/// A month's bill of a partner and those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillPage {
    pub month: Month,
    /// The first month that there is anything about.
    pub since: Month,
    /// The running month: counted up to and including today.
    pub is_running: bool,
    pub rows: Vec<BillRow>,
    /// How many rows there are on all pages.
    pub customers: i64,
    /// The page after this one.
    pub next: Option<u32>,
    /// The sum of all rows, by currency.
    pub totals: Vec<Money>,
    /// What the whole month comes to when nothing changes any more, by currency; of the running month.
    pub expected: Vec<Money>,
    /// Whose bill one may ask for.
    pub partners: Vec<PartnerOption>,
}

/// A month's bill of one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationBill {
    pub month: Month,
    pub since: Month,
    pub is_running: bool,
    pub rows: Vec<BillRow>,
    pub totals: Vec<Money>,
    pub expected: Vec<Money>,
}

/// What a change would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCost {
    pub preview: Preview,
    /// "month", "year": what the price of the next period is for.
    pub period: String,
}

/// How many of something stand in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub slug: String,
    pub label: String,
    pub count: i64,
}

/// A day of a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendDay {
    pub day: NaiveDate,
    pub organizations: i64,
    pub seats: i64,
    pub protected: i64,
}

/// Money of the partner's first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingNow {
    pub month: Month,
    pub so_far: Vec<Money>,
    pub expected: Vec<Money>,
    /// What the month before came to.
    pub before: Vec<Money>,
}

/// How backups stand, on the partner's first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthNow {
    /// By health, of those whose backups should run.
    pub shares: Vec<Share>,
    /// By state of the connection.
    pub credentials: Vec<Share>,
    /// The first of those that are late or failed.
    pub late: Vec<LateRow>,
}

/// A customer whose backup is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateRow {
    pub id: Uuid,
    pub name: String,
    pub number: String,
    pub last_backup: Option<Instant>,
    /// Whether the last try failed; else it was not made in time.
    pub failed: bool,
}

/// People, by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsNow {
    /// They can sign in.
    pub active: i64,
    /// Sign-in is switched off in every role that they have here.
    pub off: i64,
    /// They were invited and have not taken it up.
    pub invited: i64,
    /// Those of the active and the switched off who came in the last days.
    pub joined: i64,
}

/// The partner's first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// When it was put together.
    pub at: Instant,
    /// By state.
    pub organizations: Vec<Share>,
    /// How many of them came, and were erased, since [`Dashboard::since`].
    pub created: i64,
    pub erased: i64,
    /// From when on changes are counted.
    pub since: NaiveDate,
    /// People of the partner's branch, and of its customers.
    pub partner_accounts: AccountsNow,
    pub customer_accounts: AccountsNow,
    pub seats: i64,
    pub protected: i64,
    /// Customers with fewer seats than they use.
    pub short: i64,
    pub trend: Vec<TrendDay>,
    /// None for those who see no money.
    pub billing: Option<BillingNow>,
    /// None for those who see no health.
    pub health: Option<HealthNow>,
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months_follow_each_other() {
        let december = Month::read("2026-12").unwrap();
        assert_eq!(december.next().slug(), "2027-01");
        assert_eq!(december.before().label(), "November 2026");
        assert_eq!(
            (december.first().to_string(), december.end().to_string()),
            ("2026-12-01".into(), "2027-01-01".into())
        );
        for wrong in ["", "2026", "2026-13", "2026-3-1", "x"] {
            assert!(Month::read(wrong).is_none(), "{wrong}");
        }
    }
}
