//! Notices as they are told, who they are told to, and what was chosen.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::access::{OrgRole, PartnerRole};
use domain::notice::{Choices, OrgTopic, What, hears};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::audit::{self, AuditRow, Entry};
use crate::entity::{
    account, audit as log, membership, notice, notice_choice, notice_off, organization, tenant,
};
use crate::partners::branch_ids;
use crate::scope::{OrgScope, PartnerActor, PartnerScope};
use crate::time::instant;
use crate::{Error, Result, Store};

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Notice {
    pub id: Uuid,
    pub what: What,
    pub at: DateTime<Utc>,
    /// Whose customer, or whose own matter, it was then.
    pub partner: Uuid,
    pub organization: Option<Uuid>,
    /// The domain of the tenant that it is about.
    pub tenant: Option<String>,
    pub note: String,
    /// Who did it, and what the audit log says of it.
    pub entry: Option<AuditRow>,
}

/// Somebody with a role in an organization, whether or not sign-in is open there at the moment.
#[derive(Clone, Debug)]
pub struct OrgReader {
    pub scope: OrgScope,
    pub organization: String,
    pub name: String,
    pub email: String,
}

/// Who a bundle is for, as they are now.
#[derive(Clone, Debug)]
pub enum Reader {
    Partner(PartnerActor),
    Organization(OrgReader),
}

/// What somebody of that role chose.
pub(super) fn choices(role: PartnerRole, kept: Option<&str>) -> Result<Choices> {
    match kept {
        Some(kept) => serde_json::from_str(kept).map_err(|_| Error::Inconsistent("notice_choice")),
        None => Ok(Choices::of_role(role)),
    }
}

impl Store {
    /// Rows as they are told.
    pub(super) async fn notices(&self, rows: Vec<notice::Model>) -> Result<Vec<Notice>> {
        let mut numbers: HashMap<Uuid, Vec<i64>> = HashMap::new();
        for row in &rows {
            numbers.entry(row.partner_id).or_default().extend(row.log_number);
        }
        let mut entries: HashMap<(Uuid, i64), AuditRow> = HashMap::new();
        for (partner, numbers) in numbers {
            for numbers in numbers.chunks(500) {
                let found = log::Entity::find()
                    .filter(log::Column::PartnerId.eq(partner))
                    .filter(log::Column::Number.is_in(numbers.iter().copied()))
                    .all(self.db().read())
                    .await?;
                entries.extend(
                    self.audit_rows(found).await?.into_iter().map(|row| ((partner, row.number), row)),
                );
            }
        }
        let mut tenants: Vec<i64> = rows.iter().filter_map(|m| m.tenant).collect();
        tenants.sort_unstable();
        tenants.dedup();
        let mut domains: HashMap<i64, String> = HashMap::new();
        for ids in tenants.chunks(500) {
            let found: Vec<(i64, String)> = tenant::Entity::find()
                .select_only()
                .columns([tenant::Column::Id, tenant::Column::Domain])
                .filter(tenant::Column::Id.is_in(ids.iter().copied()))
                .into_tuple()
                .all(self.db().read())
                .await?;
            domains.extend(found);
        }
        rows.into_iter()
            .map(|m| {
                Ok(Notice {
                    id: m.id,
                    what: What::from_slug(&m.what).ok_or(Error::Inconsistent("notice"))?,
                    at: instant(m.at),
                    partner: m.partner_id,
                    organization: m.organization_id,
                    tenant: m.tenant.and_then(|id| domains.get(&id).cloned()),
                    note: m.note,
                    entry: m.log_number.and_then(|number| entries.remove(&(m.partner_id, number))),
                })
            })
            .collect()
    }

    /// What happened in the branch since `since`, the oldest first; of more than `limit`, the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices_since(
        &self,
        scope: PartnerScope,
        since: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Notice>> {
        let mut rows = notice::Entity::find()
            .filter(notice::Column::PartnerId.in_subquery(branch_ids(scope)))
            .filter(notice::Column::At.gte(since.timestamp_millis()))
            .order_by_desc(notice::Column::At)
            .order_by_desc(notice::Column::Id)
            .limit(limit)
            .all(self.db().read())
            .await?;
        rows.reverse();
        self.notices(rows).await
    }

