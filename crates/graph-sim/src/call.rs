//! One request to the Graph part of the service, on its way to a handler.

use serde_json::{Map, Value};

use crate::auth::Roles;
use crate::odata::query::Query;
use crate::reply::{GraphError, Result};

/// A request, taken apart.
pub(crate) struct Call {
    /// Path behind `/v1.0`, as it was sent.
    pub(crate) path: String,
    /// What the route's placeholders stand for.
    pub(crate) args: Vec<String>,
    pub(crate) query: Query,
    pub(crate) body: Option<Value>,
    /// `http://host:port/v1.0`, on the host that the client used.
    pub(crate) base: String,
    /// `ConsistencyLevel: eventual`.
    pub(crate) eventual: bool,
    /// `Prefer: return=minimal`.
    pub(crate) minimal: bool,
    /// The directory itself acts: no permissions, no protection, no mastering elsewhere.
    pub(crate) system: bool,
    /// The permissions in the token of the request.
    pub(crate) roles: Roles,
    pub(crate) delta_repeats: u8,
}

impl Call {
    pub(crate) fn arg(&self, i: usize) -> &str {
        self.args.get(i).map_or("", String::as_str)
    }

    /// Whether the token carries one of these permissions (or the directory itself acts).
    pub(crate) fn can(&self, any: &[&str]) -> bool {
        self.system || any.iter().any(|p| self.roles.contains(*p))
    }

    pub(crate) fn need(&self, any: &[&str]) -> Result<()> {
        if self.can(any) { Ok(()) } else { Err(GraphError::denied()) }
    }

    /// The body as an object.
    pub(crate) fn object(&self) -> Result<&Map<String, Value>> {
        match &self.body {
            Some(Value::Object(map)) => Ok(map),
            Some(_) => Err(GraphError::bad("The request body must be a JSON object.")),
            None => Err(GraphError::bad("Empty Payload. JSON content expected.")),
        }
    }

    /// The object that a `{"@odata.id": "…"}` body points at.
    pub(crate) fn reference(&self) -> Result<String> {
        self.object()?
            .get("@odata.id")
            .and_then(Value::as_str)
            .and_then(reference_id)
            .ok_or_else(|| GraphError::bad("Invalid URL format specified in @odata.bind for members."))
    }

    /// `$count=true` works only with the index that `ConsistencyLevel: eventual` names.
    pub(crate) fn advanced(&self) -> bool {
        self.eventual && self.query.count
    }

    pub(crate) fn context(&self, what: &str) -> String {
        format!("{}/$metadata#{what}", self.base)
    }
}

/// The id at the end of `https://…/directoryObjects/{id}` or `users('{id}')`.
pub(crate) fn reference_id(url: &str) -> Option<String> {
    let (prefix, last) = url.trim_end_matches('/').rsplit_once('/')?;
    if !prefix.contains("://") {
        return None;
    }
    let id = last.rsplit_once("('").and_then(|(_, id)| id.strip_suffix("')")).unwrap_or(last);
    Some(crate::text::percent_decode(id, false))
}
