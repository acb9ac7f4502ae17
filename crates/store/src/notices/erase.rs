//! Forgetting.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::{notice, notice_due, notice_off};
use crate::scope::OrgScope;
use crate::{Result, Store};

/// Everything that is noted about an organization, and its choices.
pub(crate) async fn erase_of_organization_in<C: ConnectionTrait>(db: &C, scope: OrgScope) -> Result<()> {
    let id = scope.organization();
    let of = Query::select()
        .column(notice::Column::Id)
        .from(notice::Entity)
        .and_where(notice::Column::OrganizationId.eq(id))
        .to_owned();
    notice_due::Entity::delete_many().filter(notice_due::Column::NoticeId.in_subquery(of)).exec(db).await?;
    notice::Entity::delete_many().filter(notice::Column::OrganizationId.eq(id)).exec(db).await?;
    notice_off::Entity::delete_many().filter(notice_off::Column::OrganizationId.eq(id)).exec(db).await?;
    Ok(())
}

impl Store {
    /// Forgets what was noted before `old` and everybody was told of. A state that still holds is noted again then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_old_notices(&self, old: DateTime<Utc>) -> Result<()> {
        let waiting =
            Query::select().column(notice_due::Column::NoticeId).from(notice_due::Entity).to_owned();
        notice::Entity::delete_many()
            .filter(notice::Column::Spread.ne(0))
            .filter(notice::Column::At.lt(old.timestamp_millis()))
            .filter(notice::Column::Id.not_in_subquery(waiting))
            .exec(self.db().write())
            .await?;
        Ok(())
    }
}
