//! The set-up of an empty installation, by a link that works once and for an hour.

use chrono::Duration;
use domain::access::{OrgRole, PartnerRole};
use secrecy::SecretString;
use store::accounts::NewAccount;
use store::scope::{Actor, OrgScope, PartnerActor, PartnerScope};
use store::setup::FirstOwner;
use store::token::TokenHash;

use crate::links::PrintedLink;
use crate::session::{Identity, Who};
use crate::{Error, Portal, Result, random_token, rules};

/// How long a link is good for, in hours.
const HOURS: i64 = 1;

/// What the first person enters.
#[derive(Debug)]
pub struct SetUp {
    pub token: String,
    pub name: String,
    pub email: String,
    pub password: SecretString,
    pub organization: String,
}

impl Portal {
    /// A new link, if nobody can sign in yet. Whoever reads it owns the installation.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_up_link(&self) -> Result<Option<PrintedLink>> {
        if self.store.count_accounts().await? > 0 {
            return Ok(None);
        }
        let token = random_token();
        let now = self.now();
        let until = now + Duration::hours(HOURS);
        let kept = self.store.create_setup_link(TokenHash::of(&token), until, now).await?;
        Ok(kept.then_some(PrintedLink { token, until }))
    }

    /// Spends a link: creates the installation's partner, its first organization, and the person who owns
    /// them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what cannot be used; [`Error::LinkSpent`].
    pub async fn set_up(&self, form: SetUp, address: &str) -> Result<Identity> {
        let token = TokenHash::of(&form.token);
        // Before anything is hashed for a stranger.
        if !self.store.setup_link_is_open(token, self.now()).await? {
            return Err(Error::LinkSpent);
        }
        let organization = rules::line("organization", "the organization's name", &form.organization)?;
        let account = self.new_account(&form.name, &form.email, form.password, &organization).await?;
        let first = FirstOwner { account, organization };
        let actor = self.store.set_up(token, first, address, self.now()).await?.ok_or(Error::LinkSpent)?;
        tracing::info!(organization = %actor.organization_name, "set up");
        Ok(Who::Organization(actor).identity())
    }

    /// Creates somebody with a role in the organization.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what cannot be used, a taken e-mail among it.
    pub async fn create_account(
        &self,
        scope: OrgScope,
        name: &str,
        email: &str,
        password: SecretString,
        role: OrgRole,
    ) -> Result<Actor> {
        let account = self.new_account(name, email, password, "").await?;
        match self.store.create_account(scope, account, role, self.now()).await {
            Err(store::Error::Taken(_)) => {
                Err(Error::invalid("email", "Somebody has an account with this e-mail already."))
            }
            other => Ok(other?),
        }
    }

    /// Creates somebody with a role at the partner.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what cannot be used, a taken e-mail among it.
    pub async fn create_partner_account(
        &self,
        scope: PartnerScope,
        name: &str,
        email: &str,
        password: SecretString,
        role: PartnerRole,
    ) -> Result<PartnerActor> {
        let account = self.new_account(name, email, password, "").await?;
        match self.store.create_partner_account(scope, account, role, self.now()).await {
            Err(store::Error::Taken(_)) => {
                Err(Error::invalid("email", "Somebody has an account with this e-mail already."))
            }
            other => Ok(other?),
        }
    }

    pub(crate) async fn new_account(
        &self,
        name: &str,
        email: &str,
        password: SecretString,
        organization: &str,
    ) -> Result<NewAccount> {
        let name = rules::line("name", "your name", name)?;
        let email = rules::email(email)?;
        rules::password(&password, &[&name, &email, organization])?;
        let password_hash = self.hasher.hash(password).await?;
        Ok(NewAccount { email, name, password_hash })
    }
}
