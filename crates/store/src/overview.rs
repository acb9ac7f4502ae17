//! Figures of a whole branch, for the partner's first page.

use chrono::{DateTime, Utc};
use domain::partner::{CredentialStatus, Health};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, QueryStatementBuilder, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::entity::{membership, organization, partner_member, tenant};
use crate::partners::branch_ids;
use crate::scope::PartnerScope;
use crate::{Result, Store, standing};

/// Seats of a branch, of those customers whose backups run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatsOfBranch {
    pub bought: i64,
    pub protected: i64,
    /// Customers who use more seats than they have.
    pub short: i64,
}

impl Store {
    /// How many customers of the branch stand like that, of those whose backups should run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_health(&self, scope: PartnerScope, health: Health, now: DateTime<Utc>) -> Result<i64> {
        let found = running(scope).filter(standing::of_health(health, now));
        Ok(whole(found.count(self.db().read()).await?))
    }

    /// The same by how their connections stand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_credentials(
        &self,
        scope: PartnerScope,
        status: CredentialStatus,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        let found =
            running(scope).filter(standing::sold_with_entra()).filter(standing::of_credential(status, now));
        Ok(whole(found.count(self.db().read()).await?))
    }

    /// Seats bought and used.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn seats_of_branch(&self, scope: PartnerScope) -> Result<SeatsOfBranch> {
        let db = self.db().read();
        let sum = |of: SimpleExpr| Expr::expr(Func::coalesce([of, Expr::val(0)])).cast_as("bigint");
        let rows: Option<(i64, i64)> = running(scope)
            .select_only()
            .column_as(sum(Expr::col(organization::Column::Seats).sum()), "bought")
            .column_as(sum(Expr::expr(protected()).sum()), "protected")
            .into_tuple()
            .one(db)
            .await?;
        let short = running(scope)
            .filter(organization::Column::PlanId.is_not_null())
            .filter(Expr::expr(protected()).gt(Expr::col(organization::Column::Seats)))
            .count(db)
            .await?;
        let (bought, protected) = rows.unwrap_or_default();
        Ok(SeatsOfBranch { bought, protected, short: whole(short) })
    }

    /// People with a role: at the partners of the branch, and at their customers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people_of_branch(&self, scope: PartnerScope) -> Result<(i64, i64)> {
        let db = self.db().read();
        let ours = partner_member::Entity::find()
            .select_only()
            .column(partner_member::Column::AccountId)
            .distinct()
            .filter(partner_member::Column::PartnerId.in_subquery(branch_ids(scope)))
            .count(db)
            .await?;
        let organizations = of_branch(scope).select_only().column(organization::Column::Id).into_query();
        let theirs = membership::Entity::find()
            .select_only()
            .column(membership::Column::AccountId)
            .distinct()
            .filter(membership::Column::OrganizationId.in_subquery(organizations))
            .count(db)
            .await?;
        Ok((whole(ours), whole(theirs)))
    }
}

fn of_branch(scope: PartnerScope) -> Select<organization::Entity> {
    organization::Entity::find()
        .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
        .filter(organization::Column::ErasedAt.is_null())
}

fn running(scope: PartnerScope) -> Select<organization::Entity> {
    of_branch(scope).filter(standing::runs())
}

/// Protected users of the organization in the row.
fn protected() -> SimpleExpr {
    let sum = Query::select()
        .expr(
            Expr::expr(Func::coalesce([Expr::col(tenant::Column::Protected).sum(), Expr::val(0)]))
                .cast_as("bigint"),
        )
        .from(tenant::Entity)
        .and_where(
            Expr::col((tenant::Entity, tenant::Column::OrganizationId))
                .equals((organization::Entity, organization::Column::Id)),
        )
        .to_owned();
    scalar(sum)
}

fn scalar(query: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(query.into_sub_query_statement()))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
