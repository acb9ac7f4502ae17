//! One canonical form of an object's attributes, so that a list, a delta and a direct read of the same
//! object give the same bytes: attributes in the order of their names, nulls and empty collections
//! dropped, collections without order sorted.
//!
//! A body is one JSON object; what changes by itself lies apart, under [`VOLATILE`], and is no part of
//! the digest.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::descriptor::{Attribute, Descriptor, Type};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The key of a body under which volatile values lie. It sorts after every attribute name.
pub const VOLATILE: &str = "~";

/// The properties of one JSON object as they stand in an answer, values unparsed.
pub(crate) struct Flat<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Flat<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Flat<'a>, serde_json::Error> {
        struct Properties;
        impl<'de> Visitor<'de> for Properties {
            type Value = Flat<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Flat<'de>, A::Error> {
                let mut out = Vec::with_capacity(48);
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    out.push((key.0, map.next_value::<&'de RawValue>()?));
                }
                Ok(Flat(out))
            }
        }
        serde_json::Deserializer::from_str(text).deserialize_map(Properties)
    }

    /// The value of a property, as JSON text.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| v.get())
    }

    /// A property that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        let raw = self.get(name)?;
        serde_json::from_str::<Key<'a>>(raw).ok().map(|k| k.0)
    }
}

/// A string that borrows where it holds no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(v)))
            }
            fn visit_str<E>(self, v: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(v.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The attributes of a kind in the order in which a body holds them.
pub(crate) struct Layout {
    attributes: Vec<&'static Attribute>,
}

/// An object's attributes in canonical form; an absent attribute has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values(Vec<Option<String>>);

impl Layout {
    pub(crate) fn of(descriptor: &'static Descriptor) -> Layout {
        let mut attributes: Vec<&'static Attribute> = descriptor.attributes.iter().collect();
        attributes.sort_by_key(|a| a.name);
        Layout { attributes }
    }

    fn slot(&self, name: &str) -> Option<usize> {
        self.attributes.binary_search_by_key(&name, |a| a.name).ok()
    }

    /// Values of an answer that holds all that there is.
    pub(crate) fn read(&self, flat: &Flat<'_>) -> Values {
        let mut values = Values(vec![None; self.attributes.len()]);
        self.merge(&mut values, flat);
        values
    }

    /// Lays an answer that names only what changed over the values before: what it does not name is as
    /// it was, what it says is null is gone.
    pub(crate) fn merge(&self, values: &mut Values, flat: &Flat<'_>) {
        for (name, raw) in &flat.0 {
            if let Some(slot) = self.slot(name) {
                values.0[slot] = canonical(self.attributes[slot].shape, raw.get());
            }
        }
    }

    /// An answer that names only what changed, over the values before.
    pub(crate) fn laid_over(&self, before: &Values, flat: &Flat<'_>) -> Values {
        let mut values = before.clone();
        self.merge(&mut values, flat);
        values
    }

    /// Whether an answer names any attribute.
    pub(crate) fn says(&self, flat: &Flat<'_>) -> bool {
        flat.0.iter().any(|(name, _)| self.slot(name).is_some())
    }

    /// Takes the attributes that `kept` picks from other values.
    pub(crate) fn keep(&self, values: &mut Values, from: &Values, kept: impl Fn(&'static str) -> bool) {
        for ((a, value), old) in self.attributes.iter().zip(&mut values.0).zip(&from.0) {
            if kept(a.name) {
                value.clone_from(old);
            }
        }
    }

    /// The attributes that had a value and have none now, volatile ones left out.
    pub(crate) fn emptied(&self, old: &Values, new: &Values) -> Vec<&'static str> {
        let both = self.attributes.iter().zip(old.0.iter().zip(&new.0));
        both.filter(|(a, (o, n))| !a.volatile && o.is_some() && n.is_none()).map(|(a, _)| a.name).collect()
    }

    /// How many attributes have a value, those of the basic profile and volatile ones left out.
    pub(crate) fn held(&self, values: &Values) -> usize {
        let held = self.attributes.iter().zip(&values.0);
        held.filter(|(a, value)| !a.volatile && !a.basic && value.is_some()).count()
    }

    /// Whether a group or an administrative unit shows its members only to its own members.
    /// Source: <https://learn.microsoft.com/graph/api/resources/group>, `visibility`.
    pub(crate) fn hides_members(&self, values: &Values) -> bool {
        self.raw(values, "visibility") == Some("\"HiddenMembership\"")
    }

    /// The values that a body holds.
    pub(crate) fn load(&self, body: &[u8]) -> Result<Values, serde_json::Error> {
        let text = std::str::from_utf8(body).map_err(serde::de::Error::custom)?;
        let flat = Flat::parse(text)?;
        let mut values = Values(vec![None; self.attributes.len()]);
        let mut take = |flat: &Flat<'_>| {
            for (name, raw) in &flat.0 {
                if let Some(slot) = self.slot(name) {
                    values.0[slot] = Some(raw.get().to_owned());
                }
            }
        };
        take(&flat);
        if let Some(volatile) = flat.get(VOLATILE) {
            take(&Flat::parse(volatile)?);
        }
        Ok(values)
    }

    /// What the digest is made over.
    pub(crate) fn stable(&self, values: &Values) -> String {
        let mut out = String::with_capacity(1024);
        self.write(&mut out, values, false);
        out.push('}');
        out
    }

    /// The body as it is kept, from the text of [`Layout::stable`].
    pub(crate) fn body(&self, mut stable: String, values: &Values) -> String {
        let mut volatile = String::new();
        self.write(&mut volatile, values, true);
        if volatile.len() > 1 {
            stable.pop();
            if stable.len() > 1 {
                stable.push(',');
            }
            stable.push('"');
            stable.push_str(VOLATILE);
            stable.push_str("\":");
            stable.push_str(&volatile);
            stable.push_str("}}");
        }
        stable
    }

    fn write(&self, out: &mut String, values: &Values, volatile: bool) {
        out.push('{');
        for (a, value) in self.attributes.iter().zip(&values.0) {
            if let (Some(value), true) = (value, a.volatile == volatile) {
                if out.len() > 1 {
                    out.push(',');
                }
                out.push('"');
                out.push_str(a.name);
                out.push_str("\":");
                out.push_str(value);
            }
        }
    }

    /// The names of the attributes that differ, volatile ones left out.
    pub(crate) fn changed(&self, old: &Values, new: &Values) -> Vec<String> {
        self.attributes
            .iter()
            .zip(old.0.iter().zip(&new.0))
            .filter(|(a, (o, n))| !a.volatile && o != n)
            .map(|(a, _)| a.name.to_owned())
            .collect()
    }

    /// Takes a prefix off a string: Entra puts the object's id before the principal name of a user in the
    /// recycle bin, so that the name is free for another.
    pub(crate) fn strip_prefix(&self, values: &mut Values, name: &str, prefix: &str) {
        let Some(slot) = self.slot(name).and_then(|s| values.0.get_mut(s)) else { return };
        if let Some(rest) = slot.as_deref().and_then(|raw| raw.strip_prefix('"')?.strip_prefix(prefix)) {
            *slot = Some(format!("\"{rest}"));
        }
    }

    /// An attribute that is a string.
    pub(crate) fn text(&self, values: &Values, name: &str) -> Option<String> {
        let raw = values.0.get(self.slot(name)?)?.as_ref()?;
        serde_json::from_str(raw).ok()
    }

    /// An attribute that is true.
    pub(crate) fn is_true(&self, values: &Values, name: &str) -> bool {
        self.raw(values, name) == Some("true")
    }

    /// An attribute as canonical JSON.
    pub(crate) fn raw<'v>(&self, values: &'v Values, name: &str) -> Option<&'v str> {
        values.0.get(self.slot(name)?)?.as_deref()
    }
}

