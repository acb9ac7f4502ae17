//! The page of a consent link, as a part of the WASM of its own: hardly anybody needs it.

use super::ConsentPage;

crate::pages::pages! {
    consent:
    Consent => ConsentPage,
}
