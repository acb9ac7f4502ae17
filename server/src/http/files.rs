//! Files to take along.

use app::context::Services;
use app::error::AppError;
use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use domain::audit::AuditFilter;
use domain::bill::Month;
use domain::partner::OrganizationFilter;
use serde::Deserialize;
use store::scope::PartnerActor;

use super::refusal;

pub(super) fn router(services: Services) -> Router {
    Router::new()
        .route("/partner/organizations.csv", get(organizations))
        .route("/partner/audit.csv", get(audit))
        .route("/partner/bills.csv", get(bills))
        .with_state(services)
}

/// As the list's address has it.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    plan: String,
    #[serde(default)]
    partner: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    health: String,
}

async fn organizations(
    State(services): State<Services>,
    actor: Option<Extension<PartnerActor>>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(Extension(actor)) = actor else { return no_partner() };
    let Asked { state, words, plan, partner, credential, health } = asked;
    let filter = OrganizationFilter::read(&state, words, &plan, &partner, &credential, &health);
    file("organizations.csv", services.portal.organizations_csv(&actor, &filter).await)
}

/// As the log's address has it.
#[derive(Deserialize)]
struct Entries {
    #[serde(default)]
    partner: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    object: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

async fn audit(
    State(services): State<Services>,
    asking: Option<Extension<PartnerActor>>,
    Query(asked): Query<Entries>,
) -> Response {
    let Some(Extension(asking)) = asking else { return no_partner() };
    let Entries { partner, event, actor, object, organization, from, to } = asked;
    let filter = AuditFilter::read(&partner, &event, &actor, &object, &organization, &from, &to);
    file("audit.csv", services.portal.audit_csv(&asking, &filter).await)
}

/// As the page's address has it.
#[derive(Deserialize)]
struct Billed {
    #[serde(default)]
    month: String,
    #[serde(default)]
    partner: String,
}

async fn bills(
    State(services): State<Services>,
    asking: Option<Extension<PartnerActor>>,
    Query(Billed { month, partner }): Query<Billed>,
) -> Response {
    let Some(Extension(asking)) = asking else { return no_partner() };
    let text = services.portal.bill_csv(&asking, Month::read(&month), partner.parse().ok()).await;
    file("bills.csv", text)
}

fn no_partner() -> Response {
    refusal::say(&AppError::from(portal::Error::Forbidden))
}

fn file(name: &'static str, text: portal::Result<String>) -> Response {
    match text {
        Ok(text) => (
            [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ],
            // Without the mark Excel takes UTF-8 for something else, and names lose their accents.
            format!("\u{feff}{text}"),
        )
            .into_response(),
        Err(error) => refusal::say(&AppError::from(error)),
    }
}
