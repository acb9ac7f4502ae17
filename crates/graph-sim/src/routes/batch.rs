//! `$batch`: up to twenty requests in one, each answered for itself.

use std::sync::Arc;

use http::Method;
use serde_json::{Map, Value, json};

use crate::auth::Roles;
use crate::directories::Directory;
use crate::faults::{Asked, Verdict, normalize};
use crate::graph::{self, Operation};
use crate::lock;
use crate::reply::{Content, GraphError, Reply};
use crate::shared::Shared;
use crate::state::audit::Actor;
use crate::struck;

fn malformed(message: &str) -> Reply {
    GraphError::new(400, "BadRequest", message).into_reply()
}

/// A batch that arrived.
pub(crate) struct Whole<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) directory: &'a Arc<Directory>,
    pub(crate) roles: &'a Roles,
    pub(crate) base: &'a str,
    /// The number of the request.
    pub(crate) request: u64,
}

impl Whole<'_> {
    /// Answers every part; what rules do to a part and concerns the whole goes into `verdict`.
    pub(crate) fn serve(&self, body: Option<Value>, verdict: &mut Verdict) -> Reply {
        let shared = self.shared;
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
                self.item(request, &predecessors(requests, request), verdict)
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

    fn item(&self, request: &Value, after: &[String], verdict: &mut Verdict) -> Value {
        let shared = self.shared;
        let (Some(method), Some(url)) = (
            request["method"].as_str().and_then(|m| Method::from_bytes(m.to_uppercase().as_bytes()).ok()),
            request["url"].as_str(),
        ) else {
            return render(shared, malformed("A request of a batch needs a method and a url."));
        };
        let (path, query) = graph::split_url(url);
        let body = request.get("body").filter(|b| !b.is_null()).cloned();
        let text = body.as_ref().map(Value::to_string).unwrap_or_default();
        let asked = Asked {
            method: method.as_str(),
            path: &path,
            query: &query,
            body: &text,
            base: self.base,
            in_batch: true,
            request: self.request,
            part: request["id"].as_str().unwrap_or_default(),
            after,
        };
        let mut struck = lock(&shared.faults).before(&asked, shared.clock.now());
        let reply = match struck.reply.take() {
            Some(reply) => reply,
            None => {
                struck::take_effect(shared, struck.effect.take());
                self.perform(request, &asked, body, &struck)
            }
        };
        let reply = lock(&shared.faults).after(&asked, reply, shared.clock.now(), &mut struck);
        struck::tally(shared, &mut struck);
        verdict.take_part(struck);
        render(shared, reply)
    }

    fn perform(
        &self,
        request: &Value,
        asked: &Asked<'_>,
        mut body: Option<Value>,
        struck: &Verdict,
    ) -> Reply {
        let header = |name: &str| {
            request["headers"].as_object().and_then(|h| {
                h.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).and_then(|(_, v)| v.as_str())
            })
        };
        if body.is_some() && header("content-type").is_none() {
            return malformed("Write request id does not contain Content-Type header or body.");
        }
        if let Some(body) = &mut body {
            normalize(body, &struck.normalize);
        }
        let operation = Operation {
            directory: Arc::clone(self.directory),
            method: Method::from_bytes(asked.method.as_bytes()).unwrap_or_default(),
            path: asked.path.to_owned(),
            query: asked.query.to_owned(),
            body,
            base: self.base.to_owned(),
            eventual: header("consistencylevel").is_some_and(|v| v.eq_ignore_ascii_case("eventual")),
            minimal: header("prefer").is_some_and(|v| v.contains("return=minimal")),
            system: false,
            roles: Arc::clone(self.roles),
            actor: Actor::App,
            lag: struck.lag,
        };
        graph::perform(self.shared, operation).0
    }
}

fn depends(request: &Value) -> Vec<&str> {
    request["dependsOn"].as_array().map(|d| d.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// Every part that one comes after, also by way of others.
fn predecessors(requests: &[Value], request: &Value) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<&str> = depends(request);
    while let Some(id) = open.pop() {
        if !found.iter().any(|known| known == id) {
            found.push(id.to_owned());
            open.extend(requests.iter().filter(|r| r["id"] == id).flat_map(depends));
        }
    }
    found
}

/// An answer as an item of a batch.
pub(crate) fn render(shared: &Shared, reply: Reply) -> Value {
    let request_id = shared.request_id();
    let mut headers: Map<String, Value> = reply
        .headers
        .iter()
        .map(|(k, v)| {
            let name = match k.as_ref() {
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
