//! The pages about one's own account, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{factor::FactorPage, half::CodePage, own::AccountPage};

crate::pages::pages! {
    account:
    Code => CodePage,
    Account => AccountPage,
    SecondFactor => FactorPage,
}
