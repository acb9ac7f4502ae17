//! The way of a Graph request: counted, struck by faults, let in, throttled, answered.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use serde_json::Value;

use crate::Profile;
use crate::call::Call;
use crate::directories::Directory;
use crate::faults::FaultAction;
use crate::lock;
use crate::odata::query::Query;
use crate::reply::{Content, GraphError, Reply, Result};
use crate::routes::{self, Handler, Match, batch};
use crate::shared::Shared;
use crate::state::audit::Actor;
use crate::throttle::{self, retry_after};

/// A request as it arrived.
pub(crate) struct Arrived {
    pub(crate) method: Method,
    /// Path behind `/v1.0`.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// `https://host:port`.
    pub(crate) root: String,
}

/// One operation: a request of its own, or an item of a batch.
pub(crate) struct Operation {
    pub(crate) directory: Arc<Directory>,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Option<Value>,
    pub(crate) base: String,
    pub(crate) eventual: bool,
    pub(crate) minimal: bool,
    pub(crate) system: bool,
    pub(crate) actor: Actor,
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Answers a request; nothing means that the connection is cut.
pub(crate) async fn serve(shared: &Shared, arrived: Arrived) -> Option<Response<Body>> {
    let full = format!("{}?{}", arrived.path, arrived.query);
    let fault = lock(&shared.faults).decide(arrived.method.as_str(), &full);
    if let Some(fault) = &fault {
        lock(&shared.counters).faulted += 1;
        if let FaultAction::Delay { delay_ms } = fault {
            tokio::time::sleep(Duration::from_millis(*delay_ms)).await;
        }
    }
    let reply = match fault_reply(shared, fault.as_ref()) {
        Some(reply) => reply,
        None if matches!(fault, Some(FaultAction::DropBefore)) => return None,
        None => answer(shared, &arrived).await,
    };
    if matches!(fault, Some(FaultAction::DropAfter)) {
        return None;
    }
    let truncate = matches!(fault, Some(FaultAction::Truncate));
    Some(respond(shared, reply, header(&arrived.headers, "client-request-id"), truncate))
}

/// The answer that a fault gives instead of the service.
fn fault_reply(shared: &Shared, fault: Option<&FaultAction>) -> Option<Reply> {
    match fault? {
        FaultAction::Status { status, body, code, html, retry_after: form, retry_seconds } => {
            let mut e = if *status == 429 {
                throttle::too_many(None)
            } else {
                GraphError::new(*status, "ServiceNotAvailable", "The service is temporarily unavailable.")
            };
            if let Some(code) = code {
                e.code.clone_from(code);
            }
            let wait = retry_seconds.unwrap_or(1.0);
            let value = form.and_then(|form| retry_after(form, wait, real_now()));
            e.headers.extend(value.map(|v| ("retry-after", v)));
            let headers = e.headers.clone();
            let mut reply = e.into_reply();
            if let Some(html) = html {
                reply = Reply { status: *status, content: Content::Text(html.clone()), headers };
            } else if let Some(body) = body {
                reply =
                    Reply { status: *status, content: Content::Json(body.to_string().into_bytes()), headers };
            }
            Some(reply)
        }
        FaultAction::ExpireDeltaTokens { bad_request } => {
            let mut t = shared.write();
            t.delta_epoch += 1;
            t.delta_gone = !bad_request;
            None
        }
        FaultAction::Unauthorized => {
            shared.auth.revoke_all();
            None
        }
        FaultAction::ExpirePageToken => Some(
            GraphError::new(
                400,
                "Directory_ExpiredPageToken",
                "The specified page token value has expired and can no longer be included in your request.",
            )
            .into_reply(),
        ),
        _ => None,
    }
}

/// Dates in headers are the wall's: a client compares them with its own clock.
pub(crate) fn real_now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64)
}

