//! Everything between a socket and a page: who may pass, and what every request and response goes through.

mod address;
pub mod api;
mod brand;
mod consent;
mod cross_origin;
mod events;
mod files;
mod guard;
mod health;
mod microsoft;
mod refusal;
mod session;
mod trace;
mod upload;

use std::net::IpAddr;
use std::time::Duration;

use app::context::Services;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use url::Url;

use crate::site;

/// No page takes longer to render, and no form to answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// A choice of many changes is a long form.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// Beginnings of the addresses that hold a secret: whoever has one needs no other sign-in, and no log may hold it.
const LINKS: [&str; 5] = ["/setup/", "/invite/", "/consent/", "/password/", "/email/"];

/// How the server is seen from outside.
#[derive(Clone, Debug)]
pub struct Front {
    /// What people type.
    pub public_url: Url,
    /// Whose word about where a request came from is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Front {
    /// Whether browsers reach it over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// The whole server. Streams of events end when `stop` is cancelled.
pub fn router(options: LeptosOptions, services: Services, front: Front, stop: CancellationToken) -> Router {
    let files = site::public_files(&options);
    let pages = site::router(options, services.clone())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE));
    let store = services.portal.store().clone();
    let brands = brand::files(services.portal.clone());
    let api = api::router(services.clone(), &front);
    let inside = Router::new()
        .merge(events::router(services.clone(), stop))
        .merge(files::router(services.clone()))
        .merge(microsoft::router(services.clone()))
        .merge(consent::router(services.clone(), &front))
        .merge(upload::router(services.clone()))
        .merge(pages.layer(from_fn_with_state(services.clone(), brand::find)))
        .layer(from_fn_with_state(guard::Gate { services: services.clone(), files }, guard::guard))
        .layer(session::layer(&services.portal, &front))
        .layer(from_fn_with_state(session::cookie_name(&front), session::whole_cookies))
        .layer(from_fn_with_state(front.clone(), cross_origin::refuse))
        .layer(from_fn_with_state(front, address::find))
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY));
    Router::new()
        .merge(health::router(store))
        .merge(api)
        .merge(brands)
        .fallback_service(inside)
        .layer(from_fn(trace::catch_panic))
        .layer(from_fn(site::headers))
        .layer(from_fn(trace::trace))
}
