//! The plan that a partner sells: its terms, and what makes them valid. (`crate::plan` is the plan of a
//! restore.)

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::{Currency, Money, MoneyError};
use crate::product::ProductType;

/// The longest name of a plan, in characters.
pub const NAME_MAX: usize = 100;
/// The highest price of a seat, in units of the currency: far above any real one, low enough that a price, a
/// million seats and a year never leave the range of an amount.
pub const PRICE_MAX_UNITS: i64 = 1_000_000;

/// How often a plan is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Periodicity {
    Monthly,
    Yearly,
}

impl Periodicity {
    pub const ALL: [Periodicity; 2] = [Periodicity::Monthly, Periodicity::Yearly];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Periodicity::Monthly => "monthly",
            Periodicity::Yearly => "yearly",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Periodicity> {
        Periodicity::ALL.into_iter().find(|p| p.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Periodicity::Monthly => "Monthly",
            Periodicity::Yearly => "Yearly",
        }
    }

    /// What one period is called in a sentence.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Periodicity::Monthly => "month",
            Periodicity::Yearly => "year",
        }
    }

    /// The length of a period in calendar months.
    #[must_use]
    pub const fn months(self) -> u32 {
        match self {
            Periodicity::Monthly => 1,
            Periodicity::Yearly => 12,
        }
    }
}

/// Whether a plan is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanKind {
    Standard,
    /// Free while somebody tries it. The price is what the plan would cost.
    Trial,
    /// Free for the partner's own use.
    NotForResale,
}

impl PlanKind {
    pub const ALL: [PlanKind; 3] = [PlanKind::Standard, PlanKind::Trial, PlanKind::NotForResale];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            PlanKind::Standard => "standard",
            PlanKind::Trial => "trial",
            PlanKind::NotForResale => "not-for-resale",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<PlanKind> {
        PlanKind::ALL.into_iter().find(|k| k.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            PlanKind::Standard => "Standard",
            PlanKind::Trial => "Trial",
            PlanKind::NotForResale => "Not for resale",
        }
    }

    #[must_use]
    pub const fn is_billed(self) -> bool {
        matches!(self, PlanKind::Standard)
    }
}

/// What a plan promises for what price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlanTerms {
    pub product: ProductType,
    pub currency: Currency,
    /// For one seat and one whole period, in minor units of the currency.
    pub price_minor: i64,
    pub periodicity: Periodicity,
    pub kind: PlanKind,
}

impl PlanTerms {
    /// The list price of a seat for one period.
    #[must_use]
    pub const fn price(&self) -> Money {
        Money::new(self.price_minor, self.currency)
    }

    /// What a seat is billed for one period: nothing on a trial or a plan not for resale.
    #[must_use]
    pub const fn billed_price(&self) -> Money {
        if self.kind.is_billed() { self.price() } else { Money::zero(self.currency) }
    }

    /// As lists show it: "€4.20 a seat, monthly", "Trial, free".
    #[must_use]
    pub fn summary(&self) -> String {
        match self.kind {
            PlanKind::Standard => {
                format!("{} a seat, {}", self.price(), self.periodicity.slug())
            }
            PlanKind::Trial | PlanKind::NotForResale => format!("{}, free", self.kind.label()),
        }
    }

    /// # Errors
    /// `PriceNegative` or `PriceTooHigh`.
    pub fn validate(&self) -> Result<(), PlanError> {
        check_price(self.price())
    }
}

/// Why a plan cannot be saved. Each message is fit to show beside the field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    #[error("Enter a name for the plan. It need not be unique.")]
    NameEmpty,
    #[error("The name has {0} characters. Shorten it to {NAME_MAX} or fewer.")]
    NameTooLong(usize),
    #[error("The name holds a line break or another character that cannot be shown. Type it anew.")]
    NameUnprintable,
    #[error("A price cannot be below zero. For a free plan, choose Trial or Not for resale.")]
    PriceNegative,
    #[error("The price of a seat can be at most {0}. Check the number of digits.")]
    PriceTooHigh(Money),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The name as it is kept: without spaces around it.
///
/// # Errors
/// `NameEmpty`, `NameTooLong`, `NameUnprintable`.
pub fn plan_name(typed: &str) -> Result<String, PlanError> {
    let name = typed.trim();
    let length = name.chars().count();
    if length == 0 {
        return Err(PlanError::NameEmpty);
    }
    if length > NAME_MAX {
        return Err(PlanError::NameTooLong(length));
    }
    if name.chars().any(char::is_control) {
        return Err(PlanError::NameUnprintable);
    }
    Ok(name.to_owned())
}

/// The currency that a form names by its code.
///
/// # Errors
/// `Money(UnknownCurrency)`.
pub fn plan_currency(code: &str) -> Result<Currency, PlanError> {
    Currency::from_code(code.trim())
        .ok_or_else(|| PlanError::Money(MoneyError::UnknownCurrency(code.trim().chars().take(10).collect())))
}

