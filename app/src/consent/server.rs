//! What the page of a consent link asks of the server. The way to Microsoft and back are plain addresses
//! (`/consent/…/go`, `/consent/return`), because a browser follows them and no script does.

use crate::error::AppError;
use domain::connection::ConsentPage as Page;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{context, reply},
    domain::connection::ConsentDone,
    leptos::server_fn::ServerFn,
};

/// The session keeps how far the browser has come, what came of it, and what went wrong, under these names.
#[cfg(feature = "ssr")]
pub const FLOW: &str = "consent";
#[cfg(feature = "ssr")]
pub const DONE: &str = "consent-done";
#[cfg(feature = "ssr")]
pub const PROBLEM: &str = "consent-problem";

/// The server functions that whoever holds a link may call.
#[cfg(feature = "ssr")]
pub const PUBLIC: [&str; 1] = [ConsentPage::PATH];

/// What the page shows: of the link with that token, or of the one that this browser goes on with.
#[server]
pub async fn consent_page(token: Option<String>) -> Result<Page, AppError> {
    let (portal, backup) = (context::portal()?, context::backup()?);
    let session = context::session().await?;
    let token = token.filter(|token| !token.is_empty());
    let (flow, go) = match &token {
        Some(token) => (Some(backup.consent_flow(token).await?), format!("/consent/{token}/go")),
        None => {
            if let Some(done) = session.get::<ConsentDone>(DONE).await? {
                return Ok(Page::Done(done));
            }
            (session.get::<backup::ConsentFlow>(FLOW).await?, "/consent/go".to_owned())
        }
    };
    let problem = if token.is_none() { session.get::<String>(PROBLEM).await? } else { None };
    let Some(flow) = flow else {
        let spent = backup::Error::LinkSpent.to_string();
        return Err(AppError::Refused(problem.unwrap_or(spent)).reply());
    };
    let mut offer = backup.consent_offer(&flow).await?;
    offer.problem = problem;
    offer.go = go;
    offer.data_location = portal.installation().data_location.clone();
    Ok(Page::Offer(offer))
}

/// An organization's own admin goes on without a link from anybody.
#[server]
pub async fn own_consent() -> Result<(), AppError> {
    let actor = context::actor().await?;
    let session = context::session().await?;
    let token = context::portal()?.own_consent_link(&actor).await?;
    let flow = context::backup()?.consent_flow(&token).await?;
    session.remove::<ConsentDone>(DONE).await?;
    session.remove::<String>(PROBLEM).await?;
    session.insert(FLOW, flow).await?;
    reply::redirect("/consent");
    Ok(())
}
