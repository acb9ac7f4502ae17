//! Deciding who is told, and when.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{OrgRole, PartnerRole};
use domain::notice::{Choices, Pace, What, hears};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::dialect::{self, statement};
use crate::entity::{notice, notice_due, notice_off};
use crate::{Error, Result, Store};

/// Notices of one transaction.
const BLOCK: u32 = 200;

/// Somebody who may be told.
#[derive(Clone)]
struct Ear {
    account: Uuid,
    email: String,
    at: Uuid,
    hears: Hears,
}

#[derive(Clone)]
enum Hears {
    Partner(PartnerRole, Choices),
    Organization,
}

impl Ear {
    /// How soon this one is told.
    fn pace(&self, what: What, notice: &notice::Model) -> Pace {
        // A month without a bill.
        if what == What::BillReady && notice.note.is_empty() {
            return Pace::Never;
        }
        // Nobody is told of what they did themselves; wrong passwords are somebody else's doing, mostly.
        let names = [self.email.as_str(), &self.account.to_string()].map(|name| {
            notice.by_whom.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        if names.contains(&true) && what != What::SignInClosed {
            return Pace::Never;
        }
        match (&self.hears, what.topic()) {
            (Hears::Partner(role, choices), Some(topic)) if choices.below || notice.partner_id == self.at => {
                choices.pace(*role, topic)
            }
            (Hears::Partner(..), _) => Pace::Never,
            (Hears::Organization, _) => Pace::AtOnce,
        }
    }
}

impl Store {
    /// Decides for what was noted and not spread yet who is told of it, and when; what is told at once waits for
    /// `gather`. Answers with how many notices that were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn spread_notices(&self, now: DateTime<Utc>, gather: TimeDelta) -> Result<usize> {
        let schema = self.db().schema();
        // Most of the time there is nothing, and looking takes no lock.
        let new = notice::Entity::find()
            .filter(notice::Column::Spread.eq(0))
            .limit(1)
            .one(self.db().read())
            .await?;
        if new.is_none() {
            return Ok(0);
        }
        let tx = self.db().begin().await?;
        let sql = format!(
            "SELECT id FROM notice WHERE spread = 0 ORDER BY at, id LIMIT {BLOCK}{}",
            dialect::skip_locked(schema)
        );
        let ids = tx.query_all_raw(statement(schema, &sql, [])).await?;
        let ids: Vec<Uuid> = ids.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
        if ids.is_empty() {
            return Ok(0);
        }
        let notices = notice::Entity::find()
            .filter(notice::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(notice::Column::At)
            .all(&tx)
            .await?;
        let mut at_partner: HashMap<Uuid, Vec<Ear>> = HashMap::new();
        let mut at_organization: HashMap<Uuid, Vec<Ear>> = HashMap::new();
        for notice in notices {
            let what = What::from_slug(&notice.what).ok_or(Error::Inconsistent("notice"))?;
            let mut ears = Vec::new();
            if what.topic().is_some() {
                let known = match at_partner.entry(notice.partner_id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(self.ears_above(&tx, notice.partner_id).await?),
                };
                ears.extend(known.iter().cloned());
            }
            if let (Some(topic), Some(organization)) = (what.org_topic(), notice.organization_id) {
                let off =
                    notice_off::Entity::find_by_id((organization, topic.slug().to_owned())).one(&tx).await?;
                if off.is_none() {
                    let known = match at_organization.entry(organization) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(new) => new.insert(self.ears_in(&tx, organization).await?),
                    };
                    ears.extend(known.iter().cloned());
                }
            }
            let rows: Vec<_> = ears
                .into_iter()
                .filter_map(|ear| {
                    let pace = ear.pace(what, &notice);
                    Some(notice_due::ActiveModel {
                        account_id: Set(ear.account),
                        place: Set(ear.at),
                        notice_id: Set(notice.id),
                        pace: Set(pace.slug().to_owned()),
                        due_at: Set(pace.due(now, gather)?.timestamp_millis()),
                    })
                })
                .collect();
            if !rows.is_empty() {
                notice_due::Entity::insert_many(rows).exec_without_returning(&tx).await?;
            }
        }
        notice::Entity::update_many()
            .filter(notice::Column::Id.is_in(ids.iter().copied()))
            .col_expr(notice::Column::Spread, Expr::value(1_i16))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(ids.len())
    }

    /// The people of the partner and of those above it.
    async fn ears_above<C: ConnectionTrait>(&self, db: &C, partner: Uuid) -> Result<Vec<Ear>> {
        let sql = "SELECT m.account_id, m.partner_id, m.role, a.email, c.choices FROM partner_branch b \
                   JOIN partner_member m ON m.partner_id = b.ancestor AND m.off_at IS NULL \
                   JOIN partner p ON p.id = m.partner_id AND p.closed_at IS NULL \
                   JOIN account a ON a.id = m.account_id \
                   LEFT JOIN notice_choice c ON c.account_id = m.account_id AND c.partner_id = m.partner_id \
                   WHERE b.partner = ?";
        let rows = db.query_all_raw(statement(self.db().schema(), sql, [partner.into()])).await?;
        rows.iter()
            .map(|row| {
                let role: String = row.try_get("", "role")?;
                let role = PartnerRole::from_slug(&role).ok_or(Error::Inconsistent("partner_member"))?;
                let choices: Option<String> = row.try_get("", "choices")?;
                Ok(Ear {
                    account: row.try_get("", "account_id")?,
                    email: row.try_get("", "email")?,
                    at: row.try_get("", "partner_id")?,
                    hears: Hears::Partner(role, super::read::choices(role, choices.as_deref())?),
                })
            })
            .collect()
    }

    /// The organization's people who are told at all.
    async fn ears_in<C: ConnectionTrait>(&self, db: &C, organization: Uuid) -> Result<Vec<Ear>> {
        let sql = "SELECT m.account_id, m.role, a.email FROM membership m JOIN account a ON a.id = m.account_id \
                   WHERE m.organization_id = ? AND m.off_at IS NULL";
        let rows = db.query_all_raw(statement(self.db().schema(), sql, [organization.into()])).await?;
        let mut ears = Vec::new();
        for row in rows {
            let role: String = row.try_get("", "role")?;
            let role = OrgRole::from_slug(&role).ok_or(Error::Inconsistent("membership"))?;
            if hears(role) {
                ears.push(Ear {
                    account: row.try_get("", "account_id")?,
                    email: row.try_get("", "email")?,
                    at: organization,
                    hears: Hears::Organization,
                });
            }
        }
        Ok(ears)
    }
}
