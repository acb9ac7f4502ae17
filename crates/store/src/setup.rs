//! The single-use link with which the first person sets the installation up.

use chrono::{DateTime, Utc};
use domain::access::{OrgRole, PartnerRole};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::accounts::{self, NewAccount};
use crate::audit::{self, Entry};
use crate::entity::{account, setup_link};
use crate::scope::Actor;
use crate::token::TokenHash;
use crate::{Error, Result, Store, organizations, partners};

/// What the first person enters.
#[derive(Clone, Debug)]
pub struct FirstOwner {
    pub account: NewAccount,
    /// Names both the partner who runs the installation and its first organization.
    pub organization: String,
}

impl Store {
    /// Keeps the hash of a new link. Refused (false) once anybody can sign in.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_setup_link(
        &self,
        token: TokenHash,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        if somebody_exists(&tx).await? {
            return Ok(false);
        }
        setup_link::Entity::delete_many()
            .filter(setup_link::Column::ExpiresAt.lte(now.timestamp_millis()))
            .exec(&tx)
            .await?;
        setup_link::Entity::insert(setup_link::ActiveModel {
            token_hash: Set(token.to_vec()),
            expires_at: Set(expires_at.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether the link would still be accepted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setup_link_is_open(&self, token: TokenHash, now: DateTime<Utc>) -> Result<bool> {
        let link = setup_link::Entity::find_by_id(token.to_vec()).one(self.db().read()).await?;
        Ok(link.is_some_and(|l| l.expires_at > now.timestamp_millis())
            && !somebody_exists(self.db().read()).await?)
    }

    /// Spends the link: the installation's partner, its first organization and its first person come to
    /// be together with the link's end, or not at all. None when the link is unknown, spent or expired,
    /// or somebody exists already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_up(
        &self,
        token: TokenHash,
        first: FirstOwner,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Actor>> {
        let tx = self.db().begin().await?;
        // All links are locked, in one order: of two people with a link each, the second finds none left.
        let links = setup_link::Entity::find()
            .order_by_asc(setup_link::Column::TokenHash)
            .lock_exclusive()
            .all(&tx)
            .await?;
        let good =
            links.iter().any(|l| l.token_hash == token.to_vec() && l.expires_at > now.timestamp_millis());
        if !good || somebody_exists(&tx).await? {
            return Ok(None);
        }
        setup_link::Entity::delete_many().exec(&tx).await?;

        let partner = partners::create_in(&tx, None, &first.organization, now).await?;
        let scope = organizations::create_plain_in(&tx, partner, &first.organization, now).await?;
        let person = accounts::account_in(&tx, first.account, now).await?;
        partners::member_in(&tx, partner, person, PartnerRole::Owner, now).await?;
        accounts::member_in(&tx, scope, person, OrgRole::FullAdmin, now).await?;
        let actor = accounts::actor_in(&tx, person, scope.organization())
            .await?
            .ok_or(Error::Inconsistent("membership"))?;
        let entry = Entry {
            actor: &actor.email,
            event: "set-up",
            object: &scope.organization().to_string(),
            detail: &actor.organization_name,
            address,
        };
        audit::append_in(&tx, partner, &entry, now).await?;
        tx.commit().await?;
        Ok(Some(actor))
    }
}

async fn somebody_exists<C: ConnectionTrait>(db: &C) -> Result<bool> {
    Ok(account::Entity::find().count(db).await? > 0)
}
