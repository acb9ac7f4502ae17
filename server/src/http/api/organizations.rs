//! The caller's organizations.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::partner::OrganizationFilter;
use domain::subscription::State as Subscription;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Api;
use super::caller::Caller;
use super::model::{Organization, Organizations, Tenant, Tenants};
use super::problem::{Problem, Problems};

/// Which organizations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `next` of the page before.
    after: Option<String>,
    /// active (unless said otherwise), suspended, unsubscribed or deleted.
    state: Option<String>,
    /// Part of a name, a number or an e-mail.
    words: Option<String>,
}

/// The organizations that the token reaches, by name, 50 at a time.
#[utoipa::path(
    get,
    path = "/organizations",
    tag = "Organizations",
    operation_id = "listOrganizations",
    security(("token" = [])),
    params(Asked),
    responses((status = 200, description = "A page of them", body = Organizations), Problems)
)]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Organizations>, Problem> {
    let asked = read(asked)?;
    let state = match asked.state.as_deref() {
        None => None,
        Some(slug) => Some(Subscription::from_slug(slug).ok_or_else(|| {
            Problem::unusable("state", "The state is active, suspended, unsubscribed or deleted.")
        })?),
    };
    if asked.after.as_deref().is_some_and(|after| !portal::is_mark(after)) {
        return Err(Problem::bad_mark());
    }
    Ok(Json(match &caller {
        // Its people are in while it is active, and so are its tokens: there is nothing to filter.
        Caller::Organization(actor) => {
            let row = api.services.portal.own_organization(actor).await?;
            Organizations { items: vec![Organization::new(row)], next: None }
        }
        Caller::Partner(actor) => {
            let words = asked.words.unwrap_or_default();
            let filter = OrganizationFilter { state, words, ..OrganizationFilter::default() };
            let page = api.services.portal.organizations(actor, &filter, asked.after.as_deref()).await?;
            let items = page.rows.into_iter().map(Organization::new).collect();
            Organizations { items, next: page.next }
        }
    }))
}

/// One organization.
#[utoipa::path(
    get,
    path = "/organizations/{organization}",
    tag = "Organizations",
    operation_id = "getOrganization",
    security(("token" = [])),
    params(("organization" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The organization", body = Organization), Problems)
)]
pub(super) async fn one(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Organization>, Problem> {
    Ok(Json(match &caller {
        Caller::Organization(_) => {
            let actor = caller.in_organization(&api, &id).await?;
            Organization::new(api.services.portal.own_organization(&actor).await?)
        }
        Caller::Partner(actor) => {
            let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
            let row = api.services.portal.organization(actor, id).await?.row;
            Organization::new(row)
        }
    }))
}

/// The tenants of an organization, by name, all of them.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/tenants",
    tag = "Tenants",
    operation_id = "listTenants",
    security(("token" = [])),
    params(("organization" = Uuid, Path, description = "The organization's id")),
    responses((status = 200, description = "Its tenants", body = Tenants), Problems)
)]
pub(super) async fn tenants(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Tenants>, Problem> {
    let actor = caller.in_organization(&api, &id).await?;
    let organization = actor.scope().organization();
    let all = api.services.backup.standing(&actor).await?;
    Ok(Json(Tenants { items: all.into_iter().map(|t| Tenant::new(organization, t)).collect() }))
}

/// What the query says; a query that says something twice says nothing.
pub(super) fn read<T>(asked: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    let Query(asked) =
        asked.map_err(|_| Problem::unusable("query", "The query cannot be read. Say everything once."))?;
    Ok(asked)
}