    /// The person with the role that they are told for now; none where they have none there any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notice_reader(&self, account: Uuid, place: Uuid) -> Result<Option<Reader>> {
        if let Some(actor) = self.partner_actor(account, place).await? {
            return Ok(Some(Reader::Partner(actor)));
        }
        let db = self.db().read();
        let member = membership::Entity::find_by_id((account, place))
            .filter(membership::Column::OffAt.is_null())
            .one(db)
            .await?;
        let Some(member) = member else { return Ok(None) };
        let broken = || Error::Inconsistent("membership");
        if !hears(OrgRole::from_slug(&member.role).ok_or_else(broken)?) {
            return Ok(None);
        }
        let person = account::Entity::find_by_id(account).one(db).await?.ok_or_else(broken)?;
        let of = organization::Entity::find_by_id(place).one(db).await?.ok_or_else(broken)?;
        Ok(Some(Reader::Organization(OrgReader {
            scope: OrgScope::new(of.id, of.partner_id),
            organization: of.name,
            name: person.name,
            email: person.email,
        })))
    }

    /// What the person chose at that partner, or what the role has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notice_choices(&self, actor: &PartnerActor) -> Result<Choices> {
        let row = notice_choice::Entity::find_by_id((actor.account, actor.scope().partner()))
            .one(self.db().read())
            .await?;
        choices(actor.role, row.map(|m| m.choices).as_deref())
    }

    /// Keeps the person's choices.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_notice_choices(
        &self,
        actor: &PartnerActor,
        choices: &Choices,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let kept = serde_json::to_string(choices).map_err(|_| Error::Inconsistent("notice_choice"))?;
        let tx = self.db().begin().await?;
        notice_choice::Entity::insert(notice_choice::ActiveModel {
            account_id: Set(actor.account),
            partner_id: Set(actor.scope().partner()),
            choices: Set(kept),
        })
        .on_conflict(
            OnConflict::columns([notice_choice::Column::AccountId, notice_choice::Column::PartnerId])
                .update_column(notice_choice::Column::Choices)
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, actor.scope(), entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the organization switched off for its people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices_off(&self, scope: OrgScope) -> Result<Vec<OrgTopic>> {
        let rows = notice_off::Entity::find()
            .filter(notice_off::Column::OrganizationId.eq(scope.organization()))
            .all(self.db().read())
            .await?;
        Ok(rows.iter().filter_map(|m| OrgTopic::from_slug(&m.topic)).collect())
    }

    /// Keeps what the organization switched off.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_notices_off(
        &self,
        scope: OrgScope,
        off: &[OrgTopic],
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        notice_off::Entity::delete_many()
            .filter(notice_off::Column::OrganizationId.eq(scope.organization()))
            .exec(&tx)
            .await?;
        if !off.is_empty() {
            let rows = off.iter().map(|topic| notice_off::ActiveModel {
                organization_id: Set(scope.organization()),
                topic: Set(topic.slug().to_owned()),
            });
            notice_off::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The names of the organization's people who are told.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notice_readers(&self, scope: OrgScope) -> Result<Vec<String>> {
        let roles = OrgRole::ALL.into_iter().filter(|role| hears(*role)).map(OrgRole::slug);
        let ids: Vec<Uuid> = membership::Entity::find()
            .select_only()
            .column(membership::Column::AccountId)
            .filter(
                Condition::all()
                    .add(membership::Column::OrganizationId.eq(scope.organization()))
                    .add(membership::Column::OffAt.is_null())
                    .add(membership::Column::Role.is_in(roles)),
            )
            .into_tuple()
            .all(self.db().read())
            .await?;
        Ok(account::Entity::find()
            .select_only()
            .column(account::Column::Name)
            .filter(account::Column::Id.is_in(ids))
            .order_by_asc(account::Column::Name)
            .into_tuple()
            .all(self.db().read())
            .await?)
    }
}
