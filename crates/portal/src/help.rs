//! Whom to ask, and where the data lies.

use domain::help::HelpFacts;
use store::scope::{Actor, PartnerActor};

use crate::{Portal, Result};

impl Portal {
    /// What the help pages say to a partner's people beside the guide: they ask the partner above.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_help(&self, actor: &PartnerActor) -> Result<HelpFacts> {
        Ok(self.facts(self.store.provider_above(actor.scope()).await?))
    }

    /// The same for an organization's people: they ask the partner that looks after them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn help(&self, actor: &Actor) -> Result<HelpFacts> {
        Ok(self.facts(Some(self.store.provider_of(actor.scope()).await?)))
    }

    fn facts(&self, provider: Option<(String, Option<String>)>) -> HelpFacts {
        let (provider, support) = provider.map_or((None, None), |(name, support)| (Some(name), support));
        HelpFacts { provider, support, data_location: self.installation.data_location.clone() }
    }
}
