//! People who have no role any more, and erasing what belongs to their accounts.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::entity::{
    account, email_change, microsoft_identity, notice_choice, notice_due, password_reset, recovery_code,
    second_factor, session,
};
use crate::purge::{Erased, erased_in};
use crate::scope::OrgScope;
use crate::{Result, Store};

impl Store {
    /// Erases the accounts of people who have had no role since `before`. Whoever visited a customer that is still
    /// there stays, because the customer is shown who it was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erase_who_left(&self, before: DateTime<Utc>) -> Result<()> {
        let tx = self.db().begin().await?;
        let gone = account::Column::LeftAt.lte(before.timestamp_millis());
        erase_roleless_in(&tx, Condition::all().add(gone)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Somebody has a role.
pub(crate) async fn came_in<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<()> {
    account::Entity::update_many()
        .filter(account::Column::Id.eq(account))
        .filter(account::Column::LeftAt.is_not_null())
        .col_expr(account::Column::LeftAt, Expr::value(Option::<i64>::None))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes since when those of the accounts have had no role who have none.
pub(crate) async fn left_in<C: ConnectionTrait>(db: &C, accounts: &[Uuid], now: DateTime<Utc>) -> Result<()> {
    account::Entity::update_many()
        .filter(account::Column::Id.is_in(accounts.iter().copied()))
        .filter(roleless())
        .col_expr(account::Column::LeftAt, Expr::value(now.timestamp_millis()))
        .exec(db)
        .await?;
    Ok(())
}

/// Erases those of the accounts that nobody can sign in to, and that no visit names.
pub(crate) async fn erase_roleless_in<C: ConnectionTrait>(db: &C, those: Condition) -> Result<()> {
    let alone: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(those)
        .filter(roleless())
        .filter(account::Column::Id.not_in_subquery(accounts_in("visit")))
        .into_tuple()
        .all(db)
        .await?;
    if alone.is_empty() {
        return Ok(());
    }
    erased_in(db, Erased::People).await?;
    session::Entity::delete_many()
        .filter(session::Column::AccountId.is_in(alone.iter().copied()))
        .exec(db)
        .await?;
    erase_in(db, &alone).await?;
    account::Entity::delete_many().filter(account::Column::Id.is_in(alone)).exec(db).await?;
    Ok(())
}

fn roleless() -> Condition {
    Condition::all()
        .add(account::Column::Id.not_in_subquery(accounts_in("membership")))
        .add(account::Column::Id.not_in_subquery(accounts_in("partner_member")))
}

fn accounts_in(table: &'static str) -> sea_orm::sea_query::SelectStatement {
    Query::select().column("account_id").from(table).to_owned()
}

/// Everything that hangs on the accounts, before they go themselves.
async fn erase_in<C: ConnectionTrait>(db: &C, accounts: &[Uuid]) -> Result<()> {
    let of = || accounts.iter().copied();
    second_factor::Entity::delete_many()
        .filter(second_factor::Column::AccountId.is_in(of()))
        .exec(db)
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.is_in(of()))
        .exec(db)
        .await?;
    microsoft_identity::Entity::delete_many()
        .filter(microsoft_identity::Column::AccountId.is_in(of()))
        .exec(db)
        .await?;
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::AccountId.is_in(of()))
        .exec(db)
        .await?;
    email_change::Entity::delete_many().filter(email_change::Column::AccountId.is_in(of())).exec(db).await?;
    notice_due::Entity::delete_many().filter(notice_due::Column::AccountId.is_in(of())).exec(db).await?;
    notice_choice::Entity::delete_many()
        .filter(notice_choice::Column::AccountId.is_in(of()))
        .exec(db)
        .await?;
    Ok(())
}

/// What hangs on an organization: a change of its e-mail that waits.
pub(crate) async fn erase_of_organization_in<C: ConnectionTrait>(db: &C, scope: OrgScope) -> Result<()> {
    email_change::Entity::delete_many()
        .filter(email_change::Column::OrganizationId.eq(scope.organization()))
        .exec(db)
        .await?;
    Ok(())
}
