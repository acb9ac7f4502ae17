//! One quota: a bucket that refills steadily.
//!
//! Waiting is first come, first served, and only the first in the row watches the clock. So a bucket
//! that is closed meanwhile (a 429) holds everybody behind it, and a caller that is dropped while it
//! waits takes nothing.

use std::{
    collections::VecDeque,
    iter::repeat_n,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// One quota: how much may be used at once, and how much a second after that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// The most that can be used at once.
    pub burst: f64,
    /// What comes back each second.
    pub per_second: f64,
}

/// The data behind our locks is numbers that are whole between any two statements, so a panic of
/// another holder does not spoil it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How much a refusal lowers the rate, and the least that is left of it.
const EASED: f64 = 0.8;
const LEAST: f64 = 0.05;
/// How much of the full rate comes back each second.
const RECOVERED: f64 = 0.03;

pub(crate) struct Bucket {
    quota: Quota,
    /// Whether a refusal lowers the rate for a while. True for resource units, whose real rate
    /// depends on the tenant's size and the hour; false for quotas that are published and exact.
    eases: bool,
    turn: tokio::sync::Mutex<()>,
    level: Mutex<Level>,
}

struct Level {
    tokens: f64,
    rate: f64,
    /// When `tokens` was true. In the future while the bucket is closed.
    at: Instant,
    eased_at: Option<Instant>,
    window: Option<Window>,
}

impl Bucket {
    pub(crate) fn easing(quota: Quota) -> Bucket {
        Bucket::new(quota, true, None)
    }

    pub(crate) fn steady(quota: Quota) -> Bucket {
        Bucket::new(quota, false, None)
    }

    /// A steady quota that may turn out to be kept by the service as a count over a window.
    pub(crate) fn counted(quota: Quota) -> Bucket {
        Bucket::new(quota, false, Some(Window::new(quota)))
    }

    fn new(quota: Quota, eases: bool, window: Option<Window>) -> Bucket {
        let (tokens, rate) = (quota.burst, quota.per_second);
        let level = Level { tokens, rate, at: Instant::now(), eased_at: None, window };
        Bucket { quota, eases, turn: tokio::sync::Mutex::new(()), level: Mutex::new(level) }
    }

    /// Waits until the amount is there and takes it. Answers for how long the bucket is closed, where
    /// that is longer than `stay`.
    pub(crate) async fn take(&self, amount: u32, stay: Duration) -> Result<(), Duration> {
        if amount == 0 {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        while let Err(wait) = self.try_take(f64::from(amount)) {
            if let Some(closed) = self.closed().filter(|closed| *closed > stay) {
                return Err(closed);
            }
            sleep(wait).await;
        }
        Ok(())
    }

    /// For how long nothing is to be taken.
    pub(crate) fn closed(&self) -> Option<Duration> {
        let wait = lock(&self.level).at.saturating_duration_since(Instant::now());
        (!wait.is_zero()).then_some(wait)
    }

    pub(crate) fn try_take(&self, amount: f64) -> Result<(), Duration> {
        let now = Instant::now();
        let mut level = lock(&self.level);
        if level.at > now {
            return Err(level.at - now);
        }
        self.refill(&mut level, now);
        if let Some(window) = level.window.as_mut().filter(|window| window.rules) {
            return window.take(now, amount);
        }
        // What is larger than the bucket goes through a full one and leaves a debt.
        let needed = amount.min(self.quota.burst);
        let level = &mut *level;
        if level.window.as_mut().is_some_and(|window| window.is_full(now)) {
            // Here a service that counts by window refuses. Go on at the steady rate, not with what
            // came back during the burst, so that only a few requests find that out.
            level.tokens = level.tokens.min(needed);
        }
        if level.tokens + 1e-9 >= needed {
            level.tokens -= amount;
            if let Some(window) = &mut level.window {
                window.note(now, amount);
            }
            return Ok(());
        }
        let seconds = (needed - level.tokens) / level.rate.max(f64::MIN_POSITIVE);
        Err(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).clamp(
            Duration::from_millis(1),
            // Looked at again in between, since the rate may change meanwhile.
            Duration::from_secs(60),
        ))
    }

