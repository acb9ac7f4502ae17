//! Partners, their branches, and the people who work there.

use chrono::{DateTime, Utc};
use domain::access::PartnerRole;
use domain::partner::PartnerOption;
use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::accounts::{self, NewAccount};
use crate::entity::{account, membership, organization, partner, partner_branch, partner_member, plan};
use crate::scope::{OrgScope, PartnerActor, PartnerScope};
use crate::{Error, Result, Store, personal};

/// The first partner's number; the others follow.
const FIRST_NUMBER: i64 = 100_001;

impl Store {
    /// Creates a partner, below `parent` or as the one who runs the installation.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_partner(
        &self,
        parent: Option<PartnerScope>,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<PartnerScope> {
        let tx = self.db().begin().await?;
        let scope = create_in(&tx, parent, name, now).await?;
        tx.commit().await?;
        Ok(scope)
    }

    /// The partner who runs the installation; none before the set-up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn root_partner(&self) -> Result<Option<PartnerScope>> {
        Ok(partner::Entity::find()
            .filter(partner::Column::ParentId.is_null())
            .order_by_asc(partner::Column::CreatedAt)
            .one(self.db().read())
            .await?
            .map(|m| PartnerScope::new(m.id)))
    }

    /// The partner itself, then those below it by name. Closed ones are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn branch(&self, scope: PartnerScope) -> Result<Vec<PartnerOption>> {
        let mut all = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .filter(partner::Column::ClosedAt.is_null())
            .order_by_asc(partner::Column::Name)
            .all(self.db().read())
            .await?;
        // A stable sort: forms offer one's own before those below.
        all.sort_by_key(|m| m.id != scope.partner());
        let above: HashMap<Uuid, Option<String>> = partner::Entity::find()
            .filter(partner::Column::Id.is_in(all.iter().filter_map(|m| m.parent_id)))
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| (m.id, m.support_email))
            .collect();
        Ok(all
            .into_iter()
            .map(|m| PartnerOption {
                is_own: m.id == scope.partner(),
                is_right_below: m.parent_id == Some(scope.partner()),
                id: m.id,
                name: m.name,
                entra: m.entra != 0,
                // Who enables things for a partner is the one above it.
                support_email: m.parent_id.and_then(|parent| above.get(&parent).cloned().flatten()),
            })
            .collect())
    }

    /// The partner that looks after an organization, by name, and whom to ask there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn provider_of(&self, scope: OrgScope) -> Result<(String, Option<String>)> {
        let m = partner::Entity::find_by_id(scope.partner()).one(self.db().read()).await?;
        m.map(|m| (m.name, m.support_email)).ok_or(Error::Inconsistent("partner"))
    }

    /// Whom customers and partners below ask at this one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn support_of(&self, scope: PartnerScope) -> Result<Option<String>> {
        let own = partner::Entity::find_by_id(scope.partner()).one(self.db().read()).await?;
        Ok(own.and_then(|m| m.support_email))
    }

    /// The partner above this one, by name, and whom to ask there; none above the first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn provider_above(&self, scope: PartnerScope) -> Result<Option<(String, Option<String>)>> {
        let db = self.db().read();
        let own = partner::Entity::find_by_id(scope.partner()).one(db).await?;
        let Some(above) = own.and_then(|m| m.parent_id) else { return Ok(None) };
        let m = partner::Entity::find_by_id(above).one(db).await?;
        Ok(m.map(|m| (m.name, m.support_email)))
    }

    /// The partner of that id, if it lies in the branch and is not closed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_below(&self, scope: PartnerScope, id: Uuid) -> Result<Option<PartnerScope>> {
        let found = partner::Entity::find_by_id(id)
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .filter(partner::Column::ClosedAt.is_null())
            .one(self.db().read())
            .await?;
        Ok(found.map(|m| PartnerScope::new(m.id)))
    }

    /// Opens the Entra products to a partner, or closes them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_entra(&self, scope: PartnerScope, entra: bool) -> Result<()> {
        partner::Entity::update_many()
            .filter(partner::Column::Id.eq(scope.partner()))
            .col_expr(partner::Column::Entra, sea_orm::sea_query::Expr::value(i16::from(entra)))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// Creates somebody with a role at the partner.
    ///
    /// # Errors
    /// [`Error::Taken`] when the e-mail belongs to an account already.
    pub async fn create_partner_account(
        &self,
        scope: PartnerScope,
        new: NewAccount,
        role: PartnerRole,
        now: DateTime<Utc>,
    ) -> Result<PartnerActor> {
        let tx = self.db().begin().await?;
        let id = accounts::account_in(&tx, new, now).await?;
        member_in(&tx, scope, id, role, now).await?;
        let actor = actor_in(&tx, id, scope.partner()).await?.ok_or(Error::Inconsistent("partner_member"))?;
        tx.commit().await?;
        Ok(actor)
    }

    /// The account as a user of the partner; none when it is none (any more).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_actor(&self, account: Uuid, partner: Uuid) -> Result<Option<PartnerActor>> {
        actor_in(self.db().read(), account, partner).await
    }

    /// The account at each partner where it has a role, the earliest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_actors(&self, account: Uuid) -> Result<Vec<PartnerActor>> {
        let db = self.db().read();
        let memberships = partner_member::Entity::find()
            .filter(partner_member::Column::AccountId.eq(account))
            .order_by_asc(partner_member::Column::CreatedAt)
            .all(db)
            .await?;
        let mut actors = Vec::with_capacity(memberships.len());
        for membership in memberships {
            actors.extend(actor_in(db, account, membership.partner_id).await?);
        }
        Ok(actors)
    }
}

