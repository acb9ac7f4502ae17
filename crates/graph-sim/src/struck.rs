//! What the rules decided about a request, done.

use std::time::Duration;

use crate::directories::Directory;
use crate::faults::{Effect, Lag, Verdict};
use crate::lock;
use crate::reply::{Reply, Result};
use crate::shared::Shared;
use crate::state::Tenant;

/// A request under way; what it holds is free when it is over, also when its client is gone.
pub(crate) struct UnderWay<'a> {
    shared: &'a Shared,
    number: u64,
}

impl<'a> UnderWay<'a> {
    pub(crate) fn enter(shared: &'a Shared) -> Self {
        Self { shared, number: lock(&shared.faults).enter() }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        lock(&self.shared.faults).release(self.number);
    }
}

/// Counts a request that rules touched.
pub(crate) fn tally(shared: &Shared, verdict: &mut Verdict) {
    lock(&shared.counters).faulted += std::mem::take(&mut verdict.struck);
}

pub(crate) async fn wait(time: &mut Duration) {
    let time = std::mem::take(time);
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// What a rule does to all clients before the request is answered.
pub(crate) fn take_effect(shared: &Shared, effect: Option<Effect>) {
    match effect {
        Some(Effect::ExpireDeltaTokens { bad_request }) => {
            let mut t = shared.write();
            t.delta_epoch += 1;
            t.delta_gone = !bad_request;
        }
        Some(Effect::Unauthorized) => shared.auth.revoke_all(),
        None => {}
    }
}

/// Reads the directory as it was; as it is where nothing was written since then.
pub(crate) fn look_back(
    shared: &Shared,
    directory: &Directory,
    t: &Tenant,
    lag: Lag,
    read: impl FnOnce(&Tenant) -> Result<Reply>,
) -> Result<Reply> {
    let (reply, earlier) = directory.past(|past| match past.find(t, lag) {
        Some(earlier) => (read(earlier), true),
        None => (read(t), false),
    });
    if earlier {
        lock(&shared.faults).looked_back(lag);
        lock(&shared.counters).faulted += 1;
    }
    reply
}
