//! What someone chose to put back, kept while they look around: whole objects, or parts of some.

use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Choices as the text of `domain::change::Choice`; objects as the text of their whole choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    whole: BTreeSet<String>,
    /// Per object on whose pane they were chosen.
    parts: BTreeMap<String, BTreeSet<String>>,
    /// Everything that the filter shows, on pages not yet seen too.
    pub everything: bool,
}

/// How much of an object is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    None,
    Some,
    All,
}

impl Chosen {
    pub fn share(&self, object: &str) -> Share {
        match (self.everything || self.whole.contains(object), self.parts.contains_key(object)) {
            (true, _) => Share::All,
            (false, true) => Share::Some,
            (false, false) => Share::None,
        }
    }

    pub fn has_part(&self, object: &str, part: &str) -> bool {
        self.everything
            || self.whole.contains(object)
            || self.parts.get(object).is_some_and(|parts| parts.contains(part))
    }

    pub fn set_whole(&mut self, object: &str, on: bool) {
        self.everything = false;
        self.parts.remove(object);
        if on {
            self.whole.insert(object.to_owned());
        } else {
            self.whole.remove(object);
        }
    }

    /// `all` are the parts of the object that can be put back: with all of them, the object is chosen whole.
    pub fn set_part(&mut self, object: &str, all: &[String], part: &str, on: bool) {
        self.everything = false;
        let mut parts: BTreeSet<String> = if self.whole.remove(object) {
            all.iter().cloned().collect()
        } else {
            self.parts.remove(object).unwrap_or_default()
        };
        if on {
            parts.insert(part.to_owned());
        } else {
            parts.remove(part);
        }
        if !parts.is_empty() && all.iter().all(|one| parts.contains(one)) {
            self.whole.insert(object.to_owned());
        } else if !parts.is_empty() {
            self.parts.insert(object.to_owned(), parts);
        }
    }

    /// A link seen from both its ends counts once.
    pub fn list(&self) -> Vec<String> {
        let parts: BTreeSet<&String> = self.parts.values().flatten().collect();
        self.whole.iter().chain(parts).cloned().collect()
    }

    pub fn is_empty(&self) -> bool {
        !self.everything && self.whole.is_empty() && self.parts.is_empty()
    }

    /// How many whole objects, and how many parts beside them.
    pub fn counts(&self) -> (i64, i64) {
        let parts: BTreeSet<&String> = self.parts.values().flatten().collect();
        (self.whole.len() as i64, parts.len() as i64)
    }
}

#[derive(Clone, Copy, Default)]
pub struct Choices(pub RwSignal<Chosen>);

impl Choices {
    pub fn share(self, object: &str) -> Share {
        self.0.with(|chosen| chosen.share(object))
    }

    pub fn clear(self) {
        self.0.set(Chosen::default());
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Share};

    #[test]
    fn parts_make_a_whole_and_a_whole_falls_into_parts() {
        let all = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let mut chosen = Chosen::default();
        chosen.set_part("o", &all, "a", true);
        assert_eq!((chosen.share("o"), chosen.list()), (Share::Some, vec!["a".to_owned()]));
        chosen.set_part("o", &all, "b", true);
        chosen.set_part("o", &all, "c", true);
        assert_eq!((chosen.share("o"), chosen.list()), (Share::All, vec!["o".to_owned()]));
        chosen.set_part("o", &all, "b", false);
        assert_eq!(chosen.list(), ["a", "c"]);
        chosen.set_whole("o", true);
        assert!(chosen.has_part("o", "b"));
        chosen.set_whole("o", false);
        assert!(chosen.is_empty());
    }

    #[test]
    fn a_link_chosen_from_both_ends_counts_once() {
        let all = vec!["link".to_owned(), "other".to_owned()];
        let mut chosen = Chosen::default();
        chosen.set_part("user", &all, "link", true);
        chosen.set_part("group", &all, "link", true);
        assert_eq!(chosen.counts(), (0, 1));
    }
}
