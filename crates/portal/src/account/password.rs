//! Another password, and a forgotten one.

use secrecy::SecretString;
use store::token::TokenHash;

use super::Oneself;
use crate::{Event, Portal, Result, rules};

impl Portal {
    /// Takes another password. Every other session ends.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for the wrong current one (`current`) or a new one that cannot be used (`password`).
    pub async fn change_password(
        &self,
        me: &Oneself,
        current: SecretString,
        new: SecretString,
        session: Option<TokenHash>,
    ) -> Result<()> {
        rules::password(&new, &[&me.name, &me.email])?;
        self.check_own_password(me, current, "current").await?;
        let hash = self.hasher.hash(new).await?;
        let entry = me.entry(Event::PasswordChanged, "", "");
        self.store.change_password(me.account, &hash, session, (me.log, &entry), self.now()).await?;
        Ok(())
    }
}
