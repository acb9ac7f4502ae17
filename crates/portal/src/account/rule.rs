//! A partner who asks a second factor of its people, its customers' people and everybody below.

use domain::access::PartnerAction;
use domain::account::SecondFactorRuleView;
use store::scope::PartnerActor;

use super::Oneself;
use crate::partner::require;
use crate::{Error, Event, Portal, Result};

impl Portal {
    /// Who asks the actor's people for a second factor.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn second_factor_rule(&self, actor: &PartnerActor) -> Result<SecondFactorRuleView> {
        require(actor, PartnerAction::ManageSettings)?;
        let rule = self.store.second_factor_rule(actor.scope()).await?;
        Ok(SecondFactorRuleView { own: rule.own, above: rule.above, ready: actor.proved_twice })
    }

    /// Asks for it from now on, or no longer. Sessions without one end with their next request.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Refused`] to somebody who would shut themselves out.
    pub async fn ask_second_factor(&self, actor: &PartnerActor, on: bool) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        if on && !actor.proved_twice {
            return Err(Error::Refused(
                "Set your own second factor up first, under Your account: asking everybody for one would sign you out."
                    .to_owned(),
            ));
        }
        let me = Oneself::from(actor);
        let event = if on { Event::SecondFactorAsked } else { Event::SecondFactorNotAsked };
        let object = actor.scope().partner().to_string();
        let entry = me.entry(event, &object, "");
        Ok(self.store.set_second_factor_rule(actor.scope(), on, &entry, self.now()).await?)
    }
}
