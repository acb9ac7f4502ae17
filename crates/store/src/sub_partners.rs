//! The partners of a branch: what stands below whom, and what a partner above makes, changes and closes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::access::PartnerRole;
use domain::subscription::State;
use domain::transfer::TransferState;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{invitation, organization, partner, partner_branch, partner_member, session, transfer};
use crate::invitations::{self, NewInvitation, Place};
use crate::partners::{self, branch_ids};
use crate::scope::{OrgScope, PartnerScope};
use crate::time::instant;
use crate::token::NewLink;
use crate::{Error, Result, Store};

/// A partner of a branch.
#[derive(Clone, Debug)]
pub struct Partner {
    pub id: Uuid,
    pub parent: Option<Uuid>,
    pub number: i64,
    pub name: String,
    pub entra: bool,
    pub support_email: Option<String>,
    pub email_portal: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Its own organizations, those that are erased left out.
    pub organizations: i64,
    /// The seats of those that are backed up.
    pub seats: i64,
    /// Whether nobody can sign in as its Owner.
    pub is_ownerless: bool,
    scope: PartnerScope,
}

impl Partner {
    #[must_use]
    pub const fn scope(&self) -> PartnerScope {
        self.scope
    }
}

/// A partner to create, with the link for its Owner.
#[derive(Clone, Debug)]
pub struct NewPartner<'a> {
    pub name: &'a str,
    pub support_email: Option<&'a str>,
    pub email_portal: Option<&'a str>,
    pub owner: NewLink,
    pub owner_name: &'a str,
    /// Folded to lower case.
    pub owner_email: &'a str,
}

/// What of a partner can be changed.
#[derive(Clone, Debug)]
pub struct PartnerDetails {
    pub name: String,
    pub support_email: Option<String>,
    pub email_portal: Option<String>,
}

/// What came of closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    Done,
    /// It has organizations, or partners below it.
    InUse,
}

