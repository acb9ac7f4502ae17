//! How often something was tried that may only be tried so often. Kept in the database, so that a
//! restart or a second server does not open what was closed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use crate::entity::attempt;
use crate::time::instant;
use crate::{Error, Result, Store};

/// After `tries` within `window`, `name` is closed for `closed_for`.
#[derive(Clone, Debug)]
pub struct Limit {
    pub name: String,
    pub tries: i32,
    pub window: Duration,
    pub closed_for: Duration,
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may, and was counted. `last`: unless it is forgiven, there will be no further one for now.
    Open { last: bool },
    /// It may not, until then.
    Closed(DateTime<Utc>),
}

impl Store {
    /// Counts an attempt against every limit before it is made, so that attempts made at the same time
    /// count as well. When one of them is closed, nothing is counted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_attempt(&self, limits: &[Limit], now: DateTime<Utc>) -> Result<Attempt> {
        // Rows are locked in one order, so that two attempts never wait for each other.
        let mut limits: Vec<&Limit> = limits.iter().collect();
        limits.sort_by(|a, b| a.name.cmp(&b.name));
        let ms = now.timestamp_millis();
        let tx = self.db().begin().await?;
        let mut counted = Vec::with_capacity(limits.len());
        for limit in limits {
            attempt::Entity::insert(attempt::ActiveModel {
                name: Set(limit.name.clone()),
                tries: Set(0),
                since: Set(ms),
                closed_until: Set(None),
            })
            .on_conflict(OnConflict::column(attempt::Column::Name).do_nothing().to_owned())
            .exec_without_returning(&tx)
            .await?;
            let row = attempt::Entity::find_by_id(limit.name.clone())
                .lock_exclusive()
                .one(&tx)
                .await?
                .ok_or(Error::Inconsistent("attempt"))?;
            match row.closed_until {
                Some(until) if until > ms => return Ok(Attempt::Closed(instant(until))),
                Some(_) => counted.push((limit, 1, ms)),
                None if row.since + millis(limit.window) <= ms => counted.push((limit, 1, ms)),
                None => counted.push((limit, row.tries + 1, row.since)),
            }
        }
        let mut last = false;
        for (limit, tries, since) in counted {
            let closed_until = (tries >= limit.tries).then(|| ms + millis(limit.closed_for));
            last |= closed_until.is_some();
            attempt::Entity::update_many()
                .filter(attempt::Column::Name.eq(&limit.name))
                .col_expr(attempt::Column::Tries, Expr::value(tries))
                .col_expr(attempt::Column::Since, Expr::value(since))
                .col_expr(attempt::Column::ClosedUntil, Expr::value(closed_until))
                .exec(&tx)
                .await?;
        }
        tx.commit().await?;
        Ok(Attempt::Open { last })
    }

    /// Takes a counted attempt back: it was a good one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forgive_attempt(&self, limits: &[Limit]) -> Result<()> {
        let names = limits.iter().map(|l| l.name.as_str());
        attempt::Entity::update_many()
            .filter(attempt::Column::Name.is_in(names))
            .filter(attempt::Column::Tries.gt(0))
            .col_expr(attempt::Column::Tries, Expr::col(attempt::Column::Tries).sub(1))
            .col_expr(attempt::Column::ClosedUntil, Expr::value(Option::<i64>::None))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// Forgets every attempt counted under the name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn clear_attempts(&self, name: &str) -> Result<()> {
        attempt::Entity::delete_by_id(name.to_owned()).exec(self.db().write()).await?;
        Ok(())
    }

    /// Removes the counts that began before `before`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_old_attempts(&self, before: DateTime<Utc>) -> Result<u64> {
        let deleted = attempt::Entity::delete_many()
            .filter(attempt::Column::Since.lt(before.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(deleted.rows_affected)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
