//! Sign-in, set-up, and oneself.

mod choose;
mod home;
mod invite;
pub mod server;
mod setup;
mod sign_in;
mod sign_out;

pub use choose::{ChoosePage, ChooseView};
pub use home::HomePage;
pub use invite::{InvitePage, InviteView};
pub use setup::SetUpPage;
pub use sign_in::SignInPage;
pub use sign_out::SignOut;
