//! Another password, and a forgotten one.

use chrono::Duration;
use secrecy::{ExposeSecret, SecretString};
use store::attempts::Attempt;
use store::token::{NewLink, TokenHash};

use super::Oneself;
use crate::links::PrintedLink;
use crate::mail::Message;
use crate::{Error, Event, Portal, Result, limits, random_token, rules};

/// How long a link to a new password is good.
const LINK: Duration = Duration::hours(1);

impl Portal {
    /// Takes another password. Every other session ends.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the wrong current one (`current`) or a new one that cannot be used (`password`).
    pub async fn change_password(
        &self,
        me: &Oneself,
        current: SecretString,
        new: SecretString,
        session: Option<TokenHash>,
    ) -> Result<()> {
        rules::password(&new, &[&me.name, &me.email])?;
        if new.expose_secret() == current.expose_secret() {
            return Err(Error::invalid(
                "password",
                "This is the password that you have. Choose another one.",
            ));
        }
        self.check_own_password(me, current, "current").await?;
        let hash = self.hasher.hash(new).await?;
        let mail = self.mail(me.sender, &me.name, &me.email, &Message::PasswordChanged, None).await?;
        let entry = me.entry(Event::PasswordChanged, "", "");
        self.store.change_password(me.account, &hash, session, mail, (me.log, &entry), self.now()).await?;
        Ok(())
    }

    /// Whether a forgotten password can be replaced by a link: the mail that brings it goes somewhere.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sends_password_links(&self) -> Result<bool> {
        self.sends_account_mail().await
    }

    /// Sends a link to a new password to whoever has an account under that e-mail. Whether anybody has shows neither in
    /// the answer nor in the time it takes: the rest is done after answering.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no e-mail; [`Error::Refused`] after too many.
    pub async fn forgot_password(&self, email: &str, address: &str) -> Result<()> {
        let email = rules::email(email)?;
        self.may_send_from(address).await?;
        let (portal, address) = (self.clone(), address.to_owned());
        tokio::spawn(async move {
            if let Err(error) = portal.send_password_link(&email, &address).await {
                tracing::error!(%error, "a link to a new password could not be sent");
            }
        });
        Ok(())
    }

    async fn send_password_link(&self, email: &str, address: &str) -> Result<()> {
        let now = self.now();
        if let Attempt::Closed(_) = self.store.take_attempt(&[limits::mail_to(email)], now).await? {
            tracing::info!(address, "too many new passwords were asked for by one e-mail");
            return Ok(());
        }
        let person = match self.store.account_by_email(email).await? {
            Some(account) => self.absent(account.id, address).await?,
            None => None,
        };
        let Some(me) = person else {
            tracing::info!(address, "a new password was asked for by an e-mail that nobody signs in with");
            return Ok(());
        };
        let link = self.fresh_link("/password/", LINK);
        let message = Message::PasswordLink { link: &link.path, until: link.until };
        let mail = self.mail(me.sender, &me.name, &me.email, &message, Some(link.until)).await?;
        if mail.is_none() {
            tracing::warn!(address, "a new password was asked for where no mail can be sent");
            return Ok(());
        }
        let (link, _) = link.sent_by(mail);
        let entry = me.entry(Event::PasswordLinkMade, "", "by mail");
        Ok(self.store.begin_password_reset(me.account, link, (me.log, &entry), now).await?)
    }

    /// A link to a new password for somebody, for whoever operates the installation to hand over: where no mail can be
    /// sent, nothing else brings back an Owner who has forgotten the password.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no e-mail; [`Error::NotFound`] when nobody signs in with it.
    pub async fn password_link_to_print(&self, email: &str) -> Result<PrintedLink> {
        let account = self.store.account_by_email(&rules::email(email)?).await?.ok_or(Error::NotFound)?;
        let me = self.absent(account.id, "").await?.ok_or(Error::NotFound)?;
        let token = random_token();
        let until = self.now() + LINK;
        let link = NewLink { token: TokenHash::of(&token), until, mail: None };
        let entry = me.entry(Event::PasswordLinkMade, "", "on the server");
        self.store.begin_password_reset(me.account, link, (me.log, &entry), self.now()).await?;
        Ok(PrintedLink { token, until })
    }

    /// Whose password a link is for: the e-mail.
    ///
    /// # Errors
    /// [`Error::MailLinkSpent`].
    pub async fn password_link(&self, token: &str) -> Result<String> {
        let account = self.store.password_reset(TokenHash::of(token), self.now()).await?;
        Ok(account.ok_or(Error::MailLinkSpent)?.email)
    }

    /// Spends a link: the password is the new one, and every session has ended. A second factor is still asked for at
    /// the next sign-in: a mailbox alone opens nothing that has one.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a password that cannot be used; [`Error::MailLinkSpent`].
    pub async fn choose_password(&self, token: &str, new: SecretString, address: &str) -> Result<()> {
        let (hash, now) = (TokenHash::of(token), self.now());
        let account = self.store.password_reset(hash, now).await?.ok_or(Error::MailLinkSpent)?;
        rules::password(&new, &[&account.name, &account.email])?;
        let me = self.absent(account.id, address).await?.ok_or(Error::MailLinkSpent)?;
        let password = self.hasher.hash(new).await?;
        let mail = self.mail(me.sender, &me.name, &me.email, &Message::PasswordChanged, None).await?;
        let entry = me.entry(Event::PasswordReset, "", "");
        if !self.store.reset_password(hash, &password, mail, (me.log, &entry), now).await? {
            return Err(Error::MailLinkSpent);
        }
        // Whoever forgot a password has often guessed at it before.
        let [pair, ..] = limits::sign_in(&me.email, address);
        Ok(self.store.clear_attempts(&pair.name).await?)
    }

    /// Counts a mail that somebody sends to whomever.
    pub(super) async fn may_send_from(&self, address: &str) -> Result<()> {
        match self.store.take_attempt(&[limits::mail_from(address)], self.now()).await? {
            Attempt::Open { .. } => Ok(()),
            Attempt::Closed(until) => Err(Error::Refused(format!(
                "Too many mails were asked for from where you are. It goes on at {} UTC.",
                until.format("%H:%M")
            ))),
        }
    }
}
