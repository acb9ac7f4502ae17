//! What the pages about people ask of the server, in either portal. `at` names a partner or an organization of a
//! partner's branch, and is empty for one's own.

use crate::error::AppError;
use domain::people::{Invited, PeoplePage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    account::server::is_ours,
    address::with_query,
    context::{self, partner_id},
    reply,
};

/// Who has which role, and who was invited.
#[server]
pub async fn people(at: String) -> Result<PeoplePage, AppError> {
    Ok(context::portal()?.people(&context::who().await?, &at).await?)
}

/// Makes a link with which somebody takes up a role. It goes by mail, or is shown this once.
#[server]
pub async fn invite_person(
    at: String,
    back: String,
    name: String,
    email: String,
    role: String,
    send_email: Option<String>,
) -> Result<Invited, AppError> {
    let (portal, who) = (context::portal()?, context::who().await?);
    let invited = portal.invite_person(&who, &at, &name, &email, &role, send_email.is_some()).await?;
    keep(&invited, &back).await?;
    Ok(invited)
}

/// Makes a new link in place of an old one. It goes by mail, or is shown this once.
#[server]
pub async fn renew_invitation(
    at: String,
    back: String,
    id: String,
    by_mail: bool,
) -> Result<Invited, AppError> {
    let portal = context::portal()?;
    let invited = portal.renew_invitation(&context::who().await?, &at, partner_id(&id)?, by_mail).await?;
    keep(&invited, &back).await?;
    Ok(invited)
}

#[server]
pub async fn revoke_invitation(at: String, id: String) -> Result<(), AppError> {
    let portal = context::portal()?;
    Ok(portal.revoke_invitation(&context::who().await?, &at, partner_id(&id)?).await?)
}

#[server]
pub async fn change_role(at: String, id: String, role: String) -> Result<(), AppError> {
    let portal = context::portal()?;
    Ok(portal.change_role(&context::who().await?, &at, partner_id(&id)?, &role).await?)
}

#[server]
pub async fn switch_login(at: String, id: String, on: bool) -> Result<(), AppError> {
    let portal = context::portal()?;
    Ok(portal.switch_login(&context::who().await?, &at, partner_id(&id)?, on).await?)
}

#[server]
pub async fn remove_person(at: String, id: String) -> Result<(), AppError> {
    let portal = context::portal()?;
    Ok(portal.remove_person(&context::who().await?, &at, partner_id(&id)?).await?)
}

/// Takes a lost second factor away; by a partner's people.
#[server]
pub async fn reset_factor(at: String, id: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.reset_factor(&actor, &at, partner_id(&id)?).await?)
}

/// Hands one's own partner over; `typed` is its name.
#[server]
pub async fn hand_over(id: String, typed: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.hand_over(&actor, partner_id(&id)?, &typed).await?)
}

/// Under which name the session carries a link that was made a moment ago.
#[cfg(feature = "ssr")]
const FRESH: &str = "fresh-link";

/// Without a script, the answer to a form is a page; the session carries the link to it, once.
#[cfg(feature = "ssr")]
pub(crate) async fn keep(invited: &Invited, back: &str) -> Result<(), AppError> {
    if reply::is_plain_form() {
        context::session().await?.insert(FRESH, invited).await?;
        let back = if is_ours(back) { back } else { "/" };
        reply::redirect(&with_query(back, &[("link", "1")]));
    }
    Ok(())
}

/// What was made a moment ago by a form without a script; it is told once.
#[server]
pub async fn fresh_link() -> Result<Option<Invited>, AppError> {
    context::who().await?;
    Ok(context::session().await?.remove(FRESH).await?)
}
