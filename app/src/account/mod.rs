//! Sign-in, set-up, and oneself.

mod choose;
pub mod email;
pub mod factor;
pub mod forgot;
pub mod half;
mod home;
mod invite;
pub mod microsoft;
pub mod own;
#[cfg(not(feature = "csr"))]
mod pages;
pub mod server;
mod setup;
mod sign_in;
mod sign_out;

pub use choose::{ChoosePage, ChooseView};
pub use home::HomePage;
pub use invite::{InvitePage, InviteView};
#[cfg(not(feature = "csr"))]
pub use pages::Page;
pub use setup::SetUpPage;
pub use sign_in::SignInPage;
pub use sign_out::SignOut;

/// Where one's account is, in either portal.
pub const fn own_path(at_partner: bool) -> &'static str {
    if at_partner { "/partner/account" } else { "/account" }
}
