//! The people of a partner or an organization: their roles, whether they may sign in, and who was invited.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::access::{OrgRole, PartnerRole};
use domain::people::Role;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::accounts::fold_email;
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::dialect::statement;
use crate::entity::{
    account, invitation, membership, partner, partner_member, second_factor, session, visit,
};
use crate::invitations;
use crate::outbox;
use crate::scope::{OrgScope, PartnerScope};
use crate::time::instant;
use crate::token::NewLink;
use crate::{Error, Result, Schema, Store, personal};

/// Every role that somebody has, whether it can be used now or not.
#[derive(Clone, Debug, Default)]
pub struct EveryRole {
    pub partners: Vec<(Uuid, PartnerRole)>,
    pub organizations: Vec<Uuid>,
}

impl Store {
    /// Every role of the account, those included that are switched off or lie where nobody can sign in for now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn every_role(&self, account: Uuid) -> Result<EveryRole> {
        let db = self.db().read();
        let partners =
            partner_member::Entity::find().filter(partner_member::Column::AccountId.eq(account)).all(db);
        let organizations =
            membership::Entity::find().filter(membership::Column::AccountId.eq(account)).all(db);
        let role = |m: partner_member::Model| {
            let role = PartnerRole::from_slug(&m.role).ok_or(Error::Inconsistent("partner_member"))?;
            Ok((m.partner_id, role))
        };
        Ok(EveryRole {
            partners: partners.await?.into_iter().map(role).collect::<Result<_>>()?,
            organizations: organizations.await?.into_iter().map(|m| m.organization_id).collect(),
        })
    }
}

/// Where people have roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    Partner(PartnerScope),
    Organization(OrgScope),
}

impl Home {
    /// The partner's or organization's id.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Home::Partner(scope) => scope.partner(),
            Home::Organization(scope) => scope.organization(),
        }
    }

    /// A role here, by its slug.
    #[must_use]
    pub fn role(self, slug: &str) -> Option<Role> {
        match self {
            Home::Partner(_) => PartnerRole::from_slug(slug).map(Role::Partner),
            Home::Organization(_) => OrgRole::from_slug(slug).map(Role::Organization),
        }
    }

    const fn partner(self) -> Uuid {
        match self {
            Home::Partner(scope) => scope.partner(),
            Home::Organization(scope) => scope.partner(),
        }
    }

    const fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Home::Partner(scope) => (None, Some(scope.partner())),
            Home::Organization(scope) => (Some(scope.organization()), None),
        }
    }
}

impl From<Home> for audit::Place {
    fn from(home: Home) -> audit::Place {
        match home {
            Home::Partner(scope) => scope.into(),
            Home::Organization(scope) => scope.into(),
        }
    }
}

/// Somebody with a role.
#[derive(Clone, Debug)]
pub struct Member {
    pub account: Uuid,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Whether sign-in in this role is switched off.
    pub is_off: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    pub seen_at: Option<DateTime<Utc>>,
}

/// Somebody who was invited and has not come yet.
#[derive(Clone, Debug)]
pub struct Pending {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
}

/// What is done to somebody's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    Role(Role),
    Off,
    On,
    Removed,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// The person's role is not the one any more that the decision was made on.
    Stale,
    /// A partner keeps an Owner who can sign in.
    LastOwner,
}

impl Store {
    /// Everybody with a role there, the highest first, then by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn members(&self, home: Home) -> Result<Vec<Member>> {
        let mut all = members_in(self.db().read(), home, None).await?;
        all.sort_by(|a, b| (a.role, &a.name, a.account).cmp(&(b.role, &b.name, b.account)));
        Ok(all)
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn member(&self, home: Home, account: Uuid) -> Result<Option<Member>> {
        Ok(members_in(self.db().read(), home, Some(account)).await?.pop())
    }

