//! Single-use links with which an administrator of a customer's directory lets Holdfast in. The database knows a link
//! by its hash only.

use chrono::{DateTime, Utc};
use domain::connection::{ConsentLinkRow, ConsentState};
use domain::subscription::{BackupEffect, State};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{consent_link, organization, partner, tenant};
use crate::jobs::Work;
use crate::outbox::{self, Mail};
use crate::scope::{OrgScope, TenantScope};
use crate::tenants::{self, NewTenant};
use crate::time::instant;
use crate::token::TokenHash;
use crate::{Error, Result, Store, transfers};

/// The most links of an organization that a list shows.
const LISTED: u64 = 20;

/// A link to make.
#[derive(Debug)]
pub struct NewConsentLink {
    pub token: TokenHash,
    pub made_by: String,
    pub sent_to: Option<String>,
    pub expires_at: DateTime<Utc>,
    /// What brings it; none when it is shown instead.
    pub mail: Option<Mail>,
}

/// A link that is good: neither used, revoked nor expired.
#[derive(Clone, Debug)]
pub struct ConsentLink {
    pub id: Uuid,
    pub organization_name: String,
    pub partner_name: String,
    pub support_email: Option<String>,
    pub made_by: String,
    pub expires_at: DateTime<Utc>,
    scope: OrgScope,
}

impl ConsentLink {
    /// The organization that it binds a directory to, and no other.
    #[must_use]
    pub const fn scope(&self) -> OrgScope {
        self.scope
    }
}

/// Whose a directory is, as far as an organization may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryOf {
    Nobody,
    /// The organization has it connected.
    Own(TenantScope),
    /// Somebody else's; whose, is not said.
    Another,
}

