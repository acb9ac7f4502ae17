//! What is remembered for a while: of many entries, the newest.

use std::collections::{HashMap, VecDeque};

/// Entries that are kept.
const KEPT: usize = 2_000;

/// A map by token that forgets its oldest entries.
pub(super) struct Bounded<T> {
    map: HashMap<String, T>,
    order: VecDeque<String>,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { map: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T> Bounded<T> {
    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.map.get(key)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.map.values_mut()
    }

    pub(super) fn insert(&mut self, key: String, value: T) {
        if self.map.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.map.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_goes_first() {
        let mut all = Bounded::default();
        for n in 0..=KEPT {
            all.insert(n.to_string(), n);
        }
        all.insert("1".to_owned(), 7);
        assert_eq!((all.get("0"), all.get("1"), all.get("2000")), (None, Some(&7), Some(&KEPT)));
        assert_eq!(all.map.len(), all.order.len());
    }
}
