//! What was used day by day, and what bills are made from.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use domain::billing::{Held, PlanHeld};
use domain::partner::PlanCell;
use domain::subscription::State;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::dialect::statement;
use crate::entity::{organization, partner, plan, subscription_event, tenant, usage_day, usage_next};
use crate::partners::{branch_ids, customer_ids};
use crate::scope::PartnerScope;
use crate::{Error, Result, Store};

/// The only row of `usage_next`.
const ONLY: i16 = 1;

/// One customer's history, as the partner may know it.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub organization: Uuid,
    /// What the customer was called by at each partner of the branch: partner and running number.
    pub numbers: HashMap<Uuid, String>,
    /// None once it is erased, or another's.
    pub name: Option<String>,
    /// In the order of time; while it was somebody else's, it holds nothing.
    pub history: Vec<Held>,
}

/// A customer's use over some days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The most protected users of a day.
    pub peak: i64,
    /// Protected users, day by day, added up.
    pub user_days: i64,
    pub days: i64,
}

/// A day of a whole branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfBranch {
    pub day: NaiveDate,
    pub organizations: i64,
    pub seats: i64,
    pub protected: i64,
}

impl Store {
    /// Records every UTC day that is over and not recorded yet: of each organization that was billed at the day's end,
    /// whose customer it was, its seats, and the protected users of its newest snapshots of that time. Each day is
    /// recorded once, whoever asks and however often; days missed while nothing ran are caught up.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn record_usage(&self, now: DateTime<Utc>) -> Result<u32> {
        let today = now.date_naive().num_days_from_ce();
        let mut recorded = 0;
        loop {
            let tx = self.db().begin().await?;
            let next = usage_next::Entity::find_by_id(ONLY)
                .lock(sea_orm::sea_query::LockType::Update)
                .one(&tx)
                .await?
                .map(|m| m.day);
            let day = match next {
                Some(day) => day,
                None => match first_day(&tx).await? {
                    Some(day) => day,
                    None => return Ok(recorded),
                },
            };
            if day >= today {
                return Ok(recorded);
            }
            let end = end_of(date(day)?)?;
            let billed: Vec<&str> = State::ALL.iter().filter(|s| s.is_billed()).map(|s| s.slug()).collect();
            let holes = vec!["?"; billed.len()].join(",");
            let sql = format!(
                "INSERT INTO usage_day (day, organization_id, partner_id, seats, protected) \
                 SELECT CAST(? AS integer), e.organization_id, e.partner_id, e.seats, CAST(COALESCE((\
                 SELECT SUM(s.protected) FROM tenant t JOIN snapshot s ON s.tenant = t.id AND s.seq = (\
                 SELECT MAX(o.seq) FROM snapshot o WHERE o.tenant = t.id AND o.started_at + o.took_ms < ?) \
                 WHERE t.organization_id = e.organization_id), 0) AS bigint) \
                 FROM subscription_event e WHERE e.number = (\
                 SELECT MAX(l.number) FROM subscription_event l \
                 WHERE l.organization_id = e.organization_id AND l.at < ?) AND e.state IN ({holes}) \
                 ON CONFLICT DO NOTHING"
            );
            let mut values: Vec<sea_orm::Value> = vec![day.into(), end.into(), end.into()];
            values.extend(billed.into_iter().map(sea_orm::Value::from));
            tx.execute_raw(statement(self.db().schema(), &sql, values)).await?;
            usage_next::Entity::insert(usage_next::ActiveModel { id: Set(ONLY), day: Set(day + 1) })
                .on_conflict(
                    OnConflict::column(usage_next::Column::Id)
                        .update_column(usage_next::Column::Day)
                        .to_owned(),
                )
                .exec_without_returning(&tx)
                .await?;
            tx.commit().await?;
            recorded += 1;
        }
    }

    /// The histories, before a day, of all who are or were customers of the branch; of one of them, when it is named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ledgers(
        &self,
        scope: PartnerScope,
        one: Option<Uuid>,
        before: NaiveDate,
    ) -> Result<Vec<Ledger>> {
        let db = self.db().read();
        let mut events = subscription_event::Entity::find()
            .filter(subscription_event::Column::OrganizationId.in_subquery(ever_of(scope)))
            .filter(subscription_event::Column::At.lt(start_of(before)));
        if let Some(one) = one {
            events = events.filter(subscription_event::Column::OrganizationId.eq(one));
        }
        let events = events
            .order_by_asc(subscription_event::Column::OrganizationId)
            .order_by_asc(subscription_event::Column::Number)
            .all(db)
            .await?;
        let partners: HashMap<Uuid, i64> = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m.number))
            .collect();
        let plans: HashMap<Uuid, PlanCell> = plan::Entity::find()
            .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| Ok((m.id, crate::plans::cell(m)?)))
            .collect::<Result<_>>()?;
        let mut named = organization::Entity::find()
            .select_only()
            .columns([organization::Column::Id, organization::Column::Name])
            .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(organization::Column::ErasedAt.is_null());
        if let Some(one) = one {
            named = named.filter(organization::Column::Id.eq(one));
        }
        let named: Vec<(Uuid, String)> = named.into_tuple().all(db).await?;
        let mut names: HashMap<Uuid, String> = named.into_iter().collect();

        let mut out: Vec<Ledger> = Vec::new();
        for m in events {
            if out.last().is_none_or(|last| last.organization != m.organization_id) {
                out.push(Ledger {
                    organization: m.organization_id,
                    numbers: HashMap::new(),
                    name: names.remove(&m.organization_id),
                    history: Vec::new(),
                });
            }
            let Some(ledger) = out.last_mut() else { continue };
            if let Some(number) = partners.get(&m.partner_id) {
                ledger.numbers.insert(m.partner_id, format!("{number}-{}", m.organization_number));
            }
            // Nobody's clock going back moves a day that was passed.
            let on = crate::time::instant(m.at).date_naive();
            let from = ledger.history.last().map_or(on, |last| Ord::max(last.from, on));
            let holding = held(&m, partners.contains_key(&m.partner_id), &plans)?;
            ledger.history.push(Held { from, partner: m.partner_id, holding });
        }
        Ok(out)
    }

    /// The recorded days `[from, to)` on which customers of the branch used more seats than they had, with how many they
    /// used, by organization.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn short_days(
        &self,
        scope: PartnerScope,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HashMap<Uuid, HashMap<NaiveDate, i64>>> {
        let rows: Vec<(Uuid, i32, i64)> = of_branch(scope, from, to)
            .select_only()
            .columns([
                usage_day::Column::OrganizationId,
                usage_day::Column::Day,
                usage_day::Column::Protected,
            ])
            .filter(Expr::col(usage_day::Column::Protected).gt(Expr::col(usage_day::Column::Seats)))
            .into_tuple()
            .all(self.db().read())
            .await?;
        let mut out: HashMap<Uuid, HashMap<NaiveDate, i64>> = HashMap::new();
        for (organization, day, used) in rows {
            out.entry(organization).or_default().insert(date(day)?, used);
        }
        Ok(out)
    }

    /// What each customer used with each partner of the branch on the recorded days `[from, to)`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn use_of(
        &self,
        scope: PartnerScope,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HashMap<(Uuid, Uuid), Use>> {
        let rows: Vec<(Uuid, Uuid, i64, i64, i64)> = of_branch(scope, from, to)
            .select_only()
            .columns([usage_day::Column::OrganizationId, usage_day::Column::PartnerId])
            .column_as(usage_day::Column::Protected.max(), "peak")
            .column_as(whole(Expr::col(usage_day::Column::Protected).sum()), "user_days")
            .column_as(usage_day::Column::Day.count(), "days")
            .group_by(usage_day::Column::OrganizationId)
            .group_by(usage_day::Column::PartnerId)
            .into_tuple()
            .all(self.db().read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, partner, peak, user_days, days)| ((id, partner), Use { peak, user_days, days }))
            .collect())
    }

    /// The recorded days `[from, to)` of the whole branch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn days_of_branch(
        &self,
        scope: PartnerScope,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<DayOfBranch>> {
        let rows: Vec<(i32, i64, i64, i64)> = of_branch(scope, from, to)
            .select_only()
            .column(usage_day::Column::Day)
            .column_as(usage_day::Column::OrganizationId.count(), "organizations")
            .column_as(whole(Expr::col(usage_day::Column::Seats).sum()), "seats")
            .column_as(whole(Expr::col(usage_day::Column::Protected).sum()), "protected")
            .group_by(usage_day::Column::Day)
            .order_by_asc(usage_day::Column::Day)
            .into_tuple()
            .all(self.db().read())
            .await?;
        rows.into_iter()
            .map(|(day, organizations, seats, protected)| {
                Ok(DayOfBranch { day: date(day)?, organizations, seats, protected })
            })
            .collect()
    }

    /// The first day that is not recorded yet; none before anything was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recorded_until(&self) -> Result<Option<NaiveDate>> {
        let next = usage_next::Entity::find_by_id(ONLY).one(self.db().read()).await?;
        next.map(|m| date(m.day)).transpose()
    }

    /// Protected users in the newest snapshots, by customer of the branch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn protected_now(&self, scope: PartnerScope) -> Result<HashMap<Uuid, i64>> {
        let rows: Vec<(Uuid, i64)> = tenant::Entity::find()
            .select_only()
            .column(tenant::Column::OrganizationId)
            .column_as(whole(Expr::col(tenant::Column::Protected).sum()), "protected")
            .filter(tenant::Column::OrganizationId.in_subquery(customer_ids(scope)))
            .group_by(tenant::Column::OrganizationId)
            .into_tuple()
            .all(self.db().read())
            .await?;
        Ok(rows.into_iter().collect())
    }
}

