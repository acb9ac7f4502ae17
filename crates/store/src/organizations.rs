//! A partner's customers and their subscriptions.

use chrono::{DateTime, Utc};
use domain::access::OrgRole;
use domain::audit::Detail;
use domain::country::Country;
use domain::fold;
use domain::partner::{OrganizationFilter, PlanCell};
use domain::product::ProductType;
use domain::seats::AutoLicense;
use domain::subscription::State;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::entity::{organization, partner, plan};
use crate::invitations::{NewInvitation, Place};
use crate::outbox::Mail;
use crate::partners::branch_ids;
use crate::scope::{OrgScope, PartnerScope, Sender};
use crate::time::instant;
use crate::token::NewLink;
use crate::{Error, Result, Store, invitations, organization_key, standing, subscriptions};

/// A customer to create.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    /// Folded to lower case by whoever checked it.
    pub email: String,
    pub country: Country,
    pub plan: Uuid,
    pub seats: i64,
    pub auto_license: AutoLicense,
}

/// What may be edited of a customer.
#[derive(Clone, Debug)]
pub struct Details {
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub country: Country,
}

/// A customer and its subscription.
#[derive(Clone, Debug)]
pub struct Organization {
    pub id: Uuid,
    /// Partner and running number.
    pub number: String,
    pub partner: String,
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub country: Option<Country>,
    /// None: the installation's own organization, which has everything.
    pub plan: Option<PlanCell>,
    pub state: State,
    pub state_since: DateTime<Utc>,
    pub state_before: Option<State>,
    pub seats: i64,
    /// Fewer seats, from that time on.
    pub seats_next: Option<(i64, DateTime<Utc>)>,
    pub auto_license: AutoLicense,
    pub created_at: DateTime<Utc>,
    /// Since when the customer forbids visits.
    pub visits_off_since: Option<DateTime<Utc>>,
    scope: OrgScope,
}

impl Organization {
    /// The plan and what it is of.
    pub(crate) fn product(&self) -> Option<(Uuid, ProductType)> {
        self.plan.as_ref().map(|plan| (plan.id, plan.terms.product))
    }

    #[must_use]
    pub const fn scope(&self) -> OrgScope {
        self.scope
    }
}

impl Store {
    /// Creates a customer of the partner that nobody sells to: the installation's own.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_organization(
        &self,
        partner: PartnerScope,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<OrgScope> {
        let tx = self.db().begin().await?;
        let scope = create_in(&tx, partner, blank(name), now).await?;
        tx.commit().await?;
        Ok(scope)
    }

