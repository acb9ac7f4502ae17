//! Organizations that go from one partner to another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::transfer::{TransferRow, TransferState};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{
    api_token, consent_link, invitation, organization, outbox, partner, plan, tenant, transfer, transfer_code,
};
use crate::organizations::{self, Organization};
use crate::partners::branch_ids;
use crate::scope::{OrgScope, PartnerScope};
use crate::time::instant;
use crate::token::TokenHash;
use crate::{Error, Result, Store, personal, plans, subscriptions, visits};

/// Rows of a list.
const LIST: u64 = 100;

/// A proposal, with what it is about.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub row: TransferRow,
    pub note: String,
    /// The receiving partner.
    pub to: PartnerScope,
    /// The organization, as it stands at the giving partner.
    pub organization: Organization,
    pub tenants: i64,
}

/// A proposal to keep.
#[derive(Clone, Copy, Debug)]
pub struct NewTransfer<'a> {
    pub to: PartnerScope,
    pub note: &'a str,
    pub until: DateTime<Utc>,
}

impl Store {
    /// Keeps the hash of a code by which the partner can be found.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_transfer_code(
        &self,
        scope: PartnerScope,
        code: TokenHash,
        expires_at: DateTime<Utc>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        transfer_code::Entity::delete_many()
            .filter(transfer_code::Column::ExpiresAt.lte(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        transfer_code::Entity::insert(transfer_code::ActiveModel {
            token_hash: Set(code.to_vec()),
            partner_id: Set(scope.partner()),
            expires_at: Set(expires_at.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The partner that made the code, and its name, while the code is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_of_code(
        &self,
        code: TokenHash,
        now: DateTime<Utc>,
    ) -> Result<Option<(PartnerScope, String)>> {
        let found = transfer_code::Entity::find_by_id(code.to_vec())
            .filter(transfer_code::Column::ExpiresAt.gt(now.timestamp_millis()))
            .one(self.db().read())
            .await?;
        let Some(found) = found else { return Ok(None) };
        let partner = partner::Entity::find_by_id(found.partner_id)
            .filter(partner::Column::ClosedAt.is_null())
            .one(self.db().read())
            .await?;
        Ok(partner.map(|m| (PartnerScope::new(m.id), m.name)))
    }

    /// Proposes an organization to another partner, and spends the code by which that was found.
    ///
    /// # Errors
    /// [`Error::Taken`] when a proposal for it is open already.
    pub async fn propose_transfer(
        &self,
        scope: OrgScope,
        new: NewTransfer<'_>,
        code: Option<TokenHash>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let tx = self.db().begin().await?;
        organizations::locked(&tx, scope).await?;
        // One that nobody answered in time stands in nobody's way.
        transfer::Entity::update_many()
            .filter(transfer::Column::OrganizationId.eq(scope.organization()))
            .filter(transfer::Column::State.eq(TransferState::Proposed.slug()))
            .filter(transfer::Column::Until.lte(now.timestamp_millis()))
            .col_expr(transfer::Column::State, Expr::value(TransferState::Expired.slug()))
            .exec(&tx)
            .await?;
        transfer::Entity::insert(transfer::ActiveModel {
            id: Set(id),
            organization_id: Set(scope.organization()),
            from_id: Set(scope.partner()),
            to_id: Set(new.to.partner()),
            state: Set(TransferState::Proposed.slug().to_owned()),
            note: Set(new.note.to_owned()),
            proposed_by: Set(entry.actor.to_owned()),
            proposed_at: Set(now.timestamp_millis()),
            until: Set(new.until.timestamp_millis()),
            decided_by: Set(None),
            decided_at: Set(None),
        })
        .exec_without_returning(&tx)
        .await?;
        if let Some(code) = code {
            transfer_code::Entity::delete_by_id(code.to_vec()).exec(&tx).await?;
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Proposals to the partner, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn incoming_transfers(
        &self,
        scope: PartnerScope,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransferRow>> {
        let rows = transfer::Entity::find()
            .filter(transfer::Column::ToId.eq(scope.partner()))
            .order_by_desc(transfer::Column::ProposedAt)
            .order_by_desc(transfer::Column::Id)
            .limit(LIST)
            .all(self.db().read())
            .await?;
        self.told(rows, Side::Receiver, now).await
    }

    /// Proposals from the partner's branch, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn outgoing_transfers(
        &self,
        scope: PartnerScope,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransferRow>> {
        let rows = transfer::Entity::find()
            .filter(transfer::Column::FromId.in_subquery(branch_ids(scope)))
            .order_by_desc(transfer::Column::ProposedAt)
            .order_by_desc(transfer::Column::Id)
            .limit(LIST)
            .all(self.db().read())
            .await?;
        self.told(rows, Side::Giver(scope), now).await
    }

    /// The organization's proposal that waits for an answer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_transfer(&self, scope: OrgScope, now: DateTime<Utc>) -> Result<Option<TransferRow>> {
        let rows = transfer::Entity::find()
            .filter(transfer::Column::OrganizationId.eq(scope.organization()))
            .filter(transfer::Column::FromId.eq(scope.partner()))
            .filter(open(now))
            .all(self.db().read())
            .await?;
        Ok(self.told(rows, Side::Giver(PartnerScope::new(scope.partner())), now).await?.pop())
    }

    /// A proposal to the partner that waits for its answer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn transfer_to(
        &self,
        scope: PartnerScope,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<Transfer>> {
        let db = self.db().read();
        let found = transfer::Entity::find_by_id(id)
            .filter(transfer::Column::ToId.eq(scope.partner()))
            .filter(open(now))
            .one(db)
            .await?;
        let Some(m) = found else { return Ok(None) };
        let giver = PartnerScope::new(m.from_id);
        let Some(organization) = self.organization_below(giver, m.organization_id).await? else {
            return Ok(None);
        };
        let tenants: Vec<i64> = tenant::Entity::find()
            .select_only()
            .column(tenant::Column::Id)
            .filter(tenant::Column::OrganizationId.eq(m.organization_id))
            .into_tuple()
            .all(db)
            .await?;
        let note = m.note.clone();
        let row =
            self.told(vec![m], Side::Receiver, now).await?.pop().ok_or(Error::Inconsistent("transfer"))?;
        let tenants = i64::try_from(tenants.len()).unwrap_or(i64::MAX);
        Ok(Some(Transfer { row, note, to: scope, organization, tenants }))
    }

    /// Declines a proposal to the partner, or withdraws one from its branch; false when it is not open any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_transfer(
        &self,
        scope: PartnerScope,
        id: Uuid,
        becomes: TransferState,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let mut query = transfer::Entity::find_by_id(id).filter(open(now));
        query = match becomes {
            TransferState::Declined => query.filter(transfer::Column::ToId.eq(scope.partner())),
            _ => query.filter(transfer::Column::FromId.in_subquery(branch_ids(scope))),
        };
        let Some(m) = query.lock_exclusive().one(&tx).await? else { return Ok(false) };
        let (from, to, organization) = (m.from_id, m.to_id, m.organization_id);
        decide(&tx, m, becomes, entry.actor, now).await?;
        let object = organization.to_string();
        let entry = Entry { object: &object, ..*entry };
        // Both sides read of the answer; of a withdrawal, the giver alone, whose affair it was.
        audit::append_in(&tx, OrgScope::new(organization, from), &entry, now).await?;
        if becomes == TransferState::Declined && from != to {
            audit::append_in(&tx, OrgScope::new(organization, to), &entry, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Moves the organization to the partner that it was proposed to, onto that partner's plan; `fewer` is when the
    /// smaller number of seats that it has agreed on counts from then on. False when the proposal is not open any more,
    /// or the organization is another's by now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn accept_transfer(
        &self,
        transfer: &Transfer,
        plan: Uuid,
        fewer: Option<DateTime<Utc>>,
        given: &Entry<'_>,
        received: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let (to, from) = (transfer.to, transfer.organization.scope());
        let tx = self.db().begin().await?;
        let query = transfer::Entity::find_by_id(transfer.row.id)
            .filter(transfer::Column::ToId.eq(to.partner()))
            .filter(open(now));
        let Some(m) = query.lock_exclusive().one(&tx).await? else { return Ok(false) };
        let model = organizations::locked(&tx, from).await?;
        let plan = plan::Entity::find_by_id(plan)
            .filter(plan::Column::PartnerId.eq(to.partner()))
            .filter(plans::on_sale())
            .one(&tx)
            .await?;
        let seen = &transfer.organization;
        let as_seen = subscriptions::is_as_read(&model, seen);
        let (Some(plan), true) = (plan, as_seen) else { return Ok(false) };
        let number = organizations::next_number(&tx, to).await?;
        let mut row: organization::ActiveModel = model.into();
        row.partner_id = Set(to.partner());
        row.number = Set(number);
        row.plan_id = Set(Some(plan.id));
        if fewer.is_some() {
            row.seats_next_at = Set(fewer.map(|at| at.timestamp_millis()));
        }
        let model = row.update(&tx).await?;
        let what = format!("Taken over; plan: {}", plan.name);
        subscriptions::note(&tx, &model, received.actor, &what, now).await?;
        visits::end_in(&tx, from, now).await?;
        leave_in(&tx, from, now).await?;
        decide(&tx, m, TransferState::Accepted, received.actor, now).await?;
        audit::append_in(&tx, from, given, now).await?;
        audit::append_in(&tx, OrgScope::new(from.organization(), to.partner()), received, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn told(
        &self,
        rows: Vec<transfer::Model>,
        side: Side,
        now: DateTime<Utc>,
    ) -> Result<Vec<TransferRow>> {
        let db = self.db().read();
        let names: HashMap<Uuid, String> = partner::Entity::find()
            .filter(partner::Column::Id.is_in(rows.iter().flat_map(|m| [m.from_id, m.to_id])))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m.name))
            .collect();
        let organizations: HashMap<Uuid, organization::Model> = organization::Entity::find()
            .filter(organization::Column::Id.is_in(rows.iter().map(|m| m.organization_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m))
            .collect();
        // What a giver gave away inside of its branch it still reads of.
        let reach: Vec<Uuid> = match side {
            Side::Giver(scope) => {
                partner::Entity::find()
                    .select_only()
                    .column(partner::Column::Id)
                    .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
                    .into_tuple()
                    .all(db)
                    .await?
            }
            Side::Receiver => Vec::new(),
        };
        rows.into_iter()
            .map(|m| {
                let broken = || Error::Inconsistent("transfer");
                let mut state = TransferState::from_slug(&m.state).ok_or_else(broken)?;
                if state == TransferState::Proposed && m.until <= now.timestamp_millis() {
                    state = TransferState::Expired;
                }
                // Nobody reads the name of an organization that is neither theirs nor offered to them.
                let seen = |owner: Uuid| match (side, state) {
                    (Side::Giver(_), _) => reach.contains(&owner),
                    (Side::Receiver, TransferState::Proposed) => owner == m.from_id,
                    (Side::Receiver, TransferState::Accepted) => owner == m.to_id,
                    (Side::Receiver, _) => false,
                };
                let organization = organizations
                    .get(&m.organization_id)
                    .filter(|o| seen(o.partner_id))
                    .map(|o| o.name.clone())
                    .unwrap_or_default();
                Ok(TransferRow {
                    id: m.id,
                    organization,
                    from: names.get(&m.from_id).cloned().ok_or_else(broken)?,
                    to: names.get(&m.to_id).cloned().ok_or_else(broken)?,
                    state,
                    proposed_by: m.proposed_by,
                    proposed: instant(m.proposed_at),
                    until: instant(m.until),
                    decided: m.decided_at.map(instant),
                })
            })
            .collect()
    }
}

/// Who reads of a proposal.
#[derive(Clone, Copy)]
enum Side {
    /// Whose branch it is in which one reads.
    Giver(PartnerScope),
    Receiver,
}

/// Since when the organization has been its partner's, in milliseconds: 0 for one that never changed hands.
pub(crate) async fn came_at<C: ConnectionTrait>(db: &C, scope: OrgScope) -> Result<i64> {
    let last = transfer::Entity::find()
        .filter(transfer::Column::OrganizationId.eq(scope.organization()))
        .filter(transfer::Column::ToId.eq(scope.partner()))
        .filter(transfer::Column::State.eq(TransferState::Accepted.slug()))
        .order_by_desc(transfer::Column::DecidedAt)
        .one(db)
        .await?;
    Ok(last.and_then(|m| m.decided_at).unwrap_or(0))
}

/// Those that wait for an answer.
fn open(now: DateTime<Utc>) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(transfer::Column::State.eq(TransferState::Proposed.slug()))
        .add(transfer::Column::Until.gt(now.timestamp_millis()))
}

/// Ends what the giving partner's people have made that opens the organization: its tokens, invitations, changes of its
/// e-mail, and links to consent with.
/// What was said to it by mail in their name goes as well.
async fn leave_in<C: ConnectionTrait>(db: &C, from: OrgScope, now: DateTime<Utc>) -> Result<()> {
    api_token::Entity::update_many()
        .filter(api_token::Column::OrganizationId.eq(from.organization()))
        .filter(api_token::Column::MadeAt.is_not_null())
        .filter(api_token::Column::RevokedAt.is_null())
        .col_expr(api_token::Column::RevokedAt, Expr::value(now.timestamp_millis()))
        .exec(db)
        .await?;
    // Whoever made them, they may have been shown to the giver's people.
    invitation::Entity::delete_many()
        .filter(invitation::Column::OrganizationId.eq(from.organization()))
        .exec(db)
        .await?;
    personal::erase_of_organization_in(db, from).await?;
    consent_link::Entity::update_many()
        .filter(consent_link::Column::OrganizationId.eq(from.organization()))
        .filter(consent_link::Column::EndedAt.is_null())
        .col_expr(consent_link::Column::EndedAt, Expr::value(now.timestamp_millis()))
        .exec(db)
        .await?;
    outbox::Entity::delete_many()
        .filter(outbox::Column::OrganizationId.eq(from.organization()))
        .exec(db)
        .await?;
    Ok(())
}

async fn decide<C: ConnectionTrait>(
    db: &C,
    m: transfer::Model,
    becomes: TransferState,
    by: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut row: transfer::ActiveModel = m.into();
    row.state = Set(becomes.slug().to_owned());
    row.decided_by = Set(Some(by.to_owned()));
    row.decided_at = Set(Some(now.timestamp_millis()));
    row.update(db).await?;
    Ok(())
}
