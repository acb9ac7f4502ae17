//! Sign-in with Microsoft, beside passwords.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Duration, Utc};
use domain::account::{MicrosoftProblem, MicrosoftRow};
use graph::oidc::{NotSignedIn, Oidc, Pending, Person, Prompt};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::microsoft::MicrosoftId;
use url::Url;
use uuid::Uuid;

use crate::account::{Oneself, Passed};
use crate::{Error, Event, Portal, Result};

/// How long somebody may stay at Microsoft's page.
const PATIENCE: Duration = Duration::minutes(15);

/// The installation's own registration at Microsoft.
#[derive(Debug)]
pub struct Microsoft {
    oidc: Oidc,
    return_address: String,
}

impl Microsoft {
    /// The client of the registration; for consent links as well.
    #[must_use]
    pub fn oidc(&self) -> &Oidc {
        &self.oidc
    }

    /// Where people come back to after signing in; it has to be registered at Microsoft.
    #[must_use]
    pub fn return_address(&self) -> &str {
        &self.return_address
    }
}

/// What somebody goes to Microsoft's page for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To sign in, and to go on at that path of ours.
    SignIn { next: Option<String> },
    /// To link the Microsoft account to the account of that id.
    Link(Uuid),
}

/// Somebody's way to Microsoft and back, as the session keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journey {
    pending: Pending,
    /// Microsoft's page.
    pub page: String,
    pub purpose: Purpose,
    begun: DateTime<Utc>,
}

impl Journey {
    /// Under which name a session holds it.
    pub const KEY: &'static str = "microsoft";
}

impl Portal {
    /// The same, where people can sign in with Microsoft as well; `public_url` is the address that people type.
    #[must_use]
    pub fn with_microsoft(mut self, oidc: Oidc, public_url: &Url) -> Portal {
        let root = public_url.as_str().trim_end_matches('/');
        let return_address = format!("{root}/signin/microsoft/return");
        self.microsoft = Some(Arc::new(Microsoft { oidc, return_address }));
        self
    }

    /// The registration, where the installation has one.
    #[must_use]
    pub fn microsoft(&self) -> Option<&Microsoft> {
        self.microsoft.as_deref()
    }

    /// Begins a way to Microsoft's page to sign in.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the installation has no registration.
    pub fn go_to_microsoft(&self, next: Option<String>) -> Result<Journey> {
        self.journey(Purpose::SignIn { next })
    }

    /// Begins a way to Microsoft's page to link an account there; the password shows that it is the owner who asks.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a wrong password; [`Error::NotFound`] where the installation has no registration.
    pub async fn go_and_link_microsoft(&self, me: &Oneself, password: SecretString) -> Result<Journey> {
        self.check_own_password(me, password, "own_password").await?;
        self.journey(Purpose::Link(me.account))
    }

    fn journey(&self, purpose: Purpose) -> Result<Journey> {
        let microsoft = self.microsoft().ok_or(Error::NotFound)?;
        let (page, pending) =
            microsoft.oidc.begin(&microsoft.return_address, Prompt::SelectAccount).map_err(|error| {
                tracing::error!(%error, "the address of Microsoft's page could not be made");
                Error::Microsoft(MicrosoftProblem::Failed)
            })?;
        Ok(Journey { pending, page: page.into(), purpose, begun: self.now() })
    }

    /// Who came back from Microsoft.
    ///
    /// # Errors
    /// [`Error::Microsoft`] with what was wrong.
    pub async fn back_from_microsoft(&self, journey: &Journey, state: &str, code: &str) -> Result<Person> {
        let microsoft = self.microsoft().ok_or(Error::NotFound)?;
        let now = self.now();
        if !journey.pending.is_answered_by(state) || now - journey.begun > PATIENCE {
            return Err(Error::Microsoft(MicrosoftProblem::Stale));
        }
        microsoft.oidc.finish(&journey.pending, code, SystemTime::from(now)).await.map_err(|error| {
            match error {
                NotSignedIn::Authority(error) => tracing::warn!(%error, "Microsoft did not redeem a code"),
                NotSignedIn::Token(flaw) => tracing::warn!(%flaw, "an id token was refused"),
            }
            Error::Microsoft(MicrosoftProblem::Failed)
        })
    }

    /// Signs in whoever the Microsoft account is linked to. A second factor at Microsoft counts when Microsoft says
    /// that there was one.
    ///
    /// # Errors
    /// [`Error::Microsoft`].
    pub async fn sign_in_with_microsoft(&self, person: &Person, address: &str) -> Result<Passed> {
        let Some(account) = self.store.account_by_microsoft(id_of(person)).await? else {
            tracing::info!(address, "a Microsoft account that is linked to nobody");
            return Err(Error::Microsoft(MicrosoftProblem::Unknown));
        };
        let roles = self.roles(account.id).await?;
        if roles.is_empty() {
            return Err(Error::Microsoft(MicrosoftProblem::NoRole));
        }
        self.arrive(&account, &roles, person.has_mfa, address).await
    }

    /// Links a Microsoft account to one's own.
    ///
    /// # Errors
    /// [`Error::Microsoft`] when it is linked already.
    pub async fn link_microsoft(&self, me: &Oneself, person: &Person) -> Result<()> {
        let id = id_of(person);
        let object = object(id);
        let entry = me.entry(Event::MicrosoftLinked, &object, "");
        let record = (me.log(), &entry);
        match self.store.link_microsoft(me.account, id, &person.username, record, self.now()).await {
            Err(store::Error::Taken(_)) => Err(Error::Microsoft(MicrosoftProblem::Taken)),
            other => Ok(other?),
        }
    }

    /// Takes a link away; the password stays as a way in.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn unlink_microsoft(&self, me: &Oneself, directory: Uuid, object_id: Uuid) -> Result<()> {
        let id = MicrosoftId { directory, object: object_id };
        let object = object(id);
        let entry = me.entry(Event::MicrosoftUnlinked, &object, "");
        let gone = self.store.unlink_microsoft(me.account, id, (me.log(), &entry), self.now()).await?;
        if gone { Ok(()) } else { Err(Error::NotFound) }
    }

    pub(crate) async fn microsoft_rows(&self, account: Uuid) -> Result<Vec<MicrosoftRow>> {
        let linked = self.store.microsoft_identities(account).await?;
        let row = |identity: store::microsoft::MicrosoftIdentity| MicrosoftRow {
            directory: identity.id.directory,
            object: identity.id.object,
            username: identity.username,
            linked: identity.linked_at,
        };
        Ok(linked.into_iter().map(row).collect())
    }
}

fn id_of(person: &Person) -> MicrosoftId {
    MicrosoftId { directory: person.directory, object: person.object }
}

/// In the log: by ids, which outlive a name and tell nobody who it is.
fn object(id: MicrosoftId) -> String {
    format!("{}/{}", id.directory, id.object)
}
