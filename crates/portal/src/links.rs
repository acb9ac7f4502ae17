//! Links that are good once, for a while.

use chrono::{DateTime, Duration, Utc};
use store::outbox::Mail;
use store::token::{NewLink, TokenHash};

use crate::{Portal, random_token};

/// A link for whoever operates the installation, to print where only they read it.
pub struct PrintedLink {
    /// The last part of its address.
    pub token: String,
    pub until: DateTime<Utc>,
}

impl std::fmt::Debug for PrintedLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrintedLink(until {})", self.until)
    }
}

/// A link that was made a moment ago.
pub(crate) struct FreshLink {
    pub(crate) path: String,
    pub(crate) until: DateTime<Utc>,
    pub(crate) token: TokenHash,
}

impl Portal {
    /// A link whose path begins so.
    pub(crate) fn fresh_link(&self, beginning: &str, good_for: Duration) -> FreshLink {
        let token = random_token();
        FreshLink {
            path: format!("{beginning}{token}"),
            until: self.now() + good_for,
            token: TokenHash::of(&token),
        }
    }
}

impl FreshLink {
    /// What is kept of it; and its path, to be shown where no mail brings it.
    pub(crate) fn sent_by(self, mail: Option<Mail>) -> (NewLink, Option<String>) {
        let shown = mail.is_none().then_some(self.path);
        (NewLink { token: self.token, until: self.until, mail }, shown)
    }
}
