//! Pages, server functions and files, with the headers that keep a browser on our side.

use anyhow::{Context, Result};
use app::{App, context::Services, shell};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use leptos::prelude::*;
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context,
};
use std::sync::LazyLock;
use tower_http::services::ServeDir;

/// The site lies beside the binary (`site/` and `hash.txt`), unless the environment names another place.
pub(crate) fn options() -> Result<LeptosOptions> {
    let mut options = get_configuration(None).context("LEPTOS_* in the environment")?.leptos_options;
    let exe = std::env::current_exe()?;
    let beside = exe.parent().context("the binary has no folder")?;
    if std::env::var_os("LEPTOS_SITE_ROOT").is_none() {
        options.site_root = beside.join("site").to_string_lossy().into();
    }
    if std::env::var_os("LEPTOS_HASH_FILES").is_none() {
        options.hash_files = beside.join(&*options.hash_file).exists();
    }
    Ok(options)
}

/// What lies in the site's folder, as the paths under which anybody may have it.
pub(crate) fn public_files(options: &LeptosOptions) -> PublicFiles {
    let mut files = PublicFiles::default();
    for entry in std::fs::read_dir(&*options.site_root).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path().is_dir() {
            true => files.folders.push(format!("/{name}/")),
            false => files.files.push(format!("/{name}")),
        }
    }
    files
}

/// Paths of files, known when the server starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublicFiles {
    folders: Vec<String>,
    files: Vec<String>,
}

impl PublicFiles {
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.iter().any(|file| file == path)
            || self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

/// The addresses of the pages. Found once in a process: as long as Leptos looks for them, no page that is being made
/// anywhere in it begins to load anything, and one that should have never ends.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Pages, server functions and files. Pages and server functions find the services in their context.
pub(crate) fn router(options: LeptosOptions, services: Services) -> Router {
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let context = move || {
        provide_context(services.clone());
        page_context();
    };
    // What no route knows is a file, or else the page that says so.
    let files = ServeDir::new(&*options.site_root)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
        .fallback(axum::routing::get(render_app_async_with_context(context.clone(), page.clone())));
    Router::new()
        .leptos_routes_with_context(&options, ROUTES.clone(), context, page)
        .fallback_service(files)
        .with_state(options)
}

/// Runs before a page is rendered, when its nonce is known.
fn page_context() {
    if let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>()) {
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
             style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

const ALWAYS: [(&str, &str); 7] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // A form sent without a script is answered with a way back to its page: that page has to be told to us.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Sets what every response carries, unless it says otherwise itself.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    // Names under /pkg and /fonts change with their content; so does what is asked for with ?v=.
    let path = request.uri().path();
    let named_by_content = path.starts_with("/pkg/")
        || path.starts_with("/fonts/")
        || request.uri().query().is_some_and(|query| query.starts_with("v="));
    let mut response = next.run(request).await;
    let good = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    let html =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_file = headers.contains_key(header::LAST_MODIFIED);
    let cache = match (is_file && !html && good, named_by_content) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "no-cache",
        (false, _) => "no-store",
    };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(cache));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}
