//! The pages that both portals have, as one part of the WASM that a browser fetches when it first needs one of them.

use super::{
    email::EmailPage,
    factor::FactorPage,
    forgot::{ForgotPage, PasswordPage},
    half::CodePage,
    own::AccountPage,
};
use crate::help::{GuidePage, PermissionsPage};

crate::pages::pages! {
    account:
    Code => CodePage,
    Account => AccountPage,
    SecondFactor => FactorPage,
    Forgot => ForgotPage,
    Password => PasswordPage,
    Email => EmailPage,
    Guide => GuidePage,
    Permissions => PermissionsPage,
}
