//! A person's own account: who they are here, how they prove it, where they are signed in.

mod code;
mod device;
mod email;
mod passage;
mod password;
mod rule;
mod second_factor;

use domain::account::{AccountView, SecondFactorView, SessionRow};
use store::audit::{Entry, Log};
use store::email_changes::Subject;
use store::scope::{Actor, PartnerActor, Sender};
use store::sessions::SessionInfo;
use store::token::TokenHash;
use uuid::Uuid;

pub use device::Device;
pub use passage::{Half, Passed, SignedIn};

use crate::session::{Identity, TOUCHED, Who};
use crate::{Error, Event, Portal, Result, rules};

/// Somebody at their own account, in whichever portal.
#[derive(Clone, Debug)]
pub struct Oneself {
    pub account: Uuid,
    pub name: String,
    pub email: String,
    address: String,
    /// As the log names them: an organization's people by id, because it outlives them.
    by: String,
    /// The log of the partner that they belong to in the role at hand.
    log: Log,
    /// In whose name mail speaks to them.
    sender: Sender,
}

impl From<&Actor> for Oneself {
    fn from(actor: &Actor) -> Oneself {
        Oneself {
            account: actor.account,
            name: actor.name.clone(),
            email: actor.email.clone(),
            address: actor.address.clone(),
            by: actor.signature(),
            log: actor.scope().into(),
            sender: Sender::Organization(actor.scope()),
        }
    }
}

impl From<&PartnerActor> for Oneself {
    fn from(actor: &PartnerActor) -> Oneself {
        Oneself {
            account: actor.account,
            name: actor.name.clone(),
            email: actor.email.clone(),
            address: actor.address.clone(),
            by: actor.email.clone(),
            log: actor.scope().into(),
            sender: Sender::Partner(actor.scope()),
        }
    }
}

impl From<&Who> for Oneself {
    fn from(who: &Who) -> Oneself {
        match who {
            Who::Organization(actor) => actor.into(),
            Who::Partner(actor) => actor.into(),
        }
    }
}

impl Oneself {
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn log(&self) -> Log {
        self.log
    }

    pub(crate) fn entry<'a>(&'a self, event: Event, object: &'a str, detail: &'a str) -> Entry<'a> {
        Entry { actor: &self.by, event: event.slug(), object, detail, address: &self.address }
    }
}

impl Portal {
    /// The account as its owner sees it; `session` is the one that asks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account(&self, me: &Oneself, session: Option<TokenHash>) -> Result<AccountView> {
        let account = me.account;
        let person = self.store.account(account).await?.ok_or(Error::NotFound)?;
        let microsoft = match self.microsoft() {
            Some(_) => Some(self.microsoft_rows(account).await?),
            None => None,
        };
        let sessions = self.store.sessions_of(account, self.alive()).await?;
        Ok(AccountView {
            name: person.name,
            email: person.email,
            second_factor: self.second_factor_view(account).await?,
            sessions: sessions.into_iter().filter_map(|info| session_row(info, session)).collect(),
            roles: self.memberships(account).await?,
            microsoft,
            email_change: self.email_change_view(Subject::Account(account)).await?,
        })
    }

    /// Somebody who is not signed in, in the first of their roles; none for an account that cannot sign in.
    async fn absent(&self, account: Uuid, address: &str) -> Result<Option<Oneself>> {
        let roles = self.roles(account).await?;
        let me = roles.first().map(Oneself::from);
        Ok(me.map(|me| Oneself { address: address.to_owned(), ..me }))
    }

    /// Takes another name.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub async fn rename(&self, me: &Oneself, name: &str) -> Result<()> {
        let name = rules::line("name", "your name", name)?;
        if name == me.name {
            return Ok(());
        }
        let entry = me.entry(Event::AccountRenamed, "", "");
        Ok(self.store.rename_account(me.account, &name, (me.log, &entry), self.now()).await?)
    }

    /// Ends one of one's sessions, by its mark.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn end_session(&self, me: &Oneself, mark: &str) -> Result<()> {
        let sessions = self.store.sessions_of(me.account, self.alive()).await?;
        let found = sessions.into_iter().find(|info| info.token.mark() == mark).ok_or(Error::NotFound)?;
        self.store.revoke_session(me.account, found.token).await?;
        let entry = me.entry(Event::SessionsEnded, "", "1");
        Ok(self.store.append_log(me.log, &entry, self.now()).await?)
    }

    /// Ends all of one's sessions but the one that asks.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_other_sessions(&self, me: &Oneself, session: Option<TokenHash>) -> Result<()> {
        let ended = self.store.revoke_sessions(me.account, session).await?;
        let count = ended.to_string();
        let entry = me.entry(Event::SessionsEnded, "", &count);
        Ok(self.store.append_log(me.log, &entry, self.now()).await?)
    }

    async fn second_factor_view(&self, account: Uuid) -> Result<SecondFactorView> {
        let since = self.store.second_factor(account).await?.and_then(|factor| factor.confirmed_at);
        Ok(SecondFactorView {
            since,
            codes_left: self.store.recovery_codes_left(account).await?,
            asked: self.is_asked_anywhere(account).await?,
        })
    }
}

/// None for a session in which nobody is signed in, or not yet.
fn session_row(info: SessionInfo, here: Option<TokenHash>) -> Option<SessionRow> {
    let data: serde_json::Value = serde_json::from_str(&info.data).ok()?;
    data.get(Identity::KEY)?;
    let device: Device =
        data.get(Device::KEY).and_then(|d| serde_json::from_value(d.clone()).ok()).unwrap_or_default();
    let touched = data.get(TOUCHED).and_then(serde_json::Value::as_i64);
    let used = touched.and_then(chrono::DateTime::from_timestamp_millis).unwrap_or(info.created_at);
    Some(SessionRow {
        mark: info.token.mark(),
        device: device.words(),
        address: device.address,
        begun: info.created_at,
        used: used.max(info.created_at),
        here: here == Some(info.token),
    })
}
