//! Links that ask a customer's administrator to let Holdfast in.

use chrono::Duration;
use domain::access::PartnerAction;
use domain::connection::{ConsentLinkMade, ConsentLinkRow};
use store::consent::NewConsentLink;
use store::scope::{OrgScope, PartnerActor};
use store::token::TokenHash;
use uuid::Uuid;

use super::{entry, health, require};
use crate::consent::not_offered;
use crate::{Error, Event, Portal, Result, random_token};

/// How long a link is good, in days.
const LINK_DAYS: i64 = 7;

impl Portal {
    /// Makes a link for one customer. It is told this once.
    ///
    /// # Errors
    /// [`Error::Refused`] where the installation has no app to consent to, or the customer no Entra portal;
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn make_consent_link(&self, actor: &PartnerActor, id: Uuid) -> Result<ConsentLinkMade> {
        require(actor, PartnerAction::ManageCredentials)?;
        let org = self.customer(actor, id).await?;
        if !self.installation.offers_consent {
            return Err(not_offered());
        }
        health::entra_door(&org).map_err(Error::Refused)?;
        let token = random_token();
        let until = self.now() + Duration::days(LINK_DAYS);
        let object = id.to_string();
        let entry = entry(actor, Event::ConsentLinkMade, &object, "");
        let new = NewConsentLink {
            token: TokenHash::of(&token),
            made_by: actor.email.clone(),
            sent_to: None,
            expires_at: until,
        };
        self.store.create_consent_link(org.scope(), new, &entry, self.now()).await?;
        Ok(ConsentLinkMade {
            organization: id,
            organization_name: org.name,
            link: format!("/consent/{token}"),
            until,
            sent_to: None,
        })
    }

    /// Takes a link back that nobody has used.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not open any more; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn revoke_consent_link(&self, actor: &PartnerActor, id: Uuid, link: Uuid) -> Result<()> {
        require(actor, PartnerAction::ManageCredentials)?;
        let org = self.customer(actor, id).await?;
        let object = id.to_string();
        let entry = entry(actor, Event::ConsentLinkRevoked, &object, "");
        if self.store.revoke_consent_link(org.scope(), link, &entry, self.now()).await? {
            return Ok(());
        }
        Err(Error::Refused(
            "This link is not open any more: it was used, taken back, or has expired.".to_owned(),
        ))
    }

    /// The links of a customer, for those who see how its credentials stand; none where none can be made.
    pub(super) async fn listed_consent_links(
        &self,
        actor: &PartnerActor,
        scope: OrgScope,
    ) -> Result<Option<Vec<ConsentLinkRow>>> {
        if !self.installation.offers_consent || !actor.may(PartnerAction::SeeHealth) {
            return Ok(None);
        }
        Ok(Some(self.store.consent_links(scope, self.now()).await?))
    }
}
