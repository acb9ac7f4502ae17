//! Pacing before the wall: every request takes from its quotas first, and waits while they are
//! empty.
//!
//! Which quotas those are, and who shares them, is here; how one quota is kept is in `bucket`.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    bucket::{Bucket, Quota, lock},
    cost::Cost,
    places::Places,
};

/// A wait as short as this holds nobody up.
const BRIEF: Duration = Duration::from_secs(5);

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
    places: Places,
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
    /// Not metered: no quota is published, but Graph may refuse a whole tenant.
    units: Bucket,
    writes: Bucket,
    policies: Bucket,
}

/// A quota that holds nobody up but while it is closed.
const UNMETERED: Quota = Quota { burst: 1e9, per_second: 1e9 };

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
                writes: Bucket::counted(quotas.pair_writes),
                reports: Bucket::steady(quotas.pair_reports),
            }),
            app: entry(&self.registry.apps, app, || App {
                units: Bucket::easing(quotas.app_units),
                writes: Bucket::steady(quotas.app_writes),
            }),
            tenant: entry(&self.registry.tenants, tenant.clone(), || Tenant {
                units: Bucket::steady(UNMETERED),
                writes: Bucket::steady(quotas.tenant_writes),
                policies: Bucket::steady(quotas.tenant_policies),
            }),
            places: self.registry.places.clone(),
            tenant_name: tenant,
        }
    }

    /// How many tenants may make their callers wait at a time because Graph refused; further ones are
    /// given the wait as an error ([`crate::Error::retry_after`]). Without this, any number.
    pub fn let_wait(&self, tenants: usize) {
        self.registry.places.limit(tenants);
    }
}

fn entry<K: Eq + Hash, V>(map: &Mutex<HashMap<K, Arc<V>>>, key: K, make: impl FnOnce() -> V) -> Arc<V> {
    lock(map).entry(key).or_insert_with(|| Arc::new(make())).clone()
}

/// The buckets of one connection.
#[derive(Clone)]
pub(crate) struct Lanes {
    pair: Arc<Pair>,
    app: Arc<App>,
    tenant: Arc<Tenant>,
    places: Places,
    tenant_name: String,
}

impl Lanes {
    /// Waits until the cost is there and takes it. Answers how long it waited; or, where Graph has closed
    /// a quota for longer than `stay` or too many others wait, for how long it is closed.
    ///
    /// `waited` is how long the request was made to wait before.
    pub(crate) async fn take(
        &self,
        cost: &Cost,
        stay: Duration,
        waited: Duration,
    ) -> Result<Duration, Duration> {
        let began = Instant::now();
        let _place = match self.closed(cost) {
            Some(wait) if wait > stay => return Err(wait),
            Some(wait) if wait + waited > BRIEF => Some(self.places.take(&self.tenant_name).ok_or(wait)?),
            _ => None,
        };
        for (bucket, amount) in self.buckets(cost) {
            bucket.take(amount, stay).await?;
        }
        Ok(began.elapsed())
    }

    /// What a request takes from, in the order in which it does: the narrow quotas first, since whoever
    /// waits there must not hold units that others could use.
    fn buckets(&self, cost: &Cost) -> [(&Bucket, u32); 8] {
        [
            (&self.tenant.policies, cost.policies),
            (&self.pair.reports, cost.reports),
            (&self.pair.writes, cost.writes),
            (&self.tenant.writes, cost.writes),
            (&self.app.writes, cost.writes),
            (&self.tenant.units, cost.units),
            (&self.pair.units, cost.units),
            (&self.app.units, cost.units),
        ]
    }

