//! What the page between password and entry asks of the server. Each finds in the session who it is.

use crate::error::AppError;
use domain::account::{Need, RecoveryCodes, SecondFactorSetUp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::{account::factor::server::CODES, context, reply},
    portal::{Passed, SignedIn},
};

/// Recovery codes, shown once, and where to go from there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entered {
    pub codes: RecoveryCodes,
    pub next: String,
}

/// What is still owed.
#[server]
pub async fn owed() -> Result<Need, AppError> {
    let half = context::half().await?;
    let need = context::portal()?.need(&half).await?;
    need.ok_or_else(|| AppError::signed_out().reply())
}

/// The second proof.
#[server]
pub async fn prove_again(code: String) -> Result<(), AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let half = context::half().await?;
    let signed = portal.prove_again(&half, &code, &address).await?;
    reply::redirect(&go_on(signed).await?);
    Ok(())
}

/// What to set a second factor up with, because one is asked for.
#[server]
pub async fn set_up_owed() -> Result<SecondFactorSetUp, AppError> {
    let half = context::half().await?;
    Ok(context::portal()?.half_set_up(&half).await?)
}

/// Sets it up, and lets the person in.
#[server]
pub async fn confirm_owed(code: String) -> Result<Entered, AppError> {
    let (portal, address) = (context::portal()?, context::address());
    let half = context::half().await?;
    let (signed, codes) = portal.half_confirm(&half, &code, &address).await?;
    let entered = Entered { codes, next: go_on(signed).await? };
    if reply::is_plain_form() {
        // Without a script, the answer is a page; the session carries the codes to it, once.
        context::session().await?.insert(CODES, &entered).await?;
        reply::redirect("/signin/code?codes=1");
    }
    Ok(entered)
}

/// The codes that were made a moment ago by a form without a script; they are told once.
#[server]
pub async fn codes_once() -> Result<Option<Entered>, AppError> {
    Ok(context::session().await?.remove(CODES).await?)
}

/// The session becomes the person's; where they wanted to go.
#[cfg(feature = "ssr")]
async fn go_on(signed: SignedIn) -> Result<String, AppError> {
    let session = context::session().await?;
    let next: Option<String> = session.get(context::NEXT).await?;
    context::enter(&session, Passed::In(signed), next.as_deref()).await
}
