//! Pacing before the wall: every request takes from its quotas first, and waits while they are
//! empty.
//!
//! A quota is a bucket that refills steadily. Waiting is first come, first served per bucket, and
//! only the first in the row watches the clock, so a bucket that is closed meanwhile (a 429) holds
//! everybody behind it, and a caller that is dropped while it waits takes nothing.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::cost::Cost;

/// One quota: how much may be used at once, and how much a second after that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// The most that can be used at once.
    pub burst: f64,
    /// What comes back each second.
    pub per_second: f64,
}

/// The quotas of Microsoft Graph for identity and access.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quotas {
    /// Resource units of an app in a tenant.
    pub pair_units: Quota,
    /// Resource units of an app over all tenants.
    pub app_units: Quota,
    /// Writes of an app in a tenant.
    pub pair_writes: Quota,
    /// Writes of an app over all tenants.
    pub app_writes: Quota,
    /// Writes in a tenant, all our apps together.
    pub tenant_writes: Quota,
    /// Requests to Conditional Access and Identity Protection in a tenant.
    pub tenant_policies: Quota,
    /// Requests to the audit and sign-in logs of an app in a tenant.
    pub pair_reports: Quota,
}

impl Default for Quotas {
    /// Microsoft's published figures; for resource units what tenants were measured to sustain,
    /// which is less. A percent is left for requests that arrive closer together than they left.
    fn default() -> Self {
        Quotas {
            pair_units: Quota { burst: 20_000.0, per_second: 700.0 },
            app_units: Quota { burst: 70_000.0, per_second: 7_000.0 },
            pair_writes: Quota { burst: 2_970.0, per_second: 19.8 },
            app_writes: Quota { burst: 34_650.0, per_second: 115.0 },
            tenant_writes: Quota { burst: 17_820.0, per_second: 59.4 },
            tenant_policies: Quota { burst: 1.0, per_second: 0.95 },
            pair_reports: Quota { burst: 5.0, per_second: 0.48 },
        }
    }
}

/// The quotas in use, shared by every client of the process.
#[derive(Clone, Default)]
pub struct Budgets {
    registry: Arc<Registry>,
}

#[derive(Default)]
struct Registry {
    quotas: Quotas,
    pairs: Mutex<HashMap<(String, String), Arc<Pair>>>,
    apps: Mutex<HashMap<String, Arc<App>>>,
    tenants: Mutex<HashMap<String, Arc<Tenant>>>,
}

struct Pair {
    units: Bucket,
    writes: Bucket,
    reports: Bucket,
}

struct App {
    units: Bucket,
    writes: Bucket,
}

struct Tenant {
    writes: Bucket,
    policies: Bucket,
}

impl Budgets {
    /// Budgets with quotas other than Microsoft's.
    pub fn new(quotas: Quotas) -> Budgets {
        Budgets { registry: Arc::new(Registry { quotas, ..Registry::default() }) }
    }

    /// The buckets that an app in a tenant takes from.
    pub(crate) fn lanes(&self, app: &str, tenant: &str) -> Lanes {
        let (app, tenant) = (app.to_ascii_lowercase(), tenant.to_ascii_lowercase());
        let quotas = &self.registry.quotas;
        Lanes {
            pair: entry(&self.registry.pairs, (app.clone(), tenant.clone()), || Pair {
                units: Bucket::easing(quotas.pair_units),
                writes: Bucket::steady(quotas.pair_writes),
                reports: Bucket::steady(quotas.pair_reports),
            }),
            app: entry(&self.registry.apps, app, || App {
                units: Bucket::easing(quotas.app_units),
                writes: Bucket::steady(quotas.app_writes),
            }),
            tenant: entry(&self.registry.tenants, tenant, || Tenant {
                writes: Bucket::steady(quotas.tenant_writes),
                policies: Bucket::steady(quotas.tenant_policies),
            }),
        }
    }
}

fn entry<K: Eq + Hash, V>(map: &Mutex<HashMap<K, Arc<V>>>, key: K, make: impl FnOnce() -> V) -> Arc<V> {
    lock(map).entry(key).or_insert_with(|| Arc::new(make())).clone()
}

/// The data behind our locks is numbers that are whole between any two statements, so a panic of
/// another holder does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The buckets of one connection.
#[derive(Clone)]
pub(crate) struct Lanes {
    pair: Arc<Pair>,
    app: Arc<App>,
    tenant: Arc<Tenant>,
}

impl Lanes {
    /// Waits until the cost is there and takes it. Answers how long it waited.
    pub(crate) async fn take(&self, cost: &Cost) -> Duration {
        let began = Instant::now();
        // The narrow quotas first: whoever waits there must not hold units that others could use.
        self.tenant.policies.take(cost.policies).await;
        self.pair.reports.take(cost.reports).await;
        self.pair.writes.take(cost.writes).await;
        self.tenant.writes.take(cost.writes).await;
        self.app.writes.take(cost.writes).await;
        self.pair.units.take(cost.units).await;
        self.app.units.take(cost.units).await;
        began.elapsed()
    }

