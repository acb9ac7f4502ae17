//! From the first proof to being signed in: whether a second one is asked for, and what is between the two.

use chrono::{DateTime, Duration, Utc};
use domain::account::{Need, RecoveryCodes, SecondFactorSetUp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Oneself;
use crate::session::{At, Identity, Who};
use crate::{Error, Event, Portal, Result};

/// How long somebody may take between the two.
const PATIENCE: Duration = Duration::minutes(15);

/// Somebody who has signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    pub identity: Identity,
    /// Whether they have other roles to choose from.
    pub several: bool,
}

/// Somebody whose first proof was good and who still owes a second. A session that holds it is signed in nowhere: it
/// opens the page that asks, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Half {
    pub account: Uuid,
    at: At,
    several: bool,
    since: DateTime<Utc>,
}

impl Half {
    /// Under which name a session holds it.
    pub const KEY: &'static str = "half";
}

/// What the first proof came to.
#[derive(Clone, Copy, Debug)]
pub enum Passed {
    In(SignedIn),
    Half(Half),
}

impl Portal {
    /// Decides whether somebody who gave a first proof is in. `roles` are those that they may go on in, the first
    /// first; `twice` says that they gave a second one as well.
    pub(crate) async fn pass(&self, account: Uuid, roles: &[Who], twice: bool) -> Result<Passed> {
        let first = roles.first().ok_or(Error::NoRole)?.identity();
        let several = roles.len() > 1;
        let is_owed = !twice && (self.has_second_factor(account).await? || self.asks_any(roles).await?);
        if is_owed {
            return Ok(Passed::Half(Half { account, at: first.at, several, since: self.now() }));
        }
        Ok(Passed::In(SignedIn { identity: Identity { proved_twice: twice, ..first }, several }))
    }

    /// What somebody half signed in owes; none when they took too long, and begin again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn need(&self, half: &Half) -> Result<Option<Need>> {
        let age = self.now() - half.since;
        if age > PATIENCE || self.store.account(half.account).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(if self.has_second_factor(half.account).await? { Need::Code } else { Need::SetUp }))
    }

    /// The second proof: a code of the app, or a recovery code.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a code that is not good; [`Error::Closed`] after too many; [`Error::Stale`].
    pub async fn prove_again(&self, half: &Half, code: &str, address: &str) -> Result<SignedIn> {
        self.owes(half, Need::Code).await?;
        let (me, identity) = self.half_person(half, address).await?;
        self.take_code(&me, code).await?;
        self.enter(&me).await?;
        Ok(SignedIn { identity, several: half.several })
    }

    /// What somebody sets a second factor up with before they are let in.
    ///
    /// # Errors
    /// [`Error::Stale`].
    pub async fn half_set_up(&self, half: &Half) -> Result<SecondFactorSetUp> {
        self.owes(half, Need::SetUp).await?;
        let (me, _) = self.half_person(half, "").await?;
        self.second_factor_set_up(&me).await
    }

    /// Sets the second factor up that was asked for, and lets the person in.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a code that is not good; [`Error::Closed`] after too many; [`Error::Stale`].
    pub async fn half_confirm(
        &self,
        half: &Half,
        code: &str,
        address: &str,
    ) -> Result<(SignedIn, RecoveryCodes)> {
        self.owes(half, Need::SetUp).await?;
        let (me, identity) = self.half_person(half, address).await?;
        let codes = self.confirm_second_factor(&me, code, None).await?;
        self.enter(&me).await?;
        Ok((SignedIn { identity, several: half.several }, codes))
    }

    async fn owes(&self, half: &Half, what: Need) -> Result<()> {
        if self.need(half).await? == Some(what) { Ok(()) } else { Err(Error::Stale) }
    }

    /// Who it is, and who they will be; the role may be gone meanwhile.
    async fn half_person(&self, half: &Half, address: &str) -> Result<(Oneself, Identity)> {
        let identity = Identity { account: half.account, at: half.at, proved_twice: true };
        let who = self.role(identity, address).await?.ok_or(Error::NoRole)?;
        Ok((Oneself::from(&who), identity))
    }

    async fn enter(&self, me: &Oneself) -> Result<()> {
        let entry = me.entry(Event::SignIn, "", "");
        Ok(self.store.append_log(me.log, &entry, self.now()).await?)
    }

    async fn has_second_factor(&self, account: Uuid) -> Result<bool> {
        Ok(self.store.second_factor(account).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
    }

    /// Whether the role asks for a second factor.
    pub(crate) async fn asks_second_factor(&self, who: &Who) -> Result<bool> {
        Ok(match who {
            Who::Organization(actor) => self.store.organization_asks_second_factor(actor).await?,
            Who::Partner(actor) => self.store.partner_asks_second_factor(actor).await?,
        })
    }

    async fn asks_any(&self, roles: &[Who]) -> Result<bool> {
        for who in roles {
            if self.asks_second_factor(who).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) async fn is_asked_anywhere(&self, account: Uuid) -> Result<bool> {
        self.asks_any(&self.roles(account).await?).await
    }
}
