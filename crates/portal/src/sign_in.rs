//! Sign-in by e-mail and password.

use secrecy::{ExposeSecret, SecretString};
use store::accounts::fold_email;
use store::attempts::Attempt;
use store::scope::Actor;

use crate::password::Verdict;
use crate::{Error, Event, Portal, Result, limits, rules};

impl Portal {
    /// Signs somebody in, as a member of the organization that they joined first.
    ///
    /// Whether the e-mail is known shows neither in the answer nor in the time it takes.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`]; [`Error::Closed`] after too many of them; [`Error::NoRole`].
    pub async fn sign_in(&self, email: &str, password: SecretString, address: &str) -> Result<Actor> {
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
        let actors = match &account {
            Some(account) => self.store.actors(account.id).await?,
            None => Vec::new(),
        };

        if verdict == Verdict::Wrong {
            let event = if last { Event::SignInClosed } else { Event::SignInFailed };
            self.audit_stranger(actors.first(), &email, event, address).await?;
            tracing::info!(address, closed = last, "sign-in failed");
            return Err(Error::WrongCredentials);
        }
        self.store.forgive_attempt(&limits[1..]).await?;
        self.store.clear_attempts(&limits[0].name).await?;
        let (Some(account), Some(actor)) = (account, actors.into_iter().next()) else {
            self.audit_stranger(None, &email, Event::SignInFailed, address).await?;
            return Err(Error::NoRole);
        };
        if verdict == Verdict::RightButStale {
            let hash = self.hasher.hash(password).await?;
            self.store.set_password_hash(account.id, &hash).await?;
        }
        let actor = actor.from_address(address);
        self.audit(&actor, Event::SignIn, "", "").await?;
        Ok(actor)
    }

    /// Notes that somebody left. The session itself is ended by whoever holds it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        self.audit(actor, Event::SignOut, "", "").await
    }

    /// Prepares what the first sign-in would otherwise wait for.
    ///
    /// # Errors
    /// When nothing can be hashed.
    pub async fn warm_up(&self) -> Result<()> {
        self.hasher.warm_up().await
    }
}
