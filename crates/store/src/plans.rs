//! Plans: what a partner sells.

use chrono::{DateTime, Utc};
use domain::fold;
use domain::money::Currency;
use domain::partner::{PlanCell, PlanRow};
use domain::price_plan::{Periodicity, PlanKind, PlanTerms};
use domain::product::ProductType;
use domain::seats::ProtectionRule;
use sea_orm::sea_query::{Condition, Expr, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{feature_setting, organization, partner, plan, subscription_event};
use crate::partners::branch_ids;
use crate::scope::{OrgScope, PartnerScope};
use crate::{Error, Result, Store};

/// A plan to create.
#[derive(Clone, Debug)]
pub struct NewPlan {
    pub name: String,
    pub terms: PlanTerms,
    pub rule: ProtectionRule,
}

/// What came of deleting a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanDeleted {
    Gone,
    /// An organization is or was on it; it is as before.
    Used,
    /// The branch has no such plan.
    Unknown,
}

impl Store {
    /// The plans of the branch, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plans(&self, scope: PartnerScope) -> Result<Vec<PlanRow>> {
        let db = self.db().read();
        let plans = plan::Entity::find()
            .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)))
            .order_by_asc(plan::Column::Sort)
            .order_by_asc(plan::Column::Id)
            .all(db)
            .await?;
        let partners: HashMap<Uuid, String> = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m.name))
            .collect();
        let counted: Vec<(Uuid, i64)> = organization::Entity::find()
            .select_only()
            .column(organization::Column::PlanId)
            .column_as(organization::Column::Id.count(), "n")
            .filter(organization::Column::PlanId.is_in(plans.iter().map(|m| m.id)))
            .group_by(organization::Column::PlanId)
            .into_tuple()
            .all(db)
            .await?;
        let counted: HashMap<Uuid, i64> = counted.into_iter().collect();
        let past: Vec<Uuid> = subscription_event::Entity::find()
            .select_only()
            .column(subscription_event::Column::PlanId)
            .distinct()
            .filter(
                subscription_event::Column::PlanId
                    .is_in(plans.iter().map(|m| m.id).filter(|id| !counted.contains_key(id))),
            )
            .into_tuple()
            .all(db)
            .await?;
        let past: HashSet<Uuid> = past.into_iter().collect();
        plans
            .into_iter()
            .map(|m| {
                Ok(PlanRow {
                    id: m.id,
                    partner: partners.get(&m.partner_id).cloned().unwrap_or_default(),
                    partner_id: m.partner_id,
                    organizations: counted.get(&m.id).copied().unwrap_or(0),
                    used: counted.contains_key(&m.id) || past.contains(&m.id),
                    archived: m.archived_at.is_some(),
                    terms: terms(&m)?,
                    name: m.name,
                })
            })
            .collect()
    }

    /// The plans of the branch that can be sold, with the partner that each belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plans_on_sale(&self, scope: PartnerScope) -> Result<Vec<(Uuid, PlanCell)>> {
        plan::Entity::find()
            .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(on_sale())
            .order_by_asc(plan::Column::Sort)
            .order_by_asc(plan::Column::Id)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| Ok((m.partner_id, cell(m)?)))
            .collect()
    }

    /// The plans that an organization's own partner has on sale.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plans_for(&self, scope: OrgScope) -> Result<Vec<PlanCell>> {
        plan::Entity::find()
            .filter(plan::Column::PartnerId.eq(scope.partner()))
            .filter(on_sale())
            .order_by_asc(plan::Column::Sort)
            .order_by_asc(plan::Column::Id)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(cell)
            .collect()
    }

    /// Creates a plan of the partner.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_plan(
        &self,
        scope: PartnerScope,
        new: NewPlan,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let tx = self.db().begin().await?;
        plan::Entity::insert(plan::ActiveModel {
            id: Set(id),
            partner_id: Set(scope.partner()),
            sort: Set(fold::fold(&new.name)),
            name: Set(new.name),
            product: Set(new.terms.product.slug().to_owned()),
            currency: Set(new.terms.currency.code().to_owned()),
            price: Set(new.terms.price_minor),
            periodicity: Set(new.terms.periodicity.slug().to_owned()),
            kind: Set(new.terms.kind.slug().to_owned()),
            rule: Set(new.rule.slug().to_owned()),
            archived_at: Set(None),
            created_at: Set(now.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, scope, &Entry { object: &id.to_string(), ..*entry }, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes a plan out of sale, or puts it back. False when the branch has no such plan.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_plan_archived(
        &self,
        scope: PartnerScope,
        id: Uuid,
        archived: bool,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let Some(found) = plan::Entity::find_by_id(id)
            .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)))
            .one(&tx)
            .await?
        else {
            return Ok(false);
        };
        plan::Entity::update_many()
            .filter(plan::Column::Id.eq(id))
            .col_expr(plan::Column::ArchivedAt, Expr::value(archived.then(|| now.timestamp_millis())))
            .exec(&tx)
            .await?;
        let (object, owner) = (id.to_string(), PartnerScope::new(found.partner_id));
        let entry = Entry { object: &object, detail: &found.name, ..*entry };
        audit::append_in(&tx, owner, &entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes a plan that no organization is or ever was on, with what was set at it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_plan(
        &self,
        scope: PartnerScope,
        id: Uuid,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<PlanDeleted> {
        let tx = self.db().begin().await?;
        // Held, so that whoever is just putting an organization on it is waited for, and counted.
        let Some(found) = plan::Entity::find_by_id(id)
            .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)))
            .lock(LockType::Update)
            .one(&tx)
            .await?
        else {
            return Ok(PlanDeleted::Unknown);
        };
        let has = organization::Entity::find().filter(organization::Column::PlanId.eq(id)).count(&tx).await?;
        let had = subscription_event::Entity::find()
            .filter(subscription_event::Column::PlanId.eq(id))
            .count(&tx)
            .await?;
        if has + had > 0 {
            return Ok(PlanDeleted::Used);
        }
        feature_setting::Entity::delete_many()
            .filter(feature_setting::Column::Owner.eq(id))
            .exec(&tx)
            .await?;
        plan::Entity::delete_by_id(id).exec(&tx).await?;
        let terms = terms(&found)?;
        let detail = format!("{}: {}, {}", found.name, terms.product.label(), terms.summary());
        let (object, owner) = (id.to_string(), PartnerScope::new(found.partner_id));
        audit::append_in(&tx, owner, &Entry { object: &object, detail: &detail, ..*entry }, now).await?;
        tx.commit().await?;
        Ok(PlanDeleted::Gone)
    }
}

