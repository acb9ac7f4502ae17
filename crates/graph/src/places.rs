//! Places for those who wait because Graph refused: a caller that waits holds a worker, and a refused
//! tenant must not hold all of them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use crate::bucket::lock;

/// The places, shared by every client of the process. All callers of one tenant have one together.
#[derive(Clone)]
pub(crate) struct Places(Arc<Inner>);

struct Inner {
    most: AtomicUsize,
    /// Tenants that wait, with the number of their callers.
    taken: Mutex<HashMap<String, usize>>,
}

/// A place, until it is dropped.
pub(crate) struct Place {
    places: Places,
    tenant: String,
}

impl Default for Places {
    fn default() -> Self {
        Places(Arc::new(Inner { most: AtomicUsize::new(usize::MAX), taken: Mutex::default() }))
    }
}

impl Places {
    pub(crate) fn limit(&self, most: usize) {
        self.0.most.store(most, Relaxed);
    }

    /// A place for a caller of the tenant, unless all are taken by others.
    pub(crate) fn take(&self, tenant: &str) -> Option<Place> {
        let mut taken = lock(&self.0.taken);
        if !taken.contains_key(tenant) && taken.len() >= self.0.most.load(Relaxed) {
            return None;
        }
        *taken.entry(tenant.to_owned()).or_default() += 1;
        Some(Place { places: self.clone(), tenant: tenant.to_owned() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.places.0.taken);
        if let Some(callers) = taken.get_mut(&self.tenant) {
            *callers -= 1;
            if *callers == 0 {
                taken.remove(&self.tenant);
            }
        }
    }
}