    /// Creates a customer with a subscription, the link for its first Full Admin, and the mail that brings it.
    ///
    /// # Errors
    /// [`Error::Taken`] when an organization has the e-mail already; [`Error::PartnerClosed`].
    pub async fn sell_organization(
        &self,
        partner: PartnerScope,
        new: NewOrganization,
        link: NewLink,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<OrgScope> {
        let person = format!("{} {}", new.first_name, new.last_name);
        let email = new.email.clone();
        let tx = self.db().begin().await?;
        let row = organization::ActiveModel {
            first_name: Set(new.first_name),
            last_name: Set(new.last_name),
            email: Set(Some(new.email)),
            country: Set(Some(new.country.code().to_owned())),
            plan_id: Set(Some(new.plan)),
            seats: Set(new.seats),
            auto_license: Set(i16::from(new.auto_license.on)),
            auto_license_cap: Set(new.auto_license.cap.map(i64::from)),
            ..blank(&new.name)
        };
        let scope = create_in(&tx, partner, row, now).await?;
        let model = locked(&tx, scope).await?;
        subscriptions::note(&tx, &model, entry.actor, "Subscribed", now).await?;
        let place = Place::Organization(scope, OrgRole::FullAdmin);
        let first = NewInvitation { place, name: &person, email: &email, by: entry.actor };
        // The mail was written before there was an organization for it to be about.
        let mail = link.mail.map(|mail| Mail { sender: Sender::Organization(scope), ..mail });
        invitations::invite_in(&tx, NewLink { mail, ..link }, &first, now).await?;
        let object = scope.organization().to_string();
        audit::append_in(&tx, scope, &Entry { object: &object, ..*entry }, now).await?;
        tx.commit().await?;
        Ok(scope)
    }

    /// The organization of that id, if it lies in the partner's branch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organization_below(&self, scope: PartnerScope, id: Uuid) -> Result<Option<Organization>> {
        let found = organization::Entity::find_by_id(id)
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.is_null())
            .all(self.db().read())
            .await?;
        Ok(self.complete(found).await?.pop())
    }

    /// Those of these ids that lie in the partner's branch, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organizations_of(&self, scope: PartnerScope, ids: &[Uuid]) -> Result<Vec<Organization>> {
        let found = organization::Entity::find()
            .filter(organization::Column::Id.is_in(ids.iter().copied()))
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.is_null())
            .order_by_asc(organization::Column::Sort)
            .order_by_asc(organization::Column::Id)
            .all(self.db().read())
            .await?;
        self.complete(found).await
    }

    /// The organization itself, for its own people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organization_of(&self, scope: OrgScope) -> Result<Option<Organization>> {
        self.organization_below(scope.of_partner(), scope.organization()).await
    }

    /// The organization of the branch that has the e-mail (folded to lower case).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organization_of_email(
        &self,
        scope: PartnerScope,
        email: &str,
    ) -> Result<Option<Organization>> {
        let found = organization::Entity::find()
            .filter(organization::Column::Email.eq(email))
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .all(self.db().read())
            .await?;
        Ok(self.complete(found).await?.pop())
    }

    /// Organizations of the branch by name, from after `after` (a folded name and an id), at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organizations(
        &self,
        scope: PartnerScope,
        filter: &OrganizationFilter,
        after: Option<(&str, Uuid)>,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Organization>> {
        let mut query = organization::Entity::find()
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::State.eq(filter.state.unwrap_or(State::Active).slug()))
            .filter(organization::Column::ErasedAt.is_null());
        if let Some(plan) = filter.plan {
            query = query.filter(organization::Column::PlanId.eq(plan));
        }
        if let Some(partner) = filter.partner {
            query = query.filter(organization::Column::PartnerId.eq(partner));
        }
        if let Some(health) = filter.health {
            query = query.filter(standing::of_health(health, now));
        }
        if let Some(credential) = filter.credential {
            query = query.filter(standing::of_credential(credential, now));
        }
        if let Some(found) = matching(&filter.words) {
            query = query.filter(found);
        }
        if let Some((sort, id)) = after {
            // The first condition says nothing new, but an index is entered by it.
            query = query.filter(organization::Column::Sort.gte(sort)).filter(
                Condition::any()
                    .add(organization::Column::Sort.gt(sort))
                    .add(organization::Column::Sort.eq(sort).and(organization::Column::Id.gt(id))),
            );
        }
        let rows = query
            .order_by_asc(organization::Column::Sort)
            .order_by_asc(organization::Column::Id)
            .limit(limit)
            .all(self.db().read())
            .await?;
        self.complete(rows).await
    }

    /// How many organizations of the branch there are in each state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_organizations(&self, scope: PartnerScope) -> Result<Vec<(State, i64)>> {
        let counted: Vec<(String, i64)> = organization::Entity::find()
            .select_only()
            .column(organization::Column::State)
            .column_as(organization::Column::Id.count(), "n")
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.is_null())
            .group_by(organization::Column::State)
            .into_tuple()
            .all(self.db().read())
            .await?;
        let of = |state: State| counted.iter().find(|(slug, _)| slug == state.slug()).map_or(0, |(_, n)| *n);
        Ok(State::ALL.into_iter().map(|state| (state, of(state))).collect())
    }

    /// Changes the customer's details.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn edit_organization(
        &self,
        scope: OrgScope,
        details: Details,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        let before = locked(&tx, scope).await?;
        let detail = altered(&before, &details).line();
        let mut row: organization::ActiveModel = before.into();
        row.sort = Set(fold::fold(&details.name));
        row.name = Set(details.name);
        row.first_name = Set(details.first_name);
        row.last_name = Set(details.last_name);
        row.country = Set(Some(details.country.code().to_owned()));
        row.update(&tx).await?;
        audit::append_in(&tx, scope, &Entry { detail: &detail, ..*entry }, now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) async fn complete(&self, rows: Vec<organization::Model>) -> Result<Vec<Organization>> {
        let db = self.db().read();
        let partners: HashMap<Uuid, partner::Model> = partner::Entity::find()
            .filter(partner::Column::Id.is_in(rows.iter().map(|m| m.partner_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m))
            .collect();
        let plans: HashMap<Uuid, plan::Model> = plan::Entity::find()
            .filter(plan::Column::Id.is_in(rows.iter().filter_map(|m| m.plan_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m))
            .collect();
        rows.into_iter()
            .map(|m| {
                let broken = || Error::Inconsistent("organization");
                let partner = partners.get(&m.partner_id).ok_or_else(broken)?;
                let plan = m.plan_id.map(|id| plans.get(&id).cloned().ok_or_else(broken)).transpose()?;
                Ok(Organization {
                    id: m.id,
                    number: format!("{}-{}", partner.number, m.number),
                    partner: partner.name.clone(),
                    name: m.name,
                    first_name: m.first_name,
                    last_name: m.last_name,
                    email: m.email,
                    country: m.country.as_deref().and_then(Country::from_code),
                    plan: plan.map(crate::plans::cell).transpose()?,
                    state: State::from_slug(&m.state).ok_or_else(broken)?,
                    state_since: instant(m.state_since),
                    state_before: m.state_before.as_deref().and_then(State::from_slug),
                    seats: m.seats,
                    seats_next: m.seats_next.zip(m.seats_next_at.map(instant)),
                    auto_license: AutoLicense {
                        on: m.auto_license != 0,
                        cap: m.auto_license_cap.and_then(|cap| u32::try_from(cap).ok()),
                    },
                    created_at: instant(m.created_at),
                    visits_off_since: m.visits_off_at.map(instant),
                    scope: OrgScope::new(m.id, m.partner_id),
                })
            })
            .collect()
    }
}

/// Part of a name, of an e-mail, or of a number.
fn matching(words: &str) -> Option<Condition> {
    let words = words.trim();
    if words.is_empty() {
        return None;
    }
    let part = format!("%{}%", escaped(&fold::fold(words)));
    let like = |text: String| sea_orm::sea_query::LikeExpr::new(text).escape('\\');
    let mut any = Condition::any()
        .add(organization::Column::Sort.like(like(part.clone())))
        .add(organization::Column::Email.like(like(format!("%{}%", escaped(&words.to_lowercase())))));
    let digits = words.rsplit('-').next().and_then(|n| n.parse::<i64>().ok());
    if let Some(number) = digits {
        any = any.add(organization::Column::Number.eq(number));
    }
    Some(any)
}

/// What the new details change, before and after.
fn altered(before: &organization::Model, after: &Details) -> Detail {
    let was = before.country.as_deref().and_then(Country::from_code);
    Detail::default()
        .change("Name", &before.name, &after.name)
        .change("First name", &before.first_name, &after.first_name)
        .change("Last name", &before.last_name, &after.last_name)
        .change("Country", was.map_or("none", Country::name), after.country.name())
}

/// Signs that a pattern would take for its own.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn blank(name: &str) -> organization::ActiveModel {
    organization::ActiveModel {
        name: Set(name.to_owned()),
        sort: Set(fold::fold(name)),
        first_name: Set(String::new()),
        last_name: Set(String::new()),
        email: Set(None),
        country: Set(None),
        plan_id: Set(None),
        state: Set(State::Active.slug().to_owned()),
        state_before: Set(None),
        seats: Set(0),
        seats_next: Set(None),
        seats_next_at: Set(None),
        erased_at: Set(None),
        auto_license: Set(0),
        auto_license_cap: Set(None),
        ..Default::default()
    }
}

