//! What the account pages ask of the server.

use crate::error::AppError;
use domain::{
    partner::{InvitationView, MembershipView},
    view::SessionView,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{
        email::server::{AgreeToEmail, EmailLink},
        forgot::server::{ChoosePassword, ForgotPassword, PasswordLink, SendsPasswordLinks},
        half::server::{CodesOnce, ConfirmOwed, Owed, ProveAgain, SetUpOwed},
        microsoft::server::{GoToMicrosoft, HasMicrosoft},
    },
    crate::{context, partner, reply, theme::SetTheme},
    leptos::server_fn::ServerFn,
    portal::SetUp as Form,
    secrecy::SecretString,
};

/// The server functions that whoever is not signed in may call. Every other one needs a session.
#[cfg(feature = "ssr")]
pub const PUBLIC: [&str; 18] = [
    SignIn::PATH,
    SetUp::PATH,
    SetTheme::PATH,
    Invitation::PATH,
    AcceptInvitation::PATH,
    // These serve whoever has given one proof of two, and find in the session who that is.
    Owed::PATH,
    ProveAgain::PATH,
    SetUpOwed::PATH,
    ConfirmOwed::PATH,
    CodesOnce::PATH,
    SendsPasswordLinks::PATH,
    ForgotPassword::PATH,
    // These serve whoever holds a link that a mail brought.
    PasswordLink::PATH,
    ChoosePassword::PATH,
    EmailLink::PATH,
    AgreeToEmail::PATH,
    HasMicrosoft::PATH,
    GoToMicrosoft::PATH,
];

/// Who is signed in, for the frame around every page of an organization's portal.
#[server]
pub async fn session() -> Result<SessionView, AppError> {
    let portal = context::portal()?;
    let actor = context::actor().await?;
    Ok(portal.session_view(&actor).await?)
}

/// Where somebody begins: at their partner, at their first tenant, or at connecting one.
#[server]
pub async fn start() -> Result<String, AppError> {
    if context::is_at_partner() {
        return Ok(partner::paths::HOME.to_owned());
    }
    let session = session().await?;
    let first = session.tenants.first();
    Ok(first.map_or_else(|| "/connect".to_owned(), |tenant| format!("/t/{}", tenant.id)))
}

/// Signs in, then leads to `next` (a path of ours), to the choice of a role, or to the start; or to the page that asks
/// for a second proof.
#[server]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let session = context::session().await?;
    let passed = portal.sign_in(&email, SecretString::from(password), &address).await?;
    reply::redirect(&context::enter(&session, passed, next.as_deref()).await?);
    Ok(())
}

#[server]
pub async fn sign_out() -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let session = context::session().await?;
    let identity = context::identity().await?;
    session.flush().await?;
    portal.sign_out(identity, &address).await?;
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
    let identity = portal.set_up(form, &address).await?;
    context::become_(&session, identity).await?;
    reply::redirect("/connect");
    Ok(())
}

/// Every role of the person, to choose from.
#[server]
pub async fn memberships() -> Result<Vec<MembershipView>, AppError> {
    let portal = context::portal()?;
    Ok(portal.memberships(context::account().await?).await?)
}

/// Goes on in another role.
#[server]
pub async fn choose(id: String, partner: bool) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let session = context::session().await?;
    let id = context::partner_id(&id)?;
    let passed = portal.choose(context::identity().await?, id, partner, &address).await?;
    reply::redirect(&context::enter_from_within(&session, passed).await?);
    Ok(())
}

/// What a link of an invitation offers, while it is good.
#[server]
pub async fn invitation(token: String) -> Result<InvitationView, AppError> {
    Ok(context::portal()?.invitation(&token).await?)
}

/// Takes up the role that a link offers, and signs in with it.
#[server]
pub async fn accept_invitation(token: String, password: String) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let session = context::session().await?;
    let passed = portal.accept_invitation(&token, SecretString::from(password), &address).await?;
    reply::redirect(&context::enter(&session, passed, Some("/")).await?);
    Ok(())
}

/// Back from a customer's portal to the partner's.
#[server]
pub async fn leave_visit() -> Result<(), AppError> {
    let portal = context::portal()?;
    let session = context::session().await?;
    let identity = portal.end_visit(&context::actor().await?).await?;
    context::become_(&session, identity).await?;
    reply::redirect(partner::paths::ORGANIZATIONS);
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
