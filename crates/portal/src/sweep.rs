//! What goes wrong in a round of the sweep stops nothing else in it: what it is about comes again with the next round,
//! and what stands behind it has waited for its turn.

use crate::{Error, Result};

/// What went wrong in a round.
#[derive(Default)]
pub(crate) struct Troubles(Option<Error>);

impl Troubles {
    /// Logs what went wrong, if something did, and lets the round go on.
    pub(crate) fn note<T, E: Into<Error>>(&mut self, what: &str, done: Result<T, E>) -> Option<T> {
        match done.map_err(Into::into) {
            Ok(value) => Some(value),
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(%error, cause, "the sweep goes on without {what}");
                self.0.get_or_insert(error);
                None
            }
        }
    }

    /// The first thing that went wrong, once everything else is done.
    pub(crate) fn end(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