impl Store {
    /// The partner and everything below it that is not closed, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partners(&self, scope: PartnerScope) -> Result<Vec<Partner>> {
        let db = self.db().read();
        let rows = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .filter(partner::Column::ClosedAt.is_null())
            .order_by_asc(partner::Column::Name)
            .order_by_asc(partner::Column::Id)
            .all(db)
            .await?;
        let organizations: HashMap<Uuid, i64> = organization::Entity::find()
            .select_only()
            .column(organization::Column::PartnerId)
            .column_as(organization::Column::Id.count(), "n")
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.is_null())
            .group_by(organization::Column::PartnerId)
            .into_tuple::<(Uuid, i64)>()
            .all(db)
            .await?
            .into_iter()
            .collect();
        // Counted apart: a sum of bigint is a numeric on one database.
        let mut seats: HashMap<Uuid, i64> = HashMap::new();
        let held: Vec<(Uuid, i64)> = organization::Entity::find()
            .select_only()
            .column(organization::Column::PartnerId)
            .column(organization::Column::Seats)
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::State.is_in([State::Active.slug(), State::Suspended.slug()]))
            .into_tuple()
            .all(db)
            .await?;
        for (partner, n) in held {
            *seats.entry(partner).or_default() += n;
        }
        let owned: HashSet<Uuid> = partner_member::Entity::find()
            .select_only()
            .column(partner_member::Column::PartnerId)
            .filter(partner_member::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(partner_member::Column::Role.eq(PartnerRole::Owner.slug()))
            .filter(partner_member::Column::OffAt.is_null())
            .into_tuple()
            .all(db)
            .await?
            .into_iter()
            .collect();
        Ok(rows
            .into_iter()
            .map(|m| Partner {
                organizations: organizations.get(&m.id).copied().unwrap_or(0),
                seats: seats.get(&m.id).copied().unwrap_or(0),
                is_ownerless: !owned.contains(&m.id),
                scope: PartnerScope::new(m.id),
                id: m.id,
                parent: m.parent_id,
                number: m.number,
                name: m.name,
                entra: m.entra != 0,
                support_email: m.support_email,
                email_portal: m.email_portal,
                created_at: instant(m.created_at),
            })
            .collect())
    }

    /// Creates a partner below `parent`, with the link for its Owner.
    ///
    /// # Errors
    /// [`Error::PartnerClosed`] when `parent` is.
    pub async fn create_sub_partner(
        &self,
        parent: PartnerScope,
        new: NewPartner<'_>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<PartnerScope> {
        let tx = self.db().begin().await?;
        // Held, so that nobody closes it while something comes to stand below it.
        partner::Entity::find_by_id(parent.partner())
            .filter(partner::Column::ClosedAt.is_null())
            .lock(LockType::NoKeyUpdate)
            .one(&tx)
            .await?
            .ok_or(Error::PartnerClosed)?;
        let scope = partners::create_in(&tx, Some(parent), new.name, now).await?;
        partner::Entity::update_many()
            .filter(partner::Column::Id.eq(scope.partner()))
            .col_expr(partner::Column::SupportEmail, Expr::value(new.support_email))
            .col_expr(partner::Column::EmailPortal, Expr::value(new.email_portal))
            .exec(&tx)
            .await?;
        let owner = NewInvitation {
            place: Place::Partner(scope, PartnerRole::Owner),
            name: new.owner_name,
            email: new.owner_email,
            by: entry.actor,
        };
        invitations::invite_in(&tx, new.owner, &owner, now).await?;
        let object = scope.partner().to_string();
        audit::append_in(&tx, parent, &Entry { object: &object, ..*entry }, now).await?;
        tx.commit().await?;
        Ok(scope)
    }

    /// Changes a partner's name and addresses. `log` is the partner in whose log it stands.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn edit_partner(
        &self,
        scope: PartnerScope,
        details: PartnerDetails,
        log: PartnerScope,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        let found = partner::Entity::find_by_id(scope.partner()).one(&tx).await?;
        let mut row: partner::ActiveModel = found.ok_or(Error::Inconsistent("partner"))?.into();
        row.name = Set(details.name);
        row.support_email = Set(details.support_email);
        row.email_portal = Set(details.email_portal);
        row.update(&tx).await?;
        audit::append_in(&tx, log, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Opens the Entra products to a partner; or closes them to it and, since it can sell none on, to all below it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn open_entra(
        &self,
        scope: PartnerScope,
        open: bool,
        log: PartnerScope,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        let mut update =
            partner::Entity::update_many().col_expr(partner::Column::Entra, Expr::value(i16::from(open)));
        update = if open {
            update.filter(partner::Column::Id.eq(scope.partner()))
        } else {
            update.filter(partner::Column::Id.in_subquery(branch_ids(scope)))
        };
        update.exec(&tx).await?;
        audit::append_in(&tx, log, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Closes a partner that has neither organizations nor partners below it: nobody signs in there any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn close_partner(
        &self,
        scope: PartnerScope,
        log: PartnerScope,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Closed> {
        let id = scope.partner();
        let tx = self.db().begin().await?;
        // Whoever accepts one of them takes its row before the partner's; taken the other way round, each could wait for
        // the other.
        transfer::Entity::find().filter(offered_to(id)).lock(LockType::Update).all(&tx).await?;
        let found = partner::Entity::find_by_id(id).lock(LockType::Update).one(&tx).await?;
        let found = found.ok_or(Error::Inconsistent("partner"))?;
        let organizations = organization::Entity::find()
            .filter(organization::Column::PartnerId.eq(id))
            .filter(organization::Column::ErasedAt.is_null())
            .count(&tx)
            .await?;
        let below = partner::Entity::find()
            .filter(partner::Column::ParentId.eq(id))
            .filter(partner::Column::ClosedAt.is_null())
            .count(&tx)
            .await?;
        if organizations + below > 0 {
            return Ok(Closed::InUse);
        }
        let mut row: partner::ActiveModel = found.into();
        row.closed_at = Set(Some(now.timestamp_millis()));
        row.update(&tx).await?;
        invitation::Entity::delete_many().filter(invitation::Column::PartnerId.eq(id)).exec(&tx).await?;
        session::Entity::delete_many()
            .filter(session::Column::Data.contains(id.to_string()))
            .exec(&tx)
            .await?;
        transfer::Entity::update_many()
            .filter(offered_to(id))
            .col_expr(transfer::Column::State, Expr::value(TransferState::Declined.slug()))
            .col_expr(transfer::Column::DecidedBy, Expr::value(entry.actor))
            .col_expr(transfer::Column::DecidedAt, Expr::value(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        audit::append_in(&tx, log, entry, now).await?;
        tx.commit().await?;
        Ok(Closed::Done)
    }

    /// Where an organization's mail products are signed in to: its partner's address, or that of the nearest partner
    /// above that has one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn email_portal(&self, scope: OrgScope) -> Result<Option<String>> {
        let db = self.db().read();
        let above: Vec<Uuid> = partner_branch::Entity::find()
            .select_only()
            .column(partner_branch::Column::Ancestor)
            .filter(partner_branch::Column::Partner.eq(scope.partner()))
            .into_tuple()
            .all(db)
            .await?;
        let rows: HashMap<Uuid, partner::Model> = partner::Entity::find()
            .filter(partner::Column::Id.is_in(above))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m))
            .collect();
        let mut at = rows.get(&scope.partner());
        while let Some(partner) = at {
            if partner.email_portal.is_some() {
                return Ok(partner.email_portal.clone());
            }
            at = partner.parent_id.and_then(|id| rows.get(&id));
        }
        Ok(None)
    }
}

/// What is proposed to the partner, and not decided.
fn offered_to(partner: Uuid) -> Condition {
    Condition::all()
        .add(transfer::Column::ToId.eq(partner))
        .add(transfer::Column::State.eq(TransferState::Proposed.slug()))
}