    /// Settles the difference between the estimate and what Graph says it took.
    pub(crate) fn settle(&self, estimated: u32, actual: u32) {
        let more = f64::from(actual) - f64::from(estimated);
        self.pair.units.adjust(more);
        self.app.units.adjust(more);
    }

    /// Graph refused for `wait`: nobody who shares the quota asks before then.
    ///
    /// `scope` is `x-ms-throttle-scope`, `<Scope>/<Limit>/<app>/<tenant>`, where sent.
    pub(crate) fn throttled(&self, cost: &Cost, scope: Option<&str>, wait: Duration) {
        if cost.policies > 0 {
            return self.tenant.policies.close(wait);
        }
        if cost.reports > 0 {
            return self.pair.reports.close(wait);
        }
        let mut parts = scope.unwrap_or_default().split('/');
        let whole_app = parts.next().is_some_and(|scope| scope.eq_ignore_ascii_case("Application"));
        let limit = parts.next().unwrap_or_default();
        let reads = !limit.eq_ignore_ascii_case("Write");
        let writes = cost.writes > 0 && !limit.eq_ignore_ascii_case("Read");
        if writes {
            if whole_app { &self.app.writes } else { &self.pair.writes }.close(wait);
        }
        if reads {
            if whole_app { &self.app.units } else { &self.pair.units }.close(wait);
        }
    }

    /// Graph warns that `used` (1.0 is all) of the quota is in use.
    pub(crate) fn warned(&self, used: f64) {
        if used >= 0.8 {
            // Gently below the wall: our rate is already less than what tenants sustain.
            let (factor, least) = if used >= 1.0 { (0.7, 0.3) } else { (0.9, 0.7) };
            self.pair.units.ease(factor, least);
        }
    }
}

/// How much a refusal lowers the rate, and the least that is left of it.
const EASED: f64 = 0.8;
const LEAST: f64 = 0.05;
/// How much of the full rate comes back each second.
const RECOVERED: f64 = 0.03;

struct Bucket {
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
}

impl Bucket {
    fn easing(quota: Quota) -> Bucket {
        Bucket::new(quota, true)
    }

    fn steady(quota: Quota) -> Bucket {
        Bucket::new(quota, false)
    }

    fn new(quota: Quota, eases: bool) -> Bucket {
        let level = Level { tokens: quota.burst, rate: quota.per_second, at: Instant::now(), eased_at: None };
        Bucket { quota, eases, turn: tokio::sync::Mutex::new(()), level: Mutex::new(level) }
    }

    async fn take(&self, amount: u32) {
        if amount == 0 {
            return;
        }
        let _turn = self.turn.lock().await;
        while let Err(wait) = self.try_take(f64::from(amount)) {
            sleep(wait).await;
        }
    }

