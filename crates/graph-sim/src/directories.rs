//! The directories of one simulator: its own, and those that were added beside it.

use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::state::Tenant;

/// One directory and its lock.
pub(crate) struct Directory {
    id: String,
    tenant: RwLock<Tenant>,
}

impl Directory {
    pub(crate) fn new(tenant: Tenant) -> Self {
        Self { id: tenant.info.tenant_id.to_string(), tenant: RwLock::new(tenant) }
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

    /// Whether a path or a token names this directory.
    pub(crate) fn is(&self, name: &str) -> bool {
        if name.eq_ignore_ascii_case(&self.id) {
            return true;
        }
        let t = self.tenant.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        [&t.info.domain, &t.info.initial_domain].iter().any(|d| d.eq_ignore_ascii_case(name))
    }
}
