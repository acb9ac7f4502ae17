//! What the account pages ask of the server.

use crate::error::AppError;
use domain::view::SessionView;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{context, reply, theme::SetTheme},
    leptos::server_fn::ServerFn,
    portal::SetUp as Form,
    secrecy::SecretString,
};

/// The server functions that whoever is not signed in may call. Every other one needs a session.
#[cfg(feature = "ssr")]
pub const PUBLIC: [&str; 3] = [SignIn::PATH, SetUp::PATH, SetTheme::PATH];

/// Who is signed in, for the frame around every page.
#[server]
pub async fn session() -> Result<SessionView, AppError> {
    let portal = context::portal()?;
    let actor = context::actor().await?;
    Ok(portal.session_view(&actor).await?)
}

/// Signs in, then leads to `next` (a path of ours) or to the start.
#[server]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let session = context::session().await?;
    let actor = portal.sign_in(&email, SecretString::from(password), &address).await?;
    context::enter(&session, &actor).await?;
    reply::redirect(next.as_deref().filter(|next| is_ours(next)).unwrap_or("/"));
    Ok(())
}

#[server]
pub async fn sign_out() -> Result<(), AppError> {
    let portal = context::portal()?;
    let session = context::session().await?;
    let actor = context::actor().await?;
    session.flush().await?;
    portal.sign_out(&actor).await?;
    reply::redirect("/signin");
    Ok(())
}

/// Makes the first Owner of an empty installation, by the link that `holdfast serve` printed.
#[server]
pub async fn set_up(
    token: String,
    name: String,
    email: String,
    password: String,
    organization: String,
) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let session = context::session().await?;
    let form = Form { token, name, email, password: SecretString::from(password), organization };
    let actor = portal.set_up(form, &address).await?;
    context::enter(&session, &actor).await?;
    reply::redirect("/connect");
    Ok(())
}

/// A path on this very server, and a page: nobody is led elsewhere by a link to the sign-in.
#[cfg(feature = "ssr")]
pub fn is_ours(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/_fn/")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::is_ours;

    #[test]
    fn only_pages_of_ours_follow_a_sign_in() {
        for good in ["/", "/t/1/compare?from=1&to=2", "/connect", "/t/1?q=https://x.example"] {
            assert!(is_ours(good), "{good}");
        }
        for bad in [
            "",
            "t/1",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/ä",
            "/_fn/sign_out1",
        ] {
            assert!(!is_ours(bad), "{bad:?}");
        }
    }
}
