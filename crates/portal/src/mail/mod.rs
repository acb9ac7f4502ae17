//! Mail: what is said to whom, in whose name, and how it gets there.
//!
//! [`Portal::mail`] makes a mail of a [`Message`]; the repository that does what the mail is about puts it into the
//! outbox in the same transaction. [`Portal::send_mail`], which a worker calls, sends what waits there.

mod letter;
mod message;
mod outgoing;
mod settings;
mod worker;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::outbox::{Content, Mail};
use store::scope::Sender;
use tokio::sync::Notify;

use crate::{Portal, Result};

pub use message::Message;
pub use outgoing::Server;
pub use settings::ServerForm;

/// What the installation says about mail.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What links begin with, without a slash at the end.
    pub base: String,
    /// For partners that have no server of their own; without one, and without one of their own, links are shown.
    pub server: Option<Server>,
}

/// A server of the settings, as an address.
///
/// # Errors
/// When it is none, in words for the operator.
pub fn server_of_url(url: &str, sender: &str) -> std::result::Result<Server, String> {
    Server::of_url(url, sender)
}

/// What [`Portal`] keeps for mail.
#[derive(Clone, Default)]
pub(crate) struct Post {
    settings: Arc<Settings>,
    /// Rung when there is something to send.
    bell: Arc<Notify>,
}

impl Post {
    pub(crate) fn new(settings: Settings) -> Post {
        Post { settings: Arc::new(settings), bell: Arc::default() }
    }
}

impl Portal {
    /// Whether mail in the partner's name goes anywhere.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn sends_mail(&self, sender: Sender) -> Result<bool> {
        Ok(self.has_mail_server() || self.store.mail_server(sender).await?.is_some())
    }

    /// Whether mail that opens an account goes anywhere.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn sends_account_mail(&self) -> Result<bool> {
        if self.has_mail_server() {
            return Ok(true);
        }
        let Some(root) = self.store.root_partner().await? else { return Ok(false) };
        Ok(self.store.mail_server(Sender::Partner(root)).await?.is_some())
    }

    /// Whether the installation has a server for whoever has none of their own.
    pub(crate) fn has_mail_server(&self) -> bool {
        self.post.settings.server.is_some()
    }

    /// The mail that says the message, for a repository to put into the outbox; none where no mail can be sent.
    /// After `good_until` it is of no use.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn mail(
        &self,
        sender: Sender,
        name: &str,
        email: &str,
        message: &Message<'_>,
        good_until: Option<DateTime<Utc>>,
    ) -> Result<Option<Mail>> {
        let goes = match message::opens_account(message.kind()) {
            true => self.sends_account_mail().await?,
            false => self.sends_mail(sender).await?,
        };
        if !goes {
            return Ok(None);
        }
        let content = self.content(sender, name, message).await?;
        // A permit is kept: the worker looks even if it was busy when the bell rang.
        self.post.bell.notify_one();
        Ok(Some(Mail {
            sender,
            kind: message.kind(),
            to: store::accounts::fold_email(email),
            content,
            good_until,
        }))
    }

    async fn content(&self, sender: Sender, name: &str, message: &Message<'_>) -> Result<Content> {
        let head = self.store.letterhead(sender).await?;
        let letter = message.letter(&self.post.settings.base, &head.partner);
        Ok(Content {
            name: name.to_owned(),
            subject: letter.subject.clone(),
            text: letter.text(name, &head),
            html: letter.html(&self.post.settings.base, name, &head),
        })
    }

    /// Rings when a mail may wait.
    #[must_use]
    pub fn mail_bell(&self) -> Arc<Notify> {
        self.post.bell.clone()
    }
}
