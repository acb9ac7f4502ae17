//! What the application's registration says, beyond its credentials.

use std::sync::Mutex;

use super::permissions;
use crate::lock;

/// Addresses that answers may be sent to, and permissions that consent asks for.
pub(crate) struct Registration {
    redirect_uris: Mutex<Vec<String>>,
    required: Mutex<Vec<String>>,
}

impl Registration {
    pub(crate) fn new(redirect_uris: &[String]) -> Self {
        Self {
            redirect_uris: Mutex::new(redirect_uris.to_vec()),
            required: Mutex::new(permissions::defaults().map(str::to_owned).collect()),
        }
    }

    pub(crate) fn redirect_uris(&self) -> Vec<String> {
        lock(&self.redirect_uris).clone()
    }

    /// The whole address must be registered, to the letter.
    pub(crate) fn is_redirect_uri(&self, uri: &str) -> bool {
        lock(&self.redirect_uris).iter().any(|r| r == uri)
    }

    pub(crate) fn add_redirect_uri(&self, uri: String) {
        let mut all = lock(&self.redirect_uris);
        if !all.contains(&uri) {
            all.push(uri);
        }
    }

    pub(crate) fn remove_redirect_uri(&self, uri: &str) {
        lock(&self.redirect_uris).retain(|r| r != uri);
    }

    /// The application permissions that the registration names.
    pub(crate) fn required(&self) -> Vec<String> {
        lock(&self.required).clone()
    }

    pub(crate) fn require(&self, permissions: Vec<String>) {
        *lock(&self.required) = permissions;
    }
}
