//! The REST API, version 1: a thin face over the same services, for programs that show a token. It takes no cookies
//! and answers no other site's scripts. Its document is made from the code.

mod backups;
mod caller;
mod limit;
mod model;
mod organizations;
mod problem;
mod tenants;

use std::sync::Arc;
use std::time::Duration;

use app::context::Services;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder, Server};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Front, address};
use limit::Limits;
use problem::Problem;

/// Where it begins.
const BASE: &str = "/api/v1";
/// No request carries more.
const LONGEST_BODY: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// What every route is given.
#[derive(Clone)]
struct Api {
    services: Services,
    limits: Arc<Limits>,
}

fn routes_of_v1() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(head())
        .routes(routes!(organizations::list))
        .routes(routes!(organizations::one))
        .routes(routes!(organizations::tenants))
        .routes(routes!(tenants::one))
        .routes(routes!(tenants::snapshots))
        .routes(routes!(tenants::jobs))
        .routes(routes!(tenants::job))
        .routes(routes!(backups::start))
}

/// The document, whole.
#[must_use]
pub fn document() -> OpenApi {
    routes_of_v1().into_openapi()
}

fn head() -> OpenApi {
    let mut info = Info::new("Holdfast", "1");
    info.description = Some(
        "Backups of Microsoft Entra ID: organizations, tenants, snapshots and jobs, and back up now. Every request shows \
         a token: Authorization: Bearer hf_… . Errors are RFC 9457 problems."
            .to_owned(),
    );
    let mut document = OpenApiBuilder::new().info(info).servers(Some([Server::new(BASE)])).build();
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some("A token of an organization or a partner, made in the portal.".to_owned());
    document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(token));
    document
}

pub(super) fn router(services: Services, front: &Front) -> Router {
    let api = Api { services, limits: Arc::new(Limits::default()) };
    let (routes, document) = routes_of_v1().split_for_parts();
    let document = document.to_json().unwrap_or_default();
    let guarded = routes
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn_with_state(api.clone(), caller::authenticate))
        .layer(from_fn_with_state(front.clone(), address::find))
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY))
        .with_state(api);
    let described =
        get(async move || ([(header::CONTENT_TYPE, "application/json")], document.clone()).into_response());
    Router::new().route(&format!("{BASE}/openapi.json"), described).nest(BASE, guarded)
}
