//! Looking after a customer in the customer's own portal.

use chrono::Duration;
use domain::access::PartnerAction;
use store::scope::{Actor, PartnerActor};
use uuid::Uuid;

use super::{entry, health, require};
use crate::session::{At, Identity};
use crate::{Error, Event, Portal, Result, rules};

/// A visit ends by itself after so long.
const LASTS: Duration = Duration::hours(1);

impl Portal {
    /// Enters a customer's portal for a while; the session becomes the visitor's.
    ///
    /// # Errors
    /// [`Error::Invalid`] without a reason; [`Error::Refused`] where there is no Entra portal.
    pub async fn begin_visit(&self, actor: &PartnerActor, id: Uuid, reason: &str) -> Result<Identity> {
        require(actor, PartnerAction::Visit)?;
        let org = self.customer(actor, id).await?;
        let reason = rules::line("reason", "why you enter", reason)?;
        health::entra_door(&org).map_err(Error::Refused)?;
        let now = self.now();
        let object = id.to_string();
        let entry = entry(actor, Event::VisitBegan, &object, &reason);
        let visit = self.store.begin_visit(actor, org.scope(), &reason, now + LASTS, &entry, now).await?;
        Ok(Identity { account: actor.account, at: At::Visit(visit), proved_twice: actor.proved_twice })
    }

    /// Leaves the customer's portal; the session becomes the partner's user's again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is no visitor.
    pub async fn end_visit(&self, actor: &Actor) -> Result<Identity> {
        let visit = actor.visit.as_ref().ok_or(Error::NotFound)?;
        self.store.end_visit(visit.id, self.now()).await?;
        self.audit(actor, Event::VisitEnded, &actor.scope().organization().to_string(), "").await?;
        Ok(Identity {
            account: actor.account,
            at: At::Partner(visit.partner),
            proved_twice: actor.proved_twice,
        })
    }

    /// Where somebody is whose visit has ended by itself: back at the partner, if the role there still holds; and which
    /// organization it was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn after_visit(&self, identity: Identity, address: &str) -> Result<Option<(Identity, Uuid)>> {
        let At::Visit(visit) = identity.at else { return Ok(None) };
        let Some((partner, organization)) = self.store.whereabouts(identity.account, visit).await? else {
            return Ok(None);
        };
        let back = Identity { at: At::Partner(partner), ..identity };
        Ok(self.who(back, address).await?.map(|_| (back, organization)))
    }
}
