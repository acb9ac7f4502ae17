//! `$filter`: parsing and evaluating the operators that directory objects support.

use std::cmp::Ordering;

use serde_json::Value;

use crate::record::{Record, unquote};
use crate::reply::{GraphError, Result};
use crate::schema::{Schema, Ty};
use crate::state::{Oid, Tenant};

/// A parsed condition.
#[derive(Debug)]
enum Node {
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(Path, Op, String),
    In(Path, Vec<String>),
    StartsWith(Path, String),
    EndsWith(Path, String),
    Any(Path, Option<Box<Node>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Eq,
    Ne,
    Ge,
    Le,
    Gt,
    Lt,
}

/// `department`, `employeeOrgData/costCenter`, or inside `any` the variable's own path.
#[derive(Debug)]
struct Path {
    prop: Option<u8>,
    rest: Vec<String>,
}

/// A condition on the objects of one schema.
#[derive(Debug)]
pub(crate) struct Filter {
    node: Node,
    /// Uses an operator that only the index behind `ConsistencyLevel: eventual` answers.
    pub(crate) advanced: bool,
}

/// What a condition is asked about.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    Object(&'a Tenant, Oid),
    Row(&'a Record),
    Json(&'a Value),
}

struct Parser<'a> {
    tokens: Vec<String>,
    at: usize,
    schema: &'a Schema,
    variables: Vec<String>,
    advanced: bool,
}

fn tokens(text: &str) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        match chars[i] {
            c if c.is_whitespace() => i += 1,
            c @ ('(' | ')' | ',') => {
                out.push(c.to_string());
                i += 1;
            }
            '\'' => {
                let mut s = String::from("'");
                i += 1;
                loop {
                    match chars.get(i) {
                        Some('\'') if chars.get(i + 1) == Some(&'\'') => {
                            s.push('\'');
                            i += 2;
                        }
                        Some('\'') => break,
                        Some(c) => {
                            s.push(*c);
                            i += 1;
                        }
                        None => return Err(invalid("There is an unterminated string literal")),
                    }
                }
                i += 1;
                out.push(s);
            }
            _ => {
                let start = i;
                while i < chars.len() && !chars[i].is_whitespace() && !"(),'".contains(chars[i]) {
                    i += 1;
                }
                let word: String = chars[start..i].iter().collect();
                // A lambda's colon is a token of its own; times contain colons, too.
                match word.split_once(':') {
                    Some((var, rest)) if !var.starts_with(|c: char| c.is_ascii_digit()) => {
                        out.push(var.to_owned());
                        out.push(":".to_owned());
                        if !rest.is_empty() {
                            out.push(rest.to_owned());
                        }
                    }
                    _ => out.push(word),
                }
            }
        }
    }
    Ok(out)
}

fn invalid(what: &str) -> GraphError {
    GraphError::new(400, "BadRequest", format!("Invalid filter clause: {what}."))
}

impl Filter {
    pub(crate) fn parse(schema: &Schema, text: &str) -> Result<Self> {
        let mut p = Parser { tokens: tokens(text)?, at: 0, schema, variables: Vec::new(), advanced: false };
        let node = p.or()?;
        if p.at != p.tokens.len() {
            return Err(invalid("Syntax error"));
        }
        Ok(Self { node, advanced: p.advanced })
    }

