//! Control of how the cloud itself is: what differs between national clouds, and what is not certain.

use serde_json::{Value, json};

use crate::shared::Shared;
use crate::sim::Sim;

/// `POST cloud {"roleBin": …, "undeleteTellsLinks": …}`, each as it was where it is not given.
pub(super) fn answer(shared: &Shared, body: &Value) -> Value {
    let mut t = shared.write();
    if let Some(there) = body["roleBin"].as_bool() {
        t.role_bin = there;
    }
    if let Some(tells) = body["undeleteTellsLinks"].as_bool() {
        t.undelete_tells_links = tells;
    }
    json!({"roleBin": t.role_bin, "undeleteTellsLinks": t.undelete_tells_links})
}

impl Sim {
    /// Says whether custom roles have a recycle bin, as in the global cloud, or are gone when deleted.
    pub fn role_bin(&self, there: bool) {
        self.shared.write().role_bin = there;
    }

    /// Says whether delta tells the links of an object that comes back from the recycle bin, and those
    /// of others to it. No page promises it.
    pub fn undelete_tells_links(&self, tells: bool) {
        self.shared.write().undelete_tells_links = tells;
    }
}
