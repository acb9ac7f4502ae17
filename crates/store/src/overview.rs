//! Figures of a whole branch, for the partner's first page.

use chrono::{DateTime, Utc};
use domain::bill::AccountsNow;
use domain::partner::{CredentialStatus, Health};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, QueryStatementBuilder, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};

use crate::dialect::statement;
use crate::entity::{organization, tenant};
use crate::partners::branch_ids;
use crate::scope::PartnerScope;
use crate::{Error, Result, Store, standing};

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

    /// People at the partners of the branch, and at their customers; how many of them came since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people_of_branch(
        &self,
        scope: PartnerScope,
        since: DateTime<Utc>,
    ) -> Result<(AccountsNow, AccountsNow)> {
        let organizations = format!("SELECT id FROM organization WHERE partner_id IN ({BRANCH})");
        let ours = self.people_in("partner_member", "partner_id", BRANCH, scope, since).await?;
        let theirs = self.people_in("membership", "organization_id", &organizations, scope, since).await?;
        Ok((ours, theirs))
    }

    /// People with a role in one of `places`, and links to one that nobody has taken up. Whoever has several roles is
    /// one person, and can sign in as long as one of them is on.
    async fn people_in(
        &self,
        roles: &str,
        place: &str,
        places: &str,
        scope: PartnerScope,
        since: DateTime<Utc>,
    ) -> Result<AccountsNow> {
        let sql = format!(
            "SELECT COUNT(*) AS people, CAST(COALESCE(SUM(p.active), 0) AS bigint) AS active, \
             CAST(COALESCE(SUM(CASE WHEN p.came >= ? THEN 1 ELSE 0 END), 0) AS bigint) AS joined, \
             (SELECT COUNT(*) FROM invitation WHERE {place} IN ({places})) AS invited \
             FROM (SELECT MAX(CASE WHEN off_at IS NULL THEN 1 ELSE 0 END) AS active, MIN(created_at) AS came \
             FROM {roles} WHERE {place} IN ({places}) GROUP BY account_id) p"
        );
        let of: sea_orm::Value = scope.partner().into();
        let values = [since.timestamp_millis().into(), of.clone(), of];
        let row = self.db().read().query_one_raw(statement(self.db().schema(), &sql, values)).await?;
        let row = row.ok_or(Error::Inconsistent("people"))?;
        let (people, active): (i64, i64) = (row.try_get("", "people")?, row.try_get("", "active")?);
        Ok(AccountsNow {
            active,
            off: people - active,
            invited: row.try_get("", "invited")?,
            joined: row.try_get("", "joined")?,
        })
    }

    /// How many customers of the branch were created since then, and how many were erased.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn came_and_went(&self, scope: PartnerScope, since: DateTime<Utc>) -> Result<(i64, i64)> {
        let db = self.db().read();
        let at = since.timestamp_millis();
        let came = of_branch(scope).filter(organization::Column::CreatedAt.gte(at)).count(db).await?;
        let went = organization::Entity::find()
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.gte(at))
            .count(db)
            .await?;
        Ok((whole(came), whole(went)))
    }
}

/// The partners of a branch.
const BRANCH: &str = "SELECT partner FROM partner_branch WHERE ancestor = ?";

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
