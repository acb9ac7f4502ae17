//! The pages that both portals have, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{factor::FactorPage, half::CodePage, own::AccountPage};
use crate::help::{GuidePage, PermissionsPage};

crate::pages::pages! {
    account:
    Code => CodePage,
    Account => AccountPage,
    SecondFactor => FactorPage,
    Guide => GuidePage,
    Permissions => PermissionsPage,
}
