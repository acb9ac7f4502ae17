//! What a directory was before its latest writes, for readers whom a replica answers that lags.

use std::collections::VecDeque;

use crate::faults::Lag;
use crate::state::Tenant;

/// States that are kept at most, and at least: a lag reaches over some writes, not over a history.
const MOST: usize = 256;
const LEAST: usize = 4;
/// Objects in all of them, so that a large directory does not fill the memory.
const OBJECTS: usize = 250_000;

/// A directory as it was until a write.
struct Version {
    until: i64,
    tenant: Tenant,
}

/// Earlier states of a directory, the oldest first.
#[derive(Default)]
pub(crate) struct Past(VecDeque<Version>);

impl Past {
    /// Keeps the state before a write, and says whether it did: without counting writes, the first of a
    /// second stands for all of them. What is older than the longest lag goes.
    pub(crate) fn keep(&mut self, t: &Tenant, longest: i64, counting: bool) -> bool {
        let until = t.now;
        if !counting {
            while self.0.front().is_some_and(|version| version.until <= until - longest) {
                self.0.pop_front();
            }
            if self.0.back().is_some_and(|version| version.until == until) {
                return false;
            }
        }
        let kept = (OBJECTS / t.objects.len().max(1)).clamp(LEAST, MOST);
        while self.0.len() >= kept {
            self.0.pop_front();
        }
        self.0.push_back(Version { until, tenant: t.clone() });
        true
    }

    /// Takes the last state back: the write did not happen.
    pub(crate) fn take_back(&mut self) {
        self.0.pop_back();
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }

    /// The state that a lag shows; nothing when that is the present one. What an application may do, and
    /// which tokens hold, is always as in the present.
    pub(crate) fn find(&mut self, present: &Tenant, lag: Lag) -> Option<&Tenant> {
        let at = match (lag.seconds, lag.writes) {
            (Some(seconds), _) => {
                let then = present.now - seconds;
                self.0.iter().position(|version| version.until > then)?
            }
            (None, Some(writes)) if writes > 0 => self.0.len().saturating_sub(writes),
            _ => return None,
        };
        let earlier = &mut self.0.get_mut(at)?.tenant;
        earlier.now = present.now;
        earlier.permissions.clone_from(&present.permissions);
        (earlier.delta_epoch, earlier.delta_gone) = (present.delta_epoch, present.delta_gone);
        Some(earlier)
    }
}
