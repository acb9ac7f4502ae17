//! The directories of one simulator: its own, and those that were added beside it.

use std::sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::lock;
use crate::past::Past;
use crate::state::Tenant;

/// One directory and its lock.
pub(crate) struct Directory {
    id: String,
    tenant: RwLock<Tenant>,
    past: Mutex<Past>,
}

impl Directory {
    pub(crate) fn new(tenant: Tenant) -> Self {
        let id = tenant.info.tenant_id.to_string();
        Self { id, tenant: RwLock::new(tenant), past: Mutex::default() }
    }

    /// The tenant id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The directory for reading, as of `now`.
    pub(crate) fn read(&self, now: i64) -> RwLockReadGuard<'_, Tenant> {
        let t = self.tenant.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if t.now == now && !t.overdue(now) {
            return t;
        }
        drop(t);
        drop(self.write(now));
        self.tenant.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The directory for writing, as of `now`.
    pub(crate) fn write(&self, now: i64) -> RwLockWriteGuard<'_, Tenant> {
        let mut t = self.tenant.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        t.tick(now);
        t
    }

    /// What it was before its latest writes; locked behind the directory itself.
    pub(crate) fn past<R>(&self, look: impl FnOnce(&mut Past) -> R) -> R {
        look(&mut lock(&self.past))
    }

    /// Whether a path or a token names this directory.
    pub(crate) fn is(&self, name: &str) -> bool {
        if name.eq_ignore_ascii_case(&self.id) {
            return true;
        }
        let t = self.tenant.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        [&t.info.domain, &t.info.initial_domain].iter().any(|d| d.eq_ignore_ascii_case(name))
    }
}
