//! API tokens. The database knows a token by the hash of its secret only.

use chrono::{DateTime, Utc};
use domain::api_token::ApiTokenRow;
use domain::feature::FeatureSet;
use domain::subscription::State;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{account, api_request, api_token, tenant};
use crate::partners::customer_ids;
use crate::scope::{Actor, Grant, OrgScope, PartnerActor, PartnerScope, TenantScope};
use crate::time::instant;
use crate::token::TokenHash;
use crate::{Error, Result, Store};

/// Tokens in a list.
const LISTED: u64 = 200;

/// Whose data a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    Organization(OrgScope),
    Partner(PartnerScope),
}

impl TokenPlace {
    fn condition(self) -> Condition {
        Condition::all().add(match self {
            TokenPlace::Organization(scope) => api_token::Column::OrganizationId.eq(scope.organization()),
            TokenPlace::Partner(scope) => api_token::Column::PartnerId.eq(scope.partner()),
        })
    }

    /// Where its events are recorded: an organization reads of those of its own.
    fn log(self) -> audit::Place {
        match self {
            TokenPlace::Organization(scope) => scope.into(),
            TokenPlace::Partner(scope) => scope.into(),
        }
    }
}

/// A token to keep.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Who makes it.
    pub account: Uuid,
    /// The partner for which its maker acts; none where the maker belongs to the organization.
    pub made_at: Option<Uuid>,
    pub name: String,
    /// How it begins: enough to tell it apart in a list.
    pub hint: String,
    pub back_up: bool,
    pub expires_at: DateTime<Utc>,
}

/// Who asks by a token, with what its maker may do now.
#[derive(Clone, Debug)]
pub enum Bearer {
    Organization(Actor),
    Partner(PartnerActor),
}

