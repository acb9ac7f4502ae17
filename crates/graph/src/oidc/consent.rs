//! Asking an administrator to let the app into their directory.
//!
//! What comes back names a directory in the address, where anybody can write one. So the administrator signs in
//! first; the directory is the one of the validated id token, and an answer that names another is none.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::{Oidc, Person, random};
use crate::Error;

/// Who may consent to application permissions: Global Administrator and Privileged Role Administrator, by template.
const MAY_CONSENT: [Uuid; 2] = [
    Uuid::from_u128(0x62e9_0394_69f5_4237_9190_0121_7714_5e10),
    Uuid::from_u128(0xe861_1ab8_c189_46e8_94e1_6021_3ab1_f814),
];

impl Person {
    /// Whether their roles allow them to let an app into the whole directory.
    #[must_use]
    pub fn may_consent(&self) -> bool {
        self.roles.iter().any(|role| MAY_CONSENT.contains(role))
    }
}

/// What the browser's session keeps until the administrator has decided. Good once.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingConsent {
    state: String,
    directory: Uuid,
}

impl fmt::Debug for PendingConsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingConsent(redacted)")
    }
}

impl PendingConsent {
    /// Whether an answer with this `state` is the answer to it.
    #[must_use]
    pub fn is_answered_by(&self, state: &str) -> bool {
        self.state == state
    }

    /// The directory that was asked, whatever the answer says.
    #[must_use]
    pub const fn directory(&self) -> Uuid {
        self.directory
    }
}

impl Oidc {
    /// Where an administrator of `directory` decides, and what to keep until the browser is back.
    ///
    /// # Errors
    /// When the login address cannot be used.
    pub fn ask_consent(&self, directory: Uuid, redirect_uri: &str) -> Result<(Url, PendingConsent), Error> {
        let pending = PendingConsent { state: random(), directory };
        let mut url = self
            .hosts
            .login_url(&directory.to_string(), "v2.0/adminconsent")
            .map_err(|_| Error::misconfigured("the login address cannot be used"))?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", &pending.state)
            // Everything that the registration asks for; application permissions are granted in no other way.
            .append_pair("scope", self.hosts.scope());
        Ok((url, pending))
    }
}