impl Store {
    /// Keeps the hash of a link, and puts the mail that brings it into the outbox.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_consent_link(
        &self,
        scope: OrgScope,
        new: NewConsentLink,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let tx = self.db().begin().await?;
        consent_link::Entity::insert(consent_link::ActiveModel {
            id: Set(id),
            token_hash: Set(new.token.to_vec()),
            organization_id: Set(scope.organization()),
            made_by: Set(new.made_by),
            sent_to: Set(new.sent_to),
            created_at: Set(now.timestamp_millis()),
            expires_at: Set(new.expires_at.timestamp_millis()),
            ended_at: Set(None),
            used_by: Set(None),
        })
        .exec_without_returning(&tx)
        .await?;
        outbox::post_in(&tx, new.mail, now).await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The newest links of an organization.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consent_links(&self, scope: OrgScope, now: DateTime<Utc>) -> Result<Vec<ConsentLinkRow>> {
        // Who made those of before a transfer is another partner's affair.
        let since = transfers::came_at(self.db().read(), scope).await?;
        Ok(consent_link::Entity::find()
            .filter(consent_link::Column::OrganizationId.eq(scope.organization()))
            .filter(consent_link::Column::CreatedAt.gte(since))
            .order_by_desc(consent_link::Column::CreatedAt)
            .order_by_desc(consent_link::Column::Id)
            .limit(LISTED)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| ConsentLinkRow {
                state: match (&m.used_by, m.ended_at) {
                    (Some(_), _) => ConsentState::Used,
                    (None, Some(_)) => ConsentState::Revoked,
                    (None, None) if m.expires_at <= now.timestamp_millis() => ConsentState::Expired,
                    (None, None) => ConsentState::Open,
                },
                id: m.id,
                made_by: m.made_by,
                made: instant(m.created_at),
                until: instant(m.expires_at),
                sent_to: m.sent_to,
                ended: m.ended_at.map(instant),
                used_by: m.used_by,
            })
            .collect())
    }

    /// Ends a link of the organization that is still good. False where there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_consent_link(
        &self,
        scope: OrgScope,
        id: Uuid,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let ended = consent_link::Entity::update_many()
            .filter(consent_link::Column::Id.eq(id))
            .filter(consent_link::Column::OrganizationId.eq(scope.organization()))
            .filter(good(now))
            .col_expr(consent_link::Column::EndedAt, Expr::value(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        if ended.rows_affected == 0 {
            return Ok(false);
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The link that somebody holds, as long as it is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consent_link(&self, token: TokenHash, now: DateTime<Utc>) -> Result<Option<ConsentLink>> {
        self.good_link(consent_link::Column::TokenHash.eq(token.to_vec()), now).await
    }

    /// The same, for a browser that has shown the link before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consent_link_by_id(&self, id: Uuid, now: DateTime<Utc>) -> Result<Option<ConsentLink>> {
        self.good_link(consent_link::Column::Id.eq(id), now).await
    }

    async fn good_link(
        &self,
        which: sea_orm::sea_query::SimpleExpr,
        now: DateTime<Utc>,
    ) -> Result<Option<ConsentLink>> {
        let db = self.db().read();
        let found = consent_link::Entity::find().filter(which).filter(good(now)).one(db).await?;
        let Some(m) = found else { return Ok(None) };
        let broken = || Error::Inconsistent("consent link");
        let org = organization::Entity::find_by_id(m.organization_id).one(db).await?.ok_or_else(broken)?;
        // Where backups have stopped, nothing is to be connected.
        let state = State::from_slug(&org.state).ok_or_else(broken)?;
        if state.effects().backups == BackupEffect::Stop {
            return Ok(None);
        }
        let seller = partner::Entity::find_by_id(org.partner_id).one(db).await?.ok_or_else(broken)?;
        Ok(Some(ConsentLink {
            id: m.id,
            scope: OrgScope::new(org.id, org.partner_id),
            organization_name: org.name,
            partner_name: seller.name,
            support_email: seller.support_email,
            made_by: m.made_by,
            expires_at: instant(m.expires_at),
        }))
    }

    /// Whose a directory is, as the organization may know it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn directory_of(&self, scope: OrgScope, directory: Uuid) -> Result<DirectoryOf> {
        directory_of(self.db().read(), scope, directory).await
    }

    /// Spends a link: the directory is connected for the link's organization and no other, or, where that has it
    /// connected already, signs in this way from now on. A new one's schedule begins with `first`. None when the link is
    /// not good any more.
    ///
    /// # Errors
    /// [`Error::Taken`] when the directory is somebody else's; [`Error::Stopped`] where backups have stopped. The link
    /// stays good then.
    pub async fn connect_by_consent(
        &self,
        link: &ConsentLink,
        new: NewTenant,
        first: &Work,
        used_by: &str,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<(TenantScope, bool)>> {
        let scope = link.scope();
        let tx = self.db().begin().await?;
        tenants::hold_running(&tx, scope.organization()).await?;
        let spent = consent_link::Entity::update_many()
            .filter(consent_link::Column::Id.eq(link.id))
            .filter(consent_link::Column::OrganizationId.eq(scope.organization()))
            .filter(good(now))
            .col_expr(consent_link::Column::EndedAt, Expr::value(now.timestamp_millis()))
            .col_expr(consent_link::Column::UsedBy, Expr::value(used_by))
            .exec(&tx)
            .await?;
        if spent.rows_affected == 0 {
            return Ok(None);
        }
        let (tenant, is_new) = match directory_of(&tx, scope, new.directory).await? {
            DirectoryOf::Own(own) => {
                tenants::put_connection_in(&tx, self.master(), own, new.connection, now).await?;
                (own, false)
            }
            DirectoryOf::Nobody | DirectoryOf::Another => {
                (tenants::begin_in(&tx, self.master(), scope, new, first, used_by, now).await?, true)
            }
        };
        let entry = Entry { object: &tenant.public_id().to_string(), ..*entry };
        audit::append_in(&tx, scope, &entry, now).await?;
        tx.commit().await?;
        Ok(Some((tenant, is_new)))
    }
}

/// Neither used, revoked nor expired.
fn good(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(consent_link::Column::EndedAt.is_null())
        .add(consent_link::Column::ExpiresAt.gt(now.timestamp_millis()))
}

async fn directory_of<C: ConnectionTrait>(db: &C, scope: OrgScope, directory: Uuid) -> Result<DirectoryOf> {
    let found = tenant::Entity::find().filter(tenant::Column::DirectoryId.eq(directory)).one(db).await?;
    Ok(match found {
        None => DirectoryOf::Nobody,
        Some(m) if m.organization_id == scope.organization() => {
            DirectoryOf::Own(TenantScope::new(m.id, m.public_id))
        }
        Some(_) => DirectoryOf::Another,
    })
}
