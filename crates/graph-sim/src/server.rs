//! Listening, and telling the login authority, the Graph and the control API apart.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::graph::{self, Arrived};
use crate::shared::Shared;
use crate::{control, login};

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
        return Ok(control::serve(&shared, &parts.method, rest, &query, &body).await);
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
    let knock = login::Knock {
        shared: &shared,
        method: &parts.method,
        path,
        query: &query,
        headers: &parts.headers,
        body: &body,
        root: &root,
    };
    Ok(login::serve(&knock).await.unwrap_or_else(|| {
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
