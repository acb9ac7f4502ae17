//! Who a session belongs to, and how long it lives.

use std::time::Duration;

use domain::access::Action;
use domain::view::SessionView;
use serde::{Deserialize, Serialize};
use store::scope::Actor;
use store::sessions::Alive;
use uuid::Uuid;

use crate::{Portal, Result};

/// A session that is not used for so long ends.
pub const IDLE: Duration = Duration::from_secs(8 * 60 * 60);
/// A session ends after so long, however much it is used.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);
/// Use is noted no more often than this.
pub const TOUCH: Duration = Duration::from_secs(60);

/// What a session says of the person: who, in which organization. What they may do is read anew at every
/// request, so that a changed role applies at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub account: Uuid,
    pub organization: Uuid,
}

impl Identity {
    /// Under which name a session holds it.
    pub const KEY: &'static str = "identity";
}

impl From<&Actor> for Identity {
    fn from(actor: &Actor) -> Identity {
        Identity { account: actor.account, organization: actor.scope().organization() }
    }
}

impl Portal {
    /// Who asks: the person with the role that they have now. None when they have none any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn actor(&self, identity: Identity, address: &str) -> Result<Option<Actor>> {
        let actor = self.store.actor(identity.account, identity.organization).await?;
        Ok(actor.map(|actor| actor.from_address(address)))
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
            tenants: self.store.tenants(actor.scope()).await?,
        })
    }

    /// Which sessions live now.
    #[must_use]
    pub fn alive(&self) -> Alive {
        let now = self.now();
        Alive { now, begun_after: now - ABSOLUTE }
    }

    /// Removes what time has ended: sessions, and counts of failed sign-ins.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep(&self) -> Result<()> {
        self.store.delete_ended_sessions(self.alive()).await?;
        self.store.delete_old_attempts(self.now() - chrono::Duration::days(1)).await?;
        Ok(())
    }
}