/// Not archived, and without Entra where its partner may not sell that any more.
pub(crate) fn on_sale() -> Condition {
    let sells_entra = partner::Entity::find()
        .select_only()
        .column(partner::Column::Id)
        .filter(partner::Column::Entra.eq(1))
        .into_query();
    let without = ProductType::ALL.into_iter().filter(|p| !p.has_entra()).map(ProductType::slug);
    Condition::all()
        .add(plan::Column::ArchivedAt.is_null())
        .add(plan::Column::Product.is_in(without).or(plan::Column::PartnerId.in_subquery(sells_entra)))
}

pub(crate) fn cell(m: plan::Model) -> Result<PlanCell> {
    Ok(PlanCell { id: m.id, terms: terms(&m)?, rule: rule(&m.rule)?, name: m.name })
}

pub(crate) fn rule(slug: &str) -> Result<ProtectionRule> {
    ProtectionRule::from_slug(slug).ok_or(Error::Inconsistent("plan"))
}

pub(crate) fn terms(m: &plan::Model) -> Result<PlanTerms> {
    let broken = || Error::Inconsistent("plan");
    Ok(PlanTerms {
        product: ProductType::from_slug(&m.product).ok_or_else(broken)?,
        currency: Currency::from_code(&m.currency).ok_or_else(broken)?,
        price_minor: m.price,
        periodicity: Periodicity::from_slug(&m.periodicity).ok_or_else(broken)?,
        kind: PlanKind::from_slug(&m.kind).ok_or_else(broken)?,
    })
}
