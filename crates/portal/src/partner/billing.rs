//! Bills: what customers cost, month by month, from what happened to their subscriptions.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use domain::access::PartnerAction;
use domain::bill::{BillPage, BillRow, Month, OrganizationBill};
use domain::billing::{InvoiceLine, charges};
use domain::money::Money;
use store::scope::{PartnerActor, PartnerScope};
use store::usage::{Ledger, Use};
use uuid::Uuid;

use super::{csv, require};
use crate::{Error, Portal, Result};

/// Customers of a page.
const PAGE: usize = 50;

/// Everything that bills of a stretch of months are made from.
pub(crate) struct Books {
    ledgers: Vec<Ledger>,
    /// Recorded days on which more was used than bought.
    short: HashMap<Uuid, HashMap<NaiveDate, i64>>,
    /// What is in use now, for days that are not recorded yet.
    now: HashMap<Uuid, i64>,
    /// The first day that is not recorded yet.
    recorded_until: NaiveDate,
    partners: HashMap<Uuid, String>,
}

type Used = HashMap<(Uuid, Uuid), Use>;

/// Lines of one customer with one partner.
struct Account<'a> {
    ledger: &'a Ledger,
    partner: Uuid,
    lines: Vec<InvoiceLine>,
}

impl Portal {
    /// The bill of a month: of the actor's own customers and its branch, or of one partner of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the partner is a stranger; [`Error::Forbidden`]; [`Error::Refused`] when no bill can be
    /// made, with the reason.
    pub async fn bill(
        &self,
        actor: &PartnerActor,
        month: Option<Month>,
        partner: Option<Uuid>,
        page: u32,
    ) -> Result<BillPage> {
        require(actor, PartnerAction::SeeMoney)?;
        let scope = self.part_of_branch(actor, partner).await?;
        let (month, until) = self.asked(month);
        let books = self.books(scope, None, month, month).await?;
        let used = self.store.use_of(scope, month.first(), until).await?;
        let rows = books.rows(month, until, &used)?;
        let totals = total(rows.iter().flat_map(|row| &row.totals).copied())?;
        let is_running = until < month.end();
        let expected = if is_running { books.totals(month.first(), month.end())? } else { Vec::new() };
        let customers = rows.len();
        let from = PAGE * page as usize;
        let rows = rows.into_iter().skip(from).take(PAGE).collect();
        Ok(BillPage {
            month,
            since: books.since(month),
            is_running,
            next: (from + PAGE < customers).then_some(page + 1),
            customers: i64::try_from(customers).unwrap_or(i64::MAX),
            rows,
            totals,
            expected,
            partners: self.store.branch(actor.scope()).await?,
        })
    }

    /// The same as a file, every customer's every line.
    ///
    /// # Errors
    /// As [`Portal::bill`].
    pub async fn bill_csv(
        &self,
        actor: &PartnerActor,
        month: Option<Month>,
        partner: Option<Uuid>,
    ) -> Result<String> {
        require(actor, PartnerAction::SeeMoney)?;
        let scope = self.part_of_branch(actor, partner).await?;
        let (month, until) = self.asked(month);
        let books = self.books(scope, None, month, month).await?;
        let used = self.store.use_of(scope, month.first(), until).await?;
        let rows = books.rows(month, until, &used)?;
        let mut file = csv::File::new(&[
            "Month",
            "Partner",
            "Number",
            "Organization",
            "Plan",
            "Kind",
            "From",
            "Until",
            "Days",
            "Of days",
            "Seats",
            "Price a seat",
            "Periodicity",
            "Amount",
            "Currency",
            "Most protected users",
            "User days",
        ]);
        for row in &rows {
            for line in &row.lines {
                file.line(&[
                    month.slug(),
                    row.partner.clone(),
                    row.number.clone(),
                    name_of(row),
                    line.plan_name.clone(),
                    kind_of(line),
                    line.from.to_string(),
                    line.to.to_string(),
                    line.days.to_string(),
                    line.of_days.to_string(),
                    line.seats.to_string(),
                    line.terms.billed_price().plain(),
                    line.terms.periodicity.slug().to_owned(),
                    line.amount.plain(),
                    line.amount.currency.code().to_owned(),
                    row.peak.to_string(),
                    row.user_days.to_string(),
                ]);
            }
        }
        Ok(file.text())
    }

    /// One customer's bill of a month.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well; as [`Portal::bill`].
    pub async fn organization_bill(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        month: Option<Month>,
    ) -> Result<OrganizationBill> {
        require(actor, PartnerAction::SeeMoney)?;
        let organization = self.customer(actor, id).await?;
        let (month, until) = self.asked(month);
        let books = self.books(actor.scope(), Some(organization.id), month, month).await?;
        let used = self.store.use_of(actor.scope(), month.first(), until).await?;
        let rows = books.rows(month, until, &used)?;
        let is_running = until < month.end();
        Ok(OrganizationBill {
            month,
            since: books.since(month),
            is_running,
            totals: total(rows.iter().flat_map(|row| &row.totals).copied())?,
            expected: if is_running { books.totals(month.first(), month.end())? } else { Vec::new() },
            rows,
        })
    }

