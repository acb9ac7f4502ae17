//! Links that ask a customer's administrator to let Holdfast in.

use chrono::Duration;
use domain::access::PartnerAction;
use domain::connection::{ConsentLinkMade, ConsentLinkRow};
use store::consent::NewConsentLink;
use store::organizations::Organization;
use store::outbox::Mail;
use store::scope::{OrgScope, PartnerActor, Sender};
use uuid::Uuid;

use super::{entry, health, require};
use crate::consent::not_offered;
use crate::links::FreshLink;
use crate::mail::Message;
use crate::{Error, Event, Portal, Result, rules};

/// How long a link is good, in days.
const LINK_DAYS: i64 = 7;

impl Portal {
    /// Makes a link for one customer, and sends it to the administrator's address `to`; where that is empty, the link is
    /// told, this once.
    ///
    /// # Errors
    /// [`Error::Refused`] where the installation has no app to consent to, or the customer no Entra portal;
    /// [`Error::Invalid`] for an address that cannot be written to; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn make_consent_link(
        &self,
        actor: &PartnerActor,
        id: Uuid,
        to: &str,
    ) -> Result<ConsentLinkMade> {
        require(actor, PartnerAction::ManageCredentials)?;
        let org = self.customer(actor, id).await?;
        if !self.installation.offers_consent {
            return Err(not_offered());
        }
        health::entra_door(&org).map_err(Error::Refused)?;
        let sent_to = match to.trim() {
            "" => None,
            typed => Some(rules::email(typed)?),
        };
        let link = self.fresh_link("/consent/", Duration::days(LINK_DAYS));
        let until = link.until;
        let mail = match &sent_to {
            Some(to) => Some(self.consent_mail(actor, &org, to, &link).await?),
            None => None,
        };
        let (link, shown) = link.sent_by(mail);
        let object = id.to_string();
        let detail = sent_to.as_ref().map(|to| format!("mailed to {to}")).unwrap_or_default();
        let entry = entry(actor, Event::ConsentLinkMade, &object, &detail);
        let new = NewConsentLink {
            token: link.token,
            made_by: actor.email.clone(),
            sent_to: sent_to.clone(),
            expires_at: until,
            mail: link.mail,
        };
        self.store.create_consent_link(org.scope(), new, &entry, self.now()).await?;
        Ok(ConsentLinkMade { organization: id, organization_name: org.name, link: shown, until, sent_to })
    }

    async fn consent_mail(
        &self,
        actor: &PartnerActor,
        org: &Organization,
        to: &str,
        link: &FreshLink,
    ) -> Result<Mail> {
        let message = Message::ConsentLink {
            organization: &org.name,
            by: &actor.name,
            link: &link.path,
            until: link.until,
        };
        let sender = Sender::Organization(org.scope());
        let mail = self.mail(sender, "administrator", to, &message, Some(link.until)).await?;
        mail.ok_or_else(|| {
            let message = "No mail can be sent from here. Leave it empty, and send the link yourself.";
            Error::invalid("email", message)
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
