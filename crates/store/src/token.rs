//! Secrets that a browser holds and the database only recognizes.

use chrono::{DateTime, Utc};

use crate::outbox::Mail;

/// What is kept of a random token: enough to know it again, not enough to use it. Tokens have at least
/// 128 random bits, so that a plain hash suffices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    #[must_use]
    pub fn of(token: &str) -> TokenHash {
        TokenHash(blake3::derive_key("holdfast token 1", token.as_bytes()))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<TokenHash> {
        bytes.try_into().ok().map(TokenHash)
    }

    /// A short name for it, to tell a few apart. It is of no use for anything else.
    #[must_use]
    pub fn mark(self) -> String {
        self.0[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// A link that was made a moment ago.
#[derive(Clone, Debug)]
pub struct NewLink {
    pub token: TokenHash,
    pub until: DateTime<Utc>,
    /// What brings it; none when it is shown instead.
    pub mail: Option<Mail>,
}
