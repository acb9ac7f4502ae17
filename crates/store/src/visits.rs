//! A partner's users in their customers' portals.

use chrono::{DateTime, Utc};
use domain::partner::VisitRow;
use domain::subscription::BackupEffect;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{account, visit};
use crate::scope::{Actor, OrgScope, PartnerActor, Visit};
use crate::time::instant;
use crate::{Error, Result, Store, features};

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
        // Where backups have stopped there is nothing to look after.
        if org.state.effects().backups == BackupEffect::Stop {
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
        let features = features::features_in(db, scope, org.plan.as_ref().map(|plan| plan.id)).await?;
        let actor = Actor::new(account, partner.name, partner.email, org.name, rights.role, features, scope);
        Ok(Some(actor.visiting(visit)))
    }

    /// The organization's visits, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn visits(&self, scope: OrgScope) -> Result<Vec<VisitRow>> {
        let db = self.db().read();
        let rows = visit::Entity::find()
            .filter(visit::Column::OrganizationId.eq(scope.organization()))
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
