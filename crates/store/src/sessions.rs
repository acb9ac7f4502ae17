//! Who is signed in where. The database knows a session by the hash of its token only.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::entity::session;
use crate::time::instant;
use crate::token::TokenHash;
use crate::{Error, Result, Store};

/// What a session holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionContent {
    /// Whose it is, once somebody has signed in.
    pub account: Option<Uuid>,
    pub data: String,
    /// Idle so long, it ends.
    pub expires_at: DateTime<Utc>,
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    pub token: TokenHash,
    pub data: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Which sessions count as alive: not idle too long, and not begun before `begun_after`, however busy.
#[derive(Clone, Copy, Debug)]
pub struct Alive {
    pub now: DateTime<Utc>,
    pub begun_after: DateTime<Utc>,
}

impl Alive {
    fn condition(self) -> Condition {
        Condition::all()
            .add(session::Column::ExpiresAt.gt(self.now.timestamp_millis()))
            .add(session::Column::CreatedAt.gt(self.begun_after.timestamp_millis()))
    }
}

impl Store {
    /// Begins a session. Refused (false) when the token is taken.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_session(
        &self,
        token: TokenHash,
        content: &SessionContent,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let inserted = session::Entity::insert(session::ActiveModel {
            token_hash: Set(token.to_vec()),
            account_id: Set(content.account),
            data: Set(content.data.clone()),
            created_at: Set(now.timestamp_millis()),
            expires_at: Set(content.expires_at.timestamp_millis()),
        })
        .exec_without_returning(self.db().write())
        .await;
        match inserted.map_err(Error::from) {
            Ok(_) => Ok(true),
            Err(Error::Taken(_)) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Updates a session. One that was ended meanwhile stays ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn save_session(&self, token: TokenHash, content: &SessionContent) -> Result<()> {
        session::Entity::update_many()
            .filter(session::Column::TokenHash.eq(token.to_vec()))
            .col_expr(session::Column::AccountId, Expr::value(content.account))
            .col_expr(session::Column::Data, Expr::value(content.data.as_str()))
            .col_expr(session::Column::ExpiresAt, Expr::value(content.expires_at.timestamp_millis()))
            .exec(self.db().write())
            .await?;
        Ok(())
    }

    /// A living session.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load_session(&self, token: TokenHash, alive: Alive) -> Result<Option<SessionContent>> {
        Ok(session::Entity::find_by_id(token.to_vec())
            .filter(alive.condition())
            .one(self.db().read())
            .await?
            .map(|m| SessionContent {
                account: m.account_id,
                data: m.data,
                expires_at: instant(m.expires_at),
            }))
    }

    /// Ends a session; false when it had ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_session(&self, token: TokenHash) -> Result<bool> {
        let deleted = session::Entity::delete_by_id(token.to_vec()).exec(self.db().write()).await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Removes the sessions that are not alive any more, and says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_ended_sessions(&self, alive: Alive) -> Result<u64> {
        let deleted =
            session::Entity::delete_many().filter(alive.condition().not()).exec(self.db().write()).await?;
        Ok(deleted.rows_affected)
    }

    /// The account's living sessions, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sessions_of(&self, account: Uuid, alive: Alive) -> Result<Vec<SessionInfo>> {
        Ok(session::Entity::find()
            .filter(session::Column::AccountId.eq(account))
            .filter(alive.condition())
            .order_by_desc(session::Column::CreatedAt)
            .all(self.db().read())
            .await?
            .into_iter()
            .filter_map(|m| {
                Some(SessionInfo {
                    token: TokenHash::from_slice(&m.token_hash)?,
                    data: m.data,
                    created_at: instant(m.created_at),
                    expires_at: instant(m.expires_at),
                })
            })
            .collect())
    }

    /// Ends one of the account's sessions; false where it has none of that name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_session(&self, account: Uuid, token: TokenHash) -> Result<bool> {
        let deleted = session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(account))
            .filter(session::Column::TokenHash.eq(token.to_vec()))
            .exec(self.db().write())
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    /// Ends every session of the account, but for `except`, and says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_sessions(&self, account: Uuid, except: Option<TokenHash>) -> Result<u64> {
        revoke_in(self.db().write(), account, except).await
    }
}

/// Ends sessions as part of a larger transaction.
pub(crate) async fn revoke_in<C: ConnectionTrait>(
    db: &C,
    account: Uuid,
    except: Option<TokenHash>,
) -> Result<u64> {
    let mut delete = session::Entity::delete_many().filter(session::Column::AccountId.eq(account));
    if let Some(kept) = except {
        delete = delete.filter(session::Column::TokenHash.ne(kept.to_vec()));
    }
    Ok(delete.exec(db).await?.rows_affected)
}
