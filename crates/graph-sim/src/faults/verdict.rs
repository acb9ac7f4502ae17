//! What the rules decided about a request.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use super::matching::Asked;
use super::rule::Normalization;
use crate::reply::Reply;

/// A delay of reads, and the rule that asks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lag {
    pub(super) rule: u64,
    /// So many seconds ago.
    pub(crate) seconds: Option<i64>,
    /// Before so many writes.
    pub(crate) writes: Option<usize>,
}

/// What happens before a request is answered.
pub(crate) enum Effect {
    /// Delta tokens become void.
    ExpireDeltaTokens {
        /// With 400 instead of 410.
        bad_request: bool,
    },
    /// Access tokens become void.
    Unauthorized,
}

/// How the token endpoint refuses.
pub(crate) struct SignInRefusal {
    pub(crate) status: u16,
    pub(crate) error: String,
    pub(crate) codes: Vec<u32>,
    pub(crate) description: String,
    pub(crate) suberror: Option<String>,
    pub(crate) html: Option<String>,
}

/// What the rules decided about a request.
#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) struck: u64,
    pub(crate) delay: Duration,
    /// The answer instead of the service's.
    pub(crate) reply: Option<Reply>,
    /// That answer is a page of a rule, which is not changed again.
    pub(super) ready: bool,
    pub(crate) effect: Option<Effect>,
    pub(crate) drop_before: bool,
    pub(crate) drop_after: bool,
    pub(crate) truncate: bool,
    pub(crate) lag: Option<Lag>,
    /// How written texts are stored.
    pub(crate) normalize: Forms,
    /// How long the write takes; its object is held until the request is released.
    pub(crate) hold: Duration,
    pub(crate) sign_in: Option<SignInRefusal>,
    /// Pieces of the answer's text that are replaced.
    pub(crate) replace: Vec<(String, String)>,
}

impl Verdict {
    /// The text of an answer as it goes out.
    pub(crate) fn replaced(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.replace.is_empty() {
            return bytes;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.replace.iter().fold(text, |text, (find, with)| text.replace(find, with)).into_bytes()
    }

    /// What the verdict about a part of a batch means for the whole.
    pub(crate) fn take_part(&mut self, part: Self) {
        self.delay = self.delay.max(part.delay);
        self.hold = self.hold.max(part.hold);
        self.replace.extend(part.replace);
    }
}

/// Properties (all when empty) and the form in which they are stored.
pub(crate) type Forms = Vec<(Vec<String>, Normalization)>;

/// Stores written texts in the form that the rules ask for.
pub(crate) fn normalize(body: &mut Value, forms: &Forms) {
    let Some(map) = body.as_object_mut() else { return };
    for (properties, how) in forms {
        for (name, value) in map.iter_mut() {
            let chosen = properties.is_empty() || properties.contains(name);
            if let Some(text) = value.as_str().filter(|_| chosen && !name.contains('@')) {
                *value = match how {
                    Normalization::Trim => text.trim().into(),
                    Normalization::LowerCase => text.to_lowercase().into(),
                };
            }
        }
    }
}

/// Objects that a write holds: by which request, and which part of it.
#[derive(Default)]
pub(super) struct Busy(HashMap<String, (u64, String)>);

impl Busy {
    /// Whether somebody else is writing to the request's object.
    pub(super) fn blocks(&self, asked: &Asked<'_>) -> bool {
        asked.target().and_then(|target| self.0.get(&target)).is_some_and(|(request, part)| {
            *request != asked.request || (part != asked.part && !asked.after.contains(part))
        })
    }

    pub(super) fn hold(&mut self, asked: &Asked<'_>) -> bool {
        match asked.target() {
            Some(target) => {
                self.0.insert(target, (asked.request, asked.part.to_owned()));
                true
            }
            None => false,
        }
    }

    pub(super) fn release(&mut self, request: u64) {
        self.0.retain(|_, (holder, _)| *holder != request);
    }
}