async fn answer(shared: &Shared, arrived: &Arrived) -> Reply {
    let authorization = header(&arrived.headers, "authorization");
    let directory = match shared.auth.check(authorization, shared.clock.now(), shared.home_id()) {
        Ok(tenant) => shared.directory(&tenant).unwrap_or_else(|| shared.home()),
        Err(e) => {
            lock(&shared.counters).requests += 1;
            return e.into_reply();
        }
    };
    let body = if arrived.body.is_empty() {
        None
    } else {
        match serde_json::from_slice(&arrived.body) {
            Ok(body) => Some(body),
            Err(_) => {
                lock(&shared.counters).requests += 1;
                return GraphError::new(400, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
                    .into_reply();
            }
        }
    };
    let base = format!("{}/v1.0", arrived.root);
    if arrived.path == "/$batch" && arrived.method == Method::POST {
        count(shared, "POST /$batch");
        let reply = batch::serve(shared, &directory, body, &base);
        pause(shared, 0, false).await;
        return reply;
    }
    let operation = Operation {
        directory,
        method: arrived.method.clone(),
        path: arrived.path.clone(),
        query: arrived.query.clone(),
        body,
        base,
        eventual: header(&arrived.headers, "consistencylevel")
            .is_some_and(|v| v.eq_ignore_ascii_case("eventual")),
        minimal: header(&arrived.headers, "prefer").is_some_and(|v| v.contains("return=minimal")),
        system: false,
        actor: Actor::App,
    };
    let (reply, page) = perform(shared, operation);
    pause(shared, page, arrived.method != Method::GET).await;
    reply
}

async fn pause(shared: &Shared, page: usize, write: bool) {
    if shared.options.profile == Profile::Realistic {
        tokio::time::sleep(throttle::latency(page, write)).await;
    }
}

fn count(shared: &Shared, shape: &str) {
    let mut counters = lock(&shared.counters);
    counters.requests += 1;
    match counters.by_shape.get_mut(shape) {
        Some(n) => *n += 1,
        None => {
            counters.by_shape.insert(shape.to_owned(), 1);
        }
    }
}

/// Performs one operation and says how many objects its page may hold.
pub(crate) fn perform(shared: &Shared, operation: Operation) -> (Reply, usize) {
    let found = routes::find(&operation.method, &operation.path);
    let shape = found.as_ref().map_or("unknown", |m| m.route.path);
    if !operation.system {
        count(shared, &format!("{} {shape}", operation.method));
    }
    match found.and_then(|m| perform_match(shared, operation, m)) {
        Ok((reply, page)) => (reply, page),
        Err(e) => (e.into_reply(), 0),
    }
}

fn perform_match(shared: &Shared, operation: Operation, m: Match) -> Result<(Reply, usize)> {
    let query = Query::parse(&operation.query)?;
    // Looking objects up by id is a POST, but no write.
    let write = matches!(m.route.handler, Handler::Write(_));
    let system = operation.system;
    let cost = units(m.route.cost, &query, operation.method != Method::GET);
    if !system {
        if shared.options.profile == Profile::Realistic {
            let taken = lock(&shared.throttle).take(cost, write, real_now());
            if let Err(e) = taken {
                lock(&shared.counters).throttled += 1;
                return Err(e);
            }
        }
        let mut counters = lock(&shared.counters);
        counters.resource_units += u64::from(cost);
        counters.writes += u64::from(write);
    }
    let page = if m.route.path.ends_with("{id}") { 0 } else { query.top.unwrap_or(100) };
    let call = Call {
        path: operation.path,
        args: m.args,
        query,
        body: operation.body,
        base: operation.base,
        eventual: operation.eventual,
        minimal: operation.minimal,
        system,
        delta_repeats: shared.options.delta_repeats,
    };
    let mut reply = match m.route.handler {
        Handler::Read(handler) => {
            let t = operation.directory.read(shared.clock.now());
            if !m.route.any.is_empty() {
                call.need(&t, m.route.any)?;
            }
            handler(&call, &t)?
        }
        Handler::Write(handler) => {
            let mut t = operation.directory.write(shared.clock.now());
            if !m.route.any.is_empty() {
                call.need(&t, m.route.any)?;
            }
            t.actor = operation.actor;
            handler(&call, &mut t)?
        }
    };
    // Delta says nothing about its cost.
    if !m.route.path.ends_with("/delta") {
        reply.headers.push(("x-ms-resource-unit", cost.to_string()));
    }
    Ok((reply, page))
}

/// Cost with the modifiers: `$select` one less, `$expand` one more, a small page one less.
fn units(base: u32, query: &Query, write: bool) -> u32 {
    if write {
        let selected = u32::from(query.select.is_some()) * 3;
        return if base > 1 { base - selected.min(base - 1) } else { 1 };
    }
    let more = u32::from(query.expand.is_some());
    let less = u32::from(query.select.is_some()) + u32::from(query.top.is_some_and(|top| top < 20));
    (base + more).saturating_sub(less).max(1)
}

/// The bytes of a reply's body; errors name the request.
pub(crate) fn body_of(
    shared: &Shared,
    content: Content,
    request_id: &str,
    client_id: &str,
) -> (Vec<u8>, &'static str) {
    const JSON: &str =
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
    match content {
        Content::None => (Vec::new(), ""),
        Content::Json(body) => (body, JSON),
        Content::Text(body) => {
            let kind = if body.starts_with('<') { "text/html" } else { "text/plain" };
            (body.into_bytes(), kind)
        }
        Content::Error(e) => (e.body(shared.clock.now(), request_id, client_id), "application/json"),
    }
}

fn respond(shared: &Shared, reply: Reply, client_id: Option<&str>, truncate: bool) -> Response<Body> {
    let request_id = shared.request_id();
    let client_id = client_id.unwrap_or(&request_id).to_owned();
    let (mut bytes, kind) = body_of(shared, reply.content, &request_id, &client_id);
    lock(&shared.counters).bytes += bytes.len() as u64;
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    };
    put("request-id", &request_id);
    put("client-request-id", &client_id);
    put(
        "x-ms-ags-diagnostic",
        r#"{"ServerInfo":{"DataCenter":"North Europe","Slice":"E","Ring":"4","ScaleUnit":"002","RoleInstance":"SIM00000001"}}"#,
    );
    put("cache-control", "no-cache");
    put("odata-version", "4.0");
    if !kind.is_empty() {
        put("content-type", kind);
    }
    for (name, value) in &reply.headers {
        put(name, value);
    }
    let body = if truncate && bytes.len() > 1 {
        put("content-length", &bytes.len().to_string());
        bytes.truncate(bytes.len() / 2);
        Body::from_stream(cut_short(bytes))
    } else {
        Body::from(bytes)
    };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(reply.status).unwrap_or_default();
    *response.headers_mut() = headers;
    response
}

/// A stream of unknown length lets the header promise more than comes. Its end waits until what
/// did come has left.
fn cut_short(bytes: Vec<u8>) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    stream::unfold(Some(bytes), |left| async move {
        match left {
            Some(bytes) => Some((Ok(Bytes::from(bytes)), None)),
            None => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                None
            }
        }
    })
}

/// Splits `path?query` of a relative address.
pub(crate) fn split_url(url: &str) -> (String, String) {
    let url = url.strip_prefix('/').unwrap_or(url);
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    (format!("/{path}"), query.to_owned())
}
