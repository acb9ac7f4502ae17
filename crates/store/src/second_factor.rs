//! What proves a person beside the password: an authenticator's secret, recovery codes, and the partners who ask for
//! them.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::audit::{self, Entry, Log};
use crate::entity::{partner, partner_branch, recovery_code, second_factor, second_factor_rule};
use crate::scope::{Actor, PartnerActor, PartnerScope};
use crate::time::instant;
use crate::{Result, Store, seal};

/// An authenticator's secret.
#[derive(Clone)]
pub struct SecondFactor {
    pub secret: Zeroizing<Vec<u8>>,
    /// None as long as it was only shown: it proves nothing and is asked of nobody.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecondFactor(confirmed {:?})", self.confirmed_at)
    }
}

/// Who asks a partner's people for a second factor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The partner itself does.
    pub own: bool,
    /// A partner above does, whose rule nobody below can loosen: its name.
    pub above: Option<String>,
}

fn context(account: Uuid) -> Vec<u8> {
    format!("holdfast second factor {account}").into_bytes()
}

impl Store {
    /// The account's second factor, confirmed or about to be.
    ///
    /// # Errors
    /// When the database cannot be read, or the secret does not open.
    pub async fn second_factor(&self, account: Uuid) -> Result<Option<SecondFactor>> {
        let found = second_factor::Entity::find_by_id(account).one(self.db().read()).await?;
        found
            .map(|m| {
                Ok(SecondFactor {
                    secret: seal::unwrap(self.master(), &context(account), &m.secret)?,
                    confirmed_at: m.confirmed_at.map(instant),
                })
            })
            .transpose()
    }