pub(crate) async fn create_plain_in(
    tx: &Tx,
    partner: PartnerScope,
    name: &str,
    now: DateTime<Utc>,
) -> Result<OrgScope> {
    create_in(tx, partner, blank(name), now).await
}

async fn create_in(
    tx: &Tx,
    partner: PartnerScope,
    mut row: organization::ActiveModel,
    now: DateTime<Utc>,
) -> Result<OrgScope> {
    let id = Uuid::now_v7();
    row.number = Set(next_number(tx, partner).await?);
    row.id = Set(id);
    row.partner_id = Set(partner.partner());
    row.state_since = Set(now.timestamp_millis());
    row.created_at = Set(now.timestamp_millis());
    organization::Entity::insert(row).exec_without_returning(tx).await?;
    organization_key::create_in(tx, id).await?;
    Ok(OrgScope::new(id, partner.partner()))
}

/// The partner counts its organizations, so that a number is never given twice. Who closes it meanwhile waits, and sees
/// the new one.
///
/// # Errors
/// [`Error::PartnerClosed`].
pub(crate) async fn next_number<C: ConnectionTrait>(db: &C, partner: PartnerScope) -> Result<i64> {
    let counted = partner::Entity::update_many()
        .filter(partner::Column::Id.eq(partner.partner()))
        .filter(partner::Column::ClosedAt.is_null())
        .col_expr(partner::Column::Organizations, Expr::col(partner::Column::Organizations).add(1))
        .exec(db)
        .await?;
    if counted.rows_affected != 1 {
        return Err(Error::PartnerClosed);
    }
    let counted = partner::Entity::find_by_id(partner.partner())
        .one(db)
        .await?
        .ok_or(Error::Inconsistent("partner"))?;
    Ok(counted.organizations)
}

/// The row, as long as it belongs to the partner that the scope was made for: it may have been transferred since.
/// What refers to the organization is not kept from being written meanwhile; it would wait while holding what is wanted
/// next.
pub(crate) async fn locked(tx: &Tx, scope: OrgScope) -> Result<organization::Model> {
    organization::Entity::find_by_id(scope.organization())
        .filter(organization::Column::PartnerId.eq(scope.partner()))
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await?
        .ok_or(Error::Inconsistent("organization"))
}
