//! Features of the End-User Portal, switched at a plan, a partner or an organization.

use std::collections::BTreeMap;

use domain::access::PartnerAction;
use domain::audit::Detail;
use domain::feature::{Feature, FeatureLevel, FeatureRow, FeaturesView, Origin, read_setting, setting_words};
use store::features::{FeaturePlace, FeatureSettings};
use store::scope::PartnerActor;
use uuid::Uuid;

use super::{entry, require};
use crate::{Error, Event, Portal, Result};

impl Portal {
    /// What is switched on and off there, and where the rest comes from.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well; [`Error::Forbidden`].
    pub async fn features(
        &self,
        actor: &PartnerActor,
        level: FeatureLevel,
        id: Uuid,
    ) -> Result<FeaturesView> {
        require(actor, needs(level))?;
        let place = self.feature_place(actor, level, id).await?;
        let settings = self.store.feature_settings(actor.scope(), &place).await?;
        let rows = Feature::ALL.into_iter().map(|feature| row(feature, level, &settings)).collect();
        Ok(FeaturesView { level, id, name: place.name, rows })
    }

    /// Switches features: "on", "off", or anything else for what is inherited. What is not named stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for a feature that there is not.
    pub async fn set_features(
        &self,
        actor: &PartnerActor,
        level: FeatureLevel,
        id: Uuid,
        typed: &BTreeMap<String, String>,
    ) -> Result<()> {
        require(actor, PartnerAction::ManageFeatures)?;
        let place = self.feature_place(actor, level, id).await?;
        let before = self.store.feature_settings(actor.scope(), &place).await?.own;
        let mut changes = Vec::new();
        for (slug, setting) in typed {
            let feature = Feature::from_slug(slug).ok_or_else(|| {
                Error::invalid("features", format!("There is no feature {slug:?}. Nothing was changed."))
            })?;
            let (was, becomes) = (before.get(&feature).copied(), read_setting(setting));
            if was != becomes {
                changes.push((feature, was, becomes));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let detail = changes.iter().fold(Detail::default(), |detail, (feature, was, becomes)| {
            detail.change(feature.label(), setting_words(*was), setting_words(*becomes))
        });
        let (object, detail) = (id.to_string(), detail.line());
        let entry = entry(actor, Event::FeaturesChanged, &object, &detail);
        let settings: Vec<_> = changes.into_iter().map(|(feature, _, becomes)| (feature, becomes)).collect();
        Ok(self.store.set_features(&place, &settings, &entry, self.now()).await?)
    }

    async fn feature_place(
        &self,
        actor: &PartnerActor,
        level: FeatureLevel,
        id: Uuid,
    ) -> Result<FeaturePlace> {
        self.store.feature_place(actor.scope(), level, id).await?.ok_or(Error::NotFound)
    }
}

/// What looking asks of a role: a plan is a matter of money, all else of customers.
const fn needs(level: FeatureLevel) -> PartnerAction {
    match level {
        FeatureLevel::Plan => PartnerAction::SeeMoney,
        FeatureLevel::Partner | FeatureLevel::Organization => PartnerAction::SeeOrganizations,
    }
}

fn row(feature: Feature, level: FeatureLevel, settings: &FeatureSettings) -> FeatureRow {
    let inherited = settings.inherited.get(&feature);
    let from = match inherited.map(|r| r.origin) {
        Some(Origin::Plan) => match &settings.plan {
            Some(plan) => format!("from the plan {plan}"),
            None => "from the plan".to_owned(),
        },
        Some(Origin::Partner { above }) => {
            // A partner inherits from those above it: its own setting is not among them.
            let above = usize::from(above) + usize::from(level == FeatureLevel::Partner);
            match settings.partners.get(above) {
                Some(name) => format!("from {name}"),
                None => "from a partner above yours".to_owned(),
            }
        }
        _ => match level {
            FeatureLevel::Partner => "unless the plan says otherwise".to_owned(),
            _ => "from the start".to_owned(),
        },
    };
    FeatureRow {
        feature,
        own: settings.own.get(&feature).copied(),
        inherited: inherited.map_or(feature.default_on(), |r| r.on),
        from,
    }
}