    fn refill(&self, level: &mut Level, now: Instant) {
        let passed = now.saturating_duration_since(level.at).as_secs_f64();
        level.tokens = (level.tokens + passed * level.rate).min(self.quota.burst);
        level.rate = (level.rate + passed * RECOVERED * self.quota.per_second).min(self.quota.per_second);
        level.at = level.at.max(now);
    }

    pub(crate) fn adjust(&self, more: f64) {
        if more != 0.0 {
            let mut level = lock(&self.level);
            level.tokens = (level.tokens - more).min(self.quota.burst);
        }
    }

    /// Empties the bucket and keeps it so for `wait`.
    pub(crate) fn close(&self, wait: Duration) {
        let now = Instant::now();
        let mut level = lock(&self.level);
        let until = now + wait;
        if level.at > now {
            // Others of the same volley were refused as well: one episode, one easing.
            level.at = level.at.max(until);
            return;
        }
        self.refill(&mut level, now);
        level.tokens = level.tokens.min(0.0);
        level.at = until;
        if self.eases {
            level.rate = (level.rate * EASED).max(self.quota.per_second * LEAST);
        }
    }

    /// Closes the bucket after `amount` taken from it was refused.
    pub(crate) fn refused(&self, amount: u32, wait: Duration) {
        if let Some(window) = &mut lock(&self.level).window {
            window.refused(Instant::now(), amount);
        }
        self.close(wait);
    }

    /// Lowers the rate, at most once a second and not below `least` of the full one.
    pub(crate) fn ease(&self, factor: f64, least: f64) {
        let now = Instant::now();
        let mut level = lock(&self.level);
        if level.eased_at.is_some_and(|at| now < at + Duration::from_secs(1)) || level.at > now {
            return;
        }
        self.refill(&mut level, now);
        level.eased_at = Some(now);
        level.rate = (level.rate * factor).max((self.quota.per_second * least).min(level.rate));
    }

    #[cfg(test)]
    pub(crate) fn rate(&self) -> f64 {
        lock(&self.level).rate
    }
}

/// Later than the window's end by this, since a request arrives after it was counted here.
const MARGIN: Duration = Duration::from_millis(500);

/// The other way to keep the same quota: so many in any stretch of so long.
///
/// Microsoft publishes writes as "3,000 per 150 seconds" and not how they are counted. A bucket
/// allows the burst and then 20 a second; a window allows the burst and then nothing until the first
/// of it is 150 seconds old. So the bucket rules until it is refused although it kept the quota;
/// from then on what was sent is counted as the service counts it, instead of running against the
/// wall once per `Retry-After`.
struct Window {
    most: usize,
    span: Duration,
    taken: VecDeque<Instant>,
    rules: bool,
}

impl Window {
    fn new(quota: Quota) -> Window {
        let span = Duration::try_from_secs_f64(quota.burst / quota.per_second).unwrap_or_default();
        Window { most: quota.burst as usize, span, taken: VecDeque::new(), rules: false }
    }

    fn take(&mut self, now: Instant, amount: f64) -> Result<(), Duration> {
        self.forget(now);
        let amount = amount as usize;
        let over = (self.taken.len() + amount).saturating_sub(self.most).min(self.taken.len());
        if let Some(last) = over.checked_sub(1).and_then(|index| self.taken.get(index)) {
            return Err((*last + self.span + MARGIN)
                .saturating_duration_since(now)
                .max(Duration::from_millis(1)));
        }
        self.taken.extend(repeat_n(now, amount));
        Ok(())
    }

    fn is_full(&mut self, now: Instant) -> bool {
        self.forget(now);
        self.taken.len() >= self.most
    }

    fn note(&mut self, now: Instant, amount: f64) {
        self.forget(now);
        self.taken.extend(repeat_n(now, amount as usize));
    }

    /// What was refused did not count. If nearly the whole quota did, it is counted by window.
    fn refused(&mut self, now: Instant, amount: u32) {
        self.forget(now);
        let left = self.taken.len().saturating_sub(amount as usize);
        self.taken.truncate(left);
        self.rules |= left as f64 >= 0.9 * self.most as f64;
    }

    fn forget(&mut self, now: Instant) {
        let old = self.taken.iter().take_while(|at| now.saturating_duration_since(**at) > self.span + MARGIN);
        let old = old.count();
        self.taken.drain(..old);
    }
}