/// The price of a seat as it was typed, in minor units.
///
/// # Errors
/// `Money` when it is no amount of the currency, `PriceNegative`, `PriceTooHigh`.
pub fn plan_price(typed: &str, currency: Currency) -> Result<i64, PlanError> {
    let price = Money::parse(typed, currency).map_err(|why| match why {
        MoneyError::Negative => PlanError::PriceNegative,
        other => PlanError::Money(other),
    })?;
    check_price(price)?;
    Ok(price.minor)
}

fn check_price(price: Money) -> Result<(), PlanError> {
    if price.minor < 0 {
        return Err(PlanError::PriceNegative);
    }
    let most = Money::new(PRICE_MAX_UNITS * price.currency.scale(), price.currency);
    if price.minor > most.minor {
        return Err(PlanError::PriceTooHigh(most));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(minor: i64, code: &str, kind: PlanKind) -> PlanTerms {
        PlanTerms {
            product: ProductType::BackupEntra,
            currency: Currency::from_code(code).unwrap(),
            price_minor: minor,
            periodicity: Periodicity::Monthly,
            kind,
        }
    }

    #[test]
    fn slugs_lead_back() {
        for p in Periodicity::ALL {
            assert_eq!(Periodicity::from_slug(p.slug()), Some(p));
            assert_eq!(serde_json::to_string(&p).unwrap(), format!("\"{}\"", p.slug()));
        }
        for k in PlanKind::ALL {
            assert_eq!(PlanKind::from_slug(k.slug()), Some(k));
            assert_eq!(serde_json::to_string(&k).unwrap(), format!("\"{}\"", k.slug()));
        }
    }

    #[test]
    fn trial_and_not_for_resale_cost_nothing() {
        assert_eq!(terms(420, "EUR", PlanKind::Standard).billed_price().minor, 420);
        assert_eq!(terms(420, "EUR", PlanKind::Trial).billed_price().minor, 0);
        assert_eq!(terms(420, "EUR", PlanKind::NotForResale).billed_price().minor, 0);
    }

    #[test]
    fn a_list_says_the_price_in_a_few_words() {
        assert_eq!(terms(420, "EUR", PlanKind::Standard).summary(), "€4.20 a seat, monthly");
        assert_eq!(terms(420, "JPY", PlanKind::Standard).summary(), "¥420 a seat, monthly");
        assert_eq!(terms(420, "EUR", PlanKind::Trial).summary(), "Trial, free");
        assert_eq!(terms(0, "EUR", PlanKind::NotForResale).summary(), "Not for resale, free");
    }

    #[test]
    fn a_name_is_any_text_that_can_be_read() {
        assert_eq!(plan_name("  Entra for schools "), Ok("Entra for schools".to_owned()));
        assert_eq!(plan_name("バックアップ"), Ok("バックアップ".to_owned()));
        assert_eq!(plan_name("   "), Err(PlanError::NameEmpty));
        assert_eq!(plan_name(&"ä".repeat(NAME_MAX)).map(|n| n.chars().count()), Ok(NAME_MAX));
        assert_eq!(
            plan_name(&"x".repeat(101)).unwrap_err().to_string(),
            "The name has 101 characters. Shorten it to 100 or fewer."
        );
        assert_eq!(plan_name("two\nlines"), Err(PlanError::NameUnprintable));
    }

    #[test]
    fn prices_lie_between_nothing_and_a_million() {
        let eur = Currency::from_code("EUR").unwrap();
        assert_eq!(plan_price("4,20", eur), Ok(420));
        assert_eq!(plan_price("0", eur), Ok(0));
        assert_eq!(plan_price("1000000", eur), Ok(100_000_000));
        assert_eq!(
            plan_price("1000000.01", eur).unwrap_err().to_string(),
            "The price of a seat can be at most €1,000,000.00. Check the number of digits."
        );
        assert_eq!(plan_price("-1", eur), Err(PlanError::PriceNegative));
        assert!(matches!(
            plan_price("4.205", eur),
            Err(PlanError::Money(MoneyError::TooManyDecimals { .. }))
        ));
        assert_eq!(terms(-1, "EUR", PlanKind::Trial).validate(), Err(PlanError::PriceNegative));
        assert_eq!(terms(420, "EUR", PlanKind::Standard).validate(), Ok(()));
        assert!(terms(1_000_001, "JPY", PlanKind::Standard).validate().is_err());
    }

    #[test]
    fn the_currency_is_one_of_the_standard() {
        assert_eq!(plan_currency(" usd ").map(Currency::code), Ok("USD"));
        assert_eq!(
            plan_currency("DEM").unwrap_err().to_string(),
            "“DEM” is not a currency in use. Choose one from the list, such as EUR or USD."
        );
    }
}
