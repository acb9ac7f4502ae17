//! The Microsoft accounts with which people sign in, by directory and object: an e-mail there is anybody's to choose.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::accounts::Account;
use crate::audit::{self, Entry, Log};
use crate::entity::{account, microsoft_identity};
use crate::time::instant;
use crate::{Error, Result, Store};

/// An account at Microsoft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MicrosoftId {
    pub directory: Uuid,
    pub object: Uuid,
}

/// One that is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftIdentity {
    pub id: MicrosoftId,
    /// The name it had when it was linked.
    pub username: String,
    pub linked_at: DateTime<Utc>,
}

impl Store {
    /// Links a Microsoft account to one of ours.
    ///
    /// # Errors
    /// [`Error::Taken`] when it is linked already, to whomever.
    pub async fn link_microsoft(
        &self,
        account: Uuid,
        id: MicrosoftId,
        username: &str,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        microsoft_identity::Entity::insert(microsoft_identity::ActiveModel {
            directory_id: Set(id.directory),
            object_id: Set(id.object),
            account_id: Set(account),
            username: Set(username.to_owned()),
            linked_at: Set(now.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a link away. False when the account has no such one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unlink_microsoft(
        &self,
        account: Uuid,
        id: MicrosoftId,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let gone = microsoft_identity::Entity::delete_many()
            .filter(microsoft_identity::Column::AccountId.eq(account))
            .filter(microsoft_identity::Column::DirectoryId.eq(id.directory))
            .filter(microsoft_identity::Column::ObjectId.eq(id.object))
            .exec(&tx)
            .await?;
        if gone.rows_affected == 0 {
            return Ok(false);
        }
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The Microsoft accounts of an account, the earliest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn microsoft_identities(&self, account: Uuid) -> Result<Vec<MicrosoftIdentity>> {
        Ok(microsoft_identity::Entity::find()
            .filter(microsoft_identity::Column::AccountId.eq(account))
            .order_by_asc(microsoft_identity::Column::LinkedAt)
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| MicrosoftIdentity {
                id: MicrosoftId { directory: m.directory_id, object: m.object_id },
                username: m.username,
                linked_at: instant(m.linked_at),
            })
            .collect())
    }

    /// Whose Microsoft account it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account_by_microsoft(&self, id: MicrosoftId) -> Result<Option<Account>> {
        let db = self.db().read();
        let found = microsoft_identity::Entity::find_by_id((id.directory, id.object)).one(db).await?;
        let Some(link) = found else { return Ok(None) };
        let person = account::Entity::find_by_id(link.account_id).one(db).await?;
        Ok(Some(person.ok_or(Error::Inconsistent("microsoft_identity"))?.into()))
    }
}
