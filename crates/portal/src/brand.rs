//! How a page looks to whoever has it before them.

use domain::brand::BrandView;
use store::brands::NewPicture;
use store::invitations::Place;
use store::token::TokenHash;
use uuid::Uuid;

use crate::session::Who;
use crate::{Portal, Result};

/// Who looks at a page.
#[derive(Clone, Copy, Debug)]
pub enum Onlooker<'a> {
    /// Somebody who is signed in; a visitor sees what the customer sees.
    Somebody(&'a Who),
    /// Whoever holds the link of an invitation.
    Invited(&'a str),
    /// Whoever holds a link to consent with.
    Asked(&'a str),
    Anybody,
}

impl Portal {
    /// How pages look to them. Whoever is not known, or holds a link that is spent, is at the partner who runs the
    /// installation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand(&self, onlooker: Onlooker<'_>) -> Result<BrandView> {
        let known = match onlooker {
            Onlooker::Somebody(Who::Partner(actor)) => Some(self.store.brand(actor.scope()).await?),
            Onlooker::Somebody(Who::Organization(actor)) => Some(self.store.brand_of(actor.scope()).await?),
            Onlooker::Invited(token) => {
                match self.store.invitation(TokenHash::of(token), self.now()).await?.map(|i| i.place) {
                    Some(Place::Partner(scope, _)) => Some(self.store.brand(scope).await?),
                    Some(Place::Organization(scope, _)) => Some(self.store.brand_of(scope).await?),
                    None => None,
                }
            }
            Onlooker::Asked(token) => {
                match self.store.consent_link(TokenHash::of(token), self.now()).await? {
                    Some(link) => Some(self.store.brand_of(link.scope()).await?),
                    None => None,
                }
            }
            Onlooker::Anybody => None,
        };
        match (known, self.store.root_partner().await?) {
            (Some(brand), _) => Ok(brand),
            (None, Some(root)) => Ok(self.store.brand(root).await?),
            (None, None) => Ok(BrandView::default()),
        }
    }

    /// A picture of somebody's brand, for everybody.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand_picture(&self, id: Uuid) -> Result<Option<NewPicture>> {
        Ok(self.store.brand_picture(id).await?)
    }
}
