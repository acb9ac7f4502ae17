//! Reading the query string.

use crate::reply::{GraphError, Result};
use crate::text::percent_decode;

/// The options of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) select: Option<Vec<String>>,
    pub(crate) top: Option<usize>,
    pub(crate) filter: Option<String>,
    pub(crate) expand: Option<String>,
    pub(crate) count: bool,
    pub(crate) search: Option<String>,
    pub(crate) orderby: Option<String>,
    pub(crate) skiptoken: Option<String>,
    pub(crate) deltatoken: Option<String>,
    /// Everything but the tokens, as it came: next links repeat it.
    pub(crate) rest: String,
}

impl Query {
    pub(crate) fn parse(raw: &str) -> Result<Self> {
        let mut q = Self::default();
        for pair in raw.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent_decode(name, true);
            let value = percent_decode(value, true);
            let key = name.strip_prefix('$').unwrap_or(&name);
            match key.to_ascii_lowercase().as_str() {
                "skiptoken" => {
                    q.skiptoken = Some(value);
                    continue;
                }
                "deltatoken" => {
                    q.deltatoken = Some(value);
                    continue;
                }
                "select" => {
                    q.select = Some(
                        value.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect(),
                    );
                }
                "top" => q.top = Some(top(&value)?),
                "filter" => q.filter = Some(value),
                "expand" => q.expand = Some(value),
                "count" => q.count = value.eq_ignore_ascii_case("true"),
                "search" => q.search = Some(value),
                "orderby" => q.orderby = Some(value),
                "skip" => {
                    return Err(GraphError::unsupported("'$skip' is not supported by the service."));
                }
                "format" => {}
                _ if name.starts_with('$') => {
                    return Err(GraphError::new(
                        400,
                        "BadRequest",
                        format!("The query parameter '{name}' is not supported."),
                    ));
                }
                _ => {}
            }
            if !q.rest.is_empty() {
                q.rest.push('&');
            }
            q.rest.push_str(pair);
        }
        Ok(q)
    }
}

fn top(value: &str) -> Result<usize> {
    match value.parse::<i64>() {
        Ok(n @ 1..=999) => Ok(n as usize),
        Ok(_) => Err(GraphError::bad("Invalid page size specified: must be between 1 and 999 inclusive.")),
        Err(_) => Err(GraphError::new(
            400,
            "BadRequest",
            format!(
                "Invalid value '{value}' for $top query option found. The $top query option requires a non-negative integer value."
            ),
        )),
    }
}

/// Splits at commas that are not inside parentheses or quotes.
pub(crate) fn split_outside(text: &str, at: char) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0i32, false, 0);
    let mut parts = Vec::new();
    for (i, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            c if c == at && depth == 0 && !quoted => {
                parts.push(text[start..i].trim());
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|p| !p.is_empty());
    parts
}
