//! Mail: what became of each, and the servers that take them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::view::Instant;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailState {
    Waiting,
    /// The server took it.
    Sent,
    /// Nothing more is tried.
    Failed,
}

impl MailState {
    pub const ALL: [MailState; 3] = [MailState::Waiting, MailState::Sent, MailState::Failed];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            MailState::Waiting => "waiting",
            MailState::Sent => "sent",
            MailState::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<MailState> {
        MailState::ALL.into_iter().find(|s| s.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            MailState::Waiting => "Waiting",
            MailState::Sent => "Sent",
            MailState::Failed => "Failed",
        }
    }
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a greeting; without it nothing is sent.
    StartTls,
    /// None: for a server on the same machine.
    Plain,
}

impl Security {
    pub const ALL: [Security; 3] = [Security::Tls, Security::StartTls, Security::Plain];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Security::Tls => "tls",
            Security::StartTls => "starttls",
            Security::Plain => "plain",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Security> {
        Security::ALL.into_iter().find(|s| s.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Security::Tls => "TLS",
            Security::StartTls => "STARTTLS",
            Security::Plain => "None",
        }
    }

    /// Where servers of this kind listen.
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        }
    }
}

/// A mail in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRow {
    pub id: Uuid,
    /// What it is about, in words.
    pub about: String,
    pub to: String,
    pub partner: String,
    pub state: MailState,
    pub attempts: i32,
    /// What the server said the last time, or why nothing more is tried.
    pub problem: Option<String>,
    pub created: Instant,
    pub ended: Option<Instant>,
    /// When it is tried again, of a waiting one that was tried.
    pub again: Option<Instant>,
    /// Whether it could be tried once more.
    pub can_retry: bool,
}

/// A partner's own server, without its password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServerView {
    pub host: String,
    pub port: String,
    pub security: String,
    pub username: String,
    pub has_password: bool,
    pub sender_name: String,
    pub sender_email: String,
}

/// Which server a partner's mail goes through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailRoute {
    /// None is configured: links are shown instead.
    None,
    /// The partner's own.
    Own,
    /// That of the partner above, by name.
    From(String),
    /// The installation's.
    Installation,
}

/// What the page about mail shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPage {
    pub route: MailRoute,
    /// What stands in the sender line at present.
    pub sender: Option<String>,
    pub own: Option<MailServerView>,
    /// Whether the form for a new organization offers to send its link by mail.
    pub offers_sign_in_mail: bool,
    pub mails: Vec<MailRow>,
}