    /// Whether the e-mail's account has a role there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn member_of_email(&self, home: Home, email: &str) -> Result<Option<Member>> {
        let Some(found) = self.account_by_email(email).await? else { return Ok(None) };
        self.member(home, found.id).await
    }

    /// Who was invited there and has not come yet, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending(&self, home: Home) -> Result<Vec<Pending>> {
        let mut query = invitation::Entity::find().order_by_desc(invitation::Column::CreatedAt);
        query = match home.columns() {
            (Some(id), _) => query.filter(invitation::Column::OrganizationId.eq(id)),
            (None, id) => query.filter(invitation::Column::PartnerId.eq(id)),
        };
        let rows = query.all(self.db().read()).await?;
        rows.into_iter().map(|m| pending(home, m)).collect()
    }

    /// Puts a new link in place of an invitation's old one, and the mail that brings it into the outbox; false when it was taken up or revoked meanwhile.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn renew_invitation(
        &self,
        home: Home,
        id: Uuid,
        link: NewLink,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let renewed = invitation::Entity::update_many()
            .filter(invitation::Column::Id.eq(id))
            .filter(at(home))
            .col_expr(invitation::Column::TokenHash, Expr::value(link.token.to_vec()))
            .col_expr(invitation::Column::ExpiresAt, Expr::value(link.until.timestamp_millis()))
            .exec(&tx)
            .await?;
        if renewed.rows_affected == 0 {
            return Ok(false);
        }
        outbox::post_in(&tx, link.mail, now).await?;
        audit::append_in(&tx, home, entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes an invitation back; false when it was taken up or revoked meanwhile.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_invitation(
        &self,
        home: Home,
        id: Uuid,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let gone = invitation::Entity::delete_many()
            .filter(invitation::Column::Id.eq(id))
            .filter(at(home))
            .exec(&tx)
            .await?;
        if gone.rows_affected == 0 {
            return Ok(false);
        }
        audit::append_in(&tx, home, entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Changes somebody's role there, if it still is `expected`. Where sign-in ends, so do the sessions and visits in
    /// that role, and links that were sent to the same person.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_member(
        &self,
        home: Home,
        account: Uuid,
        expected: Role,
        change: MemberChange,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Changed> {
        let tx = self.db().begin().await?;
        lock_in(&tx, home).await?;
        let Some(member) = members_in(&tx, home, Some(account)).await?.pop() else {
            return Ok(Changed::Stale);
        };
        if member.role != expected {
            return Ok(Changed::Stale);
        }
        let stays_owner =
            matches!(change, MemberChange::On | MemberChange::Role(Role::Partner(PartnerRole::Owner)));
        let is_owner = member.role == Role::Partner(PartnerRole::Owner) && !member.is_off;
        if is_owner && !stays_owner && owners_in(&tx, home).await? < 2 {
            return Ok(Changed::LastOwner);
        }
        write_in(&tx, self.db().schema(), home, account, change, now).await?;
        if matches!(change, MemberChange::Off | MemberChange::Removed) {
            let (organization, partner) = home.columns();
            invitations::forget_in(&tx, organization, partner, &fold_email(&member.email)).await?;
            leave_in(&tx, home, account, now).await?;
        }
        audit::append_in(&tx, home, entry, now).await?;
        tx.commit().await?;
        Ok(Changed::Done)
    }

    /// Hands an ownership over: the heir owns from then on, and the giver stays as Super Admin. False when one of the
    /// two is not any more what the decision was made on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn hand_over(
        &self,
        scope: PartnerScope,
        giver: Uuid,
        heir: (Uuid, PartnerRole),
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let home = Home::Partner(scope);
        let tx = self.db().begin().await?;
        lock_in(&tx, home).await?;
        for (account, expected) in [(giver, PartnerRole::Owner), heir] {
            let member = members_in(&tx, home, Some(account)).await?.pop();
            if !member.is_some_and(|m| m.role == Role::Partner(expected) && !m.is_off) {
                return Ok(false);
            }
        }
        let becomes = |role| MemberChange::Role(Role::Partner(role));
        write_in(&tx, self.db().schema(), home, heir.0, becomes(PartnerRole::Owner), now).await?;
        write_in(&tx, self.db().schema(), home, giver, becomes(PartnerRole::SuperAdmin), now).await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes that somebody is here in that role.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_seen(&self, home: Home, account: Uuid, now: DateTime<Utc>) -> Result<()> {
        let at = Expr::value(now.timestamp_millis());
        let db = self.db().write();
        match home {
            Home::Partner(scope) => {
                partner_member::Entity::update_many()
                    .filter(partner_member::Column::AccountId.eq(account))
                    .filter(partner_member::Column::PartnerId.eq(scope.partner()))
                    .col_expr(partner_member::Column::SeenAt, at)
                    .exec(db)
                    .await?;
            }
            Home::Organization(scope) => {
                membership::Entity::update_many()
                    .filter(membership::Column::AccountId.eq(account))
                    .filter(membership::Column::OrganizationId.eq(scope.organization()))
                    .col_expr(membership::Column::SeenAt, at)
                    .exec(db)
                    .await?;
            }
        }
        Ok(())
    }

    /// Whether somebody has more than one role in which they can sign in now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_several_roles(&self, account: Uuid) -> Result<bool> {
        let sql = "SELECT 1 FROM partner_member m JOIN partner p ON p.id = m.partner_id \
                   WHERE m.account_id = ? AND m.off_at IS NULL AND p.closed_at IS NULL \
                   UNION ALL \
                   SELECT 1 FROM membership m JOIN organization o ON o.id = m.organization_id \
                   WHERE m.account_id = ? AND m.off_at IS NULL AND o.state = 'active' LIMIT 2";
        let values = [account.into(), account.into()];
        let rows = self.db().read().query_all_raw(statement(self.db().schema(), sql, values)).await?;
        Ok(rows.len() > 1)
    }
}

fn at(home: Home) -> sea_orm::sea_query::SimpleExpr {
    match home {
        Home::Partner(scope) => invitation::Column::PartnerId.eq(scope.partner()),
        Home::Organization(scope) => invitation::Column::OrganizationId.eq(scope.organization()),
    }
}

fn pending(home: Home, m: invitation::Model) -> Result<Pending> {
    Ok(Pending {
        id: m.id,
        role: home.role(&m.role).ok_or(Error::Inconsistent("invitation"))?,
        name: m.name,
        email: m.email,
        invited_by: m.invited_by,
        expires_at: instant(m.expires_at),
    })
}

/// Whoever holds the partner's row changes its people next, so that two do not each take the other Owner away.
async fn lock_in(tx: &Tx, home: Home) -> Result<()> {
    partner::Entity::find_by_id(home.partner())
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await?
        .ok_or(Error::Inconsistent("partner"))?;
    Ok(())
}

/// How many Owners can sign in.
async fn owners_in(tx: &Tx, home: Home) -> Result<u64> {
    Ok(partner_member::Entity::find()
        .filter(partner_member::Column::PartnerId.eq(home.id()))
        .filter(partner_member::Column::Role.eq(PartnerRole::Owner.slug()))
        .filter(partner_member::Column::OffAt.is_null())
        .count(tx)
        .await?)
}

/// Account, role, when it was switched off, when it was last used.
type Row = (Uuid, String, Option<i64>, Option<i64>);

async fn members_in<C: ConnectionTrait>(db: &C, home: Home, only: Option<Uuid>) -> Result<Vec<Member>> {
    let rows: Vec<Row> = match home {
        Home::Partner(scope) => {
            let mut query = partner_member::Entity::find()
                .select_only()
                .column(partner_member::Column::AccountId)
                .column(partner_member::Column::Role)
                .column(partner_member::Column::OffAt)
                .column(partner_member::Column::SeenAt)
                .filter(partner_member::Column::PartnerId.eq(scope.partner()));
            if let Some(account) = only {
                query = query.filter(partner_member::Column::AccountId.eq(account));
            }
            query.into_tuple().all(db).await?
        }
        Home::Organization(scope) => {
            let mut query = membership::Entity::find()
                .select_only()
                .column(membership::Column::AccountId)
                .column(membership::Column::Role)
                .column(membership::Column::OffAt)
                .column(membership::Column::SeenAt)
                .filter(membership::Column::OrganizationId.eq(scope.organization()));
            if let Some(account) = only {
                query = query.filter(membership::Column::AccountId.eq(account));
            }
            query.into_tuple().all(db).await?
        }
    };
    let mut accounts: HashMap<Uuid, account::Model> = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().map(|row| row.0)))
        .all(db)
        .await?
        .into_iter()
        .map(|m| (m.id, m))
        .collect();
    let proved: HashSet<Uuid> = second_factor::Entity::find()
        .select_only()
        .column(second_factor::Column::AccountId)
        .filter(second_factor::Column::AccountId.is_in(rows.iter().map(|row| row.0)))
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    rows.into_iter()
        .map(|(id, role, off, seen)| {
            let broken = || Error::Inconsistent("membership");
            let account = accounts.remove(&id).ok_or_else(broken)?;
            Ok(Member {
                account: id,
                name: account.name,
                email: account.email,
                role: home.role(&role).ok_or_else(broken)?,
                is_off: off.is_some(),
                has_factor: proved.contains(&id),
                seen_at: seen.map(instant),
            })
        })
        .collect()
}

