//! The paths of the service: one table, with what each costs and which permission it takes.

pub(crate) mod allowed;
pub(crate) mod audit;
pub(crate) mod batch;
pub(crate) mod deleted;
pub(crate) mod delta;
mod delta_walk;
pub(crate) mod groups;
pub(crate) mod licences;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod objects;
pub(crate) mod others;
pub(crate) mod patch;
pub(crate) mod reads;
pub(crate) mod requests;
pub(crate) mod roles;
pub(crate) mod schedules;
pub(crate) mod table;
pub(crate) mod tenant;
pub(crate) mod units;
pub(crate) mod users;

use http::Method;

use crate::call::Call;
use crate::reply::{GraphError, Reply, Result};
use crate::state::Tenant;
use crate::text::percent_decode;

/// What answers a route.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    Read(fn(&Call, &Tenant) -> Result<Reply>),
    Write(fn(&Call, &mut Tenant) -> Result<Reply>),
}

/// One path and method.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// Resource units before the modifiers of `$select`, `$expand` and `$top`.
    pub(crate) cost: u32,
    /// Any one of these permissions opens the route; handlers ask for more where the object does.
    pub(crate) any: &'static [&'static str],
    pub(crate) handler: Handler,
}

/// A route and what its placeholders stand for.
pub(crate) struct Match {
    pub(crate) route: &'static Route,
    pub(crate) args: Vec<String>,
}

/// Splits a path into decoded segments; `users('x')` is `users/x`, `delta()` is `delta`.
fn segments(path: &str) -> Vec<String> {
    let mut out = Vec::new();
    for raw in path.split('/').filter(|s| !s.is_empty()) {
        let segment = percent_decode(raw, false);
        let segment = segment.strip_suffix("()").unwrap_or(&segment);
        match segment.split_once('(') {
            Some((name, key)) if key.ends_with(')') => {
                out.push(name.to_owned());
                out.push(key.trim_end_matches(')').replace('\'', ""));
            }
            _ if segment == "microsoft.graph.delta" => out.push("delta".to_owned()),
            _ => out.push(segment.to_owned()),
        }
    }
    out
}

fn fits(pattern: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut args = Vec::new();
    let mut given = segments.iter();
    for part in pattern.split('/').filter(|s| !s.is_empty()) {
        let segment = given.next()?;
        match part.split_once('{') {
            Some((prefix, _)) => {
                let arg = segment.strip_prefix(prefix)?;
                if arg.is_empty() || arg.starts_with('$') {
                    return None;
                }
                args.push(arg.to_owned());
            }
            None if part.eq_ignore_ascii_case(segment) => {}
            None => return None,
        }
    }
    given.next().is_none().then_some(args)
}

/// Finds the route of a request; a path nobody knows is an error, never an empty answer.
pub(crate) fn find(method: &Method, path: &str) -> Result<Match> {
    let segments = segments(path);
    let mut known = false;
    for route in table::routes() {
        if let Some(args) = fits(route.path, &segments) {
            if route.method == *method {
                return Ok(Match { route, args });
            }
            known = true;
        }
    }
    if known {
        return Err(GraphError::new(
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        ));
    }
    let last = segments.last().map_or("", String::as_str);
    Err(GraphError::new(404, "ResourceNotFound", format!("Resource not found for the segment '{last}'.")))
}
