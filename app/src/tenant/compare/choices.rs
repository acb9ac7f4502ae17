//! What someone chose to put back, kept while they look around: whole objects, or parts of some.

use leptos::prelude::*;

/// Choices as the text of `domain::change::Choice`; objects as the text of their whole choice. There are never so many
/// that a list would be slow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    whole: Vec<String>,
    /// Per object on whose pane they were chosen.
    parts: Vec<(String, Vec<String>)>,
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
    fn parts_of(&self, object: &str) -> Option<&Vec<String>> {
        self.parts.iter().find(|(of, _)| of == object).map(|(_, parts)| parts)
    }

    fn has_whole(&self, object: &str) -> bool {
        self.whole.iter().any(|whole| whole == object)
    }

    fn forget(&mut self, object: &str) {
        self.whole.retain(|whole| whole != object);
        self.parts.retain(|(of, _)| of != object);
    }

    pub fn share(&self, object: &str) -> Share {
        match (self.everything || self.has_whole(object), self.parts_of(object)) {
            (true, _) => Share::All,
            (false, Some(_)) => Share::Some,
            (false, None) => Share::None,
        }
    }

    pub fn has_part(&self, object: &str, part: &str) -> bool {
        let of_it = || self.parts_of(object).is_some_and(|parts| parts.iter().any(|one| one == part));
        self.everything || self.has_whole(object) || of_it()
    }

    pub fn set_whole(&mut self, object: &str, on: bool) {
        self.everything = false;
        self.forget(object);
        if on {
            self.whole.push(object.to_owned());
        }
    }

    /// `all` are the parts of the object that can be put back: with all of them, the object is chosen whole.
    pub fn set_part(&mut self, object: &str, all: &[String], part: &str, on: bool) {
        self.everything = false;
        let mut parts = match self.has_whole(object) {
            true => all.to_vec(),
            false => self.parts_of(object).cloned().unwrap_or_default(),
        };
        self.forget(object);
        parts.retain(|one| one != part);
        if on {
            parts.push(part.to_owned());
        }
        if !parts.is_empty() && all.iter().all(|one| parts.contains(one)) {
            self.whole.push(object.to_owned());
        } else if !parts.is_empty() {
            self.parts.push((object.to_owned(), parts));
        }
    }

    /// The chosen parts beside whole objects. A link seen from both its ends counts once.
    fn single(&self) -> Vec<String> {
        let mut single: Vec<String> = Vec::new();
        for part in self.parts.iter().flat_map(|(_, parts)| parts) {
            if !single.contains(part) {
                single.push(part.clone());
            }
        }
        single
    }

    pub fn list(&self) -> Vec<String> {
        let mut list = self.whole.clone();
        list.extend(self.single());
        list
    }

    pub fn is_empty(&self) -> bool {
        !self.everything && self.whole.is_empty() && self.parts.is_empty()
    }

    /// How many whole objects, and how many parts beside them.
    pub fn counts(&self) -> (i64, i64) {
        (self.whole.len() as i64, self.single().len() as i64)
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
