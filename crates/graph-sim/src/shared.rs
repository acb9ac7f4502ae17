//! What every request of one simulator sees.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use uuid::Uuid;

use crate::Error;
use crate::auth::Auth;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::faults::Faults;
use crate::options::Options;
use crate::state::Tenant;
use crate::throttle::Throttle;

/// How the authority treats the application.
#[derive(Clone, Copy)]
pub(crate) struct SignIn {
    pub(crate) enabled: bool,
    pub(crate) secret_expired: bool,
    pub(crate) lifetime: i64,
}

/// One simulator.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    tenant: RwLock<Tenant>,
    pub(crate) counters: Mutex<Counters>,
    pub(crate) throttle: Mutex<Throttle>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) auth: Auth,
    pub(crate) sign_in: Mutex<SignIn>,
    requests: AtomicU64,
}

impl Shared {
    pub(crate) fn new(options: Options) -> Result<Self, Error> {
        let clock = Clock::new(options.start);
        let tenant = crate::seed::tenant(&options, clock.now());
        Ok(Self {
            clock,
            tenant: RwLock::new(tenant),
            counters: Mutex::default(),
            throttle: Mutex::new(Throttle::new()),
            faults: Mutex::default(),
            auth: Auth::new()?,
            sign_in: Mutex::new(SignIn { enabled: true, secret_expired: false, lifetime: 3599 }),
            requests: AtomicU64::new(0),
            options,
        })
    }

    /// The directory for reading, as of now.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Tenant> {
        let now = self.clock.now();
        let t = self.tenant.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if t.now == now && !t.overdue(now) {
            return t;
        }
        drop(t);
        drop(self.write());
        self.tenant.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The directory for writing, as of now.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Tenant> {
        let mut t = self.tenant.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        t.tick(self.clock.now());
        t
    }

    /// A request id.
    pub(crate) fn request_id(&self) -> String {
        let n = self.requests.fetch_add(1, Ordering::Relaxed);
        let high = (self.options.seed ^ 0x005e_ed1d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Uuid::from_u64_pair(high, n.wrapping_mul(0xd134_2543_de82_ef95)).to_string()
    }
}
