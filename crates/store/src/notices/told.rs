//! Telling: what is due for a person, taken away in the transaction that puts the mail into the outbox.

use chrono::{DateTime, Utc};
use domain::notice::Pace;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::dialect::statement;
use crate::entity::{notice, notice_due};
use crate::outbox::{self, Mail};
use crate::{Error, Result, Store};

use super::Notice;

/// Bundles looked at together.
const BLOCK: u32 = 100;

/// What one person is told in one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub account: Uuid,
    /// The partner or the organization where the person has the role that it is told for.
    pub place: Uuid,
    pub pace: Pace,
}

impl Store {
    /// Bundles of which the oldest notice is due; everything else of the same person and pace comes along.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bundles_due(&self, now: DateTime<Utc>) -> Result<Vec<Bundle>> {
        // Most of the time there is none, and one look at the index says so.
        let one = notice_due::Entity::find()
            .filter(notice_due::Column::DueAt.lte(now.timestamp_millis()))
            .limit(1)
            .one(self.db().read())
            .await?;
        if one.is_none() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT account_id, place, pace FROM notice_due GROUP BY account_id, place, pace \
             HAVING MIN(due_at) <= ? ORDER BY MIN(due_at) LIMIT {BLOCK}"
        );
        let values = [now.timestamp_millis().into()];
        let rows = self.db().read().query_all_raw(statement(self.db().schema(), &sql, values)).await?;
        rows.iter()
            .map(|row| {
                let pace: String = row.try_get("", "pace")?;
                Ok(Bundle {
                    account: row.try_get("", "account_id")?,
                    place: row.try_get("", "place")?,
                    pace: Pace::from_slug(&pace).ok_or(Error::Inconsistent("notice_due"))?,
                })
            })
            .collect()
    }

    /// The notices of a bundle, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices_of(&self, bundle: &Bundle) -> Result<Vec<Notice>> {
        let ids: Vec<Uuid> = notice_due::Entity::find()
            .select_only()
            .column(notice_due::Column::NoticeId)
            .filter(notice_due::Column::AccountId.eq(bundle.account))
            .filter(notice_due::Column::Place.eq(bundle.place))
            .filter(notice_due::Column::Pace.eq(bundle.pace.slug()))
            .into_tuple()
            .all(self.db().read())
            .await?;
        let mut rows = Vec::new();
        // Databases bound how many values a statement takes.
        for ids in ids.chunks(500) {
            rows.extend(
                notice::Entity::find()
                    .filter(notice::Column::Id.is_in(ids.iter().copied()))
                    .all(self.db().read())
                    .await?,
            );
        }
        rows.sort_by_key(|m| (m.at, m.id));
        self.notices(rows).await
    }

    /// Takes the notices of a bundle away and puts the mail that tells of them into the outbox; without a mail, nobody is
    /// told. False when another worker did it meanwhile.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn tell(
        &self,
        bundle: &Bundle,
        notices: &[Uuid],
        mail: Option<Mail>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let mut taken = 0;
        for ids in notices.chunks(500) {
            let done = notice_due::Entity::delete_many()
                .filter(notice_due::Column::AccountId.eq(bundle.account))
                .filter(notice_due::Column::Place.eq(bundle.place))
                .filter(notice_due::Column::NoticeId.is_in(ids.iter().copied()))
                .exec(&tx)
                .await?;
            taken += done.rows_affected;
        }
        if taken != notices.len() as u64 {
            return Ok(false);
        }
        outbox::post_in(&tx, mail, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
