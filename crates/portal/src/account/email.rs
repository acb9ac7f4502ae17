//! An e-mail that changes once both addresses have agreed, each by a link of its own.

use chrono::Duration;
use domain::access::PartnerAction;
use domain::account::{EmailChangeAsked, EmailChangeView};
use domain::audit::Detail;
use secrecy::SecretString;
use store::audit::Entry;
use store::email_changes::{Agreed, Asked, NewEmailChange, Subject};
use store::organizations::Organization;
use store::scope::{PartnerActor, Sender};
use store::token::TokenHash;
use uuid::Uuid;

use super::Oneself;
use crate::mail::Message;
use crate::partner::require;
use crate::{Error, Event, Portal, Result, rules};

/// How long the links are good.
const LINKS: Duration = Duration::days(3);

/// A change as it is asked for.
struct Change<'a> {
    subject: Subject,
    /// Whom the log is told about.
    object: String,
    sender: Sender,
    /// Of whoever has the e-mail.
    name: &'a str,
    /// None where nobody has signed in with it.
    old: Option<&'a str>,
    new: &'a str,
    organization: Option<&'a str>,
}

impl Portal {
    /// Begins to change one's own e-mail; both addresses are asked.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an e-mail that cannot be used (`email`), or a wrong password (`email_password`);
    /// [`Error::Refused`] where no mail can be sent.
    pub async fn change_email(&self, me: &Oneself, email: &str, password: SecretString) -> Result<()> {
        let new = new_email(email, Some(&me.email))?;
        self.check_own_password(me, password, "email_password").await?;
        let change = Change {
            subject: Subject::Account(me.account),
            object: me.account.to_string(),
            sender: me.sender,
            name: &me.name,
            old: Some(&me.email),
            new: &new,
            organization: None,
        };
        if self.begin_email_change(me, change).await? { Ok(()) } else { Err(unusable()) }
    }

    /// Begins to change an organization's e-mail, and with it its contact's login. Both addresses are asked; the new one
    /// alone while nobody has signed in with the old one, which may be mistyped.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an e-mail that cannot be used; [`Error::Refused`] where no mail can be sent;
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn change_organization_email(&self, actor: &PartnerActor, id: Uuid, email: &str) -> Result<()> {
        require(actor, PartnerAction::ManageOrganizations)?;
        let org = self.customer(actor, id).await?;
        let new = new_email(email, org.email.as_deref())?;
        let old = match &org.email {
            Some(old) if self.store.taken_up(org.scope(), old).await?.0 => Some(old.as_str()),
            _ => None,
        };
        let name = format!("{} {}", org.first_name, org.last_name);
        let me = about(actor, &org);
        let change = Change {
            subject: Subject::Organization(org.scope()),
            object: id.to_string(),
            sender: me.sender,
            name: &name,
            old,
            new: &new,
            organization: Some(&org.name),
        };
        if self.begin_email_change(&me, change).await? {
            Ok(())
        } else {
            Err(self.email_taken(actor, &new).await?)
        }
    }

