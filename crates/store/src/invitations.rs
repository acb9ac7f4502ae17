//! Single-use links with which people take up a role.

use chrono::{DateTime, Utc};
use domain::access::{OrgRole, PartnerRole};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::accounts::{self, NewAccount};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::entity::{account, invitation, membership, organization, partner, partner_member};
use crate::outbox;
use crate::partners;
use crate::scope::{OrgScope, PartnerScope};
use crate::time::instant;
use crate::token::{NewLink, TokenHash};
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

/// A link to send to somebody.
#[derive(Clone, Debug)]
pub struct NewInvitation<'a> {
    pub place: Place,
    pub name: &'a str,
    /// Folded to lower case.
    pub email: &'a str,
    /// Whoever invites, as the log names them.
    pub by: &'a str,
}

impl Store {
    /// Keeps the hash of a link and puts the mail that brings it into the outbox. Earlier ones of the same person to the
    /// same place end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn invite(
        &self,
        link: NewLink,
        new: &NewInvitation<'_>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let tx = self.db().begin().await?;
        let id = invite_in(&tx, link, new, now).await?;
        let place = match new.place {
            Place::Organization(scope, _) => audit::Place::from(scope),
            Place::Partner(scope, _) => audit::Place::from(scope),
        };
        audit::append_in(&tx, place, entry, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Whether the person has taken up the organization already, and, if not, until when the newest link is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn taken_up(&self, scope: OrgScope, email: &str) -> Result<(bool, Option<DateTime<Utc>>)> {
        let db = self.db().read();
        let link = invitation::Entity::find()
            .filter(invitation::Column::OrganizationId.eq(scope.organization()))
            .filter(invitation::Column::Email.eq(email))
            .one(db)
            .await?;
        let known = account::Entity::find().filter(account::Column::Email.eq(email)).one(db).await?;
        let member = match known {
            Some(known) => {
                membership::Entity::find_by_id((known.id, scope.organization())).one(db).await?.is_some()
            }
            None => false,
        };
        Ok((member, link.map(|m| instant(m.expires_at))))
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
            (Some(known), None) => known.id,
            // They came to have an account while a password was being chosen, and whoever chose it proved nothing.
            (Some(_), Some(_)) => return Ok(None),
            (None, Some(new)) => accounts::account_in(&tx, new, now).await?,
            (None, None) => return Ok(None),
        };
        // Whoever has a role there already keeps that one.
        let audited = match found.place {
            Place::Organization(scope, role) => {
                let there = membership::Entity::find_by_id((id, scope.organization())).one(&tx).await?;
                if there.is_none() {
                    accounts::member_in(&tx, scope, id, role, now).await?;
                }
                audit::Place::from(scope)
            }
            Place::Partner(scope, role) => {
                let there = partner_member::Entity::find_by_id((id, scope.partner())).one(&tx).await?;
                if there.is_none() {
                    partners::member_in(&tx, scope, id, role, now).await?;
                }
                audit::Place::from(scope)
            }
        };
        // The log outlives an organization's people, and knows them by id; a partner's, by e-mail.
        let (object, actor) = match found.place {
            Place::Organization(scope, _) => (scope.organization(), id.to_string()),
            Place::Partner(scope, _) => (scope.partner(), found.email.clone()),
        };
        let entry = Entry { actor: &actor, object: &object.to_string(), ..*entry };
        audit::append_in(&tx, audited, &entry, now).await?;
        tx.commit().await?;
        Ok(Some((id, found.place)))
    }
}

/// Keeps a link, and its mail, as part of a larger transaction.
pub(crate) async fn invite_in(
    tx: &Tx,
    link: NewLink,
    new: &NewInvitation<'_>,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let (organization, partner, role) = match new.place {
        Place::Organization(scope, role) => (Some(scope.organization()), None, role.slug()),
        Place::Partner(scope, role) => (None, Some(scope.partner()), role.slug()),
    };
    forget_in(tx, organization, partner, new.email).await?;
    let id = Uuid::now_v7();
    invitation::Entity::insert(invitation::ActiveModel {
        token_hash: Set(link.token.to_vec()),
        id: Set(id),
        organization_id: Set(organization),
        partner_id: Set(partner),
        email: Set(new.email.to_owned()),
        name: Set(new.name.to_owned()),
        role: Set(role.to_owned()),
        invited_by: Set(new.by.to_owned()),
        created_at: Set(now.timestamp_millis()),
        expires_at: Set(link.until.timestamp_millis()),
    })
    .exec_without_returning(tx)
    .await?;
    outbox::post_in(tx, link.mail, now).await?;
    Ok(id)
}

/// Ends what was sent to somebody for a place.
pub(crate) async fn forget_in<C: ConnectionTrait>(
    db: &C,
    organization: Option<Uuid>,
    partner: Option<Uuid>,
    email: &str,
) -> Result<()> {
    let mut earlier = invitation::Entity::delete_many().filter(invitation::Column::Email.eq(email));
    earlier = match (organization, partner) {
        (Some(id), _) => earlier.filter(invitation::Column::OrganizationId.eq(id)),
        (None, id) => earlier.filter(invitation::Column::PartnerId.eq(id)),
    };
    earlier.exec(db).await?;
    Ok(())
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
            if partner.closed_at.is_some() {
                return Ok(None);
            }
            let role = PartnerRole::from_slug(&m.role).ok_or_else(broken)?;
            (Place::Partner(PartnerScope::new(partner.id), role), partner.name)
        }
        (None, None) => return Err(broken()),
    };
    let known = account::Entity::find().filter(account::Column::Email.eq(&m.email)).one(db).await?;
    Ok(Some(Invitation { name: m.name, email: m.email, place, place_name, is_known: known.is_some() }))
}
