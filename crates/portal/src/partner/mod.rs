//! What a partner's people do: plans, organizations, subscriptions, visits, the audit log.

mod audit;
mod billing;
mod branch;
mod branding;
mod bulk;
mod consent;
mod csv;
mod dashboard;
mod features;
mod health;
pub(crate) mod organizations;
mod plans;
mod subscription;
mod transfer;
mod visit;

use domain::access::PartnerAction;
use domain::partner::{PartnerOption, PartnerSessionView};
use store::audit::Entry;
use store::organizations::Organization;
use store::scope::{PartnerActor, PartnerScope};
use uuid::Uuid;

pub use branch::{NewPartner, PartnerForm};
pub use bulk::ToBackUp;
pub use organizations::{NewOrganization, is_mark};
pub use plans::NewPlan;
pub use transfer::Proposal;

use crate::{Error, Event, Portal, Result};

impl Portal {
    /// What the frame around the partner's pages shows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_session_view(&self, actor: &PartnerActor) -> Result<PartnerSessionView> {
        Ok(PartnerSessionView {
            name: actor.name.clone(),
            email: actor.email.clone(),
            partner: actor.partner_name.clone(),
            role: actor.role.label().to_owned(),
            may: PartnerAction::ALL.into_iter().filter(|what| actor.may(*what)).collect(),
            has_branch: self.store.branch(actor.scope()).await?.len() > 1,
            has_others: self.store.has_several_roles(actor.account).await?,
            brand: self.store.brand(actor.scope()).await?,
        })
    }

    /// The organization of that id in the actor's branch. A stranger's is answered like one that does not exist.
    pub(crate) async fn customer(&self, actor: &PartnerActor, id: Uuid) -> Result<Organization> {
        self.store.organization_below(actor.scope(), id).await?.ok_or(Error::NotFound)
    }

    /// The partner of that id in the actor's branch, as somebody typed it.
    async fn partner_of_branch(
        &self,
        actor: &PartnerActor,
        id: &str,
    ) -> Result<(PartnerScope, PartnerOption)> {
        let missing = || Error::invalid("partner", "Choose a partner from the list.");
        let id: Uuid = id.parse().map_err(|_| missing())?;
        let scope = self.store.partner_below(actor.scope(), id).await?.ok_or_else(missing)?;
        let branch = self.store.branch(actor.scope()).await?;
        Ok((scope, branch.into_iter().find(|p| p.id == id).ok_or_else(missing)?))
    }
}

/// # Errors
/// [`Error::Forbidden`] when the actor's role does not include it.
pub(crate) fn require(actor: &PartnerActor, what: PartnerAction) -> Result<()> {
    if actor.may(what) { Ok(()) } else { Err(Error::Forbidden) }
}

/// An entry of the audit log; the object is filled in by whoever knows it.
pub(crate) fn entry<'a>(
    actor: &'a PartnerActor,
    event: Event,
    object: &'a str,
    detail: &'a str,
) -> Entry<'a> {
    Entry { actor: &actor.email, event: event.slug(), object, detail, address: &actor.address }
}
