//! How pages look to whoever asks for them, and the files that make them look so.

use app::context::Services;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Extensions, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use domain::brand::{BrandView, PictureKind};
use domain::colour::{Accent, Rgb};
use portal::{Onlooker, Portal, Who};
use store::scope::{Actor, PartnerActor};
use tower_sessions::Session;
use uuid::Uuid;

use super::refusal;

/// What the way to Microsoft and back keeps of the looks of the link that it began with.
pub(super) const OF_CONSENT: &str = "consent-brand";

/// Of the preview on the page about it.
const PREVIEW: &str = ".brand-preview";
/// A picture's address never shows another one.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// How shades are made may change with the product.
const FOR_A_DAY: &str = "public, max-age=86400";
/// A drawing that is opened by itself is a document: it may draw, and nothing else.
const LOCKED: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/// Pictures and shades, for everybody: mail shows them as well, and whoever holds a link.
pub(super) fn files(portal: Portal) -> Router {
    Router::new().route("/brand/{file}", get(file)).with_state(portal)
}

async fn file(State(portal): State<Portal>, Path(file): Path<String>) -> Response {
    let Some((name, kind)) = file.split_once('.') else { return nothing() };
    match kind {
        "css" => shades(name, ":root"),
        "preview.css" => shades(name, PREVIEW),
        kind => match (name.parse(), PictureKind::from_slug(kind)) {
            (Ok(id), Some(kind)) => picture(&portal, id, kind).await,
            _ => nothing(),
        },
    }
}

/// The shades of a colour. Nothing is kept of it, so every colour has them.
fn shades(colour: &str, of: &str) -> Response {
    let Some(chosen) = Rgb::read(colour) else { return nothing() };
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, FOR_A_DAY)];
    (headers, Accent::of(chosen).css(of)).into_response()
}

async fn picture(portal: &Portal, id: Uuid, kind: PictureKind) -> Response {
    match portal.brand_picture(id).await {
        Ok(Some(picture)) if picture.kind == kind => (
            [
                (header::CONTENT_TYPE, kind.media_type()),
                (header::CACHE_CONTROL, FOR_EVER),
                (header::CONTENT_SECURITY_POLICY, LOCKED),
                // Mail is read on other sites.
                (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
            ],
            Body::from(picture.content),
        )
            .into_response(),
        Ok(_) => nothing(),
        Err(error) => {
            tracing::error!(%error, "a picture could not be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn nothing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// Tells a page how it looks to whoever asks for it.
pub(super) async fn find(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    if is_read && refusal::wants_html(request.headers()) {
        let brand = of(&services.portal, request.uri().path(), request.extensions()).await;
        request.extensions_mut().insert(brand);
    }
    next.run(request).await
}

/// In doubt, as nobody changed it: no page fails for its looks.
async fn of(portal: &Portal, path: &str, extensions: &Extensions) -> BrandView {
    let somebody = match (extensions.get::<Actor>(), extensions.get::<PartnerActor>()) {
        (Some(actor), _) => Some(Who::Organization(actor.clone())),
        (None, Some(actor)) => Some(Who::Partner(actor.clone())),
        (None, None) => None,
    };
    let onlooker = if let Some(token) = path.strip_prefix("/invite/") {
        Onlooker::Invited(token)
    } else if let Some(token) = path.strip_prefix("/consent/") {
        Onlooker::Asked(token)
    } else if path == "/consent"
        && let Some(session) = extensions.get::<Session>()
        && let Ok(Some(brand)) = session.get::<BrandView>(OF_CONSENT).await
    {
        return brand;
    } else {
        somebody.as_ref().map_or(Onlooker::Anybody, Onlooker::Somebody)
    };
    portal.brand(onlooker).await.unwrap_or_else(|error| {
        tracing::error!(%error, "how a page looks could not be read");
        BrandView::default()
    })
}