    /// For how long Graph has closed what a request takes from.
    fn closed(&self, cost: &Cost) -> Option<Duration> {
        let taken = self.buckets(cost).into_iter().filter(|(_, amount)| *amount > 0);
        taken.filter_map(|(bucket, _)| bucket.closed()).max()
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
        let who = parts.next().unwrap_or_default();
        let (units, writes) = if who.eq_ignore_ascii_case("Application") {
            (&self.app.units, &self.app.writes)
        } else if who.eq_ignore_ascii_case("Tenant") {
            (&self.tenant.units, &self.tenant.writes)
        } else {
            (&self.pair.units, &self.pair.writes)
        };
        let limit = parts.next().unwrap_or_default();
        if cost.writes > 0 && !limit.eq_ignore_ascii_case("Read") {
            writes.refused(cost.writes, wait);
        }
        if !limit.eq_ignore_ascii_case("Write") {
            units.close(wait);
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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    fn lanes(quotas: Quotas) -> Lanes {
        Budgets::new(quotas).lanes("app", "tenant")
    }

    fn read(units: u32) -> Cost {
        Cost { units, ..Cost::default() }
    }

    impl Lanes {
        /// As somebody with all the time in the world.
        async fn wait(&self, cost: &Cost) -> Duration {
            self.take(cost, Duration::MAX, Duration::ZERO).await.unwrap()
        }
    }

    const WRITE: Cost = Cost { units: 1, writes: 1, policies: 0, reports: 0 };

    #[tokio::test(start_paused = true)]
    async fn the_burst_is_free_and_then_the_rate_holds() {
        let lanes = lanes(Quotas::default());
        let began = Instant::now();
        for _ in 0..20_000 {
            lanes.wait(&read(1)).await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
        for _ in 0..7_000 {
            lanes.wait(&read(1)).await;
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
                    lanes.wait(&read(1)).await;
                }
            }
        });
        futures::future::join_all(callers).await;
        let took = began.elapsed().as_secs_f64();
        assert!((4.9..5.5).contains(&took), "{took}");
    }

    /// Sends writes through 20 workers to a service 113 ms away, which answers each with a wait or
    /// takes it. Answers the seconds it took and the refusals.
    async fn restore(
        writes: u32,
        service: impl Fn(Instant) -> Result<(), Duration> + Clone + 'static,
    ) -> (f64, u32) {
        let lanes = lanes(Quotas::default());
        let left = std::rc::Rc::new(std::cell::Cell::new((writes, 0)));
        let began = Instant::now();
        let workers = (0..20).map(|_| {
            let (lanes, left, service) = (lanes.clone(), left.clone(), service.clone());
            async move {
                while left.get().0 > 0 {
                    left.set((left.get().0 - 1, left.get().1));
                    loop {
                        lanes.wait(&WRITE).await;
                        sleep(Duration::from_millis(56)).await;
                        let answer = service(Instant::now());
                        sleep(Duration::from_millis(57)).await;
                        let Err(wait) = answer else { break };
                        left.set((left.get().0, left.get().1 + 1));
                        lanes.throttled(&WRITE, Some("Tenant_Application/Write"), wait);
                    }
                }
            }
        });
        futures::future::join_all(workers).await;
        (began.elapsed().as_secs_f64(), left.get().1)
    }