/// The ids of a branch, for a condition.
pub(crate) fn branch_ids(scope: PartnerScope) -> sea_orm::sea_query::SelectStatement {
    partner_branch::Entity::find()
        .select_only()
        .column(partner_branch::Column::Partner)
        .filter(partner_branch::Column::Ancestor.eq(scope.partner()))
        .into_query()
}

/// The customers of the branch.
pub(crate) fn customer_ids(scope: PartnerScope) -> sea_orm::sea_query::SelectStatement {
    organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
        .into_query()
}

/// The partner and those above it, the nearest first: in this order something inherited is looked for.
pub(crate) async fn upwards<C: ConnectionTrait>(db: &C, scope: PartnerScope) -> Result<Vec<partner::Model>> {
    let mut next = Some(scope.partner());
    let mut line = Vec::new();
    while let Some(id) = next {
        let found = partner::Entity::find_by_id(id).one(db).await?.ok_or(Error::Inconsistent("partner"))?;
        next = found.parent_id;
        line.push(found);
    }
    Ok(line)
}

pub(crate) async fn create_in<C: ConnectionTrait>(
    db: &C,
    parent: Option<PartnerScope>,
    name: &str,
    now: DateTime<Utc>,
) -> Result<PartnerScope> {
    let id = Uuid::now_v7();
    let others = partner::Entity::find().count(db).await?;
    partner::Entity::insert(partner::ActiveModel {
        id: Set(id),
        parent_id: Set(parent.map(PartnerScope::partner)),
        number: Set(FIRST_NUMBER + i64::try_from(others).unwrap_or(0)),
        name: Set(name.to_owned()),
        // Who runs the installation decides for the others, and needs nobody's leave.
        entra: Set(i16::from(parent.is_none())),
        support_email: Set(None),
        email_portal: Set(None),
        organizations: Set(0),
        created_at: Set(now.timestamp_millis()),
        closed_at: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    let mut ancestors = vec![id];
    if let Some(parent) = parent {
        let above = partner_branch::Entity::find()
            .filter(partner_branch::Column::Partner.eq(parent.partner()))
            .all(db)
            .await?;
        ancestors.extend(above.into_iter().map(|m| m.ancestor));
    }
    let rows = ancestors
        .into_iter()
        .map(|ancestor| partner_branch::ActiveModel { ancestor: Set(ancestor), partner: Set(id) });
    partner_branch::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(PartnerScope::new(id))
}

pub(crate) async fn member_in<C: ConnectionTrait>(
    db: &C,
    scope: PartnerScope,
    account: Uuid,
    role: PartnerRole,
    now: DateTime<Utc>,
) -> Result<()> {
    partner_member::Entity::insert(partner_member::ActiveModel {
        account_id: Set(account),
        partner_id: Set(scope.partner()),
        role: Set(role.slug().to_owned()),
        created_at: Set(now.timestamp_millis()),
        off_at: Set(None),
        seen_at: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    personal::came_in(db, account).await?;
    Ok(())
}

/// None as well while sign-in is switched off for this person, and once the partner is closed.
pub(crate) async fn actor_in<C: ConnectionTrait>(
    db: &C,
    account: Uuid,
    partner: Uuid,
) -> Result<Option<PartnerActor>> {
    let member = partner_member::Entity::find_by_id((account, partner))
        .filter(partner_member::Column::OffAt.is_null())
        .one(db)
        .await?;
    let Some(member) = member else { return Ok(None) };
    let broken = || Error::Inconsistent("partner_member");
    let person = account::Entity::find_by_id(account).one(db).await?.ok_or_else(broken)?;
    let partner = partner::Entity::find_by_id(partner).one(db).await?.ok_or_else(broken)?;
    if partner.closed_at.is_some() {
        return Ok(None);
    }
    Ok(Some(PartnerActor::new(
        person.id,
        person.name,
        person.email,
        partner.name,
        PartnerRole::from_slug(&member.role).ok_or_else(broken)?,
        PartnerScope::new(partner.id),
    )))
}

impl Store {
    /// What these are called now, of customers, plans and partners of the branch; of its people, the e-mail. Others are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn names_of(&self, scope: PartnerScope, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
        let db = self.db().read();
        let mut names: HashMap<Uuid, String> = HashMap::new();
        let customers = organization::Entity::find()
            .select_only()
            .columns([organization::Column::Id, organization::Column::Name])
            .filter(organization::Column::Id.is_in(ids.clone()))
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.is_null());
        names.extend(customers.into_tuple::<(Uuid, String)>().all(db).await?);
        let plans = plan::Entity::find()
            .select_only()
            .columns([plan::Column::Id, plan::Column::Name])
            .filter(plan::Column::Id.is_in(ids.clone()))
            .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)));
        names.extend(plans.into_tuple::<(Uuid, String)>().all(db).await?);
        let partners = partner::Entity::find()
            .select_only()
            .columns([partner::Column::Id, partner::Column::Name])
            .filter(partner::Column::Id.is_in(ids.clone()))
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)));
        names.extend(partners.into_tuple::<(Uuid, String)>().all(db).await?);
        let at_partners = partner_member::Entity::find()
            .select_only()
            .column(partner_member::Column::AccountId)
            .filter(partner_member::Column::AccountId.is_in(ids.clone()))
            .filter(partner_member::Column::PartnerId.in_subquery(branch_ids(scope)));
        let at_customers = membership::Entity::find()
            .select_only()
            .column(membership::Column::AccountId)
            .filter(membership::Column::AccountId.is_in(ids))
            .filter(membership::Column::OrganizationId.in_subquery(customer_ids(scope)));
        let people = account::Entity::find()
            .select_only()
            .columns([account::Column::Id, account::Column::Email])
            .filter(
                Condition::any()
                    .add(account::Column::Id.in_subquery(at_partners.into_query()))
                    .add(account::Column::Id.in_subquery(at_customers.into_query())),
            );
        names.extend(people.into_tuple::<(Uuid, String)>().all(db).await?);
        Ok(names)
    }
}
