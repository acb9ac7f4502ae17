//! Currencies as ISO 4217 names them.

use serde::{Deserialize, Serialize};

use super::error::MoneyError;
use super::table::CURRENCIES;

/// An active currency of ISO 4217. Ordered by code; written as its code ("EUR") wherever it is kept or sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub struct Currency(u8);

impl Currency {
    /// The currency with this code, in capitals or not; `None` for a code that is unknown or no longer in use.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Currency> {
        let at = CURRENCIES.iter().position(|(known, ..)| known.eq_ignore_ascii_case(code))?;
        u8::try_from(at).ok().map(Currency)
    }

    /// Every currency, by code.
    pub fn all() -> impl Iterator<Item = Currency> {
        (0u8..).take(CURRENCIES.len()).map(Currency)
    }

    /// Three capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// How many digits follow the decimal point: 0, 2 or 3.
    #[must_use]
    pub fn digits(self) -> u32 {
        u32::from(self.row().1)
    }

    /// The English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// What stands before an amount where English readers know the sign and it means one currency only.
    /// `None` for the rest, which are shown by their code.
    #[must_use]
    pub fn symbol(self) -> Option<&'static str> {
        Some(match self.code() {
            "AUD" => "A$",
            "BRL" => "R$",
            "CAD" => "CA$",
            "CNY" => "CN¥",
            "EUR" => "€",
            "GBP" => "£",
            "HKD" => "HK$",
            "ILS" => "₪",
            "INR" => "₹",
            "JPY" => "¥",
            "KRW" => "₩",
            "MXN" => "MX$",
            "NZD" => "NZ$",
            "PHP" => "₱",
            "TWD" => "NT$",
            "USD" => "$",
            "VND" => "₫",
            _ => return None,
        })
    }

    /// Minor units in one unit of the currency: 1, 100 or 1,000.
    #[must_use]
    pub fn scale(self) -> i64 {
        10i64.pow(self.digits())
    }

    fn row(self) -> &'static (&'static str, u8, &'static str) {
        // A `Currency` is only made from a place in the table.
        &CURRENCIES[usize::from(self.0)]
    }
}

impl From<Currency> for &'static str {
    fn from(currency: Currency) -> &'static str {
        currency.code()
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Currency, MoneyError> {
        Currency::from_code(&code).ok_or(MoneyError::UnknownCurrency(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_each_code_finds_itself() {
        assert!(CURRENCIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for currency in Currency::all() {
            assert_eq!(Currency::from_code(currency.code()), Some(currency));
            assert!(currency.code().len() == 3 && !currency.name().is_empty());
            assert!(matches!(currency.digits(), 0 | 2 | 3), "{}", currency.code());
        }
    }

    #[test]
    fn digits_are_those_of_the_standard() {
        let with = |digits: u32| -> Vec<&str> {
            Currency::all().filter(|c| c.digits() == digits).map(Currency::code).collect()
        };
        assert_eq!(
            with(0),
            [
                "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
                "XAF", "XOF", "XPF"
            ]
        );
        assert_eq!(with(3), ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);
    }

    #[test]
    fn codes_are_read_in_any_case_and_old_ones_are_unknown() {
        assert_eq!(Currency::from_code("eur").map(Currency::name), Some("Euro"));
        for gone in ["DEM", "HRK", "BGN", "XAU", "", "EURO", "€"] {
            assert_eq!(Currency::from_code(gone), None, "{gone}");
        }
    }

    #[test]
    fn no_two_currencies_share_a_symbol() {
        let mut seen: Vec<&str> = Currency::all().filter_map(Currency::symbol).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn a_currency_travels_as_its_code() {
        let yen = Currency::from_code("JPY").unwrap();
        assert_eq!(serde_json::to_string(&yen).unwrap(), "\"JPY\"");
        assert_eq!(serde_json::from_str::<Currency>("\"JPY\"").unwrap(), yen);
        assert!(serde_json::from_str::<Currency>("\"XYZ\"").is_err());
    }
}