/// The canonical text of a value; none for null and for empty collections.
fn canonical(shape: Type, raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'n' => None,
        b'"' if !raw.contains('\\') => Some(raw.to_owned()),
        b't' | b'f' | b'0'..=b'9' | b'-' => Some(raw.to_owned()),
        _ => {
            let value: Value = serde_json::from_str(raw).ok()?;
            tidy(value, shape == Type::Set).map(|v| render(&v))
        }
    }
}

/// Drops nulls and empty collections; sorts a set.
fn tidy(value: Value, set: bool) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().filter_map(|v| tidy(v, true)).collect();
            if set {
                items.sort_by_cached_key(render);
            }
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(map) => {
            let map: Map<String, Value> = map
                .into_iter()
                .filter(|(k, _)| !k.contains('@'))
                .filter_map(|(k, v)| tidy(v, true).map(|v| (k, v)))
                .collect();
            (!map.is_empty()).then_some(Value::Object(map))
        }
        other => Some(other),
    }
}

/// JSON with sorted keys, however the map keeps them.
fn render(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            let fields: Vec<String> = sorted
                .into_iter()
                .map(|(k, v)| format!("{}:{}", Value::from(k.as_str()), render(v)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(render).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Kind;

    fn user() -> Layout {
        Layout::of(domain::descriptor::of(Kind::User).unwrap())
    }

    fn body(text: &str) -> String {
        let layout = user();
        let values = layout.read(&Flat::parse(text).unwrap());
        let stable = layout.stable(&values);
        layout.body(stable, &values)
    }

    #[test]
    fn order_nulls_and_empty_collections_do_not_matter() {
        let a = body(
            r#"{"surname":"Okafor","givenName":"Maya","city":null,"businessPhones":[],"proxyAddresses":["b","a"]}"#,
        );
        let b = body(r#"{"proxyAddresses":["a","b"],"givenName":"Maya","surname":"Ok\u0061for"}"#);
        assert_eq!(a, b);
        assert_eq!(a, r#"{"givenName":"Maya","proxyAddresses":["a","b"],"surname":"Okafor"}"#);
    }

    #[test]
    fn complex_values_are_tidied_inside() {
        let out = body(
            r#"{"onPremisesExtensionAttributes":{"extensionAttribute2":"x","extensionAttribute1":null},"employeeOrgData":{"division":null}}"#,
        );
        assert_eq!(out, r#"{"onPremisesExtensionAttributes":{"extensionAttribute2":"x"}}"#);
    }

    #[test]
    fn volatile_values_lie_apart_and_come_back() {
        let layout = user();
        let text = r#"{"lastPasswordChangeDateTime":"2026-01-01T00:00:00Z","city":"Oslo"}"#;
        let values = layout.read(&Flat::parse(text).unwrap());
        assert_eq!(layout.stable(&values), r#"{"city":"Oslo"}"#);
        let body = layout.body(layout.stable(&values), &values);
        assert_eq!(body, r#"{"city":"Oslo","~":{"lastPasswordChangeDateTime":"2026-01-01T00:00:00Z"}}"#);
        assert_eq!(layout.load(body.as_bytes()).unwrap(), values);
    }

    #[test]
    fn a_delta_changes_only_what_it_names() {
        let layout = user();
        let mut values = layout.read(&Flat::parse(r#"{"city":"Oslo","state":"X"}"#).unwrap());
        layout.merge(&mut values, &Flat::parse(r#"{"city":null,"country":"Norway"}"#).unwrap());
        assert_eq!(layout.stable(&values), r#"{"country":"Norway","state":"X"}"#);
    }
}
