//! Why a bill could not be made.

use chrono::NaiveDate;
use thiserror::Error;

use crate::money::MoneyError;

/// Each message says what is wrong and what to do; no bill is made in part.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BillingError {
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(
        "A period must end after it begins, and this one runs from {from} to {to}. No bill was made. Check the dates."
    )]
    Empty { from: NaiveDate, to: NaiveDate },
    #[error(
        "The history of this subscription has two entries for {0}. No bill was made. Report this as a fault, with the \
         organization’s id."
    )]
    Overlap(NaiveDate),
    #[error(
        "A monthly and a yearly plan stand in one billing period. No bill was made. A change between them begins a \
         period of its own."
    )]
    Periodicity,
    #[error("{0} is too far away to be billed. No bill was made. Check the date.")]
    Calendar(NaiveDate),
}
