//! Visits, as the customer sees and allows them.

use domain::access::Action;
use domain::people::VisitsPage;
use store::audit::Entry;
use store::scope::Actor;

use crate::{Event, Portal, Result};

impl Portal {
    /// Who of the partner was in the organization's portal, why, and what they did there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn customer_visits(&self, actor: &Actor) -> Result<VisitsPage> {
        actor.check(Action::See)?;
        Ok(VisitsPage {
            forbidden_since: self.store.visits_forbidden_since(actor.scope()).await?,
            may_decide: actor.may(Action::DecideVisits),
            visits: self.store.customer_visits(actor.scope(), self.now()).await?,
        })
    }

    /// Forbids visits, which ends those that run, or allows them again.
    ///
    /// # Errors
    /// `Error::Forbidden` for everybody but a Full Admin of the organization's own.
    pub async fn decide_visits(&self, actor: &Actor, forbidden: bool) -> Result<()> {
        actor.check(Action::DecideVisits)?;
        let event = if forbidden { Event::VisitsForbidden } else { Event::VisitsAllowed };
        let (who, object) = (actor.signature(), actor.scope().organization().to_string());
        let entry =
            Entry { actor: &who, event: event.slug(), object: &object, detail: "", address: &actor.address };
        self.store.set_visits_forbidden(actor.scope(), forbidden, &entry, self.now()).await?;
        Ok(())
    }
}
