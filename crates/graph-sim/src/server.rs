//! Listening, and telling the login authority, the Graph and the control API apart.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::auth::discovery;
use crate::auth::token::{self, Answer, refuse};
use crate::graph::{self, Arrived};
use crate::shared::Shared;
use crate::{control, lock};

/// The largest body that is read.
const LIMIT: usize = 16 << 20;

/// Marks an answer that must not be sent: the connection is cut instead.
#[derive(Clone)]
struct Cut;

/// Serves until `stop` changes or its sender is gone.
pub(crate) async fn run(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let scheme = if tls.is_some() { "https" } else { "http" };
    let app = Router::new().fallback(dispatch).with_state((shared, scheme));
    loop {
        let (socket, _) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => continue,
            },
            _ = stop.changed() => return,
        };
        let _ = socket.set_nodelay(true);
        let (app, tls, mut stop) = (app.clone(), tls.clone(), stop.clone());
        tokio::spawn(async move {
            let serve = async {
                match tls {
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(socket).await {
                            connection(TokioIo::new(stream), app).await;
                        }
                    }
                    None => connection(TokioIo::new(socket), app).await,
                }
            };
            tokio::select! {
                () = serve => {}
                _ = stop.changed() => {}
            }
        });
    }
}

async fn connection<I>(io: TokioIo<I>, app: Router)
where
    I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let app = app.clone();
        async move {
            let response = match app.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<Cut>().is_some() {
                return Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted));
            }
            Ok::<_, std::io::Error>(response)
        }
    });
    // A client that goes away is not this server's error.
    let _ = Builder::new(TokioExecutor::new()).serve_connection(io, service).await;
}

/// Binds a listener.
pub(crate) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), crate::Error> {
    let io = |source| crate::Error::Io { what: format!("cannot listen on {address}"), source };
    let listener = TcpListener::bind(address).await.map_err(io)?;
    let local = listener.local_addr().map_err(io)?;
    Ok((listener, local))
}

async fn dispatch(
    State((shared, scheme)): State<(Arc<Shared>, &'static str)>,
    request: Request,
) -> Result<Response, Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LIMIT).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    // HTTP/2 carries the host in the target.
    let host = parts.headers.get("host").and_then(|h| h.to_str().ok()).map(str::to_owned);
    let host = host.or_else(|| parts.uri.authority().map(ToString::to_string)).unwrap_or_default();
    let root = format!("{scheme}://{host}");
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    if let Some(rest) = path.strip_prefix("/sim/") {
        return Ok(control::serve(&shared, &parts.method, rest, &body).await);
    }
    if let Some(rest) = path.strip_prefix("/v1.0").filter(|r| r.is_empty() || r.starts_with('/')) {
        let arrived = Arrived {
            method: parts.method,
            path: rest.to_owned(),
            query,
            headers: parts.headers,
            body,
            root,
        };
        return Ok(graph::serve(&shared, arrived).await.unwrap_or_else(cut));
    }
    Ok(login(&shared, &parts.method, path, &parts.headers, &body, &root).unwrap_or_else(|| {
        let error = crate::reply::GraphError::new(
            404,
            "ResourceNotFound",
            format!("Resource not found for '{path}'."),
        );
        let id = shared.request_id();
        (
            StatusCode::NOT_FOUND,
            [("content-type", "application/json")],
            error.body(shared.clock.now(), &id, &id),
        )
            .into_response()
    }))
}

fn cut() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Cut);
    response
}

pub(crate) fn json_response(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    (status, [("content-type", "application/json"), ("cache-control", "no-store")], body.to_string())
        .into_response()
}

/// The paths of the login authority.
fn login(
    shared: &Shared,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: &Bytes,
    root: &str,
) -> Option<Response> {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let tenant_id = shared.read().info.tenant_id.to_string();
    match (method, &segments[..]) {
        (&Method::GET, [_, "discovery", "instance"]) => {
            Some(json_response(200, &discovery::instance(root, &tenant_id)))
        }
        (
            &Method::GET,
            [tenant, "v2.0", ".well-known", "openid-configuration"]
            | [tenant, ".well-known", "openid-configuration"],
        ) => Some(json_response(200, &discovery::configuration(root, tenant, &tenant_id))),
        (&Method::GET, [_, "discovery", "v2.0", "keys"] | [_, "discovery", "keys"]) => {
            Some(json_response(200, &shared.auth.keys.jwks(&discovery::issuer(root, &tenant_id))))
        }
        (&Method::POST, [tenant, "oauth2", "v2.0", "token"] | [tenant, "oauth2", "token"]) => {
            let Answer { status, body } = sign_in(shared, root, tenant, headers, body);
            Some(json_response(status, &body))
        }
        _ => None,
    }
}

fn sign_in(shared: &Shared, root: &str, tenant: &str, headers: &HeaderMap, body: &Bytes) -> Answer {
    let now = shared.clock.now();
    lock(&shared.counters).tokens += 1;
    let path = format!("/{tenant}/oauth2/v2.0/token");
    if let Some(crate::FaultAction::Status { status, .. }) = lock(&shared.faults).decide("POST", &path) {
        lock(&shared.counters).faulted += 1;
        return refuse(
            status,
            "temporarily_unavailable",
            90_033,
            "A transient error has occurred. Please try again.",
        )
        .answer(now, root);
    }
    let basic = headers
        .get("authorization")
        .and_then(|v| v.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|v| String::from_utf8(STANDARD.decode(v).ok()?).ok())
        .and_then(|v| v.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned())));
    let sign_in = *lock(&shared.sign_in);
    let request = token::Request {
        root,
        tenant,
        form: token::form(body),
        basic,
        now,
        enabled: sign_in.enabled,
        secret_expired: sign_in.secret_expired,
        certificates: lock(&shared.auth.certificates).clone(),
    };
    let claims = token::claims(&shared.read(), &request, sign_in.lifetime);
    let signed = claims.and_then(|claims| {
        shared.auth.keys.sign(&claims).map_err(|e| refuse(500, "server_error", 90_033, e.to_string()))
    });
    match signed {
        Ok(jwt) => {
            shared.auth.remember(jwt.clone(), now + sign_in.lifetime, now);
            let body = json!({
                "token_type": "Bearer",
                "expires_in": sign_in.lifetime,
                "ext_expires_in": sign_in.lifetime,
                "access_token": jwt,
            });
            Answer { status: 200, body }
        }
        Err(refusal) => refusal.answer(now, root),
    }
}
