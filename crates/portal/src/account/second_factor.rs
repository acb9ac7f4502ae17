//! Setting a second factor up, using it, and being rid of it.

use chrono::Duration;
use domain::access::PartnerAction;
use domain::account::{RecoveryCodes, SecondFactorSetUp};
use secrecy::SecretString;
use store::attempts::Attempt;
use store::scope::PartnerActor;
use store::token::TokenHash;
use uuid::Uuid;

use super::Oneself;
use super::code::{self, Typed};
use crate::partner::require;
use crate::{Error, Event, Portal, Result, limits};

/// A secret that was shown and not confirmed is shown again for so long: a form that came back with an error must not
/// bring another one.
const SHOWN_FOR: Duration = Duration::hours(1);

const WRONG: &str = "This code is not right, or was used already. Take the newest one that your app shows; if it stays \
                     wrong, check that the phone's clock is set by itself.";

impl Portal {
    /// What an authenticator app is given, to show under the name that the product has where the person is. Nothing
    /// is asked for until a code of it has been entered.
    ///
    /// # Errors
    /// [`Error::Refused`] when a second factor is set up already.
    pub async fn second_factor_set_up(&self, me: &Oneself) -> Result<SecondFactorSetUp> {
        let now = self.now();
        self.store.begin_second_factor(me.account, &code::new_secret(), now, now - SHOWN_FOR).await?;
        let factor = self.store.second_factor(me.account).await?.ok_or(Error::Stale)?;
        if factor.confirmed_at.is_some() {
            return Err(already());
        }
        let brand = self.store.brand(me.sender.partner()).await?;
        code::set_up(&factor.secret, &me.email, brand.name())
    }

    /// Makes it count, by a code that shows that the app has it. Other sessions end. The recovery codes are shown
    /// this once.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a wrong code; [`Error::Closed`] after too many.
    pub async fn confirm_second_factor(
        &self,
        me: &Oneself,
        typed: &str,
        session: Option<TokenHash>,
    ) -> Result<RecoveryCodes> {
        let factor = self.store.second_factor(me.account).await?.ok_or(Error::Stale)?;
        if factor.confirmed_at.is_some() {
            return Err(already());
        }
        self.count_code(me).await?;
        let Some(Typed::App(typed)) = Typed::read(typed) else {
            return Err(Error::invalid("code", "Enter the six figures that your app shows."));
        };
        let step = code::step_of(&factor.secret, &typed, self.now().timestamp())?;
        let step = step.ok_or_else(|| Error::invalid("code", WRONG))?;
        let codes = code::new_recovery_codes();
        let entry = me.entry(Event::SecondFactorSetUp, "", "");
        let kept =
            self.store.confirm_second_factor(me.account, step, &codes, (me.log, &entry), self.now()).await?;
        if !kept {
            return Err(already());
        }
        self.forgive_code(me).await?;
        self.store.revoke_sessions(me.account, session).await?;
        Ok(shown(&codes))
    }

    /// New recovery codes in place of those that are left.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a wrong code; [`Error::Closed`] after too many.
    pub async fn new_recovery_codes(&self, me: &Oneself, typed: &str) -> Result<RecoveryCodes> {
        self.take_code(me, typed).await?;
        let codes = code::new_recovery_codes();
        let entry = me.entry(Event::RecoveryCodesReplaced, "", "");
        self.store.replace_recovery_codes(me.account, &codes, (me.log, &entry), self.now()).await?;
        Ok(shown(&codes))
    }

    /// Switches the second factor off.
    ///
    /// # Errors
    /// [`Error::Refused`] where a partner asks for it; [`Error::Invalid`] for a wrong password or code.
    pub async fn remove_second_factor(
        &self,
        me: &Oneself,
        password: SecretString,
        typed: &str,
    ) -> Result<()> {
        if self.is_asked_anywhere(me.account).await? {
            return Err(Error::Refused(
                "Your provider asks everybody for a second factor, so it stays on. For another phone, make new \
                 recovery codes, or ask your administrator to reset it."
                    .to_owned(),
            ));
        }
        self.check_own_password(me, password, "password").await?;
        self.take_code(me, typed).await?;
        let entry = me.entry(Event::SecondFactorRemoved, "", "");
        self.store.remove_second_factor(me.account, (me.log, &entry), self.now()).await?;
        Ok(())
    }