    pub(crate) fn matches(&self, subject: Subject<'_>) -> bool {
        eval(&self.node, subject)
    }
}

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> Result<String> {
        let token =
            self.tokens.get(self.at).cloned().ok_or_else(|| invalid("Unexpected end of expression"))?;
        self.at += 1;
        Ok(token)
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        if self.next()? == token { Ok(()) } else { Err(invalid("Syntax error")) }
    }

    fn or(&mut self) -> Result<Node> {
        let mut left = self.and()?;
        while self.peek() == "or" {
            self.at += 1;
            left = Node::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Node> {
        let mut left = self.unary()?;
        while self.peek() == "and" {
            self.at += 1;
            left = Node::And(Box::new(left), Box::new(self.unary()?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node> {
        match self.peek() {
            "not" => {
                self.at += 1;
                self.advanced = true;
                Ok(Node::Not(Box::new(self.unary()?)))
            }
            "(" => {
                self.at += 1;
                let inner = self.or()?;
                self.expect(")")?;
                Ok(inner)
            }
            _ => self.primary(),
        }
    }

    fn primary(&mut self) -> Result<Node> {
        let word = self.next()?;
        let function = word.to_ascii_lowercase();
        if (function == "startswith" || function == "endswith") && self.peek() == "(" {
            self.at += 1;
            let name = self.next()?;
            let path = self.path(&name)?;
            self.expect(",")?;
            let value = self.literal()?;
            self.expect(")")?;
            if function == "endswith" {
                self.advanced = true;
                return Ok(Node::EndsWith(path, value));
            }
            return Ok(Node::StartsWith(path, value));
        }
        if let Some(name) = word.strip_suffix("/any") {
            let path = self.path(name)?;
            self.expect("(")?;
            if self.peek() == ")" {
                self.at += 1;
                return Ok(Node::Any(path, None));
            }
            let variable = self.next()?;
            self.expect(":")?;
            self.variables.push(variable);
            let inner = self.or()?;
            self.variables.pop();
            self.expect(")")?;
            return Ok(Node::Any(path, Some(Box::new(inner))));
        }
        if word.ends_with("/$count") {
            self.advanced = true;
        }
        let path = self.path(&word)?;
        let op = match self.next()?.to_ascii_lowercase().as_str() {
            "eq" => Op::Eq,
            "ne" => {
                self.advanced = true;
                Op::Ne
            }
            "ge" => Op::Ge,
            "le" => Op::Le,
            "gt" => Op::Gt,
            "lt" => Op::Lt,
            "in" => {
                self.expect("(")?;
                let mut values = vec![self.literal()?];
                while self.peek() == "," {
                    self.at += 1;
                    values.push(self.literal()?);
                }
                self.expect(")")?;
                if values.len() > 15 {
                    return Err(GraphError::unsupported(
                        "Too many child clauses specified in search filter expression containing 'OR' operators: the limit is 15.",
                    ));
                }
                return Ok(Node::In(path, values));
            }
            _ => return Err(invalid("Syntax error")),
        };
        let list = path.prop.filter(|_| path.rest.is_empty()).map(|p| &self.schema.props[p as usize]);
        if let Some(p) = list.filter(|p| matches!(p.ty, Ty::Strs | Ty::Objects | Ty::Object)) {
            return Err(GraphError::unsupported(format!(
                "Unsupported or invalid query filter clause specified for property '{}' of resource '{}'.",
                p.name, self.schema.name
            )));
        }
        Ok(Node::Compare(path, op, self.literal()?))
    }

    fn path(&self, name: &str) -> Result<Path> {
        let mut parts = name.split('/');
        let first = parts.next().unwrap_or_default();
        let rest = parts.map(str::to_owned).collect();
        if self.variables.iter().any(|v| v == first) {
            return Ok(Path { prop: None, rest });
        }
        let prop = self.schema.find(first).ok_or_else(|| {
            GraphError::new(
                400,
                "BadRequest",
                format!("Could not find a property named '{first}' on type '{}'.", self.schema.name),
            )
        })?;
        Ok(Path { prop: Some(prop), rest })
    }

    /// A literal as written, with a leading quote when it is a string.
    fn literal(&mut self) -> Result<String> {
        let token = self.next()?;
        if matches!(token.as_str(), "(" | ")" | "," | ":") { Err(invalid("Syntax error")) } else { Ok(token) }
    }
}

fn eval(node: &Node, subject: Subject<'_>) -> bool {
    match node {
        Node::And(a, b) => eval(a, subject) && eval(b, subject),
        Node::Or(a, b) => eval(a, subject) || eval(b, subject),
        Node::Not(inner) => !eval(inner, subject),
        Node::Compare(path, op, literal) => with(path, subject, |raw| {
            let ordering = compare(raw, literal);
            match op {
                Op::Eq => ordering == Some(Ordering::Equal),
                Op::Ne => ordering != Some(Ordering::Equal),
                Op::Ge => ordering.is_some_and(Ordering::is_ge),
                Op::Le => ordering.is_some_and(Ordering::is_le),
                Op::Gt => ordering.is_some_and(Ordering::is_gt),
                Op::Lt => ordering.is_some_and(Ordering::is_lt),
            }
        }),
        Node::In(path, values) => {
            with(path, subject, |raw| values.iter().any(|v| compare(raw, v) == Some(Ordering::Equal)))
        }
        Node::StartsWith(path, value) => {
            with(path, subject, |raw| affix(raw, value, |s, v| s.starts_with(v)))
        }
        Node::EndsWith(path, value) => with(path, subject, |raw| affix(raw, value, |s, v| s.ends_with(v))),
        Node::Any(path, inner) => with(path, subject, |raw| {
            let Ok(Value::Array(items)) = serde_json::from_slice::<Value>(raw) else { return false };
            match inner {
                None => !items.is_empty(),
                Some(inner) => items.iter().any(|item| eval(inner, Subject::Json(item))),
            }
        }),
    }
}

fn affix(raw: &[u8], value: &str, test: impl Fn(&str, &str) -> bool) -> bool {
    let value = value.trim_start_matches('\'').to_lowercase();
    unquote(raw).is_some_and(|s| test(&s.to_lowercase(), &value))
}

/// Compares a value's JSON text with a literal; strings compare without case.
fn compare(raw: &[u8], literal: &str) -> Option<Ordering> {
    if literal == "null" {
        return (raw == b"null").then_some(Ordering::Equal);
    }
    if let Some(text) = unquote(raw) {
        let wanted = literal.strip_prefix('\'').unwrap_or(literal);
        if !literal.starts_with('\'')
            && let (Some(a), Some(b)) = (crate::text::parse_iso(&text), crate::text::parse_iso(wanted))
        {
            return Some(a.cmp(&b));
        }
        if text.is_ascii() && wanted.is_ascii() {
            return Some(
                text.bytes()
                    .map(|b| b.to_ascii_lowercase())
                    .cmp(wanted.bytes().map(|b| b.to_ascii_lowercase())),
            );
        }
        return Some(text.to_lowercase().cmp(&wanted.to_lowercase()));
    }
    if raw == b"null" {
        return None;
    }
    let raw = std::str::from_utf8(raw).ok()?;
    match (raw.parse::<f64>(), literal.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.partial_cmp(&b),
        _ => (raw == literal).then_some(Ordering::Equal),
    }
}

/// Finds the JSON text that a path names and hands it on; `null` when unset.
fn with(path: &Path, subject: Subject<'_>, test: impl FnOnce(&[u8]) -> bool) -> bool {
    let (top, ty): (std::borrow::Cow<'_, [u8]>, Option<Ty>) = match (subject, path.prop) {
        (Subject::Object(t, oid), Some(prop)) => {
            let object = t.object(oid);
            let ty = object.kind.schema().props[prop as usize].ty;
            if prop == 0 {
                (format!("\"{}\"", object.id).into_bytes().into(), Some(ty))
            } else if let Some(raw) = object.rec.raw(prop) {
                (raw.into(), Some(ty))
            } else {
                let mut out = Vec::new();
                if !crate::computed::write(t, oid, prop, &mut out) {
                    out.clear();
                    out.extend_from_slice(if matches!(ty, Ty::Strs | Ty::Objects) { b"[]" } else { b"null" });
                }
                (out.into(), Some(ty))
            }
        }
        (Subject::Row(rec), Some(prop)) => (rec.raw(prop).unwrap_or(b"null").into(), None),
        (Subject::Json(value), _) => (value.to_string().into_bytes().into(), None),
        (_, None) => (b"null".as_slice().into(), None),
    };
    let _ = ty;
    if path.rest.is_empty() {
        return test(&top);
    }
    let mut value: Value = serde_json::from_slice(&top).unwrap_or_default();
    for step in &path.rest {
        value = match step.as_str() {
            "$count" => Value::from(value.as_array().map_or(0, Vec::len)),
            name => value.get_mut(name).map(Value::take).unwrap_or_default(),
        };
    }
    test(value.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Builder;
    use crate::schema::user;

    fn holds(filter: &str) -> bool {
        let mut b = Builder::default();
        b.strs(user::BUSINESS_PHONES, &["+47 1"]).str(user::DISPLAY_NAME, "Zoë O'Neill");
        b.bool(user::ACCOUNT_ENABLED, true).raw(user::CREATED, b"\"2024-05-01T00:00:00Z\"");
        b.raw(user::ORG_DATA, br#"{"costCenter":"CC-1"}"#);
        let rec = b.finish();
        Filter::parse(&user::SCHEMA, filter).is_ok_and(|f| f.matches(Subject::Row(&rec)))
    }

    #[test]
    fn operators() {
        for yes in [
            "displayName eq 'zoë o''neill'",
            "accountEnabled eq true and not(displayName eq 'x')",
            "startswith(displayName,'Zo') or accountEnabled eq false",
            "createdDateTime ge 2024-05-01T00:00:00Z and createdDateTime lt 2025-01-01T00:00:00Z",
            "displayName in ('a', 'Zoë O''Neill')",
            "businessPhones/any(p:p eq '+47 1')",
            "businessPhones/any(p:startswith(p,'+47'))",
            "employeeOrgData/costCenter eq 'CC-1'",
            "city eq null",
            "city ne 'Oslo'",
        ] {
            assert!(holds(yes), "{yes}");
        }
        for no in [
            "displayName eq 'zoe'",
            "accountEnabled eq false",
            "createdDateTime lt 2024-05-01T00:00:00Z",
            "nonsense eq 1",
            "displayName eq",
        ] {
            assert!(!holds(no), "{no}");
        }
    }
}