/// What an entry says is held: nothing while backups are stopped, while it is somebody else's customer, or without a plan.
fn held(
    m: &subscription_event::Model,
    is_ours: bool,
    plans: &HashMap<Uuid, PlanCell>,
) -> Result<Option<PlanHeld>> {
    let state = State::from_slug(&m.state).ok_or(Error::Inconsistent("subscription_event"))?;
    let Some(id) = m.plan_id.filter(|_| is_ours && state.is_billed()) else { return Ok(None) };
    let plan = plans.get(&id).ok_or(Error::Inconsistent("subscription_event"))?;
    let seats = u32::try_from(m.seats).map_err(|_| Error::Inconsistent("subscription_event"))?;
    Ok(Some(PlanHeld { plan: id, name: plan.name.clone(), terms: plan.terms, seats }))
}

fn of_branch(scope: PartnerScope, from: NaiveDate, to: NaiveDate) -> sea_orm::Select<usage_day::Entity> {
    usage_day::Entity::find()
        .filter(usage_day::Column::PartnerId.in_subquery(branch_ids(scope)))
        .filter(usage_day::Column::Day.gte(from.num_days_from_ce()))
        .filter(usage_day::Column::Day.lt(to.num_days_from_ce()))
}

/// Organizations that are or were customers of the branch.
fn ever_of(scope: PartnerScope) -> SelectStatement {
    Query::select()
        .column(subscription_event::Column::OrganizationId)
        .from(subscription_event::Entity)
        .and_where(subscription_event::Column::PartnerId.in_subquery(branch_ids(scope)))
        .to_owned()
}

/// PostgreSQL adds whole numbers up to a decimal one.
fn whole(sum: impl Into<sea_orm::sea_query::SimpleExpr>) -> sea_orm::sea_query::SimpleExpr {
    sum.into().cast_as("bigint")
}

/// The day of the first subscription.
async fn first_day<C: ConnectionTrait>(db: &C) -> Result<Option<i32>> {
    let first: Option<Option<i64>> = subscription_event::Entity::find()
        .select_only()
        .column_as(subscription_event::Column::At.min(), "first")
        .into_tuple()
        .one(db)
        .await?;
    Ok(first.flatten().map(|at| crate::time::instant(at).date_naive().num_days_from_ce()))
}

fn date(day: i32) -> Result<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day).ok_or(Error::Inconsistent("usage_day"))
}

fn start_of(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp_millis()
}

fn end_of(day: NaiveDate) -> Result<i64> {
    day.checked_add_days(Days::new(1)).map(start_of).ok_or(Error::Inconsistent("usage_day"))
}
