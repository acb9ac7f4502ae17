//! `logout`: ends the session, and goes back to the application when that is registered.

use axum::response::Response;
use http::HeaderValue;

use super::reply::{Mode, back, redirect};
use super::{COOKIE, Visit, page};

pub(super) fn serve(visit: &Visit<'_>) -> Response {
    if let Some(session) = visit.session() {
        visit.shared.auth.people.close(session);
    }
    let known = visit
        .get("post_logout_redirect_uri")
        .filter(|uri| visit.shared.auth.registration.is_redirect_uri(uri));
    let mut response = match (known, visit.get("state")) {
        (Some(uri), Some(state)) => back(Mode::Query, uri, &[("state", state.to_owned())]),
        (Some(uri), None) => redirect(uri),
        (None, _) => page::page(200, "You signed out", "<p>You can close this window.</p>", false),
    };
    if let Ok(cookie) =
        HeaderValue::from_str(&format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
    {
        response.headers_mut().append("set-cookie", cookie);
    }
    response
}