impl Store {
    /// Keeps a token.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_token(
        &self,
        place: TokenPlace,
        secret: TokenHash,
        new: NewToken,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let (organization, partner) = match place {
            TokenPlace::Organization(scope) => (Some(scope.organization()), None),
            TokenPlace::Partner(scope) => (None, Some(scope.partner())),
        };
        let tx = self.db().begin().await?;
        api_token::Entity::insert(api_token::ActiveModel {
            id: Set(id),
            secret_hash: Set(secret.to_vec()),
            organization_id: Set(organization),
            partner_id: Set(partner),
            account_id: Set(new.account),
            made_at: Set(new.made_at),
            name: Set(new.name),
            hint: Set(new.hint),
            back_up: Set(i16::from(new.back_up)),
            created_at: Set(now.timestamp_millis()),
            expires_at: Set(new.expires_at.timestamp_millis()),
            last_used_at: Set(None),
            revoked_at: Set(None),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, place.log(), &Entry { object: &id.to_string(), ..*entry }, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The place's tokens that have not been revoked, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tokens(&self, place: TokenPlace) -> Result<Vec<ApiTokenRow>> {
        let db = self.db().read();
        let rows = api_token::Entity::find()
            .filter(place.condition())
            .filter(api_token::Column::RevokedAt.is_null())
            .order_by_desc(api_token::Column::CreatedAt)
            .order_by_desc(api_token::Column::Id)
            .limit(LISTED)
            .all(db)
            .await?;
        let makers: HashMap<Uuid, String> = account::Entity::find()
            .filter(account::Column::Id.is_in(rows.iter().map(|m| m.account_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|m| (m.id, m.name))
            .collect();
        rows.into_iter()
            .map(|m| {
                Ok(ApiTokenRow {
                    id: m.id,
                    maker: makers.get(&m.account_id).cloned().ok_or(Error::Inconsistent("api_token"))?,
                    name: m.name,
                    hint: m.hint,
                    back_up: m.back_up != 0,
                    created: instant(m.created_at),
                    expires: instant(m.expires_at),
                    used: m.last_used_at.map(instant),
                })
            })
            .collect()
    }

    /// Ends a token of the place; false when it has none of that id that still lives.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_token(
        &self,
        place: TokenPlace,
        id: Uuid,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let ended = api_token::Entity::update_many()
            .filter(place.condition())
            .filter(api_token::Column::Id.eq(id))
            .filter(api_token::Column::RevokedAt.is_null())
            .col_expr(api_token::Column::RevokedAt, Expr::value(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        if ended.rows_affected == 0 {
            return Ok(false);
        }
        audit::append_in(&tx, place.log(), &Entry { object: &id.to_string(), ..*entry }, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Who asks by the token, as its maker is now. None when it is unknown, revoked or expired, when the maker has
    /// lost the role it was made with, or when the organization's logins are switched off.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bearer(&self, secret: TokenHash, now: DateTime<Utc>) -> Result<Option<Bearer>> {
        let found = api_token::Entity::find()
            .filter(api_token::Column::SecretHash.eq(secret.to_vec()))
            .filter(api_token::Column::RevokedAt.is_null())
            .filter(api_token::Column::ExpiresAt.gt(now.timestamp_millis()))
            .one(self.db().read())
            .await?;
        let Some(m) = found else { return Ok(None) };
        let grant = Grant { id: m.id, name: m.name, back_up: m.back_up != 0 };
        Ok(match (m.organization_id, m.made_at) {
            (None, Some(partner)) => self
                .partner_actor(m.account_id, partner)
                .await?
                // The token of a partner is asked for at that partner.
                .filter(|actor| m.partner_id == Some(actor.scope().partner()))
                .map(|actor| Bearer::Partner(actor.with_token(grant))),
            (Some(organization), None) => self
                .actor(m.account_id, organization)
                .await?
                .map(|actor| Bearer::Organization(actor.with_token(grant))),
            (Some(organization), Some(partner)) => match self.partner_actor(m.account_id, partner).await? {
                Some(maker) => self
                    .customers_actor(&maker, organization, false)
                    .await?
                    .map(|actor| Bearer::Organization(actor.with_token(grant))),
                None => None,
            },
            (None, None) => None,
        })
    }

    /// The partner's person in a customer's organization, with the rights of a visitor. `own` is for the partner's own
    /// deeds: what is switched off for the organization's people does not bind those, and neither does it that nobody
    /// can sign in.
    async fn customers_actor(
        &self,
        maker: &PartnerActor,
        organization: Uuid,
        own: bool,
    ) -> Result<Option<Actor>> {
        let Some(rights) = maker.role.as_visitor() else { return Ok(None) };
        let Some(org) = self.organization_below(maker.scope(), organization).await? else { return Ok(None) };
        // A plan without Entra has nothing to look after, and a customer who forbids visits means programs as well.
        if org.product().is_some_and(|(_, product)| !product.has_entra())
            || (!own && org.visits_off_since.is_some())
        {
            return Ok(None);
        }
        let open = match own {
            true => matches!(org.state, State::Active | State::Suspended),
            false => org.state == State::Active,
        };
        if !open {
            return Ok(None);
        }
        let scope = org.scope();
        let features = match own {
            true => FeatureSet::EVERYTHING,
            false => crate::features::features_in(self.db().read(), scope, org.product()).await?,
        };
        let (name, email) = (maker.name.clone(), maker.email.clone());
        let actor = Actor::new(maker.account, name, email, org.name, rights.role, features, scope);
        Ok(Some(actor.from_address(&maker.address)))
    }

    /// A partner's person (or token) in a customer of the branch, for what the partner does itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_in(&self, actor: &PartnerActor, organization: Uuid) -> Result<Option<Actor>> {
        let found = self.customers_actor(actor, organization, true).await?;
        Ok(match &actor.token {
            Some(grant) => found.map(|a| a.with_token(grant.clone())),
            None => found,
        })
    }

    /// The organization of the branch that a tenant belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organization_of_tenant(&self, scope: PartnerScope, public_id: Uuid) -> Result<Option<Uuid>> {
        Ok(tenant::Entity::find()
            .filter(tenant::Column::PublicId.eq(public_id))
            .filter(tenant::Column::OrganizationId.in_subquery(customer_ids(scope)))
            .one(self.db().read())
            .await?
            .map(|m| m.organization_id))
    }

    /// Notes that the token was used, unless that was noted since `since`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn touch_token(&self, id: Uuid, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let stale = Condition::any()
            .add(api_token::Column::LastUsedAt.is_null())
            .add(api_token::Column::LastUsedAt.lte(since.timestamp_millis()));
        let due = api_token::Entity::find_by_id(id).filter(stale.clone()).one(self.db().read()).await?;
        if due.is_none() {
            return Ok(());
        }
        api_token::Entity::update_many()
            .filter(api_token::Column::Id.eq(id))
            .filter(stale)
            .col_expr(api_token::Column::LastUsedAt, Expr::value(now.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// What the token asked for under this key: the job, and whether it was for this tenant.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn keyed_request(
        &self,
        token: Uuid,
        key: &str,
        tenant: TenantScope,
    ) -> Result<Option<(Uuid, bool)>> {
        Ok(api_request::Entity::find_by_id((token, key.to_owned()))
            .one(self.db().read())
            .await?
            .map(|m| (m.job_id, m.tenant == tenant.id())))
    }

    /// Remembers what was asked for under the key; the first one stays.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_request(
        &self,
        token: Uuid,
        key: &str,
        tenant: TenantScope,
        job: Uuid,
        now: DateTime<Utc>,
    ) -> Result<()> {
        api_request::Entity::insert(api_request::ActiveModel {
            token_id: Set(token),
            key: Set(key.to_owned()),
            tenant: Set(tenant.id()),
            job_id: Set(job),
            created_at: Set(now.timestamp_millis()),
        })
        .on_conflict(
            OnConflict::columns([api_request::Column::TokenId, api_request::Column::Key])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(self.db().write())
        .await?;
        Ok(())
    }

    /// Forgets keys that were used before `before`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_requests(&self, before: DateTime<Utc>) -> Result<u64> {
        let deleted = api_request::Entity::delete_many()
            .filter(api_request::Column::CreatedAt.lt(before.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(deleted.rows_affected)
    }
}
