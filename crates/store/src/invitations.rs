//! Single-use links with which people take up a role.

use chrono::{DateTime, Utc};
use domain::access::{OrgRole, PartnerRole};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::accounts::{self, NewAccount};
use crate::audit::{self, Entry};
use crate::entity::{account, invitation, organization, partner};
use crate::partners;
use crate::scope::{OrgScope, PartnerScope};
use crate::token::TokenHash;
use crate::{Error, Result, Store};

/// The role that a link gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Organization(OrgScope, OrgRole),
    Partner(PartnerScope, PartnerRole),
}

/// Somebody who is asked to come.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub name: String,
    /// Folded to lower case.
    pub email: String,
    pub place: Place,
    /// The organization's or the partner's name.
    pub place_name: String,
    /// Whether the e-mail has an account, so that its password counts and none is chosen.
    pub is_known: bool,
}

impl Store {
    /// Keeps the hash of a link. Earlier ones of the same person to the same place end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn invite(
        &self,
        token: TokenHash,
        place: Place,
        name: &str,
        email: &str,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        let (organization, partner, role) = match place {
            Place::Organization(scope, role) => (Some(scope.organization()), None, role.slug()),
            Place::Partner(scope, role) => (None, Some(scope.partner()), role.slug()),
        };
        let tx = self.db().begin().await?;
        let mut earlier = invitation::Entity::delete_many().filter(invitation::Column::Email.eq(email));
        earlier = match (organization, partner) {
            (Some(id), _) => earlier.filter(invitation::Column::OrganizationId.eq(id)),
            (None, Some(id)) => earlier.filter(invitation::Column::PartnerId.eq(id)),
            (None, None) => earlier,
        };
        earlier.exec(&tx).await?;
        invitation::Entity::insert(invitation::ActiveModel {
            token_hash: Set(token.to_vec()),
            organization_id: Set(organization),
            partner_id: Set(partner),
            email: Set(email.to_owned()),
            name: Set(name.to_owned()),
            role: Set(role.to_owned()),
            expires_at: Set(expires_at.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a link asks, as long as it is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn invitation(&self, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Invitation>> {
        invitation_in(self.db().read(), token, now).await
    }

    /// Spends a link: the person has the role from now on, with a new account (made by `new`) or the one they have.
    /// None when the link is not good any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn accept_invitation(
        &self,
        token: TokenHash,
        new: Option<NewAccount>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<(Uuid, Place)>> {
        let tx = self.db().begin().await?;
        let Some(found) = invitation_in(&tx, token, now).await? else { return Ok(None) };
        let spent = invitation::Entity::delete_by_id(token.to_vec()).exec(&tx).await?;
        if spent.rows_affected == 0 {
            return Ok(None);
        }
        let known = account::Entity::find().filter(account::Column::Email.eq(&found.email)).one(&tx).await?;
        let id = match (known, new) {
            (Some(known), _) => known.id,
            (None, Some(new)) => accounts::account_in(&tx, new, now).await?,
            (None, None) => return Ok(None),
        };
        let audited = match found.place {
            Place::Organization(scope, role) => {
                accounts::put_member_in(&tx, scope, id, role, now).await?;
                audit::Place::from(scope)
            }
            Place::Partner(scope, role) => {
                if partners::actor_in(&tx, id, scope.partner()).await?.is_none() {
                    partners::member_in(&tx, scope, id, role, now).await?;
                }
                audit::Place::from(scope)
            }
        };
        let object = match found.place {
            Place::Organization(scope, _) => scope.organization(),
            Place::Partner(scope, _) => scope.partner(),
        };
        let entry = Entry { actor: &found.email, object: &object.to_string(), ..*entry };
        audit::append_in(&tx, audited, &entry, now).await?;
        tx.commit().await?;
        Ok(Some((id, found.place)))
    }
}

async fn invitation_in<C: ConnectionTrait>(
    db: &C,
    token: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<Invitation>> {
    let broken = || Error::Inconsistent("invitation");
    let found = invitation::Entity::find_by_id(token.to_vec())
        .filter(invitation::Column::ExpiresAt.gt(now.timestamp_millis()))
        .one(db)
        .await?;
    let Some(m) = found else { return Ok(None) };
    let (place, place_name) = match (m.organization_id, m.partner_id) {
        (Some(id), _) => {
            let org = organization::Entity::find_by_id(id).one(db).await?.ok_or_else(broken)?;
            let role = OrgRole::from_slug(&m.role).ok_or_else(broken)?;
            (Place::Organization(OrgScope::new(org.id, org.partner_id), role), org.name)
        }
        (None, Some(id)) => {
            let partner = partner::Entity::find_by_id(id).one(db).await?.ok_or_else(broken)?;
            let role = PartnerRole::from_slug(&m.role).ok_or_else(broken)?;
            (Place::Partner(PartnerScope::new(partner.id), role), partner.name)
        }
        (None, None) => return Err(broken()),
    };
    let known = account::Entity::find().filter(account::Column::Email.eq(&m.email)).one(db).await?;
    Ok(Some(Invitation { name: m.name, email: m.email, place, place_name, is_known: known.is_some() }))
}