    fn try_take(&self, amount: f64) -> Result<(), Duration> {
        let now = Instant::now();
        let mut level = lock(&self.level);
        if level.at > now {
            return Err(level.at - now);
        }
        self.refill(&mut level, now);
        // What is larger than the bucket goes through a full one and leaves a debt.
        let needed = amount.min(self.quota.burst);
        if level.tokens + 1e-9 >= needed {
            level.tokens -= amount;
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

    fn adjust(&self, more: f64) {
        if more != 0.0 {
            let mut level = lock(&self.level);
            level.tokens = (level.tokens - more).min(self.quota.burst);
        }
    }

    /// Empties the bucket and keeps it so for `wait`.
    fn close(&self, wait: Duration) {
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

    /// Lowers the rate, at most once a second and not below `least` of the full one.
    fn ease(&self, factor: f64, least: f64) {
        let now = Instant::now();
        let mut level = lock(&self.level);
        if level.eased_at.is_some_and(|at| now < at + Duration::from_secs(1)) || level.at > now {
            return;
        }
        self.refill(&mut level, now);
        level.eased_at = Some(now);
        level.rate = (level.rate * factor).max((self.quota.per_second * least).min(level.rate));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(quotas: Quotas) -> Lanes {
        Budgets::new(quotas).lanes("app", "tenant")
    }

    fn read(units: u32) -> Cost {
        Cost { units, ..Cost::default() }
    }

    const WRITE: Cost = Cost { units: 1, writes: 1, policies: 0, reports: 0 };

    #[tokio::test(start_paused = true)]
    async fn the_burst_is_free_and_then_the_rate_holds() {
        let lanes = lanes(Quotas::default());
        let began = Instant::now();
        for _ in 0..20_000 {
            lanes.take(&read(1)).await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
        for _ in 0..7_000 {
            lanes.take(&read(1)).await;
        }
        let took = began.elapsed().as_secs_f64();
        assert!((9.9..10.2).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_callers_share_the_rate() {
        let lanes =
            lanes(Quotas { pair_units: Quota { burst: 1.0, per_second: 100.0 }, ..Quotas::default() });
        let began = Instant::now();
        let callers = (0..50).map(|_| {
            let lanes = lanes.clone();
            async move {
                for _ in 0..10 {
                    lanes.take(&read(1)).await;
                }
            }
        });
        futures::future::join_all(callers).await;
        let took = began.elapsed().as_secs_f64();
        assert!((4.9..5.5).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn restore_uses_the_write_quota() {
        // Microsoft's own bucket beside ours: 3,000, 20 a second.
        let server = Bucket::steady(Quota { burst: 3_000.0, per_second: 20.0 });
        let lanes = lanes(Quotas::default());
        let began = Instant::now();
        let (mut sent, mut refused) = (0_u32, 0_u32);
        while began.elapsed() < Duration::from_secs(600) {
            lanes.take(&WRITE).await;
            sent += 1;
            if server.try_take(1.0).is_err() {
                refused += 1;
            }
        }
        let allowed = 3_000.0 + 600.0 * 20.0;
        assert!(f64::from(sent - refused) >= 0.95 * allowed, "{sent} of {allowed}");
        assert_eq!(refused, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_holds_everybody_of_the_pair_and_nobody_else() {
        let budgets = Budgets::default();
        let (one, same) = (budgets.lanes("app", "tenant"), budgets.lanes("APP", "Tenant"));
        let other = budgets.lanes("app", "another");
        one.throttled(&read(1), None, Duration::from_secs(7));
        assert_eq!(other.take(&read(1)).await, Duration::ZERO);
        let waited = same.take(&read(1)).await.as_secs_f64();
        assert!((7.0..7.1).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_limit_leaves_reads_alone() {
        let lanes = lanes(Quotas::default());
        lanes.throttled(&WRITE, Some("Tenant_Application/Write/a/t"), Duration::from_secs(9));
        assert_eq!(lanes.take(&read(1)).await, Duration::ZERO);
        assert!(lanes.take(&WRITE).await >= Duration::from_secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lower_wall_is_found_and_left_again() {
        // A tenant that sustains a tenth of what we assume, refusing for a second at a time.
        let lanes =
            lanes(Quotas { pair_units: Quota { burst: 100.0, per_second: 700.0 }, ..Quotas::default() });
        let server = Bucket::steady(Quota { burst: 100.0, per_second: 70.0 });
        let began = Instant::now();
        let (mut served, mut refused) = (0_u32, 0_u32);
        while began.elapsed() < Duration::from_secs(120) {
            lanes.take(&read(1)).await;
            match server.try_take(1.0) {
                Ok(()) => served += 1,
                Err(_) => {
                    refused += 1;
                    lanes.throttled(&read(1), None, Duration::from_secs(1));
                }
            }
        }
        assert!(refused <= 120, "{refused}");
        assert!(f64::from(served) >= 0.7 * 120.0 * 70.0, "{served}");
        sleep(Duration::from_secs(60)).await;
        assert!(lanes.take(&read(1)).await == Duration::ZERO);
        let level = lock(&lanes.pair.units.level);
        assert_eq!(level.rate, 700.0);
    }

    #[tokio::test(start_paused = true)]
    async fn policies_go_one_a_second() {
        let lanes = lanes(Quotas::default());
        let cost = Cost { units: 1, policies: 1, ..Cost::default() };
        let began = Instant::now();
        for _ in 0..10 {
            lanes.take(&cost).await;
        }
        assert!(began.elapsed() >= Duration::from_secs(9));
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn one_app_over_many_tenants_stays_under_its_own_quota() {
        let budgets =
            Budgets::new(Quotas { app_units: Quota { burst: 10.0, per_second: 10.0 }, ..Quotas::default() });
        let began = Instant::now();
        for number in 0..60 {
            budgets.lanes("app", &format!("tenant{number}")).take(&read(1)).await;
        }
        assert!(began.elapsed() >= Duration::from_millis(4_900));
    }

    #[tokio::test(start_paused = true)]
    async fn a_warning_slows_down_and_does_not_stop() {
        let lanes =
            lanes(Quotas { pair_units: Quota { burst: 1.0, per_second: 100.0 }, ..Quotas::default() });
        let rate = || lock(&lanes.pair.units.level).rate;
        lanes.warned(0.79);
        assert_eq!(rate(), 100.0);
        lanes.warned(0.85);
        lanes.warned(0.85);
        assert_eq!(rate(), 90.0, "once a second at most");
        for _ in 0..20 {
            sleep(Duration::from_secs(1)).await;
            lanes.warned(0.9);
        }
        assert!((70.0..75.0).contains(&rate()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_estimate_is_settled() {
        let lanes = lanes(Quotas { pair_units: Quota { burst: 10.0, per_second: 1.0 }, ..Quotas::default() });
        lanes.take(&read(1)).await;
        lanes.settle(1, 12);
        let waited = lanes.take(&read(1)).await.as_secs_f64();
        assert!((3.0..3.1).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_waiter_takes_nothing() {
        let lanes = lanes(Quotas { pair_units: Quota { burst: 1.0, per_second: 1.0 }, ..Quotas::default() });
        lanes.take(&read(1)).await;
        let _ = tokio::time::timeout(Duration::from_millis(500), lanes.take(&read(1))).await;
        sleep(Duration::from_millis(500)).await;
        assert_eq!(lanes.take(&read(1)).await, Duration::ZERO);
    }
}
