//! A partner's users in their customers' portals.

use chrono::{DateTime, Utc};
use domain::partner::VisitRow;
use domain::people::{CustomerVisit, VisitDeed};
use domain::subscription::BackupEffect;
use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::entity::{account, audit as audit_entry, organization, partner, visit};
use crate::organizations::{self, escaped};
use crate::scope::{Actor, OrgScope, PartnerActor, Visit};
use crate::time::instant;
use crate::{Error, Result, Store, features};

/// The most visits of a list, and the most that is listed of each.
const VISITS: u64 = 50;
const DEEDS: u64 = 200;

impl Store {
    /// Begins a visit.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_visit(
        &self,
        actor: &PartnerActor,
        to: OrgScope,
        reason: &str,
        until: DateTime<Utc>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let tx = self.db().begin().await?;
        visit::Entity::insert(visit::ActiveModel {
            id: Set(id),
            account_id: Set(actor.account),
            partner_id: Set(actor.scope().partner()),
            organization_id: Set(to.organization()),
            log_id: Set(to.partner()),
            reason: Set(reason.to_owned()),
            began_at: Set(now.timestamp_millis()),
            until: Set(until.timestamp_millis()),
            ended_at: Set(None),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, to, entry, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Ends a visit; twice is as good as once.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_visit(&self, id: Uuid, now: DateTime<Utc>) -> Result<()> {
        visit::Entity::update_many()
            .filter(visit::Column::Id.eq(id))
            .filter(visit::Column::EndedAt.is_null())
            .col_expr(visit::Column::EndedAt, Expr::value(now.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// From which partner the person visits or visited, and which organization.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn whereabouts(&self, account: Uuid, visit: Uuid) -> Result<Option<(Uuid, Uuid)>> {
        let found = visit::Entity::find_by_id(visit)
            .filter(visit::Column::AccountId.eq(account))
            .one(self.db().read())
            .await?;
        Ok(found.map(|m| (m.partner_id, m.organization_id)))
    }

    /// The visitor, as long as the visit lasts, the visitor's role at the partner allows it, the organization lies in
    /// the partner's branch, and its backups run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn visitor(&self, account: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<Option<Actor>> {
        let db = self.db().read();
        let found = visit::Entity::find_by_id(id)
            .filter(visit::Column::AccountId.eq(account))
            .filter(visit::Column::EndedAt.is_null())
            .filter(visit::Column::Until.gt(now.timestamp_millis()))
            .one(db)
            .await?;
        let Some(m) = found else { return Ok(None) };
        let Some(partner) = self.partner_actor(account, m.partner_id).await? else { return Ok(None) };
        let Some(rights) = partner.role.as_visitor() else { return Ok(None) };
        let Some(org) = self.organization_below(partner.scope(), m.organization_id).await? else {
            return Ok(None);
        };
        // Where backups have stopped there is nothing to look after, and the customer may want nobody in.
        if org.state.effects().backups == BackupEffect::Stop || org.visits_off_since.is_some() {
            return Ok(None);
        }
        let visit = Visit {
            id,
            partner: partner.scope().partner(),
            partner_name: partner.partner_name,
            reason: m.reason,
            until: instant(m.until),
            rights,
        };
        let scope = org.scope();
        let features = features::features_in(db, scope, org.product()).await?;
        let actor = Actor::new(account, partner.name, partner.email, org.name, rights.role, features, scope);
        Ok(Some(actor.visiting(visit)))
    }

    /// Forbids visits to the organization, or allows them. Those that run end at once. False when it is so already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_visits_forbidden(
        &self,
        scope: OrgScope,
        forbidden: bool,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let model = organizations::locked(&tx, scope).await?;
        if model.visits_off_at.is_some() == forbidden {
            return Ok(false);
        }
        let mut row: organization::ActiveModel = model.into();
        row.visits_off_at = Set(forbidden.then(|| now.timestamp_millis()));
        row.update(&tx).await?;
        if forbidden {
            end_in(&tx, scope, now).await?;
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Since when the organization forbids visits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn visits_forbidden_since(&self, scope: OrgScope) -> Result<Option<DateTime<Utc>>> {
        let found = organization::Entity::find_by_id(scope.organization()).one(self.db().read()).await?;
        Ok(found.and_then(|m| m.visits_off_at).map(instant))
    }

    /// The organization's visits with what was done in each, as its own people read them; newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn customer_visits(&self, scope: OrgScope, now: DateTime<Utc>) -> Result<Vec<CustomerVisit>> {
        let db = self.db().read();
        let rows = visit::Entity::find()
            .filter(visit::Column::OrganizationId.eq(scope.organization()))
            .order_by_desc(visit::Column::BeganAt)
            .limit(VISITS)
            .all(db)
            .await?;
        let broken = || Error::Inconsistent("visit");
        let people: HashMap<Uuid, account::Model> = account::Entity::find()
            .filter(account::Column::Id.is_in(rows.iter().map(|m| m.account_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m))
            .collect();
        let partners: HashMap<Uuid, String> = partner::Entity::find()
            .filter(partner::Column::Id.is_in(rows.iter().map(|m| m.partner_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m.name))
            .collect();
        let mut visits = Vec::with_capacity(rows.len());
        for m in rows {
            let visitor = people.get(&m.account_id).ok_or_else(broken)?;
            let until = m.ended_at.unwrap_or(m.until);
            // The log names the visitor first and the customer last.
            let who = format!("{} (%), visiting {}", escaped(&visitor.email), scope.organization());
            let deeds = audit_entry::Entity::find()
                .filter(audit_entry::Column::PartnerId.eq(m.log_id))
                .filter(audit_entry::Column::OrganizationId.eq(scope.organization()))
                .filter(audit_entry::Column::At.between(m.began_at, until))
                .filter(audit_entry::Column::Actor.like(LikeExpr::new(who).escape('\\')))
                .order_by_asc(audit_entry::Column::Number)
                .limit(DEEDS)
                .all(db)
                .await?;
            visits.push(CustomerVisit {
                visitor: visitor.name.clone(),
                partner: partners.get(&m.partner_id).cloned().ok_or_else(broken)?,
                reason: m.reason,
                began: instant(m.began_at),
                until: instant(until),
                is_running: m.ended_at.is_none() && m.until > now.timestamp_millis(),
                deeds: self
                    .audit_rows(deeds)
                    .await?
                    .into_iter()
                    .map(|d| VisitDeed {
                        at: d.at,
                        event: d.event,
                        detail: d.detail.unwrap_or_default().to_string(),
                    })
                    .collect(),
            });
        }
        Ok(visits)
    }

    /// The organization's visits while it was its partner's, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn visits(&self, scope: OrgScope) -> Result<Vec<VisitRow>> {
        let db = self.db().read();
        let rows = visit::Entity::find()
            .filter(visit::Column::OrganizationId.eq(scope.organization()))
            // Those of before a transfer are another partner's affair.
            .filter(visit::Column::LogId.eq(scope.partner()))
            .order_by_desc(visit::Column::BeganAt)
            .limit(100)
            .all(db)
            .await?;
        let names: HashMap<Uuid, String> = account::Entity::find()
            .filter(account::Column::Id.is_in(rows.iter().map(|m| m.account_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m.name))
            .collect();
        rows.into_iter()
            .map(|m| {
                Ok(VisitRow {
                    visitor: names.get(&m.account_id).cloned().ok_or(Error::Inconsistent("visit"))?,
                    reason: m.reason,
                    began: instant(m.began_at),
                    until: instant(m.ended_at.unwrap_or(m.until)),
                })
            })
            .collect()
    }
}

/// Ends the visits that run.
pub(crate) async fn end_in(tx: &Tx, scope: OrgScope, now: DateTime<Utc>) -> Result<()> {
    visit::Entity::update_many()
        .filter(visit::Column::OrganizationId.eq(scope.organization()))
        .filter(visit::Column::EndedAt.is_null())
        .filter(visit::Column::Until.gt(now.timestamp_millis()))
        .col_expr(visit::Column::EndedAt, Expr::value(now.timestamp_millis()))
        .exec(tx)
        .await?;
    Ok(())
}
