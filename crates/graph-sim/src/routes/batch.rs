//! `$batch`: up to twenty requests in one, each answered for itself.

use std::sync::Arc;

use http::Method;
use serde_json::{Map, Value, json};

use crate::directories::Directory;
use crate::faults::FaultAction;
use crate::graph::{self, Operation};
use crate::lock;
use crate::reply::{Content, GraphError, Reply};
use crate::shared::Shared;
use crate::state::audit::Actor;

fn malformed(message: &str) -> Reply {
    GraphError::new(400, "BadRequest", message).into_reply()
}

pub(crate) fn serve(shared: &Shared, directory: &Arc<Directory>, body: Option<Value>, base: &str) -> Reply {
    let Some(requests) = body.as_ref().and_then(|b| b.get("requests")).and_then(Value::as_array) else {
        return malformed("Invalid batch payload format.");
    };
    if requests.len() > 20 {
        return malformed("Number of batch request steps exceeds the maximum value of 20.");
    }
    let mut ids: Vec<&str> = Vec::new();
    for request in requests {
        match request["id"].as_str() {
            Some(id) if ids.contains(&id) => {
                return malformed(&format!("Duplicate request id '{id}' in batch."));
            }
            Some(id) => ids.push(id),
            None => return malformed("Every request of a batch needs an id."),
        }
    }
    for request in requests {
        for needed in depends(request) {
            if !ids.contains(&needed) {
                return malformed(&format!("Request depends on the unknown id '{needed}'."));
            }
        }
    }
    let mut responses: Vec<Value> = Vec::new();
    let mut statuses: Map<String, Value> = Map::new();
    for request in requests {
        let id = request["id"].as_str().unwrap_or_default();
        // Anything but a predecessor that went well fails what depends on it.
        let ready = depends(request)
            .iter()
            .all(|d| statuses.get(*d).and_then(Value::as_u64).is_some_and(|s| (200..300).contains(&s)));
        let response = if ready {
            item(shared, directory, request, base)
        } else {
            render(
                shared,
                GraphError::new(424, "FailedDependency", "A request that this one depends on failed.")
                    .into_reply(),
            )
        };
        let mut response = response;
        statuses.insert(id.to_owned(), response["status"].clone());
        response["id"] = json!(id);
        responses.push(response);
    }
    // In any order: clients match by id.
    if requests.iter().all(|r| depends(r).is_empty()) {
        responses.reverse();
    }
    Reply::json(200, json!({"responses": responses}).to_string().into_bytes())
}

fn depends(request: &Value) -> Vec<&str> {
    request["dependsOn"].as_array().map(|d| d.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn item(shared: &Shared, directory: &Arc<Directory>, request: &Value, base: &str) -> Value {
    let (Some(method), Some(url)) = (
        request["method"].as_str().and_then(|m| Method::from_bytes(m.to_uppercase().as_bytes()).ok()),
        request["url"].as_str(),
    ) else {
        return render(shared, malformed("A request of a batch needs a method and a url."));
    };
    let (path, query) = graph::split_url(url);
    let fault = lock(&shared.faults).decide(method.as_str(), &format!("{path}?{query}"));
    if let Some(FaultAction::Status { status, retry_after, retry_seconds, .. }) = fault {
        lock(&shared.counters).faulted += 1;
        let mut e = if status == 429 {
            crate::throttle::too_many(None)
        } else {
            GraphError::new(status, "ServiceNotAvailable", "The service is temporarily unavailable.")
        };
        let form = retry_after
            .and_then(|f| crate::throttle::retry_after(f, retry_seconds.unwrap_or(1.0), graph::real_now()));
        e.headers.extend(form.map(|v| ("retry-after", v)));
        return render(shared, e.into_reply());
    }
    let header = |name: &str| {
        request["headers"]
            .as_object()
            .and_then(|h| h.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).and_then(|(_, v)| v.as_str()))
    };
    let body = request.get("body").filter(|b| !b.is_null()).cloned();
    if body.is_some() && header("content-type").is_none() {
        return render(shared, malformed("Write request id does not contain Content-Type header or body."));
    }
    let operation = Operation {
        directory: Arc::clone(directory),
        method,
        path,
        query,
        body,
        base: base.to_owned(),
        eventual: header("consistencylevel").is_some_and(|v| v.eq_ignore_ascii_case("eventual")),
        minimal: header("prefer").is_some_and(|v| v.contains("return=minimal")),
        system: false,
        actor: Actor::App,
    };
    render(shared, graph::perform(shared, operation).0)
}

/// An answer as an item of a batch.
pub(crate) fn render(shared: &Shared, reply: Reply) -> Value {
    let request_id = shared.request_id();
    let mut headers: Map<String, Value> = reply
        .headers
        .iter()
        .map(|(k, v)| {
            let name = match *k {
                "retry-after" => "Retry-After",
                "location" => "Location",
                other => other,
            };
            (name.to_owned(), Value::from(v.clone()))
        })
        .collect();
    headers.insert("Cache-Control".to_owned(), "no-cache".into());
    headers.insert("request-id".to_owned(), request_id.clone().into());
    let mut out = json!({"status": reply.status});
    match reply.content {
        Content::None => {}
        Content::Text(text) => {
            headers.insert("Content-Type".to_owned(), "text/plain".into());
            out["body"] = text.into();
        }
        content => {
            headers.insert("Content-Type".to_owned(), "application/json".into());
            let (bytes, _) = graph::body_of(shared, content, &request_id, &request_id);
            out["body"] = serde_json::from_slice(&bytes).unwrap_or_default();
        }
    }
    out["headers"] = headers.into();
    out
}
