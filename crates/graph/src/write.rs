//! A request that changes something.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An HTTP method, as Graph uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl Method {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        }
    }
}

/// One write. Serializable, so that a journal can hold it before it is sent.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// How.
    pub method: Method,
    /// Where, relative to `/v1.0`; see [`crate::path`].
    pub path: String,
    /// What, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Further headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

impl Write {
    /// Changes attributes.
    pub fn patch(path: impl Into<String>, body: Value) -> Write {
        Write::new(Method::Patch, path, Some(body))
    }

    /// Creates, adds a link, or calls an action.
    pub fn post(path: impl Into<String>, body: Value) -> Write {
        Write::new(Method::Post, path, Some(body))
    }

    /// Replaces, or sets a single link.
    pub fn put(path: impl Into<String>, body: Value) -> Write {
        Write::new(Method::Put, path, Some(body))
    }

    /// Deletes an object, or (with `/$ref`) a link.
    pub fn delete(path: impl Into<String>) -> Write {
        Write::new(Method::Delete, path, None)
    }

    /// The same with a header more.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Write {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn new(method: Method, path: impl Into<String>, body: Option<Value>) -> Write {
        Write { method, path: path.into(), body, headers: Vec::new() }
    }
}

impl fmt::Debug for Write {
    /// Without ids and body: bodies hold personal data and first passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), crate::path::shape(&self.path))
    }
}
