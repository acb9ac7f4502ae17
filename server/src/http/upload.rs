//! Pictures that people choose from their files. A browser sends the form by itself, with a script or without, and is
//! led back to the page, which says what was wrong.

use app::context::Services;
use app::error::AppError;
use app::partner::paths;
use axum::extract::multipart::MultipartError;
use axum::extract::{Extension, Multipart, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing::post};
use domain::brand::BrandField;
use leptos::server_fn::error::ServerFnUrlError;
use store::scope::PartnerActor;

use super::refusal;

pub(super) fn router(services: Services) -> Router {
    Router::new()
        .route(paths::BRANDING_LOGO, post(logo))
        .route(paths::BRANDING_ICON, post(icon))
        .with_state(services)
}

type Asking = Option<Extension<PartnerActor>>;

async fn logo(
    State(services): State<Services>,
    asking: Asking,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let done = set(&services, asking, BrandField::Logo, form).await;
    answer(done, paths::BRANDING_LOGO, &headers)
}

async fn icon(
    State(services): State<Services>,
    asking: Asking,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let done = set(&services, asking, BrandField::Icon, form).await;
    answer(done, paths::BRANDING_ICON, &headers)
}

async fn set(
    services: &Services,
    asking: Asking,
    field: BrandField,
    mut form: Multipart,
) -> Result<(), AppError> {
    let Some(Extension(actor)) = asking else { return Err(portal::Error::Forbidden.into()) };
    let mut content = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| broken(field, &error))? {
        if part.name() == Some(field.slug()) {
            content = part.bytes().await.map_err(|error| broken(field, &error))?.to_vec();
        }
    }
    Ok(services.portal.set_brand_picture(&actor, field, content).await?)
}

/// What did not arrive whole was too large, or the way was broken off.
fn broken(field: BrandField, error: &MultipartError) -> AppError {
    tracing::info!(%error, "a file was not taken");
    let message = "The file did not arrive whole. Use one of at most 200 kB, and try again.".to_owned();
    AppError::Invalid { field: field.slug().to_owned(), message }
}

fn answer(done: Result<(), AppError>, path: &str, headers: &HeaderMap) -> Response {
    match done {
        Ok(()) => Redirect::to(paths::BRANDING).into_response(),
        Err(error) if refusal::wants_html(headers) => {
            // As server functions tell a page without a script; the host is left out again.
            let page = format!("http://here{}", paths::BRANDING);
            match ServerFnUrlError::new(path, error).to_url(&page) {
                Ok(url) => {
                    let query = url.query().unwrap_or_default();
                    Redirect::to(&format!("{}?{query}", paths::BRANDING)).into_response()
                }
                Err(_) => refusal::say(&AppError::internal()),
            }
        }
        Err(error) => refusal::say(&error),
    }
}
