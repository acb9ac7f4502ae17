//! Amounts of money: whole minor units and a currency. No fraction is ever kept, so nothing is lost.

mod currency;
mod error;
mod format;
mod parse;
mod table;

use serde::{Deserialize, Serialize};

pub use currency::Currency;
pub use error::MoneyError;
pub(crate) use parse::ungrouped;

/// An amount in minor units (cents, or whole yen) of one currency. Below zero it is a credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    /// `minor` is in the currency's smallest unit: 420 is €4.20, and ¥420.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    #[must_use]
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// # Errors
    /// `Currencies` when they differ, `TooLarge` when the sum leaves the range.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        self.minor.checked_add(other.minor).map(|minor| Money { minor, ..self }).ok_or(MoneyError::TooLarge)
    }

    /// # Errors
    /// `Currencies` when they differ, `TooLarge` when the difference leaves the range.
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        self.minor.checked_sub(other.minor).map(|minor| Money { minor, ..self }).ok_or(MoneyError::TooLarge)
    }

    /// So many times the amount, as for a number of seats.
    ///
    /// # Errors
    /// `TooLarge` when the product leaves the range.
    pub fn times(self, count: u32) -> Result<Money, MoneyError> {
        self.minor
            .checked_mul(i64::from(count))
            .map(|minor| Money { minor, ..self })
            .ok_or(MoneyError::TooLarge)
    }

    /// The sum, zero when there is nothing to add.
    ///
    /// # Errors
    /// `Currencies` when one is not in `currency`, `TooLarge` when the sum leaves the range.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::zero(currency), Money::plus)
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currencies(self.currency, other.currency))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::from_code(code).unwrap())
    }

    #[test]
    fn amounts_of_one_currency_add_up() {
        let eur = Currency::from_code("EUR").unwrap();
        assert_eq!(money(420, "EUR").plus(money(80, "EUR")), Ok(money(500, "EUR")));
        assert_eq!(money(420, "EUR").minus(money(500, "EUR")), Ok(money(-80, "EUR")));
        assert_eq!(money(420, "EUR").times(12), Ok(money(5_040, "EUR")));
        assert_eq!(Money::sum(eur, []), Ok(Money::zero(eur)));
        assert_eq!(Money::sum(eur, [money(1, "EUR"), money(2, "EUR")]), Ok(money(3, "EUR")));
    }

    #[test]
    fn currencies_never_mix() {
        let error = money(420, "EUR").plus(money(1, "USD")).unwrap_err();
        assert_eq!(error.to_string(), "EUR and USD cannot be added together. Keep each currency apart.");
        assert!(money(420, "EUR").minus(money(1, "USD")).is_err());
        assert!(Money::sum(Currency::from_code("USD").unwrap(), [money(1, "EUR")]).is_err());
    }

    #[test]
    fn what_does_not_fit_is_refused_instead_of_wrapping() {
        assert_eq!(money(i64::MAX, "EUR").plus(money(1, "EUR")), Err(MoneyError::TooLarge));
        assert_eq!(money(i64::MIN, "EUR").minus(money(1, "EUR")), Err(MoneyError::TooLarge));
        assert_eq!(money(i64::MAX / 2, "EUR").times(3), Err(MoneyError::TooLarge));
    }
}
