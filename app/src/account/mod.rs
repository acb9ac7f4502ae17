//! Sign-in, set-up, and oneself.

pub mod server;
mod setup;
mod sign_in;
mod sign_out;

pub use setup::SetUpPage;
pub use sign_in::SignInPage;
pub use sign_out::SignOut;
