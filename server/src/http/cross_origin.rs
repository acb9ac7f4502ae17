//! Requests that change something are taken from our own pages only: cookies come along wherever a request
//! is made from. The rules are those of Go 1.25's CrossOriginProtection; no token is needed.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Front;

pub(super) async fn refuse(State(front): State<Front>, request: Request, next: Next) -> Response {
    if is_ours(request.method(), request.uri(), request.headers(), &front) {
        return next.run(request).await;
    }
    tracing::warn!("a request from another site was refused");
    let text = "This request came from another site's page, so it was refused and nothing was changed.\n";
    (StatusCode::FORBIDDEN, text).into_response()
}

fn is_ours(method: &Method, uri: &Uri, headers: &HeaderMap, front: &Front) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return true;
    }
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin = text(header::ORIGIN);
    let is_known = origin.is_some_and(|origin| origin == front.public_url.origin().ascii_serialization());
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => true,
        Some(_) => is_known,
        // No browser of the last years leaves out both; whoever does has no user's cookies.
        None => match origin {
            None => true,
            Some(origin) => is_known || host_of(origin) == host_asked(uri, headers),
        },
    }
}

fn host_of(origin: &str) -> Option<&str> {
    origin.split_once("://").map(|(_, host)| host)
}

fn host_asked<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    host.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(method: Method, headers: &[(&'static str, &str)]) -> bool {
        let front =
            Front { public_url: "https://backup.example".parse().unwrap(), trusted_proxies: Vec::new() };
        let mut map = HeaderMap::new();
        map.insert(header::HOST, "backup.example".parse().unwrap());
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        is_ours(&method, &Uri::from_static("/_fn/x"), &map, &front)
    }

    #[test]
    fn another_sites_page_changes_nothing() {
        let post = |headers: &[(&'static str, &str)]| passes(Method::POST, headers);
        assert!(post(&[]), "no browser");
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("sec-fetch-site", "none")]));
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]), "a neighbour under the same domain");
        assert!(!post(&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]));
        assert!(!post(&[("sec-fetch-site", "")]));
        assert!(post(&[("origin", "https://backup.example")]));
        assert!(!post(&[("origin", "https://evil.example")]));
        assert!(!post(&[("origin", "null")]));
        assert!(!post(&[("origin", "https://backup.example.evil.example")]));
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            assert!(!passes(method, &[("sec-fetch-site", "cross-site")]));
        }
        assert!(passes(Method::GET, &[("sec-fetch-site", "cross-site")]), "a link from elsewhere");
    }
}
