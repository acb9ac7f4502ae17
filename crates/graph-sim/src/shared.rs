//! What every request of one simulator sees.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use uuid::Uuid;

use crate::auth::Auth;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::directories::Directory;
use crate::faults::Faults;
use crate::options::Options;
use crate::state::Tenant;
use crate::throttle::Throttle;
use crate::{Error, Manners};

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
    home: Arc<Directory>,
    others: RwLock<Vec<Arc<Directory>>>,
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
        let mut faults = Faults::default();
        faults.behave(options.manners, options.seed, Manners::RATE, clock.now());
        Ok(Self {
            clock,
            home: Arc::new(Directory::new(tenant)),
            others: RwLock::default(),
            counters: Mutex::default(),
            throttle: Mutex::new(Throttle::new()),
            faults: Mutex::new(faults),
            auth: Auth::new(&options.redirect_uris)?,
            sign_in: Mutex::new(SignIn { enabled: true, secret_expired: false, lifetime: 3599 }),
            requests: AtomicU64::new(0),
            options,
        })
    }

    /// The simulator's own directory, which the control API is about.
    pub(crate) fn home(&self) -> Arc<Directory> {
        Arc::clone(&self.home)
    }

    pub(crate) fn home_id(&self) -> &str {
        self.home.id()
    }

    /// Its own directory for reading, as of now.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Tenant> {
        self.home.read(self.clock.now())
    }

    /// Its own directory for writing, as of now.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Tenant> {
        self.home.write(self.clock.now())
    }

    /// Every directory, the simulator's own first.
    pub(crate) fn directories(&self) -> Vec<Arc<Directory>> {
        let others = self.others.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::iter::once(self.home()).chain(others.iter().cloned()).collect()
    }

    /// A directory by its id or one of its domains.
    pub(crate) fn directory(&self, name: &str) -> Option<Arc<Directory>> {
        if self.home.is(name) {
            return Some(self.home());
        }
        self.directories().into_iter().find(|directory| directory.is(name))
    }

    /// Adds a directory, unless one has its name or id already.
    pub(crate) fn add_directory(&self, tenant: Tenant) -> Result<Arc<Directory>, String> {
        for name in [tenant.info.tenant_id.to_string(), tenant.info.domain.clone()] {
            if self.directory(&name).is_some() {
                return Err(format!("there is a directory {name} already"));
            }
        }
        let directory = Arc::new(Directory::new(tenant));
        self.others.write().unwrap_or_else(std::sync::PoisonError::into_inner).push(Arc::clone(&directory));
        Ok(directory)
    }

    /// A request id.
    pub(crate) fn request_id(&self) -> String {
        let n = self.requests.fetch_add(1, Ordering::Relaxed);
        let high = (self.options.seed ^ 0x005e_ed1d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Uuid::from_u64_pair(high, n.wrapping_mul(0xd134_2543_de82_ef95)).to_string()
    }
}
