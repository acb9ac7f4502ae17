//! What can be wrong with an amount, in words for the person who typed it.

use thiserror::Error;

use super::Currency;

/// Why an amount was refused. Each message is fit to show beside the field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    #[error("“{0}” is not a currency in use. Choose one from the list, such as EUR or USD.")]
    UnknownCurrency(String),
    #[error("Enter an amount, such as {example}.", example = example(*.0))]
    Empty(Currency),
    #[error("“{typed}” is not an amount. Write digits only, such as {example}.", example = example(*currency))]
    NotAnAmount { typed: String, currency: Currency },
    #[error("An amount cannot be below zero here. Write it without the minus sign.")]
    Negative,
    #[error(
        "{code} has {allowed}, and “{typed}” has {given}. Write it such as {example}; thousands need no separator.",
        code = currency.code(), allowed = decimals(currency.digits()), example = example(*currency)
    )]
    TooManyDecimals { typed: String, given: usize, currency: Currency },
    #[error("This amount is larger than can be kept. Check the number of digits.")]
    TooLarge,
    #[error("{left} and {right} cannot be added together. Keep each currency apart.", left = .0.code(), right = .1.code())]
    Currencies(Currency, Currency),
}

fn example(currency: Currency) -> &'static str {
    match currency.digits() {
        0 => "420",
        3 => "4.200",
        _ => "4.20",
    }
}

fn decimals(digits: u32) -> String {
    match digits {
        0 => "no decimals".to_owned(),
        n => format!("{n} decimals"),
    }
}
