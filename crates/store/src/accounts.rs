//! The people who sign in, and their roles in organizations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::access::OrgRole;
use domain::subscription::State;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::entity::{account, membership, organization, plan};
use crate::scope::{Actor, OrgScope};
use crate::{Error, Result, Store, features, personal};

/// Somebody to create. The e-mail is folded to lower case on the way in.
#[derive(Clone)]
pub struct NewAccount {
    pub email: String,
    pub name: String,
    pub password_hash: String,
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewAccount({})", self.email)
    }
}

/// Somebody who can sign in.
#[derive(Clone)]
pub struct Account {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub password_hash: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({} {})", self.id, self.email)
    }
}

impl From<account::Model> for Account {
    fn from(m: account::Model) -> Account {
        Account { id: m.id, email: m.email, name: m.name, password_hash: m.password_hash }
    }
}

/// The one spelling under which an e-mail address is known.
#[must_use]
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

impl Store {
    /// How many people can sign in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_accounts(&self) -> Result<u64> {
        Ok(account::Entity::find().count(self.db().read()).await?)
    }

    /// Creates somebody with a role in the organization.
    ///
    /// # Errors
    /// [`Error::Taken`] when the e-mail belongs to an account already.
    pub async fn create_account(
        &self,
        scope: OrgScope,
        new: NewAccount,
        role: OrgRole,
        now: DateTime<Utc>,
    ) -> Result<Actor> {
        let tx = self.db().begin().await?;
        let id = account_in(&tx, new, now).await?;
        member_in(&tx, scope, id, role, now).await?;
        let actor =
            actor_in(&tx, id, scope.organization()).await?.ok_or(Error::Inconsistent("membership"))?;
        tx.commit().await?;
        Ok(actor)
    }

    /// Gives an account a role in the organization, in place of the one it may have had.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_role(
        &self,
        scope: OrgScope,
        account: Uuid,
        role: OrgRole,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        put_member_in(&tx, scope, account, role, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes an account's role in the organization away.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remove_member(&self, scope: OrgScope, account: Uuid) -> Result<()> {
        membership::Entity::delete_by_id((account, scope.organization())).exec(self.db().write()).await?;
        Ok(())
    }

    /// The account of that e-mail address, however it is spelled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>> {
        Ok(account::Entity::find()
            .filter(account::Column::Email.eq(fold_email(email)))
            .one(self.db().read())
            .await?
            .map(Account::from))
    }

    /// The account of that id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account(&self, id: Uuid) -> Result<Option<Account>> {
        Ok(account::Entity::find_by_id(id).one(self.db().read()).await?.map(Account::from))
    }

    /// The e-mail addresses of accounts, as far as they are still there.
    pub(crate) async fn emails_of(&self, accounts: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
        let rows: Vec<(Uuid, String)> = account::Entity::find()
            .select_only()
            .columns([account::Column::Id, account::Column::Email])
            .filter(account::Column::Id.is_in(accounts))
            .into_tuple()
            .all(self.db().read())
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// The account with the address, when it is of somebody who has a role in an organization only.
    pub(crate) async fn customers_account(&self, email: &str) -> Result<Option<Uuid>> {
        if email.is_empty() {
            return Ok(None);
        }
        let at_a_partner = Query::select().column("account_id").from("partner_member").to_owned();
        Ok(account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::Email.eq(fold_email(email)))
            .filter(account::Column::Id.not_in_subquery(at_a_partner))
            .into_tuple()
            .one(self.db().read())
            .await?)
    }

    /// Replaces an account's password hash.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_password_hash(&self, account: Uuid, old: &str, hash: &str) -> Result<()> {
        account::Entity::update_many()
            .filter(account::Column::Id.eq(account))
            // Not over another password that was chosen while this one was hashed.
            .filter(account::Column::PasswordHash.eq(old))
            .col_expr(account::Column::PasswordHash, Expr::value(hash))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// The account as a member of the organization; none when it is no member (any more).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn actor(&self, account: Uuid, organization: Uuid) -> Result<Option<Actor>> {
        actor_in(self.db().read(), account, organization).await
    }

    /// The account in each organization where it has a role, the earliest membership first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn actors(&self, account: Uuid) -> Result<Vec<Actor>> {
        let db = self.db().read();
        let memberships = membership::Entity::find()
            .filter(membership::Column::AccountId.eq(account))
            .order_by_asc(membership::Column::CreatedAt)
            .all(db)
            .await?;
        let mut actors = Vec::with_capacity(memberships.len());
        for membership in memberships {
            actors.extend(actor_in(db, account, membership.organization_id).await?);
        }
        Ok(actors)
    }
}

pub(crate) async fn account_in<C: ConnectionTrait>(
    db: &C,
    new: NewAccount,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let id = Uuid::now_v7();
    account::Entity::insert(account::ActiveModel {
        id: Set(id),
        email: Set(fold_email(&new.email)),
        name: Set(new.name),
        password_hash: Set(new.password_hash),
        created_at: Set(now.timestamp_millis()),
        left_at: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    Ok(id)
}

pub(crate) async fn member_in<C: ConnectionTrait>(
    db: &C,
    scope: OrgScope,
    account: Uuid,
    role: OrgRole,
    now: DateTime<Utc>,
) -> Result<()> {
    membership::Entity::insert(membership::ActiveModel {
        account_id: Set(account),
        organization_id: Set(scope.organization()),
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

/// Gives a role in place of the one that the account may have had.
pub(crate) async fn put_member_in<C: ConnectionTrait>(
    db: &C,
    scope: OrgScope,
    account: Uuid,
    role: OrgRole,
    now: DateTime<Utc>,
) -> Result<()> {
    membership::Entity::delete_by_id((account, scope.organization())).exec(db).await?;
    member_in(db, scope, account, role, now).await
}

/// None as well while sign-in is switched off, for this person or by the organization's subscription.
pub(crate) async fn actor_in<C: ConnectionTrait>(
    db: &C,
    account: Uuid,
    organization: Uuid,
) -> Result<Option<Actor>> {
    let member = membership::Entity::find_by_id((account, organization))
        .filter(membership::Column::OffAt.is_null())
        .one(db)
        .await?;
    let Some(member) = member else { return Ok(None) };
    let person =
        account::Entity::find_by_id(account).one(db).await?.ok_or(Error::Inconsistent("membership"))?;
    let org = organization::Entity::find_by_id(organization)
        .one(db)
        .await?
        .ok_or(Error::Inconsistent("membership"))?;
    if org.state != State::Active.slug() {
        return Ok(None);
    }
    let scope = OrgScope::new(org.id, org.partner_id);
    let product = match org.plan_id {
        Some(id) => {
            let plan =
                plan::Entity::find_by_id(id).one(db).await?.ok_or(Error::Inconsistent("organization"))?;
            Some((id, crate::plans::terms(&plan)?.product))
        }
        None => None,
    };
    let features = features::features_in(db, scope, product).await?;
    Ok(Some(Actor::new(
        person.id,
        person.name,
        person.email,
        org.name,
        OrgRole::from_slug(&member.role).ok_or(Error::Inconsistent("membership"))?,
        features,
        scope,
    )))
}
