//! Changed and forgotten passwords. A new password ends the sessions that were begun with the old one, in the same
//! transaction.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::accounts::Account;
use crate::audit::{self, Entry, Log};
use crate::entity::{account, microsoft_identity, password_reset};
use crate::outbox::{self, Mail};
use crate::token::{NewLink, TokenHash};
use crate::{Error, Result, Store, sessions};

impl Store {
    /// Replaces the password and ends every other session; `mail` tells the person.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_password(
        &self,
        account: Uuid,
        hash: &str,
        session: Option<TokenHash>,
        mail: Option<Mail>,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        put_in(&tx, account, hash, session).await?;
        outbox::post_in(&tx, mail, now).await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps the hash of a link to a new password, with the mail that brings it. Earlier ones of the account end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_password_reset(
        &self,
        account: Uuid,
        link: NewLink,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        forget_in(&tx, account).await?;
        password_reset::Entity::insert(password_reset::ActiveModel {
            token_hash: Set(link.token.to_vec()),
            account_id: Set(account),
            expires_at: Set(link.until.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        outbox::post_in(&tx, link.mail, now).await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose password a link is for, as long as it is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn password_reset(&self, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Account>> {
        reset_in(self.db().read(), token, now).await
    }

    /// Spends a link: the password is the new one, every session has ended, and no Microsoft account is linked any more; `mail` tells the person. False when the
    /// link is not good any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn reset_password(
        &self,
        token: TokenHash,
        hash: &str,
        mail: Option<Mail>,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let Some(person) = reset_in(&tx, token, now).await? else { return Ok(false) };
        let spent = password_reset::Entity::delete_by_id(token.to_vec()).exec(&tx).await?;
        if spent.rows_affected == 0 {
            return Ok(false);
        }
        put_in(&tx, person.id, hash, None).await?;
        unlink_in(&tx, person.id).await?;
        outbox::post_in(&tx, mail, now).await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives the account another name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn rename_account(
        &self,
        account: Uuid,
        name: &str,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        account::Entity::update_many()
            .filter(account::Column::Id.eq(account))
            .col_expr(account::Column::Name, Expr::value(name))
            .exec(&tx)
            .await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Ends the account's links to a new password.
pub(crate) async fn forget_in<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<()> {
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::AccountId.eq(account))
        .exec(db)
        .await?;
    Ok(())
}

/// Whoever has a link to another password has it no longer either.
async fn put_in<C: ConnectionTrait>(
    db: &C,
    account: Uuid,
    hash: &str,
    session: Option<TokenHash>,
) -> Result<()> {
    account::Entity::update_many()
        .filter(account::Column::Id.eq(account))
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .exec(db)
        .await?;
    forget_in(db, account).await?;
    sessions::revoke_in(db, account, session).await?;
    Ok(())
}

/// Ends the other ways in beside the password. Whoever follows a link to a new password has the mailbox; somebody else
/// may have linked a Microsoft account before, having taken up an invitation that was made for that mailbox.
async fn unlink_in<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<()> {
    microsoft_identity::Entity::delete_many()
        .filter(microsoft_identity::Column::AccountId.eq(account))
        .exec(db)
        .await?;
    Ok(())
}

async fn reset_in<C: ConnectionTrait>(
    db: &C,
    token: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<Account>> {
    let found = password_reset::Entity::find_by_id(token.to_vec())
        .filter(password_reset::Column::ExpiresAt.gt(now.timestamp_millis()))
        .one(db)
        .await?;
    let Some(link) = found else { return Ok(None) };
    let person = account::Entity::find_by_id(link.account_id).one(db).await?;
    Ok(Some(person.ok_or(Error::Inconsistent("password_reset"))?.into()))
}
