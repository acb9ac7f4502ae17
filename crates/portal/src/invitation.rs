//! Taking up a role by a single-use link.

use domain::partner::InvitationView;
use secrecy::SecretString;
use store::audit::Entry;
use store::invitations::Place;
use store::people::Home;
use store::token::TokenHash;

use crate::account::Passed;
use crate::session::{At, Identity};
use crate::{Error, Event, Portal, Result};

impl Portal {
    /// What a link asks.
    ///
    /// # Errors
    /// [`Error::InvitationSpent`].
    pub async fn invitation(&self, token: &str) -> Result<InvitationView> {
        let found =
            self.store.invitation(TokenHash::of(token), self.now()).await?.ok_or(Error::InvitationSpent)?;
        let role = match found.place {
            Place::Organization(_, role) => role.label(),
            Place::Partner(_, role) => role.label(),
        };
        Ok(InvitationView {
            name: found.name,
            email: found.email,
            to: found.place_name,
            role: role.to_owned(),
            is_known: found.is_known,
        })
    }

    /// Spends a link. Somebody without an account chooses a password; whoever has one proves it with the one they
    /// have.
    ///
    /// # Errors
    /// [`Error::InvitationSpent`]; [`Error::Invalid`] for a password that cannot be used, or is not the one.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: SecretString,
        address: &str,
    ) -> Result<Passed> {
        let hash = TokenHash::of(token);
        let found = self.store.invitation(hash, self.now()).await?.ok_or(Error::InvitationSpent)?;
        if let Place::Organization(scope, _) = found.place {
            self.lets_in(Home::Organization(scope)).await?;
        }
        let new = if found.is_known {
            self.prove(&found.email, password, address).await?;
            None
        } else {
            Some(self.new_account(&found.name, &found.email, password, &found.place_name).await?)
        };
        let entry =
            Entry { actor: "", event: Event::InvitationAccepted.slug(), object: "", detail: "", address };
        let (account, place) = self
            .store
            .accept_invitation(hash, new, &entry, self.now())
            .await?
            .ok_or(Error::InvitationSpent)?;
        let at = match place {
            Place::Organization(scope, _) => At::Organization(scope.organization()),
            Place::Partner(scope, _) => At::Partner(scope.partner()),
        };
        let identity = Identity { account, at, proved_twice: false };
        let who = self.role(identity, address).await?.ok_or(Error::NoRole)?;
        self.pass(account, &[who], false).await
    }
}
