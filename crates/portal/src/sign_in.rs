//! Sign-in by e-mail and password.

use secrecy::{ExposeSecret, SecretString};
use store::accounts::{Account, fold_email};
use store::attempts::Attempt;

use crate::account::{Oneself, Passed};
use crate::password::Verdict;
use crate::session::{Identity, Who};
use crate::{Error, Event, Portal, Result, limits, rules};

impl Portal {
    /// Signs somebody in, in the first of their roles, or as far as the question for a second factor.
    ///
    /// Whether the e-mail is known shows neither in the answer nor in the time it takes.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`]; [`Error::Closed`] after too many of them; [`Error::NoRole`].
    pub async fn sign_in(&self, email: &str, password: SecretString, address: &str) -> Result<Passed> {
        let (account, roles) = self.check_password(email, password, address).await?;
        self.arrive(&account, &roles, false, address).await
    }

    /// Lets in somebody whose first proof was good. `twice`: the second one came with it.
    pub(crate) async fn arrive(
        &self,
        account: &Account,
        roles: &[Who],
        twice: bool,
        address: &str,
    ) -> Result<Passed> {
        let passed = self.pass(account.id, roles, twice).await?;
        if matches!(passed, Passed::In(_)) {
            self.audit_stranger(roles.first(), &account.email, Event::SignIn, address).await?;
        }
        Ok(passed)
    }

    /// The account behind an e-mail and its password, with its roles, of which there is one at least. Counted.
    async fn check_password(
        &self,
        email: &str,
        password: SecretString,
        address: &str,
    ) -> Result<(Account, Vec<Who>)> {
        let email = fold_email(email);
        let limits = limits::sign_in(&email, address);
        let now = self.now();
        let last = match self.store.take_attempt(&limits, now).await? {
            Attempt::Open { last } => last,
            Attempt::Closed(until) => {
                tracing::warn!(address, "sign-in refused: too many failures");
                return Err(Error::Closed { until, now });
            }
        };

        // What cannot be anybody's password is not hashed, but takes as long.
        let possible = password.expose_secret().chars().count() <= *rules::PASSWORD.end();
        let password = if possible { password } else { SecretString::from("") };
        let account = self.store.account_by_email(&email).await?;
        let hash = account.as_ref().map(|a| a.password_hash.clone());
        let verdict = self.hasher.verify(password.clone(), hash).await?;
        let roles = match &account {
            Some(account) => self.roles(account.id).await?,
            None => Vec::new(),
        };

        if verdict == Verdict::Wrong {
            let event = if last { Event::SignInClosed } else { Event::SignInFailed };
            self.audit_stranger(roles.first(), &email, event, address).await?;
            tracing::info!(address, closed = last, "sign-in failed");
            return Err(Error::WrongCredentials);
        }
        self.store.forgive_attempt(&limits[1..]).await?;
        self.store.clear_attempts(&limits[0].name).await?;
        let (Some(account), false) = (account, roles.is_empty()) else {
            self.audit_stranger(None, &email, Event::SignInFailed, address).await?;
            return Err(Error::NoRole);
        };
        if verdict == Verdict::RightButStale {
            let hash = self.hasher.hash(password).await?;
            self.store.set_password_hash(account.id, &account.password_hash, &hash).await?;
        }
        Ok((account, roles))
    }

    /// Notes that somebody left. The session itself is ended by whoever holds it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sign_out(&self, identity: Identity, address: &str) -> Result<()> {
        match self.who(identity, address).await? {
            Some(Who::Organization(actor)) => self.audit(&actor, Event::SignOut, "", "").await,
            Some(Who::Partner(actor)) => self.audit_partner(&actor, Event::SignOut).await,
            None => Ok(()),
        }
    }

    /// Checks the password of somebody who has an account, counted like a sign-in.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not the one; [`Error::Closed`] after too many.
    pub(crate) async fn prove(&self, email: &str, password: SecretString, address: &str) -> Result<()> {
        match self.check_password(email, password, address).await {
            Err(Error::WrongCredentials) => Err(Error::invalid(
                "password",
                "This is not the password of your account. You have one already; enter its password.",
            )),
            Err(Error::NoRole) | Ok(_) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Checks the password of somebody who is signed in, counted like a sign-in.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `field` when it is not the one; [`Error::Closed`] after too many.
    pub(crate) async fn check_own_password(
        &self,
        me: &Oneself,
        password: SecretString,
        field: &'static str,
    ) -> Result<()> {
        match self.check_password(&me.email, password, me.address()).await {
            Err(Error::WrongCredentials) => {
                Err(Error::invalid(field, "This is not your password. Nothing was changed."))
            }
            Err(Error::NoRole) | Ok(_) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Prepares what the first sign-in would otherwise wait for.
    ///
    /// # Errors
    /// When nothing can be hashed.
    pub async fn warm_up(&self) -> Result<()> {
        self.hasher.warm_up().await
    }
}
