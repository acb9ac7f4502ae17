//! One object's properties, packed into a single allocation.
//!
//! A record is a run of `[property number][length][JSON text of the value]`, in ascending property
//! order; unset properties are absent. Answering a request is then copying, a million users fit in
//! memory, and there is one form for every kind of object.

use std::borrow::Cow;

/// Number of a property in its kind's schema.
pub(crate) type PropId = u8;

/// The packed properties of one object.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Record(Box<[u8]>);

/// Iterates over `(property, JSON text)`.
#[derive(Clone)]
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (PropId, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let [prop, lo, hi, rest @ ..] = self.0 else { return None };
        let (value, rest) = rest.split_at(u16::from_le_bytes([*lo, *hi]) as usize);
        self.0 = rest;
        Some((*prop, value))
    }
}

impl Record {
    #[inline]
    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields(&self.0)
    }

    /// The JSON text of a property, or nothing when it is unset.
    #[inline]
    pub(crate) fn raw(&self, prop: PropId) -> Option<&[u8]> {
        self.fields().find(|(p, _)| *p >= prop).filter(|(p, _)| *p == prop).map(|(_, v)| v)
    }

    /// A string property.
    pub(crate) fn str(&self, prop: PropId) -> Option<Cow<'_, str>> {
        unquote(self.raw(prop)?)
    }

    /// A property as a JSON value; `Null` when unset.
    pub(crate) fn value(&self, prop: PropId) -> serde_json::Value {
        self.raw(prop).and_then(|raw| serde_json::from_slice(raw).ok()).unwrap_or_default()
    }

    /// A list of strings; empty when unset.
    pub(crate) fn strs(&self, prop: PropId) -> Vec<String> {
        self.raw(prop).and_then(|raw| serde_json::from_slice(raw).ok()).unwrap_or_default()
    }

    pub(crate) fn is_true(&self, prop: PropId) -> bool {
        self.raw(prop) == Some(b"true")
    }

    /// Replaces (or clears) one property.
    pub(crate) fn set(&mut self, prop: PropId, value: Option<&[u8]>) {
        let mut out = Builder::with_capacity(self.0.len() + value.map_or(0, <[u8]>::len) + 3);
        let mut pending = value;
        for (p, v) in self.fields() {
            if p >= prop
                && let Some(value) = pending.take()
            {
                out.raw(prop, value);
            }
            if p != prop {
                out.raw(p, v);
            }
        }
        if let Some(value) = pending {
            out.raw(prop, value);
        }
        *self = out.finish();
    }
}

/// The text of a JSON string.
pub(crate) fn unquote(raw: &[u8]) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        return serde_json::from_slice::<String>(raw).ok().map(Cow::Owned);
    }
    std::str::from_utf8(inner).ok().map(Cow::Borrowed)
}

/// Builds a record; properties must arrive in ascending order.
#[derive(Default)]
pub(crate) struct Builder {
    buf: Vec<u8>,
    last: Option<PropId>,
}

impl Builder {
    pub(crate) fn with_capacity(n: usize) -> Self {
        Self { buf: Vec::with_capacity(n), last: None }
    }

    pub(crate) fn raw(&mut self, prop: PropId, json: &[u8]) -> &mut Self {
        self.with(prop, |out| out.extend_from_slice(json))
    }

    pub(crate) fn str(&mut self, prop: PropId, s: &str) -> &mut Self {
        self.with(prop, |out| crate::text::push_str(out, s))
    }

    pub(crate) fn bool(&mut self, prop: PropId, b: bool) -> &mut Self {
        self.raw(prop, if b { b"true" } else { b"false" })
    }

    pub(crate) fn date(&mut self, prop: PropId, secs: i64) -> &mut Self {
        self.with(prop, |out| crate::text::push_iso(out, secs))
    }

    pub(crate) fn strs<S: AsRef<str>>(&mut self, prop: PropId, list: &[S]) -> &mut Self {
        self.with(prop, |out| {
            out.push(b'[');
            for (i, s) in list.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                crate::text::push_str(out, s.as_ref());
            }
            out.push(b']');
        })
    }

    /// Writes a value in place and fills in its length.
    pub(crate) fn with(&mut self, prop: PropId, write: impl FnOnce(&mut Vec<u8>)) -> &mut Self {
        debug_assert!(self.last.is_none_or(|last| last < prop), "properties out of order at {prop}");
        self.last = Some(prop);
        self.buf.extend_from_slice(&[prop, 0, 0]);
        let at = self.buf.len();
        write(&mut self.buf);
        // The schema's length limits keep every value far below 64 KiB.
        let len = u16::try_from(self.buf.len() - at).unwrap_or(0);
        self.buf.truncate(at + len as usize);
        self.buf[at - 2..at].copy_from_slice(&len.to_le_bytes());
        self
    }

    /// Takes what was written and makes the builder ready for the next object.
    pub(crate) fn finish(&mut self) -> Record {
        self.last = None;
        let record = Record(self.buf.as_slice().into());
        self.buf.clear();
        record
    }
}