    /// Takes somebody's second factor away, for one who has lost it: a user of the actor's branch, below the actor's
    /// own role. Somebody who has a role beyond the actor's reach as well is not the actor's to unlock.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] for nobody of the branch; [`Error::Refused`].
    pub async fn reset_second_factor(&self, actor: &PartnerActor, account: Uuid) -> Result<()> {
        require(actor, PartnerAction::ManageUsers)?;
        let (mut within, mut beyond, mut above) = (false, false, false);
        // Those that cannot be used for now as well: the second factor guards them when they can.
        let roles = self.store.every_role(account).await?;
        for (partner, role) in roles.partners {
            let here = partner == actor.scope().partner();
            above |= here && !actor.role.is_above(role);
            let reached = here || self.store.partner_below(actor.scope(), partner).await?.is_some();
            within |= reached;
            beyond |= !reached;
        }
        for organization in roles.organizations {
            let reached = self.store.organization_below(actor.scope(), organization).await?.is_some();
            within |= reached;
            beyond |= !reached;
        }
        if !within {
            return Err(Error::NotFound);
        }
        if above {
            return Err(Error::Refused(
                "You can reset the second factor of people below your own role. Ask somebody with a higher role."
                    .to_owned(),
            ));
        }
        if beyond {
            return Err(Error::Refused(
                "This person has a role elsewhere, too, which your reset would weaken. They can sign in with a recovery \
                 code and set a new second factor up themselves."
                    .to_owned(),
            ));
        }
        let me = Oneself::from(actor);
        let object = account.to_string();
        let entry = me.entry(Event::SecondFactorReset, &object, "");
        if !self.store.remove_second_factor(account, (me.log, &entry), self.now()).await? {
            return Err(Error::Refused("This person has no second factor set up.".to_owned()));
        }
        self.store.revoke_sessions(account, None).await?;
        Ok(())
    }

    /// Uses a code up, of the app or for recovery, counted like a sign-in.
    pub(super) async fn take_code(&self, me: &Oneself, typed: &str) -> Result<()> {
        let factor = self.store.second_factor(me.account).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
            return Err(Error::Refused("No second factor is set up.".to_owned()));
        };
        self.count_code(me).await?;
        let good = match Typed::read(typed) {
            Some(Typed::App(typed)) => match code::step_of(&factor.secret, &typed, self.now().timestamp())? {
                Some(step) => self.store.take_step(me.account, step).await?,
                None => false,
            },
            Some(Typed::Recovery(typed)) => {
                let good = self.store.take_recovery_code(me.account, &typed).await?;
                if good {
                    let entry = me.entry(Event::RecoveryCodeUsed, "", "");
                    self.store.append_log(me.log, &entry, self.now()).await?;
                }
                good
            }
            None => false,
        };
        if !good {
            let entry = me.entry(Event::SecondFactorFailed, "", "");
            self.store.append_log(me.log, &entry, self.now()).await?;
            return Err(Error::invalid("code", WRONG));
        }
        self.forgive_code(me).await
    }

    async fn count_code(&self, me: &Oneself) -> Result<()> {
        let now = self.now();
        match self.store.take_attempt(&limits::second_factor(me.account, &me.address), now).await? {
            Attempt::Open { .. } => Ok(()),
            Attempt::Closed(until) => Err(Error::Closed { until, now }),
        }
    }

    async fn forgive_code(&self, me: &Oneself) -> Result<()> {
        let [pair, account] = limits::second_factor(me.account, &me.address);
        self.store.forgive_attempt(&[account]).await?;
        Ok(self.store.clear_attempts(&pair.name).await?)
    }
}

fn shown(codes: &[String]) -> RecoveryCodes {
    RecoveryCodes(codes.iter().map(|code| code::spaced(code)).collect())
}

fn already() -> Error {
    Error::Refused("A second factor is set up already. Switch it off first to set up another one.".to_owned())
}
