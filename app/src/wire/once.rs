//! What a page that is being made on the server asks, it asks once.
//!
//! Leptos makes what stands inside of a part that waits as often as it looks whether all of it is there, and each time
//! it would ask anew: the database answered the same question up to three times, and where asking does something, as
//! the first look at a second factor's secret does, the page showed one answer and the next question took another.

use super::Running;
use futures::{FutureExt, future::Shared};
use leptos::prelude::*;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Path and arguments.
type Question = (&'static str, String);

/// The answers that a page has asked for, on their way or there.
#[derive(Clone, Default)]
pub(super) struct Once(Arc<Mutex<HashMap<Question, Shared<Running>>>>);

/// For the page that is being made: whatever it asks from here on is asked once.
pub fn ask_once() {
    provide_context(Once::default());
}

impl Once {
    /// The page's, if one is being made.
    pub(super) fn of_page() -> Option<Self> {
        use_context()
    }

    pub(super) fn ask(&self, question: Question, run: impl FnOnce() -> Running) -> Running {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.entry(question).or_insert_with(|| run().shared()).clone().boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Answer, *};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_question_is_asked_once_and_another_as_well() {
        let (once, asked) = (Once::default(), AtomicUsize::new(0));
        let ask = |body: &str| {
            let answer = once.ask(("/people", body.to_owned()), || {
                let answer = format!("{body} {}", asked.fetch_add(1, Ordering::Relaxed));
                async { Answer(Ok(answer)) }.boxed()
            });
            answer.now_or_never().unwrap().0.unwrap()
        };
        assert_eq!(
            [ask("at=1"), ask("at=1"), ask("at=2"), ask("at=1")],
            ["at=1 0", "at=1 0", "at=2 1", "at=1 0"]
        );
    }
}