async fn write_in(
    tx: &Tx,
    schema: Schema,
    home: Home,
    account: Uuid,
    change: MemberChange,
    now: DateTime<Utc>,
) -> Result<()> {
    // Two tables of one shape: the columns have the same names in both.
    let (table, place) = match home {
        Home::Partner(_) => ("partner_member", "partner_id"),
        Home::Organization(_) => ("membership", "organization_id"),
    };
    let of = format!("account_id = ? AND {place} = ?");
    let who = [account.into(), home.id().into()];
    let (sql, values): (String, Vec<sea_orm::Value>) = match change {
        MemberChange::Role(role) => (
            format!("UPDATE {table} SET role = ? WHERE {of}"),
            std::iter::once(role.slug().into()).chain(who).collect(),
        ),
        MemberChange::Off => (
            format!("UPDATE {table} SET off_at = ? WHERE {of}"),
            std::iter::once(now.timestamp_millis().into()).chain(who).collect(),
        ),
        MemberChange::On => (format!("UPDATE {table} SET off_at = NULL WHERE {of}"), who.into()),
        MemberChange::Removed => (format!("DELETE FROM {table} WHERE {of}"), who.into()),
    };
    tx.execute_raw(statement(schema, &sql, values)).await?;
    if matches!(change, MemberChange::Removed) {
        personal::left_in(tx, &[account], now).await?;
    }
    Ok(())
}

/// Ends what somebody has open in a role: sessions, which name the place, and visits from it.
async fn leave_in(tx: &Tx, home: Home, account: Uuid, now: DateTime<Utc>) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::Data.contains(home.id().to_string()))
        .exec(tx)
        .await?;
    if let Home::Partner(scope) = home {
        visit::Entity::update_many()
            .filter(visit::Column::AccountId.eq(account))
            .filter(visit::Column::PartnerId.eq(scope.partner()))
            .filter(visit::Column::EndedAt.is_null())
            .filter(visit::Column::Until.gt(now.timestamp_millis()))
            .col_expr(visit::Column::EndedAt, Expr::value(now.timestamp_millis()))
            .exec(tx)
            .await?;
    }
    Ok(())
}
