//! Which requests a rule looks at.

use super::rule::{FaultMatch, Reads, TokenKind};
use crate::text::percent_decode;

/// A request as the rules see it: one of its own, or a part of a batch.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    /// Behind `/v1.0`.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) body: &'a str,
    /// `http://host:port/v1.0`.
    pub(crate) base: &'a str,
    pub(crate) in_batch: bool,
    /// The request that arrived; the parts of a batch share it.
    pub(crate) request: u64,
    /// The part's id.
    pub(crate) part: &'a str,
    /// The parts that this one comes after.
    pub(crate) after: &'a [String],
}

impl Asked<'_> {
    pub(super) fn write(&self) -> bool {
        self.method != "GET" && !self.path.ends_with("getByIds") && !self.is_batch() && !self.is_sign_in()
    }

    /// The object that a write is to: what the path names first.
    pub(super) fn target(&self) -> Option<String> {
        self.write().then_some(())?;
        let segments: Vec<&str> = self.path.split('/').filter(|s| !s.is_empty()).collect();
        let target = match &segments[..] {
            ["users", principal_name, ..] => Some(principal_name),
            all => all.iter().find(|s| is_id(s)),
        };
        target.map(|t| t.to_lowercase())
    }

    /// The page or delta token that the request carries.
    pub(super) fn token(&self, kind: TokenKind) -> Option<String> {
        self.query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let name = percent_decode(name, true);
            let fits = match kind {
                TokenKind::Page => name == "$skiptoken",
                TokenKind::Cursor => name == "$deltatoken",
                TokenKind::Any => name == "$skiptoken" || name == "$deltatoken",
            };
            (fits && !value.is_empty() && value != "latest").then(|| percent_decode(value, true))
        })
    }

    /// Whether the path or the body names an object; a batch leaves that to its parts.
    pub(super) fn names(&self, id: &str) -> bool {
        contains_id(self.path, id) || (!self.is_batch() && contains_id(self.body, id))
    }

    /// A batch as a whole.
    pub(super) fn is_batch(&self) -> bool {
        self.path.ends_with("$batch")
    }

    pub(super) fn is_sign_in(&self) -> bool {
        self.path.contains("/oauth2/")
    }

    pub(super) fn reads(&self) -> Option<Reads> {
        if self.path.ends_with("/getByIds") {
            return Some(Reads::ById);
        }
        if self.method != "GET" {
            return None;
        }
        let mut segments: Vec<&str> = self.path.split('/').filter(|s| !s.is_empty()).collect();
        if segments.contains(&"deletedItems") {
            return Some(Reads::Bin);
        }
        if let [.., last] = &segments[..]
            && matches!(last.trim_end_matches("()"), "delta" | "microsoft.graph.delta")
        {
            return Some(Reads::Delta);
        }
        segments.retain(|s| *s != "$count" && *s != "$ref");
        Some(match &segments[..] {
            [.., last] if is_id(last) || (segments.len() == 2 && segments[0] == "users") => Reads::ById,
            _ if segments.iter().any(|s| is_id(s)) => Reads::Links,
            _ => Reads::List,
        })
    }
}

fn is_id(segment: &str) -> bool {
    segment.len() == 36 && segment.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// Whether a text holds an id, in any case.
pub(super) fn contains_id(text: &str, id: &str) -> bool {
    !id.is_empty()
        && text.len() >= id.len()
        && text.as_bytes().windows(id.len()).any(|w| w.eq_ignore_ascii_case(id.as_bytes()))
}

impl FaultMatch {
    /// Whether the request fits; the answer's text, where there is one, may name the object.
    pub(super) fn fits(&self, asked: &Asked<'_>, page: u64, answer: Option<&str>) -> bool {
        let full = || format!("{}?{}", asked.path, asked.query);
        self.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(asked.method))
            && self.path_contains.as_deref().is_none_or(|p| full().contains(p))
            && self.path_glob.as_deref().is_none_or(|g| glob(g.as_bytes(), asked.path.as_bytes()))
            && self.in_batch.is_none_or(|b| b == asked.in_batch)
            && self
                .query
                .as_deref()
                .is_none_or(|q| asked.query.contains(q) || percent_decode(asked.query, true).contains(q))
            && self
                .query_glob
                .as_deref()
                .is_none_or(|g| glob(g.as_bytes(), percent_decode(asked.query, true).as_bytes()))
            && self.body_contains.as_deref().is_none_or(|b| !asked.is_batch() && asked.body.contains(b))
            && self
                .reads
                .as_ref()
                .is_none_or(|wanted| asked.reads().is_some_and(|r| wanted.as_slice().contains(&r)))
            && self.id.as_ref().is_none_or(|ids| {
                ids.as_slice().iter().any(|id| asked.names(id) || answer.is_some_and(|a| contains_id(a, id)))
            })
            && self.page.is_none_or(|n| n == page)
    }
}

/// `*` stands for anything within a segment, `**` for anything.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|i| glob(rest, &text[i..])),
        [b'*', rest @ ..] => {
            let end = text.iter().position(|b| *b == b'/').unwrap_or(text.len());
            (0..=end).any(|i| glob(rest, &text[i..]))
        }
        [p, rest @ ..] => text.split_first().is_some_and(|(t, left)| t == p && glob(rest, left)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_its_segment() {
        for (pattern, path, fits) in [
            ("/users/*", "/users/1", true),
            ("/users/*", "/users/1/manager", false),
            ("/users/**", "/users/1/manager/$ref", true),
            ("/*/delta", "/groups/delta", true),
            ("/users", "/users", true),
            ("/users", "/users/delta", false),
        ] {
            assert_eq!(glob(pattern.as_bytes(), path.as_bytes()), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn reads_are_told_apart() {
        let id = "bd8bbd58-18cc-411f-bd98-a1571860eb44";
        for (method, path, reads) in [
            ("GET", "/users".to_owned(), Some(Reads::List)),
            ("GET", "/users/$count".to_owned(), Some(Reads::List)),
            ("GET", format!("/users/{id}"), Some(Reads::ById)),
            ("GET", "/users/kim@contoso.example".to_owned(), Some(Reads::ById)),
            ("GET", format!("/groups/{id}/members/$ref"), Some(Reads::Links)),
            ("GET", "/groups/delta".to_owned(), Some(Reads::Delta)),
            ("GET", "/users/delta()".to_owned(), Some(Reads::Delta)),
            ("GET", "/directory/deletedItems/microsoft.graph.user".to_owned(), Some(Reads::Bin)),
            ("POST", "/directoryObjects/getByIds".to_owned(), Some(Reads::ById)),
            ("PATCH", format!("/users/{id}"), None),
        ] {
            let asked = Asked {
                method,
                path: &path,
                query: "",
                body: "",
                base: "",
                in_batch: false,
                request: 1,
                part: "",
                after: &[],
            };
            assert_eq!(asked.reads(), reads, "{method} {path}");
        }
    }
}
