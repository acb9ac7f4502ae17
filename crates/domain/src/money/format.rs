//! Amounts as people read them and as files carry them.

use std::fmt::{self, Display, Write as _};

use super::Money;

/// Keeps a code and its amount on one line.
const NO_BREAK: char = '\u{a0}';
const MINUS: char = '−';

impl Money {
    /// The number alone, for a column whose heading names the currency: "1,234.50", "−0.05".
    #[must_use]
    pub fn number(self) -> String {
        let (whole, fraction) = self.digits();
        let mut out = String::new();
        if self.minor < 0 {
            out.push(MINUS);
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(&fraction);
        }
        out
    }

    /// With the code behind, where currencies stand beside each other: "1,234.50 EUR".
    #[must_use]
    pub fn with_code(self) -> String {
        format!("{}{NO_BREAK}{}", self.number(), self.currency.code())
    }

    /// For a spreadsheet or a program: "-1234.50", with a point, without grouping, the currency in a column of
    /// its own.
    #[must_use]
    pub fn plain(self) -> String {
        let (whole, fraction) = self.digits();
        let sign = if self.minor < 0 { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// The digits before and after the decimal point, without a sign.
    fn digits(self) -> (String, String) {
        let width = self.currency.digits() as usize;
        let mut whole = String::new();
        // At least one digit stands before the point.
        let _ = write!(whole, "{:0>1$}", self.minor.unsigned_abs(), width + 1);
        let fraction = whole.split_off(whole.len() - width);
        (whole, fraction)
    }
}

/// As it stands in a sentence: "€4.20", "−$1,234.50", "CHF 4.20".
impl Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        let (sign, number) = match number.strip_prefix(MINUS) {
            Some(rest) => ("−", rest),
            None => ("", number.as_str()),
        };
        match self.currency.symbol() {
            Some(symbol) => write!(f, "{sign}{symbol}{number}"),
            None => write!(f, "{sign}{}{NO_BREAK}{number}", self.currency.code()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Currency;
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::from_code(code).unwrap())
    }

    #[test]
    fn each_currency_shows_its_own_decimals() {
        assert_eq!(money(420, "EUR").to_string(), "€4.20");
        assert_eq!(money(420, "JPY").to_string(), "¥420");
        assert_eq!(money(4_200, "KWD").to_string(), "KWD\u{a0}4.200");
        assert_eq!(money(5, "USD").to_string(), "$0.05");
        assert_eq!(money(0, "JPY").to_string(), "¥0");
        assert_eq!(money(0, "KWD").number(), "0.000");
    }

    #[test]
    fn thousands_are_grouped_for_people() {
        assert_eq!(money(123_456_789, "EUR").number(), "1,234,567.89");
        assert_eq!(money(100_000, "EUR").number(), "1,000.00");
        assert_eq!(money(99_999, "EUR").number(), "999.99");
        assert_eq!(money(1_000_000, "JPY").with_code(), "1,000,000\u{a0}JPY");
    }

    #[test]
    fn a_credit_has_a_true_minus_for_people_and_a_plain_one_for_files() {
        assert_eq!(money(-123_450, "USD").to_string(), "−$1,234.50");
        assert_eq!(money(-5, "CHF").to_string(), "−CHF\u{a0}0.05");
        assert_eq!(money(-123_450, "USD").plain(), "-1234.50");
        assert_eq!(money(-7, "JPY").plain(), "-7");
        assert_eq!(money(i64::MIN, "EUR").plain(), "-92233720368547758.08");
    }
}
