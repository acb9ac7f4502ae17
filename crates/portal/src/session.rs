//! Who a session belongs to, and how long it lives.

use std::time::Duration;

use domain::access::Action;
use domain::feature::Feature;
use domain::partner::MembershipView;
use domain::view::{SessionView, VisitView};
use serde::{Deserialize, Serialize};
use store::people::Home;
use store::scope::{Actor, PartnerActor};
use store::sessions::Alive;
use uuid::Uuid;

use crate::account::Passed;
use crate::sweep::Troubles;
use crate::{Error, Portal, Result};

/// A session that is not used for so long ends.
pub const IDLE: Duration = Duration::from_secs(8 * 60 * 60);
/// A session ends after so long, however much it is used.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);
/// Use is noted no more often than this.
pub const TOUCH: Duration = Duration::from_secs(60);

/// When a session was last known to be in use, in milliseconds since 1970, under this name in the session.
pub const TOUCHED: &str = "touched";
/// Under which name a session keeps when it began, in milliseconds: it ends twelve hours later under whatever name.
pub const BEGAN: &str = "began";

/// What a session says of the person: who, and in which role. What they may do is read anew at every
/// request, so that a changed role applies at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub account: Uuid,
    pub at: At,
    /// Whether a second factor was asked of them when they signed in.
    #[serde(default)]
    pub proved_twice: bool,
}

/// Where somebody has the role in which they are signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum At {
    Organization(Uuid),
    Partner(Uuid),
    /// A partner's user in a customer's portal; the visit's id.
    Visit(Uuid),
}

impl Identity {
    /// Under which name a session holds it.
    pub const KEY: &'static str = "identity";
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody of an organization, or a visitor there.
    Organization(Actor),
    Partner(PartnerActor),
}

impl Who {
    #[must_use]
    pub fn identity(&self) -> Identity {
        match self {
            Who::Organization(actor) => Identity {
                account: actor.account,
                at: match &actor.visit {
                    Some(visit) => At::Visit(visit.id),
                    None => At::Organization(actor.scope().organization()),
                },
                proved_twice: actor.proved_twice,
            },
            Who::Partner(actor) => Identity {
                account: actor.account,
                at: At::Partner(actor.scope().partner()),
                proved_twice: actor.proved_twice,
            },
        }
    }

    fn proved(self, twice: bool) -> Who {
        match self {
            Who::Organization(actor) => Who::Organization(actor.proved(twice)),
            Who::Partner(actor) => Who::Partner(actor.proved(twice)),
        }
    }
}

impl Portal {
    /// Who asks: the person with the role that they have now. None when they have none any more, the organization's
    /// subscription keeps its people out, or the role asks for a second factor that they were not asked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn who(&self, identity: Identity, address: &str) -> Result<Option<Who>> {
        let Some(who) = self.role(identity, address).await? else { return Ok(None) };
        let is_enough = identity.proved_twice || !self.asks_second_factor(&who).await?;
        Ok(is_enough.then(|| who.proved(identity.proved_twice)))
    }

    /// The role alone.
    pub(crate) async fn role(&self, identity: Identity, address: &str) -> Result<Option<Who>> {
        let organization = |actor: Option<Actor>| actor.map(|a| Who::Organization(a.from_address(address)));
        Ok(match identity.at {
            At::Organization(id) => organization(self.store.actor(identity.account, id).await?),
            At::Visit(id) => organization(self.store.visitor(identity.account, id, self.now()).await?),
            At::Partner(id) => {
                let actor = self.store.partner_actor(identity.account, id).await?;
                actor.map(|a| Who::Partner(a.from_address(address)))
            }
        })
    }

    /// Notes that somebody is here, in the role that they have taken up. A visitor is here in the partner's.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_seen(&self, who: &Who) -> Result<()> {
        let (home, account) = match who {
            Who::Organization(actor) if actor.visit.is_some() => return Ok(()),
            Who::Organization(actor) => (Home::Organization(actor.scope()), actor.account),
            Who::Partner(actor) => (Home::Partner(actor.scope()), actor.account),
        };
        Ok(self.store.note_seen(home, account, self.now()).await?)
    }

    /// Every role of a person: those at partners first, then by age.
    pub(crate) async fn roles(&self, account: Uuid) -> Result<Vec<Who>> {
        let mut all: Vec<Who> =
            self.store.partner_actors(account).await?.into_iter().map(Who::Partner).collect();
        all.extend(self.store.actors(account).await?.into_iter().map(Who::Organization));
        Ok(all)
    }

    /// The roles among which a person can choose.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn memberships(&self, account: Uuid) -> Result<Vec<MembershipView>> {
        let view = |who| match who {
            Who::Organization(actor) => MembershipView {
                id: actor.scope().organization(),
                name: actor.organization_name,
                role: actor.role.label().to_owned(),
                is_partner: false,
            },
            Who::Partner(actor) => MembershipView {
                id: actor.scope().partner(),
                name: actor.partner_name,
                role: actor.role.label().to_owned(),
                is_partner: true,
            },
        };
        Ok(self.roles(account).await?.into_iter().map(view).collect())
    }

    /// Takes up another of one's roles. Where that one asks for more proof than there was, it is asked for first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the person has no such role.
    pub async fn choose(&self, now: Identity, id: Uuid, partner: bool, address: &str) -> Result<Passed> {
        let at = if partner { At::Partner(id) } else { At::Organization(id) };
        let wanted = Identity { at, ..now };
        let who = self.role(wanted, address).await?.ok_or(Error::NotFound)?;
        self.pass(now.account, &[who], now.proved_twice).await
    }

    /// What the frame around every page shows of the actor.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session_view(&self, actor: &Actor) -> Result<SessionView> {
        Ok(SessionView {
            name: actor.name.clone(),
            email: actor.email.clone(),
            organization: actor.organization_name.clone(),
            role: actor.role.label().to_owned(),
            may: Action::ALL.into_iter().filter(|what| actor.may(*what)).collect(),
            off: Feature::ALL.into_iter().filter(|f| actor.check_feature(*f).is_err()).collect(),
            tenants: self.store.tenants(actor.scope()).await?,
            visit: actor.visit.as_ref().map(|visit| VisitView {
                partner: visit.partner_name.clone(),
                reason: visit.reason.clone(),
                until: visit.until,
            }),
            consent: self.installation.offers_consent,
            has_others: actor.visit.is_none() && self.store.has_several_roles(actor.account).await?,
            brand: self.store.brand_of(actor.scope()).await?,
        })
    }

    /// Which sessions live now.
    #[must_use]
    pub fn alive(&self) -> Alive {
        let now = self.now();
        Alive { now, begun_after: now - ABSOLUTE }
    }

    /// Does what time brings: ends sessions and counts of failed sign-ins, renews and erases subscriptions, notes what people want to
    /// know of.
    ///
    /// # Errors
    /// The first thing that went wrong, after everything else was done all the same.
    pub async fn sweep(&self) -> Result<()> {
        let mut troubles = Troubles::default();
        let yesterday = self.now() - chrono::Duration::days(1);
        troubles.note("ending sessions", self.store.delete_ended_sessions(self.alive()).await);
        troubles.note("forgetting failed sign-ins", self.store.delete_old_attempts(yesterday).await);
        troubles.note("forgetting requests", self.sweep_tokens().await);
        troubles.note("forgetting mail", self.sweep_mail().await);
        self.sweep_subscriptions(&mut troubles).await;
        self.sweep_notices(&mut troubles).await;
        troubles.end()
    }
}