    /// False when the new e-mail is taken.
    async fn begin_email_change(&self, me: &Oneself, change: Change<'_>) -> Result<bool> {
        let Change { sender, name, new, organization, .. } = change;
        if !self.sends_account_mail().await? {
            return Err(Error::Refused(
                "No mail can be sent from here, so that nobody could agree. Nothing was changed. Ask whoever runs this \
                 installation to set a mail server up first."
                    .to_owned(),
            ));
        }
        self.may_send_from(me.address()).await?;
        let (for_old, for_new) = (self.fresh_link("/email/", LINKS), self.fresh_link("/email/", LINKS));
        let until = for_new.until;
        let mut mails = Vec::new();
        if let Some(old) = change.old {
            let message = Message::OldEmail { new, organization, link: &for_old.path, until };
            mails.extend(self.mail(sender, name, old, &message, Some(until)).await?);
        }
        let asks_both = change.old.is_some();
        let message = Message::NewEmail { new, organization, asks_both, link: &for_new.path, until };
        mails.extend(self.mail(sender, name, new, &message, Some(until)).await?);
        let begun = NewEmailChange {
            old: change.old.map(|old| (old.to_owned(), for_old.token)),
            new: (new.to_owned(), for_new.token),
            expires_at: until,
            mails,
        };
        let detail = Detail::default().change("E-mail", change.old.unwrap_or("none"), new).line();
        let entry = me.entry(Event::EmailChangeBegun, &change.object, &detail);
        match self.store.begin_email_change(change.subject, begun, (me.log, &entry), self.now()).await {
            Err(store::Error::Taken(_)) => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    /// Withdraws the change of one's own e-mail.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none waits.
    pub async fn withdraw_email_change(&self, me: &Oneself) -> Result<()> {
        self.withdraw(Subject::Account(me.account), me, &me.account.to_string()).await
    }

    /// Withdraws the change of an organization's e-mail.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none waits; [`Error::Forbidden`].
    pub async fn withdraw_organization_email(&self, actor: &PartnerActor, id: Uuid) -> Result<()> {
        require(actor, PartnerAction::ManageOrganizations)?;
        let org = self.customer(actor, id).await?;
        self.withdraw(Subject::Organization(org.scope()), &about(actor, &org), &id.to_string()).await
    }

    async fn withdraw(&self, subject: Subject, me: &Oneself, object: &str) -> Result<()> {
        let entry = me.entry(Event::EmailChangeWithdrawn, object, "");
        let gone = self.store.withdraw_email_change(subject, (me.log, &entry), self.now()).await?;
        if gone { Ok(()) } else { Err(Error::NotFound) }
    }

    pub(crate) async fn email_change_view(&self, subject: Subject) -> Result<Option<EmailChangeView>> {
        let waiting = self.store.email_change(subject, self.now()).await?;
        Ok(waiting.map(|change| EmailChangeView {
            old_email: change.old_email,
            new_email: change.new_email,
            old_agreed: change.old_agreed,
            new_agreed: change.new_agreed,
            until: change.expires_at,
        }))
    }

    /// What a link asks of the address that it was sent to.
    ///
    /// # Errors
    /// [`Error::MailLinkSpent`].
    pub async fn email_change_asked(&self, token: &str) -> Result<EmailChangeAsked> {
        let asked = self.store.asked_email_change(TokenHash::of(token), self.now()).await?;
        let asked = asked.ok_or(Error::MailLinkSpent)?;
        let is_last = if asked.by_new { asked.change.old_agreed } else { asked.change.new_agreed };
        Ok(EmailChangeAsked {
            old_email: asked.change.old_email,
            new_email: asked.change.new_email,
            by_new: asked.by_new,
            is_last,
            organization: asked.organization,
        })
    }

    /// Agrees, for the address that the link was sent to. True when the e-mail is the new one now.
    ///
    /// # Errors
    /// [`Error::MailLinkSpent`]; [`Error::Refused`] when the new e-mail was taken meanwhile.
    pub async fn agree_to_email_change(&self, token: &str, address: &str) -> Result<bool> {
        let (hash, now) = (TokenHash::of(token), self.now());
        let asked = self.store.asked_email_change(hash, now).await?.ok_or(Error::MailLinkSpent)?;
        let (by, log, object) = self.agreeing(&asked, address).await?;
        let entry = Entry {
            actor: &by,
            event: Event::EmailChangeAgreed.slug(),
            object: &object,
            detail: asked.email(),
            address,
        };
        match self.store.agree_to_email_change(hash, (log, &entry), now).await {
            Err(store::Error::Taken(_)) => Err(Error::Refused(
                "Somebody has taken the new e-mail meanwhile. Nothing was changed; begin again with another one."
                    .to_owned(),
            )),
            other => Ok(other?.ok_or(Error::MailLinkSpent)? == Agreed::Changed),
        }
    }

    /// Who agrees, as the log names them, into which log it goes, and what it is about.
    async fn agreeing(&self, asked: &Asked, address: &str) -> Result<(String, store::audit::Log, String)> {
        match (asked.organization_scope(), asked.account()) {
            // Somebody who holds the link; which address it was sent to, the entry says under seal.
            (Some(scope), _) => Ok(("by link".to_owned(), scope.into(), scope.organization().to_string())),
            (None, Some(account)) => {
                let me = self.absent(account, address).await?.ok_or(Error::MailLinkSpent)?;
                Ok((me.by, me.log, account.to_string()))
            }
            (None, None) => Err(Error::MailLinkSpent),
        }
    }
}

/// A partner's user at work on an organization: it goes into that one's log, and mail is about it.
fn about(actor: &PartnerActor, org: &Organization) -> Oneself {
    Oneself { log: org.scope().into(), sender: Sender::Organization(org.scope()), ..Oneself::from(actor) }
}

fn new_email(email: &str, old: Option<&str>) -> Result<String> {
    let email = rules::email(email)?;
    if old == Some(email.as_str()) {
        return Err(Error::invalid("email", "This is the e-mail already. Enter the new one."));
    }
    Ok(email)
}

fn unusable() -> Error {
    Error::invalid("email", "This e-mail cannot be used. Enter another one.")
}
