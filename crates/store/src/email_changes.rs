//! E-mails that change once both addresses have agreed: the old one, so that nobody is locked out behind their back,
//! and the new one, so that no mistyped address becomes a login.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::accounts::fold_email;
use crate::audit::{self, Entry, Log};
use crate::entity::{account, email_change, membership, organization};
use crate::scope::OrgScope;
use crate::time::instant;
use crate::token::TokenHash;
use crate::{Error, Result, Store};

/// Whose e-mail it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person's own.
    Account(Uuid),
    /// An organization's, and with it the login of its contact.
    Organization(OrgScope),
}

/// A change to begin.
#[derive(Clone, Debug)]
pub struct NewEmailChange {
    /// None where there is no e-mail yet, and so nobody to ask.
    pub old: Option<(String, TokenHash)>,
    pub new: (String, TokenHash),
    pub expires_at: DateTime<Utc>,
}

/// A change that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    pub id: Uuid,
    pub old_email: String,
    pub new_email: String,
    pub old_agreed: bool,
    pub new_agreed: bool,
    pub begun_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What a link asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub change: EmailChange,
    /// Whether it was sent to the new address; else to the old one.
    pub by_new: bool,
    /// The organization's name, where it is the organization's e-mail.
    pub organization: Option<String>,
    /// Into which log it goes.
    log: Option<OrgScope>,
    account: Option<Uuid>,
}

impl Asked {
    /// Into which log it goes: an organization's own; none for a person's.
    #[must_use]
    pub fn log(&self) -> Option<Log> {
        self.log.map(Log::from)
    }

    /// Whose e-mail it is, where it is a person's.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        self.account
    }

    /// Who agrees with it.
    #[must_use]
    pub fn email(&self) -> &str {
        if self.by_new { &self.change.new_email } else { &self.change.old_email }
    }
}

/// What came of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// The other address has not agreed yet.
    Waiting,
    Changed,
}