    #[tokio::test(start_paused = true)]
    async fn restore_uses_the_write_quota_of_a_bucket() {
        // 3,000 at once and 20 a second.
        let bucket = std::rc::Rc::new(Bucket::steady(Quota { burst: 3_000.0, per_second: 20.0 }));
        let (seconds, refused) = restore(15_000, move |_| bucket.try_take(1.0)).await;
        assert_eq!(refused, 0);
        assert!(3_000.0 + seconds * 20.0 <= 15_000.0 / 0.95, "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn restore_uses_the_write_quota_of_a_window() {
        // 3,000 in any 150 seconds, refusing with a wait of 30 seconds at most.
        let span = Duration::from_secs(150);
        for writes in [5_000, 14_000] {
            let log = std::rc::Rc::new(std::cell::RefCell::new(std::collections::VecDeque::new()));
            let (seconds, refused) = restore(writes, move |now: Instant| {
                let mut log = log.borrow_mut();
                while log.front().is_some_and(|at| now - *at > span) {
                    log.pop_front();
                }
                if log.len() >= 3_000 {
                    let oldest = log.front().map_or(Duration::ZERO, |at| span - (now - *at));
                    return Err(oldest.clamp(Duration::from_secs(1), Duration::from_secs(30)));
                }
                log.push_back(now);
                Ok(())
            })
            .await;
            assert!(f64::from(refused) < 0.002 * f64::from(writes), "{refused} of {writes}");
            // The last window is not used to its end, so it does not count.
            let windows = f64::from(writes.div_ceil(3_000) - 1);
            let last = f64::from(writes - 3_000 * (writes.div_ceil(3_000) - 1)) * 0.113 / 20.0;
            assert!(seconds * 0.95 <= windows * 150.0 + last + 1.0, "{writes} took {seconds}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_holds_everybody_of_the_pair_and_nobody_else() {
        let budgets = Budgets::default();
        let (one, same) = (budgets.lanes("app", "tenant"), budgets.lanes("APP", "Tenant"));
        let other = budgets.lanes("app", "another");
        one.throttled(&read(1), None, Duration::from_secs(7));
        assert_eq!(other.wait(&read(1)).await, Duration::ZERO);
        let waited = same.wait(&read(1)).await.as_secs_f64();
        assert!((7.0..7.1).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_limit_leaves_reads_alone() {
        let lanes = lanes(Quotas::default());
        lanes.throttled(&WRITE, Some("Tenant_Application/Write/a/t"), Duration::from_secs(9));
        assert_eq!(lanes.wait(&read(1)).await, Duration::ZERO);
        assert!(lanes.wait(&WRITE).await >= Duration::from_secs(9));
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
            lanes.wait(&read(1)).await;
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
        assert!(lanes.wait(&read(1)).await == Duration::ZERO);
        assert_eq!(lanes.pair.units.rate(), 700.0);
    }

    #[tokio::test(start_paused = true)]
    async fn policies_go_one_a_second() {
        let lanes = lanes(Quotas::default());
        let cost = Cost { units: 1, policies: 1, ..Cost::default() };
        let began = Instant::now();
        for _ in 0..10 {
            lanes.wait(&cost).await;
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
            budgets.lanes("app", &format!("tenant{number}")).wait(&read(1)).await;
        }
        assert!(began.elapsed() >= Duration::from_millis(4_900));
    }

    #[tokio::test(start_paused = true)]
    async fn a_warning_slows_down_and_does_not_stop() {
        let lanes =
            lanes(Quotas { pair_units: Quota { burst: 1.0, per_second: 100.0 }, ..Quotas::default() });
        let rate = || lanes.pair.units.rate();
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
        lanes.wait(&read(1)).await;
        lanes.settle(1, 12);
        let waited = lanes.wait(&read(1)).await.as_secs_f64();
        assert!((3.0..3.1).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_waiter_takes_nothing() {
        let lanes = lanes(Quotas { pair_units: Quota { burst: 1.0, per_second: 1.0 }, ..Quotas::default() });
        lanes.wait(&read(1)).await;
        let _ = tokio::time::timeout(Duration::from_millis(500), lanes.wait(&read(1))).await;
        sleep(Duration::from_millis(500)).await;
        assert_eq!(lanes.wait(&read(1)).await, Duration::ZERO);
    }

    const STAY: Duration = Duration::from_secs(30);

    async fn ask(lanes: &Lanes, cost: &Cost) -> Result<Duration, Duration> {
        lanes.take(cost, STAY, Duration::ZERO).await
    }

    #[tokio::test(start_paused = true)]
    async fn half_an_hour_is_told_to_everybody_and_waited_by_nobody() {
        let half_an_hour = Duration::from_secs(1800);
        let budgets = Budgets::default();
        let (one, same) = (budgets.lanes("app", "tenant"), budgets.lanes("app", "tenant"));
        // Somebody waits for their turn already.
        let tight =
            Budgets::new(Quotas { pair_units: Quota { burst: 1.0, per_second: 0.1 }, ..Quotas::default() });
        let busy = tight.lanes("app", "tenant");
        busy.wait(&read(1)).await;
        let waits = tokio::spawn({
            let busy = busy.clone();
            async move { ask(&busy, &read(1)).await }
        });
        sleep(Duration::from_secs(1)).await;
        busy.throttled(&read(1), None, half_an_hour);
        assert!(waits.await.unwrap().unwrap_err() > half_an_hour - STAY);

        one.throttled(&read(1), None, half_an_hour);
        assert_eq!(ask(&same, &read(1)).await, Err(half_an_hour));
        sleep(Duration::from_secs(1700)).await;
        assert_eq!(ask(&same, &read(1)).await, Err(Duration::from_secs(100)));
        sleep(Duration::from_secs(80)).await;
        assert!(ask(&same, &read(1)).await.unwrap() >= Duration::from_secs(20));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_outside_the_scope_goes_on() {
        let hour = Duration::from_secs(3600);
        let report = Cost { units: 1, reports: 1, ..Cost::default() };
        let policy = Cost { units: 1, policies: 1, ..Cost::default() };
        // Who refuses, by which request, and who of the app, another app and another tenant is refused then.
        let cases = [
            (Some("Tenant_Application/ReadWrite/a/t"), read(1), [true, false, false]),
            (Some("tenant/Read/a/t"), read(1), [true, true, false]),
            (Some("Application/Read/a/t"), read(1), [true, false, true]),
            (None, read(1), [true, false, false]),
            (Some("Tenant_Application/Write/a/t"), WRITE, [false, false, false]),
            (None, report, [false, false, false]),
            (None, policy, [false, false, false]),
        ];
        for (scope, cost, refused) in cases {
            let budgets = Budgets::default();
            budgets.lanes("app", "tenant").throttled(&cost, scope, hour);
            let lanes = [("app", "tenant"), ("other", "tenant"), ("app", "elsewhere")];
            for ((app, tenant), refused) in lanes.into_iter().zip(refused) {
                let answer = ask(&budgets.lanes(app, tenant), &read(1)).await;
                assert_eq!(answer.is_err(), refused, "{scope:?} {cost:?}: {app} in {tenant}");
            }
            assert_eq!(ask(&budgets.lanes("app", "tenant"), &cost).await, Err(hour), "{scope:?} {cost:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn at_most_so_many_tenants_make_their_callers_wait() {
        let budgets = Budgets::default();
        budgets.let_wait(1);
        let wait = Duration::from_secs(20);
        let (one, same, other) =
            (budgets.lanes("app", "one"), budgets.lanes("app", "one"), budgets.lanes("app", "other"));
        for lanes in [&one, &other] {
            lanes.throttled(&read(1), None, wait);
        }
        let first = tokio::spawn(async move { ask(&one, &read(1)).await });
        let second = tokio::spawn(async move { ask(&same, &read(1)).await });
        sleep(Duration::from_secs(1)).await;
        assert_eq!(ask(&other, &read(1)).await, Err(wait - Duration::from_secs(1)));
        assert!(first.await.unwrap().is_ok(), "it was the first");
        assert!(second.await.unwrap().is_ok(), "the same tenant");
        other.throttled(&read(1), None, wait);
        assert!(ask(&other, &read(1)).await.is_ok(), "nobody waits any more");

        // What is short holds nobody up, unless it comes again and again.
        let third = budgets.lanes("app", "third");
        other.throttled(&read(1), None, wait);
        let waits = tokio::spawn(async move { ask(&other, &read(1)).await });
        sleep(Duration::from_secs(1)).await;
        third.throttled(&read(1), None, Duration::from_secs(3));
        let again = third.take(&read(1), STAY, Duration::from_secs(3)).await;
        assert_eq!(again, Err(Duration::from_secs(3)));
        assert!(ask(&third, &read(1)).await.is_ok());
        waits.await.unwrap().unwrap();
    }
}
