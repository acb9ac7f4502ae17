//! Reading what a person types into a price field.

use super::{Currency, Money, MoneyError};

/// The longest text that can be an amount; more is a slip of the clipboard.
const LONGEST: usize = 40;

impl Money {
    /// Reads an amount of zero or more, as people write it: "4.20", "4,20", "1,234.50", "1 234,50".
    ///
    /// A single point or comma is the decimal sign, whatever follows it, so that nobody's price becomes a
    /// thousand times larger by a guess; "1,234" euros are refused and explained.
    ///
    /// # Errors
    /// Says in plain words what is wrong: empty, no amount, below zero, more decimals than the currency has, or
    /// too large.
    pub fn parse(typed: &str, currency: Currency) -> Result<Money, MoneyError> {
        let shown = typed.trim();
        if shown.is_empty() {
            return Err(MoneyError::Empty(currency));
        }
        let nonsense = || MoneyError::NotAnAmount { typed: shown.chars().take(LONGEST).collect(), currency };
        if shown.len() > LONGEST {
            return Err(nonsense());
        }
        if let Some(rest) = shown.strip_prefix(['-', '−']) {
            // "-4.20" is an amount below zero; "-abc" is no amount at all.
            return Err(Money::parse(rest, currency).map_or_else(|why| why, |_| MoneyError::Negative));
        }
        let text = bare(shown, currency);
        let (whole, fraction) = halves(text).ok_or_else(nonsense)?;
        let whole = ungrouped(whole).ok_or_else(nonsense)?;
        if !fraction.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
            return Err(nonsense());
        }
        let width = currency.digits() as usize;
        if fraction.len() > width {
            return Err(MoneyError::TooManyDecimals {
                typed: shown.to_owned(),
                given: fraction.len(),
                currency,
            });
        }
        let minor = format!("{whole}{fraction:0<width$}");
        minor.parse().map(|minor| Money { minor, currency }).map_err(|_| MoneyError::TooLarge)
    }
}

/// Without the currency's own code or symbol before or behind the number.
fn bare(text: &str, currency: Currency) -> &str {
    let mut text = text;
    for sign in [Some(currency.code()), currency.symbol()].into_iter().flatten() {
        let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
        text = rest.map_or(text, str::trim);
    }
    text
}

/// What stands before and after the decimal sign; `None` when the signs make no sense.
fn halves(text: &str) -> Option<(&str, &str)> {
    let mark = |c: char| c == '.' || c == ',';
    let Some(last) = text.rfind(mark) else { return Some((text, "")) };
    let (whole, fraction) = (&text[..last], &text[last + 1..]);
    let sign = &text[last..=last];
    if whole.contains(sign) {
        // "1.234.567": a sign that comes twice groups, and there are no decimals.
        return Some((text, ""));
    }
    // "4." is more likely unfinished than meant.
    if fraction.is_empty() { None } else { Some((whole, fraction)) }
}

/// The digits of a whole number; groups must be of three digits and all parted alike.
pub(crate) fn ungrouped(whole: &str) -> Option<String> {
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let Some(parted_by) = whole.chars().find(|c| !c.is_ascii_digit()) else { return Some(whole.to_owned()) };
    // Spaces of all widths and apostrophes group in much of Europe.
    if !matches!(parted_by, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’') {
        return None;
    }
    let mut parts = whole.split(parted_by);
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let fits = matches!(first.len(), 1..=3)
        && is_digits(first)
        && rest.iter().all(|part| part.len() == 3 && is_digits(part));
    fits.then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    fn minor(typed: &str, code: &str) -> Result<i64, String> {
        Money::parse(typed, currency(code)).map(|m| m.minor).map_err(|e| e.to_string())
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, code, expected) in [
            ("4.20", "EUR", 420),
            ("4,20", "EUR", 420),
            (" 4.2 ", "EUR", 420),
            ("4", "EUR", 400),
            (".50", "USD", 50),
            ("0", "USD", 0),
            ("€4.20", "EUR", 420),
            ("4,20 €", "EUR", 420),
            ("EUR 4.20", "EUR", 420),
            ("1,234.50", "USD", 123_450),
            ("1.234,50", "EUR", 123_450),
            ("1 234,50", "EUR", 123_450),
            ("1\u{202f}234\u{a0}", "EUR", 123_400),
            ("1'234.50", "CHF", 123_450),
            ("1,234,567", "EUR", 123_456_700),
            ("420", "JPY", 420),
            ("1.234", "KWD", 1_234),
            ("4.2", "KWD", 4_200),
        ] {
            assert_eq!(minor(typed, code), Ok(expected), "{typed} {code}");
        }
    }

    #[test]
    fn more_decimals_than_the_currency_has_are_refused() {
        assert_eq!(
            minor("4.205", "EUR").unwrap_err(),
            "EUR has 2 decimals, and “4.205” has 3. Write it such as 4.20; thousands need no separator."
        );
        assert_eq!(
            minor("4.2", "JPY").unwrap_err(),
            "JPY has no decimals, and “4.2” has 1. Write it such as 420; thousands need no separator."
        );
        assert!(minor("1,234", "EUR").is_err(), "one comma is never taken for a thousand");
        assert!(minor("4.200", "EUR").is_err());
        assert!(minor("1.2345", "KWD").is_err());
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_reason() {
        assert_eq!(minor("", "EUR").unwrap_err(), "Enter an amount, such as 4.20.");
        assert_eq!(
            minor("four", "EUR").unwrap_err(),
            "“four” is not an amount. Write digits only, such as 4.20."
        );
        assert_eq!(
            minor("-4.20", "EUR").unwrap_err(),
            "An amount cannot be below zero here. Write it without the minus sign."
        );
        assert_eq!(minor("99999999999999999999", "EUR"), Err(MoneyError::TooLarge.to_string()));
        for typed in [
            ".",
            ",",
            "4.",
            "4,",
            "4 2",
            "1,23.50",
            "12,34,567",
            "1.234,567.8",
            "1e3",
            "+4",
            "$4",
            "4..20",
            "٤",
            "0x10",
            "NaN",
            "--4",
            "1 ,234",
            "€",
        ] {
            assert!(minor(typed, "EUR").is_err(), "{typed}");
        }
        assert!(minor(&"9".repeat(10_000), "EUR").unwrap_err().len() < 200, "long nonsense is not echoed");
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_again(minor in 0i64..=i64::MAX, at in 0usize..155) {
            let currency = Currency::all().nth(at).unwrap();
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.plain(), currency), Ok(money));
            // "1,234" of a currency without decimals could be either, and is asked for again.
            if currency.digits() > 0 || !(1_000..1_000_000).contains(&minor) {
                prop_assert_eq!(Money::parse(&money.number(), currency), Ok(money));
                prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
                prop_assert_eq!(Money::parse(&money.with_code(), currency), Ok(money));
            }
        }

        #[test]
        fn no_text_makes_it_fall_over(typed in ".{0,60}") {
            for code in ["JPY", "EUR", "KWD"] {
                if let Ok(money) = Money::parse(&typed, currency(code)) {
                    prop_assert!(money.minor >= 0);
                }
            }
        }
    }
}
