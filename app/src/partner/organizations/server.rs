//! What the pages about organizations ask of the server.

use crate::error::AppError;
use domain::{
    bulk::{BulkDone, BulkQuestion},
    partner::{OrganizationCreated, OrganizationOptions as Options, OrganizationView, OrganizationsPage},
    subscription::Move,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{
        context::{self, partner_id},
        partner::paths,
        reply,
    },
    domain::{
        bulk::{Bulk, BulkResult},
        partner::OrganizationFilter,
    },
    portal::Portal,
    store::scope::PartnerActor,
    uuid::Uuid,
};

/// A page of the list. What the address says and cannot be, filters nothing.
#[server]
pub async fn organizations(
    state: String,
    words: String,
    plan: String,
    partner: String,
    credential: String,
    health: String,
    after: Option<String>,
) -> Result<OrganizationsPage, AppError> {
    let actor = context::partner_actor().await?;
    let filter = OrganizationFilter::read(&state, words, &plan, &partner, &credential, &health);
    Ok(context::portal()?.organizations(&actor, &filter, after.as_deref()).await?)
}

/// What the form for a new one offers.
#[server]
pub async fn organization_options() -> Result<Options, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.organization_options(&actor).await?)
}

/// Creates an organization. Its link is shown this once.
#[server]
pub async fn create_organization(
    first_name: String,
    last_name: String,
    email: String,
    country: String,
    partner: String,
    plan: String,
    name: String,
    seats: String,
    auto_license: Option<String>,
    #[server(default)] auto_license_cap: String,
    send_email: Option<String>,
) -> Result<OrganizationCreated, AppError> {
    let actor = context::partner_actor().await?;
    let new = portal::NewOrganization {
        first_name,
        last_name,
        email,
        country,
        partner,
        plan,
        name,
        seats,
        auto_license: auto_license.is_some(),
        auto_license_cap,
        send_email: send_email.is_some(),
    };
    let created = context::portal()?.create_organization(&actor, new).await?;
    tell_once(&created).await?;
    Ok(created)
}

/// A new link for a customer's contact who has not come yet: by mail, or shown this once. The one before ends.
#[server]
pub async fn renew_link(id: String, by_mail: bool) -> Result<OrganizationCreated, AppError> {
    let actor = context::partner_actor().await?;
    let made = context::portal()?.renew_link(&actor, partner_id(&id)?, by_mail).await?;
    tell_once(&made).await?;
    Ok(made)
}

/// Without a script, the answer is a page; the session carries the link to it, once.
#[cfg(feature = "ssr")]
async fn tell_once(made: &OrganizationCreated) -> Result<(), AppError> {
    if reply::is_plain_form() {
        context::session().await?.insert(CREATED, made).await?;
        reply::redirect(&format!("{}?created=1", paths::NEW_ORGANIZATION));
    }
    Ok(())
}

/// What would happen to each of the chosen; and what came of it a moment ago, by a form without a script. `ids` are
/// separated by spaces.
#[server]
pub async fn bulk_asked(what: String, ids: String) -> Result<(BulkQuestion, Option<BulkDone>), AppError> {
    let actor = context::partner_actor().await?;
    let question = context::portal()?.bulk_question(&actor, bulk_of(&what)?, &chosen(&ids)).await?;
    Ok((question, context::session().await?.remove(BULK).await?))
}

/// Does it to each of the chosen that it can be done to, and says what came of each.
#[server]
pub async fn bulk_go(what: String, ids: String) -> Result<BulkDone, AppError> {
    let actor = context::partner_actor().await?;
    let (portal, what, ids) = (context::portal()?, bulk_of(&what)?, chosen(&ids));
    let done = match what.as_move() {
        Some(_) => portal.bulk_move(&actor, what, &ids).await?,
        None => back_up(&portal, &actor, &ids).await?,
    };
    if reply::is_plain_form() {
        // Without a script, the page that asked shows the answer; the session carries it there, once.
        context::session().await?.insert(BULK, &done).await?;
    }
    Ok(done)
}

/// Asks the engine for a backup of each that has something to back up.
#[cfg(feature = "ssr")]
async fn back_up(portal: &Portal, actor: &PartnerActor, ids: &[Uuid]) -> Result<BulkDone, AppError> {
    let backup = context::backup()?;
    let mut results = Vec::new();
    for one in portal.to_back_up(actor, ids).await? {
        let outcome = match one.place {
            Ok(place) => match backup.back_up_customer(place, &actor.email).await {
                Ok(tenants) => {
                    let said =
                        if tenants == 1 { "1 tenant".to_owned() } else { format!("{tenants} tenants") };
                    portal.backup_asked(actor, place, &said).await?;
                    Ok(format!("Asked for: {said}."))
                }
                Err(error @ backup::Error::Store(_)) => return Err(error.into()),
                // What changed a moment ago at one customer stops nobody else's backup.
                Err(why) => Err(why.to_string()),
            },
            Err(why) => Err(why),
        };
        results.push(BulkResult { id: one.id, name: one.name, number: one.number, outcome });
    }
    Ok(BulkDone { what: Bulk::BackUp, results })
}

#[cfg(feature = "ssr")]
fn bulk_of(slug: &str) -> Result<Bulk, AppError> {
    Bulk::from_slug(slug).ok_or_else(AppError::not_understood)
}

#[cfg(feature = "ssr")]
fn chosen(ids: &str) -> Vec<Uuid> {
    ids.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// Under which name the session carries what came of it.
#[cfg(feature = "ssr")]
const BULK: &str = "bulk";

/// Under which name the session carries what was created.
#[cfg(feature = "ssr")]
const CREATED: &str = "created";

/// What was created a moment ago by a form without a script; it is told once.
#[server]
pub async fn created() -> Result<Option<OrganizationCreated>, AppError> {
    context::partner_actor().await?;
    Ok(context::session().await?.remove(CREATED).await?)
}

#[server]
pub async fn organization(id: String) -> Result<OrganizationView, AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.organization(&actor, partner_id(&id)?).await?)
}

#[server]
pub async fn edit_organization(
    id: String,
    first_name: String,
    last_name: String,
    name: String,
    country: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let (portal, id) = (context::portal()?, partner_id(&id)?);
    Ok(portal.edit_organization(&actor, id, &first_name, &last_name, &name, &country).await?)
}

/// Suspends, resumes, unsubscribes or deletes it, or takes a deletion back; `typed` is its name, where that is asked.
#[server]
pub async fn move_organization(id: String, what: Move, typed: Option<String>) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let typed = typed.unwrap_or_default();
    Ok(context::portal()?.move_organization(&actor, partner_id(&id)?, what, &typed).await?)
}

#[server]
pub async fn change_plan(id: String, plan: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    Ok(context::portal()?.change_plan(&actor, partner_id(&id)?, partner_id(&plan)?).await?)
}

#[server]
pub async fn change_seats(
    id: String,
    seats: String,
    auto_license: Option<String>,
    #[server(default)] auto_license_cap: String,
) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let (portal, id) = (context::portal()?, partner_id(&id)?);
    Ok(portal.change_seats(&actor, id, &seats, auto_license.is_some(), &auto_license_cap).await?)
}

/// Enters the customer's portal for a while, and says there who and why.
#[server]
pub async fn visit(id: String, reason: String) -> Result<(), AppError> {
    let actor = context::partner_actor().await?;
    let session = context::session().await?;
    let identity = context::portal()?.begin_visit(&actor, partner_id(&id)?, &reason).await?;
    context::become_(&session, identity).await?;
    reply::redirect("/");
    Ok(())
}