    /// Keeps a secret to show, unless there is one: confirmed, or begun after `stale`. Of several that ask at once the
    /// first one's stays, so what to show is read afterwards.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_second_factor(
        &self,
        account: Uuid,
        secret: &[u8],
        now: DateTime<Utc>,
        stale: DateTime<Utc>,
    ) -> Result<()> {
        let secret = seal::wrap(self.master(), &context(account), secret)?;
        let tx = self.db().begin().await?;
        second_factor::Entity::delete_many()
            .filter(second_factor::Column::AccountId.eq(account))
            .filter(second_factor::Column::ConfirmedAt.is_null())
            .filter(second_factor::Column::BegunAt.lte(stale.timestamp_millis()))
            .exec(&tx)
            .await?;
        second_factor::Entity::insert(second_factor::ActiveModel {
            account_id: Set(account),
            secret: Set(secret),
            begun_at: Set(now.timestamp_millis()),
            confirmed_at: Set(None),
            last_step: Set(0),
        })
        .on_conflict(OnConflict::column(second_factor::Column::AccountId).do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes the shown secret count from now on, with recovery codes beside it. False when there is none, or it counts
    /// already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn confirm_second_factor(
        &self,
        account: Uuid,
        step: i64,
        codes: &[String],
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let confirmed = second_factor::Entity::update_many()
            .filter(second_factor::Column::AccountId.eq(account))
            .filter(second_factor::Column::ConfirmedAt.is_null())
            .col_expr(second_factor::Column::ConfirmedAt, Expr::value(now.timestamp_millis()))
            .col_expr(second_factor::Column::LastStep, Expr::value(step))
            .exec(&tx)
            .await?;
        if confirmed.rows_affected == 0 {
            return Ok(false);
        }
        self.put_codes(&tx, account, codes).await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a code of that half minute. False when one of it, or of a later one, was taken before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_step(&self, account: Uuid, step: i64) -> Result<bool> {
        let taken = second_factor::Entity::update_many()
            .filter(second_factor::Column::AccountId.eq(account))
            .filter(second_factor::Column::ConfirmedAt.is_not_null())
            .filter(second_factor::Column::LastStep.lt(step))
            .col_expr(second_factor::Column::LastStep, Expr::value(step))
            .exec(self.db().write())
            .await?;
        Ok(taken.rows_affected > 0)
    }

    /// Takes a recovery code. False when it is none, or was taken before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_recovery_code(&self, account: Uuid, code: &str) -> Result<bool> {
        let taken = recovery_code::Entity::delete_by_id((account, self.code_hash(account, code)))
            .exec(self.db().write())
            .await?;
        Ok(taken.rows_affected > 0)
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recovery_codes_left(&self, account: Uuid) -> Result<u64> {
        Ok(recovery_code::Entity::find()
            .filter(recovery_code::Column::AccountId.eq(account))
            .count(self.db().read())
            .await?)
    }

    /// New recovery codes in place of those that are left.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replace_recovery_codes(
        &self,
        account: Uuid,
        codes: &[String],
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        self.put_codes(&tx, account, codes).await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes the second factor away, with its recovery codes. False when there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remove_second_factor(
        &self,
        account: Uuid,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::AccountId.eq(account))
            .exec(&tx)
            .await?;
        let removed = second_factor::Entity::delete_by_id(account).exec(&tx).await?;
        if removed.rows_affected == 0 {
            return Ok(false);
        }
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Who asks the partner's people for a second factor.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn second_factor_rule(&self, scope: PartnerScope) -> Result<Rule> {
        let asking = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(ancestors(scope.partner())))
            .filter(partner::Column::Id.in_subquery(rules()))
            .order_by_asc(partner::Column::CreatedAt)
            .all(self.db().read())
            .await?;
        Ok(Rule {
            own: asking.iter().any(|m| m.id == scope.partner()),
            above: asking.into_iter().find(|m| m.id != scope.partner()).map(|m| m.name),
        })
    }

    /// Whether the partner's people have to prove themselves twice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn partner_asks_second_factor(&self, actor: &PartnerActor) -> Result<bool> {
        self.asks(actor.scope().partner()).await
    }

    /// Whether the organization's people have to prove themselves twice; of a visitor, whether those of the partner
    /// that they come from have to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organization_asks_second_factor(&self, actor: &Actor) -> Result<bool> {
        let partner = actor.visit.as_ref().map_or(actor.scope().partner(), |visit| visit.partner);
        self.asks(partner).await
    }

    async fn asks(&self, partner: Uuid) -> Result<bool> {
        let asking = second_factor_rule::Entity::find()
            .filter(second_factor_rule::Column::PartnerId.in_subquery(ancestors(partner)))
            .one(self.db().read())
            .await?;
        Ok(asking.is_some())
    }

    /// Asks a second factor of the partner's people, its customers' and everybody's below it, or asks it no longer.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_second_factor_rule(
        &self,
        scope: PartnerScope,
        on: bool,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        if on {
            second_factor_rule::Entity::insert(second_factor_rule::ActiveModel {
                partner_id: Set(scope.partner()),
                since: Set(now.timestamp_millis()),
            })
            .on_conflict(OnConflict::column(second_factor_rule::Column::PartnerId).do_nothing().to_owned())
            .exec_without_returning(&tx)
            .await?;
        } else {
            second_factor_rule::Entity::delete_by_id(scope.partner()).exec(&tx).await?;
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn put_codes<C: ConnectionTrait>(&self, db: &C, account: Uuid, codes: &[String]) -> Result<()> {
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::AccountId.eq(account))
            .exec(db)
            .await?;
        let rows = codes.iter().map(|code| recovery_code::ActiveModel {
            account_id: Set(account),
            hash: Set(self.code_hash(account, code)),
        });
        recovery_code::Entity::insert_many(rows).exec_without_returning(db).await?;
        Ok(())
    }

    /// Stands for a text that is not to be kept, such as an address that nobody signs in with: the same text has the
    /// same mark, and without the master key nobody finds the text for it.
    #[must_use]
    pub fn mark(&self, text: &str) -> String {
        let key = Zeroizing::new(blake3::derive_key("holdfast mark 1", self.master().as_bytes()));
        blake3::keyed_hash(&key, text.as_bytes()).to_hex()[..12].to_owned()
    }

    /// A recovery code is short enough to be typed, so a plain hash could be guessed from a copy of the database;
    /// this one takes the master key as well, which lies elsewhere.
    fn code_hash(&self, account: Uuid, code: &str) -> Vec<u8> {
        let key = Zeroizing::new(blake3::derive_key("holdfast recovery code 1", self.master().as_bytes()));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(account.as_bytes());
        hasher.update(code.as_bytes());
        hasher.finalize().as_bytes().to_vec()
    }
}

/// The partner and each one above it.
fn ancestors(partner: Uuid) -> sea_orm::sea_query::SelectStatement {
    partner_branch::Entity::find()
        .select_only()
        .column(partner_branch::Column::Ancestor)
        .filter(partner_branch::Column::Partner.eq(partner))
        .into_query()
}

fn rules() -> sea_orm::sea_query::SelectStatement {
    second_factor_rule::Entity::find()
        .select_only()
        .column(second_factor_rule::Column::PartnerId)
        .into_query()
}
