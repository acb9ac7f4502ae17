//! Files to take along.

use app::context::Services;
use app::error::AppError;
use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use domain::partner::OrganizationFilter;
use serde::Deserialize;
use store::scope::PartnerActor;

use super::refusal;

pub(super) fn router(services: Services) -> Router {
    Router::new().route("/partner/organizations.csv", get(organizations)).with_state(services)
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
    let Some(Extension(actor)) = actor else {
        return refusal::say(&AppError::from(portal::Error::Forbidden));
    };
    let Asked { state, words, plan, partner, credential, health } = asked;
    let filter = OrganizationFilter::read(&state, words, &plan, &partner, &credential, &health);
    match services.portal.organizations_csv(&actor, &filter).await {
        Ok(csv) => (
            [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"organizations.csv\""),
            ],
            csv,
        )
            .into_response(),
        Err(error) => refusal::say(&AppError::from(error)),
    }
}
