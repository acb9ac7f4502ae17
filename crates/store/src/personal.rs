//! Erasing what belongs to people's own accounts.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::Result;
use crate::entity::{
    email_change, microsoft_identity, notice_choice, notice_due, password_reset, recovery_code, second_factor,
};
use crate::scope::OrgScope;

/// Everything that hangs on the accounts, before they go themselves.
pub(crate) async fn erase_in<C: ConnectionTrait>(db: &C, accounts: &[Uuid]) -> Result<()> {
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

/// What hangs on an organization.
pub(crate) async fn erase_of_organization_in<C: ConnectionTrait>(db: &C, scope: OrgScope) -> Result<()> {
    email_change::Entity::delete_many()
        .filter(email_change::Column::OrganizationId.eq(scope.organization()))
        .exec(db)
        .await?;
    Ok(())
}
