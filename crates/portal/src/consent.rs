//! An organization's own admin connects a directory by consent: with a link like the partner's, which never leaves
//! the browser's session.

use chrono::Duration;
use domain::access::Action;
use store::audit::Entry;
use store::consent::NewConsentLink;
use store::scope::Actor;
use store::token::TokenHash;

use crate::{Error, Event, Portal, Result, random_token};

/// How long somebody who stands before the page may take, in hours.
const HOURS: i64 = 1;

impl Portal {
    /// Makes a link for the actor's own organization, to go on with at once.
    ///
    /// # Errors
    /// [`Error::Refused`] where the installation has no app to consent to; [`Error::Forbidden`], [`Error::Off`].
    pub async fn own_consent_link(&self, actor: &Actor) -> Result<String> {
        actor.check(Action::Connect)?;
        if !self.installation.offers_consent {
            return Err(not_offered());
        }
        let token = random_token();
        let object = actor.scope().organization().to_string();
        let by = actor.signature();
        let entry = Entry {
            actor: &by,
            event: Event::ConsentLinkMade.slug(),
            object: &object,
            detail: "",
            address: &actor.address,
        };
        let new = NewConsentLink {
            token: TokenHash::of(&token),
            made_by: actor.email.clone(),
            sent_to: None,
            expires_at: self.now() + Duration::hours(HOURS),
            mail: None,
        };
        self.store.create_consent_link(actor.scope(), new, &entry, self.now()).await?;
        Ok(token)
    }
}

/// Says who can change that.
pub(crate) fn not_offered() -> Error {
    Error::Refused(
        "This installation has no app of its own to consent to. Its operator sets HOLDFAST_APP_CLIENT_ID and HOLDFAST_APP_SECRET; until then, connect with an app registration of the customer."
            .to_owned(),
    )
}