impl Store {
    /// Begins a change, in place of an earlier one of the same subject.
    ///
    /// # Errors
    /// [`Error::Taken`] when somebody has the new e-mail already.
    pub async fn begin_email_change(
        &self,
        subject: Subject,
        change: NewEmailChange,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        let new_email = fold_email(&change.new.0);
        if is_taken(&tx, subject, &new_email).await? {
            return Err(Error::Taken("email".to_owned()));
        }
        email_change::Entity::delete_many().filter(of(subject)).exec(&tx).await?;
        let (account_id, organization_id) = match subject {
            Subject::Account(id) => (Some(id), None),
            Subject::Organization(scope) => (None, Some(scope.organization())),
        };
        let (old_email, old_token) = change.old.unzip();
        email_change::Entity::insert(email_change::ActiveModel {
            id: Set(Uuid::now_v7()),
            account_id: Set(account_id),
            organization_id: Set(organization_id),
            old_email: Set(old_email.unwrap_or_default()),
            new_email: Set(new_email),
            old_token: Set(old_token.map(TokenHash::to_vec)),
            new_token: Set(Some(change.new.1.to_vec())),
            begun_at: Set(now.timestamp_millis()),
            expires_at: Set(change.expires_at.timestamp_millis()),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The change that waits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn email_change(&self, subject: Subject, now: DateTime<Utc>) -> Result<Option<EmailChange>> {
        Ok(email_change::Entity::find()
            .filter(of(subject))
            .filter(email_change::Column::ExpiresAt.gt(now.timestamp_millis()))
            .one(self.db().read())
            .await?
            .map(EmailChange::from))
    }

    /// Withdraws the change that waits. False when there is none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn withdraw_email_change(
        &self,
        subject: Subject,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.db().begin().await?;
        let gone = email_change::Entity::delete_many().filter(of(subject)).exec(&tx).await?;
        if gone.rows_affected == 0 {
            return Ok(false);
        }
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What a link asks, as long as it is good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asked_email_change(&self, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Asked>> {
        asked_in(self.db().read(), token, now).await
    }

    /// Spends a link: its address agrees. When the other one has agreed before, the e-mail is the new one. None when
    /// the link is not good any more.
    ///
    /// # Errors
    /// [`Error::Taken`] when somebody has taken the new e-mail meanwhile; the link stays good.
    pub async fn agree_to_email_change(
        &self,
        token: TokenHash,
        record: (Log, &Entry<'_>),
        now: DateTime<Utc>,
    ) -> Result<Option<Agreed>> {
        let tx = self.db().begin().await?;
        let Some(asked) = asked_in(&tx, token, now).await? else { return Ok(None) };
        let column =
            if asked.by_new { email_change::Column::NewToken } else { email_change::Column::OldToken };
        let spent = email_change::Entity::update_many()
            .filter(email_change::Column::Id.eq(asked.change.id))
            .filter(column.eq(token.to_vec()))
            .col_expr(column, Expr::value(Option::<Vec<u8>>::None))
            .exec(&tx)
            .await?;
        if spent.rows_affected == 0 {
            return Ok(None);
        }
        // As it is now: both may have agreed at the same time.
        let open = email_change::Entity::find_by_id(asked.change.id)
            .filter(
                Condition::any()
                    .add(email_change::Column::OldToken.is_not_null())
                    .add(email_change::Column::NewToken.is_not_null()),
            )
            .one(&tx)
            .await?;
        let agreed = match open {
            Some(_) => Agreed::Waiting,
            None => {
                change_in(&tx, &asked).await?;
                Agreed::Changed
            }
        };
        audit::log_in(&tx, record.0, record.1, now).await?;
        tx.commit().await?;
        Ok(Some(agreed))
    }
}

async fn change_in<C: ConnectionTrait>(db: &C, asked: &Asked) -> Result<()> {
    let EmailChange { id, old_email, new_email, .. } = &asked.change;
    let rename =
        account::Entity::update_many().col_expr(account::Column::Email, Expr::value(new_email.as_str()));
    match (asked.account, asked.log) {
        (Some(account), _) => {
            rename.filter(account::Column::Id.eq(account)).exec(db).await?;
        }
        (None, Some(scope)) => {
            organization::Entity::update_many()
                .filter(organization::Column::Id.eq(scope.organization()))
                .col_expr(organization::Column::Email, Expr::value(new_email.as_str()))
                .exec(db)
                .await?;
            // The contact's login, if the contact has taken it up under that e-mail.
            let members = membership::Entity::find()
                .select_only()
                .column(membership::Column::AccountId)
                .filter(membership::Column::OrganizationId.eq(scope.organization()))
                .into_query();
            rename
                .filter(account::Column::Email.eq(old_email))
                .filter(account::Column::Id.in_subquery(members))
                .exec(db)
                .await?;
        }
        (None, None) => return Err(Error::Inconsistent("email_change")),
    }
    email_change::Entity::delete_by_id(*id).exec(db).await?;
    Ok(())
}

/// Whether the e-mail is somebody's login, or another organization's.
async fn is_taken<C: ConnectionTrait>(db: &C, subject: Subject, email: &str) -> Result<bool> {
    let login = account::Entity::find().filter(account::Column::Email.eq(email)).one(db).await?;
    if login.is_some() {
        return Ok(true);
    }
    let Subject::Organization(scope) = subject else { return Ok(false) };
    let other = organization::Entity::find()
        .filter(organization::Column::Email.eq(email))
        .filter(organization::Column::Id.ne(scope.organization()))
        .one(db)
        .await?;
    Ok(other.is_some())
}

fn of(subject: Subject) -> Condition {
    Condition::all().add(match subject {
        Subject::Account(id) => email_change::Column::AccountId.eq(id),
        Subject::Organization(scope) => email_change::Column::OrganizationId.eq(scope.organization()),
    })
}

async fn asked_in<C: ConnectionTrait>(db: &C, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Asked>> {
    let found = email_change::Entity::find()
        .filter(
            Condition::any()
                .add(email_change::Column::OldToken.eq(token.to_vec()))
                .add(email_change::Column::NewToken.eq(token.to_vec())),
        )
        .filter(email_change::Column::ExpiresAt.gt(now.timestamp_millis()))
        .one(db)
        .await?;
    let Some(m) = found else { return Ok(None) };
    let org = match m.organization_id {
        Some(id) => Some(
            organization::Entity::find_by_id(id).one(db).await?.ok_or(Error::Inconsistent("email_change"))?,
        ),
        None => None,
    };
    Ok(Some(Asked {
        by_new: m.new_token == Some(token.to_vec()),
        organization: org.as_ref().map(|org| org.name.clone()),
        log: org.map(|org| OrgScope::new(org.id, org.partner_id)),
        account: m.account_id,
        change: m.into(),
    }))
}

impl From<email_change::Model> for EmailChange {
    fn from(m: email_change::Model) -> EmailChange {
        EmailChange {
            id: m.id,
            old_agreed: m.old_token.is_none(),
            new_agreed: m.new_token.is_none(),
            old_email: m.old_email,
            new_email: m.new_email,
            begun_at: instant(m.begun_at),
            expires_at: instant(m.expires_at),
        }
    }
}
