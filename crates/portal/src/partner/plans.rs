//! Plans.

use domain::access::PartnerAction;
use domain::partner::PlansPage;
use domain::price_plan::{Periodicity, PlanError, PlanKind, PlanTerms, plan_currency, plan_name, plan_price};
use domain::product::ProductType;
use domain::seats::ProtectionRule;
use store::plans::PlanDeleted;
use store::scope::PartnerActor;
use uuid::Uuid;

use super::{entry, require};
use crate::{Error, Event, Portal, Result};

/// A plan as it was typed.
#[derive(Clone, Debug)]
pub struct NewPlan {
    pub partner: String,
    pub name: String,
    pub product: String,
    pub currency: String,
    pub price: String,
    pub periodicity: String,
    pub kind: String,
    /// Who takes a seat.
    pub rule: String,
}

impl Portal {
    /// The plans of the actor's branch, and what the form for a new one offers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plans(&self, actor: &PartnerActor) -> Result<PlansPage> {
        require(actor, PartnerAction::SeeMoney)?;
        Ok(PlansPage {
            plans: self.store.plans(actor.scope()).await?,
            partners: self.store.branch(actor.scope()).await?,
        })
    }

    /// Creates a plan.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Forbidden`].
    pub async fn create_plan(&self, actor: &PartnerActor, new: NewPlan) -> Result<Uuid> {
        require(actor, PartnerAction::ManagePlans)?;
        let (scope, partner) = self.partner_of_branch(actor, &new.partner).await?;
        let at = |field| move |why: PlanError| Error::invalid(field, why.to_string());
        let name = plan_name(&new.name).map_err(at("name"))?;
        let product = ProductType::from_slug(&new.product)
            .ok_or_else(|| Error::invalid("product", "Choose a product type from the list."))?;
        if product.has_entra() && !partner.entra {
            return Err(Error::invalid("product", partner.no_entra()));
        }
        let currency = plan_currency(&new.currency).map_err(at("currency"))?;
        let terms = PlanTerms {
            product,
            currency,
            price_minor: plan_price(&new.price, currency).map_err(at("price"))?,
            periodicity: Periodicity::from_slug(&new.periodicity)
                .ok_or_else(|| Error::invalid("periodicity", "Choose monthly or yearly."))?,
            kind: PlanKind::from_slug(&new.kind)
                .ok_or_else(|| Error::invalid("kind", "Choose how the plan is sold."))?,
        };
        let rule = ProtectionRule::from_slug(&new.rule)
            .ok_or_else(|| Error::invalid("rule", "Choose who takes a seat."))?;
        let detail = format!("{name}: {}, {}", product.label(), terms.summary());
        let new = store::plans::NewPlan { name, terms, rule };
        let entry = entry(actor, Event::PlanCreated, "", &detail);
        Ok(self.store.create_plan(scope, new, &entry, self.now()).await?)
    }

    /// Takes a plan out of sale, or puts it back. Organizations that are on it stay on it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn set_plan_archived(&self, actor: &PartnerActor, id: Uuid, archived: bool) -> Result<()> {
        require(actor, PartnerAction::ManagePlans)?;
        let event = if archived { Event::PlanArchived } else { Event::PlanOffered };
        let entry = entry(actor, event, "", "");
        let found = self.store.set_plan_archived(actor.scope(), id, archived, &entry, self.now()).await?;
        if found { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Deletes a plan that no organization is or ever was on. Histories and bills name the others: those are archived.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] when it is or was used.
    pub async fn delete_plan(&self, actor: &PartnerActor, id: Uuid) -> Result<()> {
        require(actor, PartnerAction::ManagePlans)?;
        let entry = entry(actor, Event::PlanDeleted, "", "");
        match self.store.delete_plan(actor.scope(), id, &entry, self.now()).await? {
            PlanDeleted::Gone => Ok(()),
            PlanDeleted::Unknown => Err(Error::NotFound),
            PlanDeleted::Used => Err(Error::Refused(
                "An organization is on this plan, or was once: its history and its bills name it, so it is kept. \
                 Archive it instead, and it is not offered any more."
                    .to_owned(),
            )),
        }
    }
}
