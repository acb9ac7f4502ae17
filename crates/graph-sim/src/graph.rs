//! The way of a Graph request: counted, struck by faults, let in, throttled, answered.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use serde_json::Value;

use crate::Profile;
use crate::auth::Roles;
use crate::call::Call;
use crate::directories::Directory;
use crate::faults::{Asked, Lag, Verdict, normalize};
use crate::lock;
use crate::odata::query::Query;
use crate::past::Past;
use crate::reply::{Content, GraphError, Reply, Result};
use crate::routes::{self, Handler, Match, batch};
use crate::shared::Shared;
use crate::state::audit::Actor;
use crate::struck::{UnderWay, look_back, take_effect, tally, wait};
use crate::throttle;

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
    /// The permissions in the token of the request.
    pub(crate) roles: Roles,
    pub(crate) actor: Actor,
    /// A read is answered from the directory as it was.
    pub(crate) lag: Option<Lag>,
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Answers a request; nothing means that the connection is cut.
pub(crate) async fn serve(shared: &Shared, arrived: Arrived) -> Option<Response<Body>> {
    let under_way = UnderWay::enter(shared);
    let number = under_way.number();
    let text = String::from_utf8_lossy(&arrived.body);
    let base = format!("{}/v1.0", arrived.root);
    let asked = Asked {
        method: arrived.method.as_str(),
        path: &arrived.path,
        query: &arrived.query,
        body: &text,
        base: &base,
        in_batch: false,
        request: number,
        part: "",
        after: &[],
    };
    let mut verdict = lock(&shared.faults).before(&asked, shared.clock.now());
    tally(shared, &mut verdict);
    wait(&mut verdict.delay).await;
    let reply = match verdict.reply.take() {
        Some(reply) => reply,
        None if verdict.drop_before => return None,
        None => {
            take_effect(shared, verdict.effect.take());
            answer(shared, &arrived, &base, number, &mut verdict).await
        }
    };
    let reply = lock(&shared.faults).after(&asked, reply, shared.clock.now(), &mut verdict);
    tally(shared, &mut verdict);
    wait(&mut verdict.delay).await;
    wait(&mut verdict.hold).await;
    if verdict.drop_after {
        return None;
    }
    Some(respond(shared, reply, header(&arrived.headers, "client-request-id"), &verdict))
}

/// Dates in headers are the wall's: a client compares them with its own clock.
pub(crate) fn real_now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64)
}

async fn answer(shared: &Shared, arrived: &Arrived, base: &str, number: u64, verdict: &mut Verdict) -> Reply {
    let authorization = header(&arrived.headers, "authorization");
    let (directory, roles) = match shared.auth.check(authorization, shared.clock.now(), shared.home_id()) {
        Ok(bearer) => (shared.directory(&bearer.tenant).unwrap_or_else(|| shared.home()), bearer.roles),
        Err(e) => {
            lock(&shared.counters).requests += 1;
            return e.into_reply();
        }
    };
    let mut body: Option<Value> = if arrived.body.is_empty() {
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
    if arrived.path == "/$batch" && arrived.method == Method::POST {
        count(shared, "POST /$batch");
        let whole = batch::Whole { shared, directory: &directory, roles: &roles, base, request: number };
        let reply = whole.serve(body, verdict);
        pause(shared, 0, false).await;
        return reply;
    }
    if let Some(body) = &mut body {
        normalize(body, &verdict.normalize);
    }
    let operation = Operation {
        directory,
        method: arrived.method.clone(),
        path: arrived.path.clone(),
        query: arrived.query.clone(),
        body,
        base: base.to_owned(),
        eventual: header(&arrived.headers, "consistencylevel")
            .is_some_and(|v| v.eq_ignore_ascii_case("eventual")),
        minimal: header(&arrived.headers, "prefer").is_some_and(|v| v.contains("return=minimal")),
        system: false,
        roles,
        actor: Actor::App,
        lag: verdict.lag,
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
        roles: operation.roles,
        delta_repeats: shared.options.delta_repeats,
    };
    let now = shared.clock.now();
    let directory = &operation.directory;
    let allowed = || if m.route.any.is_empty() { Ok(()) } else { call.need(m.route.any) };
    let mut reply = match m.route.handler {
        Handler::Read(handler) => {
            let t = directory.read(now);
            allowed()?;
            match operation.lag {
                Some(lag) => look_back(shared, directory, &t, lag, |t| handler(&call, t))?,
                None => handler(&call, &t)?,
            }
        }
        Handler::Write(handler) => {
            let looks_back = lock(&shared.faults).looks_back();
            let mut t = directory.write(now);
            allowed()?;
            let kept = looks_back
                .is_some_and(|(longest, counting)| directory.past(|past| past.keep(&t, longest, counting)));
            t.actor = operation.actor;
            let done = handler(&call, &mut t);
            if kept && done.is_err() {
                directory.past(Past::take_back);
            }
            done?
        }
    };
    // Delta says nothing about its cost.
    if !m.route.path.ends_with("/delta") {
        reply.headers.push(("x-ms-resource-unit".into(), cost.to_string()));
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

fn respond(shared: &Shared, reply: Reply, client_id: Option<&str>, verdict: &Verdict) -> Response<Body> {
    let request_id = shared.request_id();
    let client_id = client_id.unwrap_or(&request_id).to_owned();
    let (bytes, kind) = body_of(shared, reply.content, &request_id, &client_id);
    let mut bytes = verdict.replaced(bytes);
    lock(&shared.counters).bytes += bytes.len() as u64;
    let mut headers = HeaderMap::new();
    let mut put = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            headers.insert(name, value);
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
    let body = if verdict.truncate && bytes.len() > 1 {
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