    /// The partner of that id, in the actor's branch; without one, the whole branch.
    async fn part_of_branch(&self, actor: &PartnerActor, id: Option<Uuid>) -> Result<PartnerScope> {
        match id {
            Some(id) => self.store.partner_below(actor.scope(), id).await?.ok_or(Error::NotFound),
            None => Ok(actor.scope()),
        }
    }

    /// The month that is asked for, never one that has not begun; and the day up to which it can be counted: a day counts
    /// from its beginning on.
    pub(super) fn asked(&self, month: Option<Month>) -> (Month, NaiveDate) {
        let today = self.now().date_naive();
        let running = Month::of(today);
        let month = month.map_or(running, |month| month.min(running));
        (month, month.end().min(today.succ_opt().unwrap_or(today)))
    }

    /// What the bills of the months from `first` to `last` are made from.
    pub(crate) async fn books(
        &self,
        scope: PartnerScope,
        one: Option<Uuid>,
        first: Month,
        last: Month,
    ) -> Result<Books> {
        let store = &self.store;
        let (ledgers, short, now, recorded_until, branch) = tokio::try_join!(
            store.ledgers(scope, one, last.end()),
            store.short_days(scope, first.first(), last.end()),
            store.protected_now(scope),
            store.recorded_until(),
            store.branch(scope),
        )?;
        Ok(Books {
            ledgers,
            short,
            now,
            recorded_until: recorded_until.unwrap_or_else(|| self.now().date_naive()),
            partners: branch.into_iter().map(|partner| (partner.id, partner.name)).collect(),
        })
    }
}

impl Books {
    /// A row for each customer and partner that anything is billed of, by partner and name.
    fn rows(&self, month: Month, until: NaiveDate, used: &Used) -> Result<Vec<BillRow>> {
        let mut rows = Vec::new();
        for account in self.accounts(month.first(), until)? {
            let of = used.get(&(account.ledger.organization, account.partner)).copied().unwrap_or_default();
            let is_there = account.ledger.name.is_some();
            let is_last = account.ledger.history.last().is_some_and(|held| held.partner == account.partner);
            rows.push(BillRow {
                organization: (is_there && is_last).then_some(account.ledger.organization),
                number: account.ledger.numbers.get(&account.partner).cloned().unwrap_or_default(),
                name: account.ledger.name.clone(),
                partner: self.partners.get(&account.partner).cloned().unwrap_or_default(),
                totals: total(account.lines.iter().map(|line| line.amount))?,
                lines: account.lines,
                peak: of.peak,
                user_days: of.user_days,
            });
        }
        rows.sort_by(|a, b| (&a.partner, &a.name, &a.number).cmp(&(&b.partner, &b.name, &b.number)));
        Ok(rows)
    }

    /// The sum of everything on the days `[from, to)`, by currency.
    pub(crate) fn totals(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Money>> {
        total(self.accounts(from, to)?.iter().flat_map(|a| &a.lines).map(|line| line.amount))
    }

    fn accounts(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Account<'_>>> {
        let mut out = Vec::new();
        for ledger in &self.ledgers {
            let (short, now) = (self.short.get(&ledger.organization), self.now.get(&ledger.organization));
            let used = |day: NaiveDate| {
                let used =
                    if day < self.recorded_until { short.and_then(|days| days.get(&day)) } else { now };
                u32::try_from(used.copied().unwrap_or(0)).unwrap_or(u32::MAX)
            };
            let charged = charges(&ledger.history, from, to, used)
                .map_err(|why| Error::Refused(format!("{}: {why}", ledger.organization)))?;
            let mut by_partner: BTreeMap<Uuid, Vec<InvoiceLine>> = BTreeMap::new();
            for charge in charged {
                by_partner.entry(charge.partner).or_default().push(charge.line);
            }
            out.extend(by_partner.into_iter().map(|(partner, lines)| Account { ledger, partner, lines }));
        }
        Ok(out)
    }

    /// The first month that there is anything about, and not later than `month`.
    fn since(&self, month: Month) -> Month {
        let first =
            self.ledgers.iter().filter_map(|ledger| ledger.history.first()).map(|held| held.from).min();
        first.map_or(month, Month::of).min(month)
    }
}

/// Sums by currency, in the order of their codes.
fn total(amounts: impl Iterator<Item = Money>) -> Result<Vec<Money>> {
    let mut sums: BTreeMap<&'static str, Money> = BTreeMap::new();
    for amount in amounts {
        let sum = sums.entry(amount.currency.code()).or_insert_with(|| Money::zero(amount.currency));
        *sum = sum.plus(amount).map_err(|why| Error::Refused(why.to_string()))?;
    }
    Ok(sums.into_values().collect())
}

fn name_of(row: &BillRow) -> String {
    row.name.clone().unwrap_or_else(|| "(gone)".to_owned())
}

fn kind_of(line: &InvoiceLine) -> String {
    use domain::billing::LineKind;
    let kind = match line.kind {
        LineKind::Seats => "seats",
        LineKind::Overage => "seats beyond those bought",
    };
    kind.to_owned()
}
